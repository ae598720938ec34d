"""Where a report in force comes from: the submission that wrote it, and the row of its file."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from lib.core import months
from lib.core.dataset import Dataset
from lib.intake.check import check
from lib.store import Kind, Original, State, Store, Submission

ReportKey = tuple[str, str, str, str]
"""Task, month as files write it, unit and indicator (empty for a qualitative task)."""


def report_key(row: pd.Series[object]) -> ReportKey:
    """Return the key of a report (`lib.core.schema.ProgressModel`)."""
    month = months.text(int(str(row["month"])))
    return str(row["task_id"]), month, str(row["unit"]), str(row["indicator"])


def submissions_of(
    store: Store, journal: Sequence[Submission], keys: Sequence[ReportKey]
) -> dict[ReportKey, Submission]:
    """Return which submission of the journal last wrote each report.

    A 撤销 only brings back what an earlier one wrote, which is the source then. A report that
    stood in progress.csv before the journal began has none.
    """
    open_keys = set(keys)
    sources: dict[ReportKey, Submission] = {}
    for submission in reversed(journal):
        if not open_keys:
            break
        own = submission.state == State.IN_FORCE and submission.kind != Kind.REVERT
        if own and submission.rows:
            written = open_keys.intersection(store.changes(submission.revision).after.index)
            sources |= dict.fromkeys(written, submission)
            open_keys -= written
    return sources


def rows_of(original: Original, dataset: Dataset, unit: str, month: int) -> dict[ReportKey, int]:
    """Return the row numbers in an uploaded file, read as when it came, of a unit and month."""
    rows = check(original.content, original.name, dataset, unit=unit or None, month=month).rows
    return {report_key(row): int(str(number)) for number, row in rows.iterrows()}
