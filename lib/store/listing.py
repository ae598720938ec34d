"""Submissions as tables for people: the journal, a task's reports, what was returned."""

from __future__ import annotations

import pandas as pd

from lib.core import months, schema
from lib.core.figures import Figures
from lib.store.interface import WAITING, Attachment, Kind, State, Submission

JOURNAL_COLUMNS = ["编号", "时间", "类别", "填报人", "经手人", "填报单位", "新增", "修改", "删除"]
JOURNAL_COLUMNS += ["状态", "文件", "关于", "说明"]


def report_table(
    figures: Figures, task: str, evidence: list[tuple[Submission, Attachment]]
) -> pd.DataFrame:
    """Return a task's reports up to the month with their evidence, the latest first."""
    progress, headers = figures.dataset.progress, schema.PROGRESS.headers
    rows = progress[
        (progress["task_id"] == task) & (progress["month"] <= figures.selection.month)
    ].sort_values("month", ascending=False, kind="stable")
    rows = rows.assign(
        month=rows["month"].map(months.text),
        reported_at=rows["reported_at"].dt.strftime("%Y-%m-%d"),
    )
    table = rows[[name for name in headers if name != "task_id"]].rename(columns=headers)
    percent = headers["cumulative_percent"]
    table = table.rename(columns={percent: f"{percent}（%）"})
    files = [
        "、".join(item.name for _, item in evidence if (item.month, item.unit) == place)
        for place in zip(rows["month"], rows["unit"], strict=True)
    ]
    table.insert(table.columns.get_loc(headers["reporter"]), "佐证材料", files)
    return table.reset_index(drop=True)


def returns(journal: list[Submission]) -> dict[int, Submission]:
    """Return the 审核退回 of each returned submission, by the returned submission's revision."""
    returned = {submission.revision for submission in journal if submission.state == State.RETURNED}
    return {
        submission.refers_to: submission
        for submission in journal
        if submission.kind == Kind.RETURN and submission.refers_to in returned
    }


def unanswered_returns(journal: list[Submission], unit: str) -> list[tuple[Submission, Submission]]:
    """Return a unit's returned submissions, each with its 审核退回, until it reports those months again."""
    own = [submission for submission in journal if unit in submission.unit.split("、")]
    back = returns(journal)
    return [
        (submission, back[submission.revision])
        for submission in own
        if submission.revision in back and not _answered(submission, back[submission.revision], own)
    ]


def _answered(submission: Submission, returned: Submission, own: list[Submission]) -> bool:
    """Whether each month of a returned submission was reported after its return.

    An older journal does not name months: there any later report is the answer.
    """
    later = [
        report
        for report in own
        if report.kind in (Kind.REPORT, Kind.FORM)
        and report.revision > returned.revision
        and report.state != State.REVERTED
    ]
    if not submission.months or not all(report.months for report in later):
        return bool(later)
    return {*submission.months} <= {month for report in later for month in report.months}


def waiting(journal: list[Submission], unit: str) -> list[Submission]:
    """Return a unit's reports that wait for review."""
    return [
        submission
        for submission in journal
        if submission.state in WAITING and unit in submission.unit.split("、")
    ]


def _about(submission: Submission) -> str:
    if submission.refers_to is not None:
        return f"第{submission.refers_to}号"
    return "、".join(submission.details.get("matters", ()))


def journal_table(journal: list[Submission]) -> pd.DataFrame:
    """Return submissions for people, the latest first."""
    return pd.DataFrame(
        [
            {
                "编号": submission.revision,
                "时间": submission.time[:16].replace("T", " "),
                "类别": str(submission.kind),
                "填报人": submission.user,
                "经手人": "、".join(submission.handlers),
                "填报单位": submission.unit,
                "新增": submission.added,
                "修改": submission.changed,
                "删除": submission.removed,
                "状态": str(submission.state),
                "文件": submission.file_name
                or "、".join(item.name for item in submission.attachments),
                "关于": _about(submission),
                "说明": submission.reason,
            }
            for submission in reversed(journal)
        ],
        columns=JOURNAL_COLUMNS,
    )
