"""The same roll-up written for polars and for DuckDB: what a fast engine needs for it.

Both take the typed tables as they stand in memory and return completion and planned value by
category and month and by unit and month, over all months of the plan year: what
`lib.core.figures.Figures.category_by_month` and ``unit_by_month`` hold.
"""

from __future__ import annotations

from typing import Any

import duckdb
import pandas as pd
import polars as pl

from lib.core import months
from lib.core.dataset import Dataset
from lib.core.progress import TOLERANCE

Tables = dict[str, Any]


def tables(dataset: Dataset) -> dict[str, pd.DataFrame]:
    """Return the tables that both engines start from."""
    reports = ["task_id", "month", "unit", "indicator", "quantity", "cumulative_percent"]
    return {
        "tasks": dataset.tasks.reset_index()[["task_id", "category", "weight", "start", "end"]],
        "pairs": dataset.task_units,
        "targets": dataset.targets[["task_id", "indicator", "target"]],
        "progress": dataset.progress[reports],
        "axis": pd.DataFrame({"month": list(months.of_year(dataset.settings.year))}),
    }


def in_polars(dataset: Dataset) -> Tables:
    """Return the tables as polars frames."""
    return {name: pl.from_pandas(table) for name, table in tables(dataset).items()}


def in_duckdb(dataset: Dataset) -> duckdb.DuckDBPyConnection:
    """Return a database in memory that holds the tables."""
    base = duckdb.connect(":memory:")
    for name, table in tables(dataset).items():
        base.register("given", table)
        base.execute(f"CREATE TABLE {name} AS SELECT * FROM given")  # noqa: S608
        base.unregister("given")
    return base


