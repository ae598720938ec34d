"""What the figures say, in sentences: headlines, chart titles and reasons for attention."""

from __future__ import annotations

import pandas as pd

from lib import months, wording
from lib.figures import Figures
from lib.status import Status

NOTHING = "没有符合条件的任务"


def month_word(figures: Figures, month: int | None = None) -> str:
    """Return a month (default: the selected one) in words, with its year where needed."""
    chosen = figures.selection.month if month is None else month
    return months.label(int(chosen), figures.dataset.settings.year)


def headline(figures: Figures) -> str:
    """Return the answer in one sentence: how far, against plan, and how many are late."""
    if figures.overall.empty:
        return f"{NOTHING}，请放宽左侧的筛选条件"
    total = figures.overall.iloc[0]
    late = [
        f"{int(total[name])}项{status.value}"
        for status, name in ((Status.OVERDUE, "overdue"), (Status.BEHIND, "behind"))
        if total[name]
    ]
    standing = "、".join(late) if late else "没有逾期或滞后的任务"
    return (
        f"截至{month_word(figures)}，{int(total['tasks'])}项任务已完成{int(total['completed'])}项，"
        f"总体完成率{wording.percent(total['earned_value'])}，"
        f"{wording.against_plan(total['earned_value'], total['planned_value'])}；{standing}"
    )


def groups(rows: pd.DataFrame, kind: str) -> str:
    """Return which group of a roll-up stands worst against plan: the title of a bar chart."""
    if rows.empty:
        return NOTHING
    gap = rows["earned_value"] - rows["planned_value"]
    worst = rows.loc[gap.idxmin()]
    behind = int((gap.round(3) < 0).sum())
    if not behind:
        return f"{len(rows)}个{kind}都达到序时进度"
    by = wording.points(worst["planned_value"] - worst["earned_value"])
    return f"{len(rows)}个{kind}中{behind}个落后，{worst['key']}落后最多，差{by}"


def curve(figures: Figures) -> str:
    """Return where the earned value stands to the planned value: the S-curve's title."""
    if figures.overall.empty:
        return NOTHING
    total = figures.overall.iloc[0]
    before = figures.previous.overall.iloc[0] if figures.previous else None
    text = (
        f"{month_word(figures)}末完成{wording.percent(total['earned_value'])}，"
        f"{wording.against_plan(total['earned_value'], total['planned_value'])}"
    )
    if before is None:
        return text
    gain = total["earned_value"] - before["earned_value"]
    step = total["planned_value"] - before["planned_value"]
    return f"{text}；当月推进{wording.points(gain)}，计划推进{wording.points(step)}"


def timeline(figures: Figures) -> str:
    """Return how many windows are open and how many are overdue: the Gantt's title."""
    rows, month = figures.tasks, figures.selection.month
    if rows.empty:
        return NOTHING
    in_window = int(((rows["start"] <= month) & (rows["end"] >= month)).sum())
    overdue = int((rows["status"] == Status.OVERDUE).sum())
    due = int(rows["due_next"].sum())
    return (
        f"{month_word(figures)}有{in_window}项任务在计划期内，{overdue}项逾期未完成，"
        f"{due}项下月到期"
    )


def changed(figures: Figures) -> str:
    """Return what changed since the month before, in one sentence."""
    if figures.previous is None:
        return f"{month_word(figures)}是计划的第一个月，没有上月可比"
    rows = figures.changes
    if rows.empty:
        return f"{month_word(figures)}与上月相比没有变化"
    before, after = rows["status_before"].astype("str"), rows["status"].astype("str")
    parts = [f"{int((rows['gain'] > 0).sum())}项有进展"]
    for status in (Status.COMPLETED, Status.OVERDUE, Status.BEHIND):
        count = int(((after == status) & (before != status)).sum())
        if count:
            parts.append(f"新增{count}项{status.value}")
    return f"与上月相比，{'，'.join(parts)}"


def reasons(figures: Figures, rows: pd.DataFrame) -> list[str]:
    """Return, for rows of ``Figures.tasks``, why each needs attention, in words."""
    late_units = figures.missing_reports.groupby("task_id")["unit"].agg("、".join)
    return [
        _reason(figures, row, late_units.get(row.task_id, "")) for row in rows.itertuples()
    ]


def _reason(figures: Figures, row: object, late_units: str) -> str:
    facts = []
    status, completion = str(row.status), float(row.completion)  # type: ignore[attr-defined]
    planned, end = float(row.planned_value), int(row.end)  # type: ignore[attr-defined]
    if status == Status.OVERDUE:
        facts.append(
            f"应于{month_word(figures, end)}完成，实际{wording.percent(completion, 0)}"
        )
    elif status == Status.BEHIND:
        facts.append(
            f"完成{wording.percent(completion, 0)}，"
            f"落后序时进度{wording.points(planned - completion)}"
        )
    if row.due_next:  # type: ignore[attr-defined]
        facts.append(
            f"{month_word(figures, end)}到期，还差{wording.percent(1 - completion, 0)}"
        )
    if late_units:
        facts.append(f"{month_word(figures)}未报：{late_units}")
    return "；".join(facts)
