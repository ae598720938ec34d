"""Small plans made by hand, through the same checks as files."""

from __future__ import annotations

import pandas as pd

from lib import months, schema
from lib.dataset import Dataset, Settings
from lib.figures import Figures, Selection

YEAR = 2018


def frame(table: schema.Table, rows: list[dict[str, object]]) -> pd.DataFrame:
    texts = [
        {table.headers[name]: "" if value is None else str(value) for name, value in row.items()}
        for row in rows
    ]
    columns = list(table.headers.values())
    raw = pd.DataFrame(texts, columns=columns, index=range(2, len(rows) + 2), dtype="str")
    return table.check(raw.fillna(""), table.file)


def task(task_id: str, window: str, units: str = "区人社局", **more: object) -> dict[str, object]:
    return {
        "task_id": task_id,
        "category": "甲类",
        "content": f"{task_id}的内容",
        "units_text": units,
        "window_text": window,
        **more,
    }


def target(
    task_id: str, value: float, indicator: str = "次数", **more: object
) -> dict[str, object]:
    return {
        "task_id": task_id,
        "indicator": indicator,
        "relation": "等于",
        "target": value,
        "measure": "次",
        **more,
    }


def report(
    task_id: str,
    month: int,
    *,
    unit: str = "区人社局",
    quantity: float | None = None,
    percent: float | None = None,
    indicator: str = "次数",
) -> dict[str, object]:
    return {
        "task_id": task_id,
        "month": months.text(months.from_parts(YEAR, month)),
        "unit": unit,
        "indicator": indicator if quantity is not None else "",
        "quantity": quantity,
        "cumulative_percent": percent,
    }


def plan(
    tasks: list[dict[str, object]],
    targets: list[dict[str, object]] | None = None,
    reports: list[dict[str, object]] | None = None,
    *,
    threshold: float = 0.10,
) -> Dataset:
    made = Dataset.build(
        Settings(YEAR, behind_threshold=threshold),
        frame(schema.PLAN, tasks),
        frame(schema.TARGETS, targets or []),
        frame(schema.PROGRESS, reports or []),
    )
    assert not made.progress_problems, made.progress_problems
    return made


def as_of(data: Dataset, month: int, **selection: object) -> Figures:
    return Figures(data, Selection(months.from_parts(YEAR, month), **selection))
