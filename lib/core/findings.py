"""What the figures say, in sentences: headlines and chart titles."""

from __future__ import annotations

import pandas as pd

from lib.core import months, wording
from lib.core.figures import Figures, Selection
from lib.core.gap import in_points, is_below_plan
from lib.core.status import REPORTED_DONE, Status

NOTHING = "没有符合条件的任务"


def month_word(figures: Figures, month: int | None = None) -> str:
    """Return a month (default: the selected one) in words, with its year where needed."""
    chosen = figures.selection.month if month is None else month
    return months.label(int(chosen), figures.dataset.settings.year)


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
    planned = f"计划推进{wording.points(step)}" if in_points(step) else "计划没有安排"
    return f"{text}；当月{_moved(gain)}，{planned}"


def _moved(gain: float) -> str:
    if not in_points(gain):
        return "没有推进"
    return f"{'推进' if gain > 0 else '回落'}{wording.points(gain)}"


def changed(figures: Figures) -> str:
    """Return what changed since the month before, in one sentence."""
    if figures.previous is None:
        return f"{month_word(figures)}是计划的第一个月，没有上月可比"
    rows = figures.changes
    if rows.empty:
        return f"{month_word(figures)}与上月相比没有变化"
    before, after = rows["status_before"].astype("str"), rows["status"].astype("str")
    parts = [f"{int((rows['gain'] > 0).sum())}项有进展"]
    for status in (*REPORTED_DONE, Status.OVERDUE, Status.BEHIND):
        count = int(((after == status) & (before != status)).sum())
        if count:
            parts.append(f"新增{count}项{status.value}")
    return f"与上月相比，{'，'.join(parts)}"


def counts(figures: Figures) -> str:
    """Return how far a selection is, in a clause: number, completed, completion, plan."""
    if figures.overall.empty:
        return NOTHING
    total = figures.overall.iloc[0]
    return (
        f"{int(total['tasks'])}项任务完成{int(total['completed'])}项，"
        f"完成率{wording.percent(total['earned_value'])}，"
        f"{wording.against_plan(total['earned_value'], total['planned_value'])}"
        f"{verification(figures)}"
    )


def verification(figures: Figures) -> str:
    """Return what waits to be verified, with the figure without it, as the end of a sentence."""
    if figures.dataset.verified_only:
        return f"（不含{len(figures.waiting)}项待核实的）" if len(figures.waiting) else ""
    if figures.waiting.empty:
        return ""
    without = wording.percent(figures.verified_only.overall["earned_value"].iloc[0])
    return f"（{len(figures.waiting)}项{Status.UNVERIFIED}，不计入则完成{without}）"


def indicators(figures: Figures) -> str:
    """Return how many indicators have reached their target."""
    rows = figures.indicators
    if rows.empty:
        return "没有量化指标"
    reached = int((rows["completion"] >= 1).sum())
    below = int(is_below_plan(rows["completion"], rows["planned_value"]).sum())
    waits = int(rows["waits"].sum())
    unverified = f"，{waits}个{Status.UNVERIFIED}" if waits else ""
    return f"{len(rows)}个指标中{reached}个达到目标{unverified}，{below}个低于序时进度"


def missing(figures: Figures) -> str:
    """Return who has not reported for the month: the title of the 催报清单."""
    rows = figures.missing_reports
    if rows.empty:
        return f"{month_word(figures)}没有需要催报的单位"
    units = list(rows["unit"].unique())
    names = "、".join(units[:3]) + ("等" if len(units) > 3 else "")
    return f"催报清单：{names}{len(units)}个单位{month_word(figures)}有{len(rows)}项任务未报"


def task(figures: Figures) -> str:
    """Return how far one task is: the title of its page. The view holds that task alone."""
    row = figures.tasks.iloc[0]
    name = wording.short_title(figures.dataset.tasks.at[row["task_id"], "content"])
    text = f"{row['task_id']} {name}：完成{wording.percent(row['completion'])}"
    if row["status"] in REPORTED_DONE:
        return f"{text}，{row['status']}"
    if row["status"] == Status.OVERDUE:
        return f"{text}，{month_word(figures, row['end'])}到期，已逾期"
    return f"{text}，{wording.against_plan(row['completion'], row['planned_value'])}"


def projection(figures: Figures) -> str:
    """Return when the one task of the view would be complete by its pace, in words."""
    row = figures.tasks.iloc[0]
    if row["status"] in REPORTED_DONE:
        history = figures.history
        done = history.loc[history["status"].isin(REPORTED_DONE), "month"]
        return f"已于{month_word(figures, done.min())}完成"
    month = figures.projected.iloc[0]
    if pd.isna(month):
        return "还没有进度，无法推算"
    late = "，晚于计划" if month > row["end"] else ""
    return f"按目前进度为{month_word(figures, month)}{late}"


def selection_words(selection: Selection) -> str:
    """Return the selection as one line of text: month, 类型, 责任单位, what is counted."""
    return " · ".join(
        [
            f"截至{months.label(selection.month)}末",
            selection.category or "全部类型",
            selection.unit or "全部单位",
            "分解表任务和正文承诺" if selection.with_narrative else "分解表任务",
        ]
    )
