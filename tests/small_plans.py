"""Small plans made by hand, through the same checks as files."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from lib.core import months, schema
from lib.core.dataset import Dataset
from lib.core.figures import Figures, Selection
from lib.core.settings import SETTINGS_FILE, Settings
from lib.files import csv_tables

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


def large(tasks: int = 60) -> Dataset:
    """A plan of many tasks with long texts, names and lists of units: what a layout must bear."""
    categories = [
        "产业帮扶",
        "镇、村、企事业单位结对帮扶",
        "消费帮扶和电子商务",
        "教育帮扶",
        "健康",
    ]
    units = [
        "区人社局",
        "区发展和改革委员会",
        "总工会",
        "区农业农村局",
        "春江镇",
        "河海街道",
        "妇联",
    ]
    windows = ["全年", "4～11月", "8月前", "9月", "10月", "6～10月"]
    rows = [
        task(
            f"{place % 5 + 1}-{place}",
            windows[place % len(windows)],
            "、".join(units[place % 3 : place % 3 + 1 + place % 5]),
            category=categories[(place - 1) * len(categories) // tasks],
            content=f"{place}．组织开展第{place}批两地农产品产销对接和专场展示展销活动，"
            "推动富硒茶、食用菌、中药材等特色产品进商超、进社区、进机关、进学校，"
            "全年实现销售收入稳步增长，带动贫困群众持续增收。",
        )
        for place in range(1, tasks + 1)
    ]
    targets = [
        target(
            str(row["task_id"]), 10, "进商超、进社区、进机关、进学校的展示展销活动", measure="场次"
        )
        for row in rows[::3]
    ]
    quantified = {one["task_id"] for one in targets}
    reports = [
        report(
            str(row["task_id"]),
            month,
            unit=str(row["units_text"]).split("、")[0],
            quantity=1 if row["task_id"] in quantified else None,
            percent=None if row["task_id"] in quantified else 10 * month - place % 30,
            indicator="进商超、进社区、进机关、进学校的展示展销活动",
        )
        | {
            "issues": "物流成本偏高，参展企业组织难度较大，档期与当地农时冲突。"
            if month == 9
            else "",
            "next_steps": "与市场监管部门对接，落实场地和检测报告。" if month == 9 else "",
            "note": "本月按计划推进。",
        }
        for place, row in enumerate(rows)
        for month in range(4, 10)
        if place % 7
    ]
    return plan(rows, targets, reports)


def two_plans() -> dict[str, Figures]:
    """Return two plans as of May by name: one ahead, the other with a task overdue."""
    ahead = plan([task("一-1", "1～10月")], [target("一-1", 10)], [report("一-1", 5, quantity=8)])
    late = plan(
        [task("一-1", "1～4月", category="甲类"), task("二-1", "全年", category="乙类")],
        [target("一-1", 4)],
        [report("一-1", 3, quantity=1), report("二-1", 3, percent=50)],
    )
    return {"甲年": as_of(ahead, 5), "2019": as_of(late, 5)}


def write(data: Dataset, folder: Path) -> None:
    """Write a plan as the files of a data folder."""
    folder.mkdir(parents=True)
    tasks = data.tasks.reset_index()
    none = pd.array([pd.NA] * len(tasks), dtype="Int32")
    tasks = tasks.assign(start_month=none, end_month=none)
    for table, rows in (
        (schema.PLAN, tasks),
        (schema.TARGETS, data.targets),
        (schema.PROGRESS, data.progress),
    ):
        (folder / table.file).write_bytes(csv_tables.to_csv(table.texts(rows)))
    (folder / SETTINGS_FILE).write_text(f"[plan]\nyear = {data.settings.year}\n", encoding="utf-8")