def polars_roll_up(data: Tables) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the roll-ups by category and by unit, each with ``key`` and ``month``."""
    months_ = data["axis"].lazy()
    tasks, pairs, progress = (data[name].lazy() for name in ("tasks", "pairs", "progress"))
    targets = data["targets"].lazy()
    linear = ((pl.col("month") - pl.col("start") + 1) / (pl.col("end") - pl.col("start") + 1)).clip(
        0.0, 1.0
    )
    grid = tasks.join(months_, how="cross").with_columns(linear=linear)

    monthly = (
        progress.filter(pl.col("quantity").is_not_null())
        .group_by("task_id", "indicator", "month")
        .agg(pl.col("quantity").sum())
    )
    wanted = pl.col("target")
    due = (pl.col("linear") * wanted + TOLERANCE).floor() / wanted
    counted = (
        targets.join(grid.select("task_id", "month", "linear"), on="task_id")
        .join(monthly, on=["task_id", "indicator", "month"], how="left")
        .sort("task_id", "indicator", "month")
        .with_columns(
            done=pl.col("quantity").fill_null(0.0).cum_sum().over("task_id", "indicator"),
            planned=pl.when(pl.col("linear") >= 1).then(1.0).otherwise(due),
        )
        .with_columns(completion=(pl.col("done") / wanted).clip(upper_bound=1.0))
        .group_by("task_id", "month")
        .agg(pl.col("planned").mean(), pl.col("completion").mean())
    )
    latest = progress.filter(pl.col("cumulative_percent").is_not_null()).select(
        "task_id", "unit", "month", own=pl.col("cumulative_percent") / 100.0
    )
    own = (
        pairs.join(months_, how="cross")
        .join(latest, on=["task_id", "unit", "month"], how="left")
        .sort("task_id", "unit", "month")
        .with_columns(pl.col("own").forward_fill().over("task_id", "unit").fill_null(0.0))
    )
    joint = own.group_by("task_id", "month").agg(pl.col("own").mean())
    by_task = (
        grid.join(counted, on=["task_id", "month"], how="left")
        .join(joint, on=["task_id", "month"], how="left")
        .with_columns(
            quantified=pl.col("completion").is_not_null(),
            planned=pl.coalesce("planned", "linear"),
            completion=pl.coalesce("completion", "own"),
        )
    )
    whole = pl.when(pl.col("completion") >= 1 - TOLERANCE).then(1.0).otherwise(pl.col("completion"))
    by_task = by_task.with_columns(completion=whole)
    by_unit = (
        own.join(by_task.drop("own"), on=["task_id", "month"])
        .with_columns(
            completion=pl.when("quantified").then(pl.col("completion")).otherwise(pl.col("own"))
        )
        .with_columns(completion=whole)
    )

    def rolled(rows: pl.LazyFrame, key: str) -> pl.LazyFrame:
        weight = pl.col("weight")
        return (
            rows.group_by(pl.col(key).alias("key"), "month")
            .agg(
                planned_value=(pl.col("planned") * weight).sum() / weight.sum(),
                earned_value=(pl.col("completion") * weight).sum() / weight.sum(),
            )
            .sort("key", "month")
        )

    categories, units = pl.collect_all([rolled(by_task, "category"), rolled(by_unit, "unit")])
    return categories.to_pandas(), units.to_pandas()


_SQL = """
WITH grid AS (
  SELECT t.*, a.month,
         greatest(0.0, least(1.0, (a.month - t.start + 1)::DOUBLE / (t."end" - t.start + 1)))
           AS linear
  FROM tasks t CROSS JOIN axis a
), monthly AS (
  SELECT task_id, indicator, month, sum(quantity) AS quantity
  FROM progress WHERE quantity IS NOT NULL GROUP BY ALL
), running AS (
  SELECT i.task_id, i.indicator, i.target, g.month, g.linear,
         sum(coalesce(m.quantity, 0.0)) OVER (
           PARTITION BY i.task_id, i.indicator ORDER BY g.month) AS done
  FROM targets i JOIN grid g USING (task_id)
  LEFT JOIN monthly m ON m.task_id = i.task_id AND m.indicator = i.indicator
                     AND m.month = g.month
), counted AS (
  SELECT task_id, month, avg(least(done / target, 1.0)) AS completion,
         avg(CASE WHEN linear >= 1 THEN 1.0
                  ELSE floor(linear * target + {tolerance}) / target END) AS planned
  FROM running GROUP BY ALL
), own AS (
  SELECT p.task_id, p.unit, a.month,
         coalesce(last_value(r.cumulative_percent / 100.0 IGNORE NULLS) OVER (
           PARTITION BY p.task_id, p.unit ORDER BY a.month), 0.0) AS own
  FROM pairs p CROSS JOIN axis a
  LEFT JOIN (SELECT * FROM progress WHERE cumulative_percent IS NOT NULL) r
    ON r.task_id = p.task_id AND r.unit = p.unit AND r.month = a.month
), joint AS (
  SELECT task_id, month, avg(own) AS own FROM own GROUP BY ALL
), by_task AS (
  SELECT g.task_id, g.category, g.weight, g.month, c.completion IS NOT NULL AS quantified,
         coalesce(c.planned, g.linear) AS planned, coalesce(c.completion, j.own) AS completion
  FROM grid g LEFT JOIN counted c USING (task_id, month) LEFT JOIN joint j USING (task_id, month)
), {rows}
SELECT key, month, sum(planned * weight) / sum(weight) AS planned_value,
       sum((CASE WHEN completion >= 1 - {tolerance} THEN 1.0 ELSE completion END) * weight)
         / sum(weight) AS earned_value
FROM rows GROUP BY key, month ORDER BY key, month
"""
_ROWS = {
    "category": "rows AS (SELECT category AS key, * FROM by_task)",
    "unit": """rows AS (
      SELECT o.unit AS key, t.month, t.weight, t.planned,
             CASE WHEN t.quantified THEN t.completion ELSE o.own END AS completion
      FROM own o JOIN by_task t USING (task_id, month))""",
}


def duckdb_roll_up(base: duckdb.DuckDBPyConnection) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the roll-ups by category and by unit, each with ``key`` and ``month``."""
    categories, units = (
        base.execute(_SQL.format(rows=rows, tolerance=TOLERANCE)).df() for rows in _ROWS.values()
    )
    return categories, units
