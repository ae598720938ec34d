"""Several plans side by side: all of them in one table, two of them by category."""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from lib.core import months, schema, views, wording
from lib.core.dataset import Dataset
from lib.core.figures import GROUP_FIELDS, Figures, Selection
from lib.core.gap import in_points, is_below_plan
from lib.core.pairs import positions
from lib.core.rollup import roll_up
from lib.core.settings import Settings

COLUMNS = ["key", "title", "parties", "year", "month", *GROUP_FIELDS[1:]]


SHOWN = 30
"""Plans that a chart can show; more are unreadable, and the table has them all."""


@dataclass(frozen=True)
class PlanSummary:
    """How one plan stands: ``facts`` are the cells of its row of `portfolio`, without its key.

    A plan without a task of the kind asked for has no row: no ``tasks`` among its facts.
    ``demo``: a synthetic report counts in it. ``reported``: it has reports at all.
    """

    facts: dict[str, Any]
    demo: bool
    reported: bool

    def to_text(self) -> str:
        """Return the summary as JSON, each number exactly as it is."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_text(cls, text: str) -> PlanSummary:
        """Return the summary of a text by `to_text`."""
        return cls(**json.loads(text))


def summarise(figures: Figures) -> PlanSummary:
    """Return how a plan stands as of the month of its figures."""
    data, month = figures.dataset, figures.selection.month
    (row,) = figures.overall.drop(columns="key").to_dict("records") or ({},)
    return PlanSummary(_facts(data.settings, month, row), data.has_demo, not data.progress.empty)


def _facts(settings: Settings, month: int, overall: Mapping[Hashable, Any]) -> dict[str, Any]:
    return {
        "title": settings.title,
        "parties": "·".join(settings.parties),
        "year": settings.year,
        "month": month,
        **{str(name): cell for name, cell in overall.items()},
    }


def summarise_together(
    data: Dataset, plans: Sequence[Settings], *, with_narrative: bool
) -> list[PlanSummary]:
    """Return how each of many plans stands as of its latest month (`summarise`).

    ``data`` holds the tasks and reports of all, each 任务编号 behind the place of its plan in
    ``plans``: 7:一-1. They have the same rules, and reports in the plan year alone.
    """
    of_task = np.array([int(task.partition(":")[0]) for task in data.tasks.index])

    def plan_of(rows: pd.DataFrame) -> pd.Series[int]:
        places = of_task[positions(rows["task_id"], data.tasks.index)]
        return pd.Series(places, index=rows.index)

    first = months.of_year(data.settings.year).start
    of_report = plan_of(data.progress)
    latest = data.progress["month"].groupby(of_report).max()
    demo = set(of_report[data.progress["origin"].str.startswith(schema.DEMO)])
    history = Figures(data, Selection(first, with_narrative=with_narrative)).history
    history = history.assign(key=plan_of(history))
    as_of = history["key"].map(latest).fillna(first)
    overall = roll_up(history[history["month"] == as_of], ["key"]).set_index("key")
    rows = overall.to_dict("index")
    return [
        PlanSummary(
            _facts(settings, int(latest.get(place, first)), rows.get(place, {})),
            place in demo,
            place in latest.index,
        )
        for place, settings in enumerate(plans)
    ]


def portfolio(plans: Mapping[str, PlanSummary]) -> pd.DataFrame:
    """Return one row per plan as of its own month, in the order given.

    ``key`` is the plan's name in ``plans``, beside its ``title``, ``parties``, ``year`` and ``month``
    (ordinal); the rest is the plan's overall roll-up (fractions of 1).
    """
    rows = [{"key": name, **plan.facts} for name, plan in plans.items() if "tasks" in plan.facts]
    return pd.DataFrame(rows, columns=COLUMNS)


def furthest_behind(rows: pd.DataFrame, limit: int = SHOWN) -> pd.DataFrame:
    """Return the plans furthest behind their planned value, at most ``limit``, in their order."""
    gap = rows["earned_value"] - rows["planned_value"]
    return rows.loc[gap.sort_values(kind="stable").head(limit).sort_index().index]


def portfolio_table(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the portfolio for people: Chinese headers, percent, two decimals."""
    headers = {"key": "计划", "month": "截至"}
    names = ("earned_value", "planned_value", "spi", "overdue", "behind", "completed", "tasks")
    headers |= {name: views.GROUP_HEADERS[name] for name in names}
    headers |= {"title": "名称", "parties": "双方"}
    return views.group_cells(rows.assign(month=rows["month"].map(months.text)), headers)


def portfolio_finding(rows: pd.DataFrame) -> str:
    """Return in one sentence how the plans stand to 序时进度: the page's title."""
    if rows.empty:
        return "还没有可以显示的计划"
    below = int(is_below_plan(rows["earned_value"], rows["planned_value"]).sum())
    sentence = f"{len(rows)}个计划都不低于序时进度"
    if below:
        worst = rows.loc[(rows["earned_value"] - rows["planned_value"]).idxmin()]
        gap = wording.against_plan(worst["earned_value"], worst["planned_value"])
        sentence = f"{len(rows)}个计划，{below}个低于序时进度，{worst['key']}{gap}"
    return f"{sentence}；共{int(rows['overdue'].sum())}项任务逾期"


def compare(first: Figures, second: Figures) -> pd.DataFrame:
    """Return two plans by category, one row per 类型 of either (those of ``first`` first).

    ``key`` is the category; ``tasks_a``, ``earned_a``, ``planned_a``, ``overdue_a`` are those of
    ``first``, the columns ending in ``_b`` of ``second``: NaN where a plan has no such category.
    """
    names = {"tasks": "tasks", "earned_value": "earned", "planned_value": "planned"}
    names["overdue"] = "overdue"
    one_side, other_side = (
        figures.by_category.set_index("key")[list(names)].rename(columns=names).add_suffix(suffix)
        for figures, suffix in ((first, "_a"), (second, "_b"))
    )
    order = list(dict.fromkeys([*one_side.index, *other_side.index]))
    joined = one_side.reindex(order).join(other_side.reindex(order))
    return joined.rename_axis("key").reset_index()


def comparison_table(rows: pd.DataFrame, first: str, second: str) -> pd.DataFrame:
    """Return a comparison for people; ``first`` and ``second`` are the plans' names."""
    headers = views.GROUP_HEADERS
    cells: dict[str, object] = {schema.PLAN.headers["category"]: rows["key"]}
    for plan, side in ((first, "a"), (second, "b")):
        cells[f"{plan} {headers['tasks']}"] = rows[f"tasks_{side}"].astype("Int64")
        cells[f"{plan} {headers['overdue']}"] = rows[f"overdue_{side}"].astype("Int64")
        cells[f"{plan} {headers['earned_value']}"] = views.in_percent(rows[f"earned_{side}"])
    cells["相差（百分点）"] = in_points(rows["earned_b"] - rows["earned_a"])
    return pd.DataFrame(cells)


def comparison_finding(rows: pd.DataFrame, first: str, second: str) -> str:
    """Return how the second plan stands to the first, by category, in one sentence."""
    both = rows.dropna(subset=["earned_a", "earned_b"])
    if both.empty:
        return f"{first}和{second}没有相同的类型"
    gain = both["earned_b"] - both["earned_a"]
    points = in_points(gain)
    faster, slower = int((points > 0).sum()), int((points < 0).sum())
    sentence = f"{second}比{first}：{faster}个类型更快，{slower}个更慢"
    if faster or slower:
        most = gain.abs().idxmax()
        sentence += f"，{both['key'][most]}相差最大（{wording.signed_points(gain[most])}）"
    return sentence
