"""The parts of the 怎么算的 page: which submission, file and row a report comes from."""

from __future__ import annotations

from functools import cache

import pandas as pd

from lib.core import months
from lib.core.figures import Figures
from lib.intake.sources import ReportKey, report_key, rows_of, submissions_of
from lib.report import editions
from lib.store import StoreError, Submission
from lib.ui.kit import data
from lib.ui.kit.view import View


def sources(
    view: View, figures: Figures, reports: pd.DataFrame
) -> dict[ReportKey, tuple[str, str]]:
    """Return by report who submitted it when, and its file and row, as of the edition shown."""
    store, dataset = data.store(), figures.dataset
    keys = [report_key(row) for _, row in reports.iterrows()]
    try:
        journal = editions.as_of(data.submissions(), view.revision)
        written_by = submissions_of(store, journal, keys)
    except StoreError:
        return {}  # the frame says that the journal cannot be read

    @cache
    def rows(submission: Submission, month: str) -> dict[ReportKey, int]:
        if not submission.file_name or not store.may_see_original(submission):
            return {}
        original = store.original(submission.revision)
        if original is None:
            return {}
        return rows_of(original, dataset, submission.unit, months.parse(month))

    words = {}
    for key, submission in written_by.items():
        time = submission.time[:16].replace("T", " ")
        row = rows(submission, key[1]).get(key)
        place = f"{submission.file_name} 第{row}行" if row else submission.file_name
        words[key] = (f"第{submission.revision}号 {submission.user} {time}", place)
    return words
