"""Submissions as tables for people: the journal, a task's reports, what was returned."""

from __future__ import annotations

import pandas as pd

from lib.core import months
from lib.core.figures import Figures
from lib.store.interface import WAITING, Attachment, Kind, State, Submission

JOURNAL_COLUMNS = ["编号", "时间", "类别", "填报人", "经手人", "填报单位", "新增", "修改", "删除"]
JOURNAL_COLUMNS += ["状态", "文件", "关于", "说明"]


def report_table(
    figures: Figures, task: str, evidence: list[tuple[Submission, Attachment]]
) -> pd.DataFrame:
    """Return a task's reports up to the month with their evidence, the latest first."""
    progress = figures.dataset.progress
    rows = progress[
        (progress["task_id"] == task) & (progress["month"] <= figures.selection.month)
    ].sort_values("month", ascending=False, kind="stable")
    return pd.DataFrame(
        {
            "月份": rows["month"].map(months.text),
            "填报单位": rows["unit"],
            "指标": rows["indicator"],
            "本月完成": rows["quantity"],
            "累计完成率（%）": rows["cumulative_percent"],
            "进展说明": rows["note"],
            "存在问题": rows["issues"],
            "下一步措施": rows["next_steps"],
            "需协调事项": rows["coordination"],
            "佐证材料": [
                "、".join(
                    item.name
                    for _, item in evidence
                    if (item.month, item.unit) == (months.text(month), unit)
                )
                for month, unit in zip(rows["month"], rows["unit"], strict=True)
            ],
            "填报人": rows["reporter"],
            "填报时间": rows["reported_at"].dt.strftime("%Y-%m-%d"),
            "数据来源": rows["origin"],
        }
    ).reset_index(drop=True)


def returns(journal: list[Submission]) -> dict[int, Submission]:
    """Return the 审核退回 of each returned submission, by the returned one's revision."""
    returned = {one.revision for one in journal if one.state == State.RETURNED}
    return {
        one.refers_to: one
        for one in journal
        if one.kind == Kind.RETURN and one.refers_to in returned
    }


def unanswered_returns(journal: list[Submission], unit: str) -> list[tuple[Submission, Submission]]:
    """Return a unit's returned submissions, each with its 审核退回, until it reports again."""
    own = [one for one in journal if unit in one.unit.split("、")]
    latest = max((one.revision for one in own if one.kind in (Kind.REPORT, Kind.FORM)), default=0)
    back = returns(journal)
    return [
        (one, back[one.revision])
        for one in own
        if one.revision in back and back[one.revision].revision > latest
    ]


def waiting(journal: list[Submission], unit: str) -> list[Submission]:
    """Return a unit's reports that wait for review."""
    return [
        submission
        for submission in journal
        if submission.state in WAITING and unit in submission.unit.split("、")
    ]


def journal_table(journal: list[Submission]) -> pd.DataFrame:
    """Return submissions for people, the latest first."""
    return pd.DataFrame(
        [
            {
                "编号": one.revision,
                "时间": one.time[:16].replace("T", " "),
                "类别": str(one.kind),
                "填报人": one.user,
                "经手人": "、".join(one.handlers),
                "填报单位": one.unit,
                "新增": one.added,
                "修改": one.changed,
                "删除": one.removed,
                "状态": str(one.state),
                "文件": one.file_name or "、".join(item.name for item in one.attachments),
                "关于": "" if one.refers_to is None else f"第{one.refers_to}号",
                "说明": one.reason,
            }
            for one in reversed(journal)
        ],
        columns=JOURNAL_COLUMNS,
    )
