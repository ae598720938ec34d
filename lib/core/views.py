"""Tables for people: figures with Chinese headers and units, as pages and exports show them."""

from __future__ import annotations

import pandas as pd

from lib.core import months, schema, wording
from lib.core.figures import Figures, flag_lists
from lib.core.status import mark

GROUP_HEADERS = {
    "tasks": "任务数（项）",
    "completed": "已完成（项）",
    "on_track": "正常（项）",
    "behind": "滞后（项）",
    "overdue": "逾期（项）",
    "not_due": "未到期（项）",
    "planned_value": "序时进度（%）",
    "earned_value": "完成率（%）",
    "spi": "SPI",
}


def group_table(rows: pd.DataFrame, key: str) -> pd.DataFrame:
    """Return a roll-up as a table for people: Chinese headers, percent, two decimals."""
    return rows.assign(
        planned_value=(rows["planned_value"] * 100).round(1),
        earned_value=(rows["earned_value"] * 100).round(1),
        spi=rows["spi"].round(2),
    ).rename(columns={"key": key, **GROUP_HEADERS})[[key, *GROUP_HEADERS.values()]]


def indicator_table(figures: Figures) -> pd.DataFrame:
    """Return the selected tasks' indicators, the furthest from its target first."""
    rows = figures.indicators
    done, target = (rows[name].map(wording.quantity).astype("str") for name in ("done", "target"))
    upper = rows["upper"].map(lambda value: "" if pd.isna(value) else f"～{value:g}").astype("str")
    return pd.DataFrame(
        {
            "任务编号": rows["task_id"],
            "指标": rows["indicator"],
            "完成／目标": done + "／" + target + upper + rows["measure"],
            "完成率（%）": (rows["completion"] * 100).round(1),
            "序时进度（%）": (rows["planned_value"] * 100).round(1),
        }
    ).sort_values(["完成率（%）", "任务编号"], kind="stable", ignore_index=True)


def missing_table(figures: Figures) -> pd.DataFrame:
    """Return the 催报清单: who has not reported what for the month."""
    rows = figures.missing_reports
    facts = figures.dataset.tasks.loc[rows["task_id"]]
    return pd.DataFrame(
        {
            "责任单位": rows["unit"],
            "任务编号": rows["task_id"],
            "工作计划主要内容": facts["content"].to_numpy(),
            "计划完成时间": facts["window_text"].to_numpy(),
            "未报月份": months.text(figures.selection.month),
            "目前完成率（%）": (rows["completion"] * 100).round(1),
            "状态": rows["status"].astype("str").map(mark),
        }
    ).sort_values("责任单位", kind="stable", ignore_index=True)


def changes_table(figures: Figures) -> pd.DataFrame:
    """Return what changed since the month before, the greatest gain first."""
    rows = figures.changes.sort_values("gain", ascending=False, kind="stable")
    contents = figures.dataset.tasks.loc[rows["task_id"], "content"]
    before, after = (
        rows[name].astype("str").map(mark).astype("str") for name in ("status_before", "status")
    )
    return pd.DataFrame(
        {
            "任务编号": rows["task_id"],
            "任务": [wording.short_title(text) for text in contents],
            "上月（%）": (rows["completion_before"] * 100).round(1),
            "本月（%）": (rows["completion"] * 100).round(1),
            "变化（百分点）": (rows["gain"] * 100).round(1),
            "状态": after.where(before == after, before + " → " + after),
        }
    ).reset_index(drop=True)


def calendar_table(figures: Figures) -> pd.DataFrame:
    """Return which tasks start and which fall due in each month of the axis."""
    rows = figures.tasks
    year = figures.dataset.settings.year

    def named(month: int, column: str) -> str:
        return "、".join(rows.loc[rows[column] == month, "task_id"])

    axis = figures.dataset.axis
    return pd.DataFrame(
        {
            "月份": [months.label(month, year) for month in axis],
            "启动任务": [named(month, "start") for month in axis],
            "到期任务": [named(month, "end") for month in axis],
        }
    )


def task_table(figures: Figures) -> pd.DataFrame:
    """Return the selected tasks in the official table's words with their figures."""
    rows = figures.tasks
    facts = figures.dataset.tasks.loc[rows["task_id"]]
    year = figures.dataset.settings.year
    projected = rows["task_id"].map(figures.projected)
    return pd.DataFrame(
        {
            "任务编号": rows["task_id"],
            "状态": rows["status"].astype("str").map(mark),
            "完成率（%）": (rows["completion"] * 100).round(1),
            "序时进度（%）": (rows["planned_value"] * 100).round(1),
            "工作计划主要内容": facts["content"].to_numpy(),
            "责任单位": ["、".join(units) for units in facts["units"]],
            "计划完成时间": facts["window_text"].to_numpy(),
            "类型": rows["category"],
            "标记": [" ".join(mark(flag) for flag in flags) for flags in flag_lists(rows)],
            "按目前进度预计完成": [
                "" if pd.isna(month) else months.label(int(month), year) for month in projected
            ],
        }
    )


def amendment_words(figures: Figures) -> str:
    """Return how the plan's tasks differ from its baseline, empty if it was never amended."""
    now, first = figures.dataset.tasks, figures.dataset.baseline_tasks
    if first is None:
        return ""
    both = now.index.intersection(first.index)
    moved = (now.loc[both, ["start", "end"]] != first.loc[both, ["start", "end"]]).any(axis=1)
    parts = [
        (f"{len(names)}项{word}（{wording.listing(names)}）")
        for word, names in (
            ("时间有调整", list(both[moved])),
            ("取消", list(first.index.difference(now.index, sort=False))),
            ("新增", list(now.index.difference(first.index, sort=False))),
        )
        if names
    ]
    return "，".join(parts) or "任务和时间与基准相同"


def more_facts(figures: Figures, task: str) -> dict[str, str]:
    """Return what only some plans say of a task: 责任领导, 目标值, 备注, and a window first adopted."""
    data = figures.dataset
    facts = data.tasks.loc[task]
    headers = schema.PLAN.headers
    found = {headers[name]: facts[name] for name in schema.PLAN_EXTRAS if facts[name]}
    first = data.baseline_tasks
    if first is not None and task in first.index:
        before = first.loc[task]
        if (before["start"], before["end"]) != (facts["start"], facts["end"]):
            found["基准时间"] = f"{before['window_text']}（{before['reading']}）"
    return found
