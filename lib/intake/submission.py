"""A report made a submission in one go: check, preview, submit; as scripts and the API do it."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from lib.core.dataset import Dataset
from lib.core.problems import DataError
from lib.intake.findings import Checked
from lib.intake.preview import Preview, preview
from lib.store import ConflictError, Draft, Kind, Original, Store, Submission

PATIENCE = 60.0
"""Seconds in which a report is checked again after somebody else's came in between."""


class Outcome(StrEnum):
    """What became of a report; the text is for people."""

    SENT = "已提交"
    ERRORS = "有错误，没有写入"
    REASON = "有需要说明理由的行，没有写入"
    CONSENT = "有没有读到的内容或需要确认的地方，没有写入"
    SAME = "没有变化，没有写入"


@dataclass(frozen=True, eq=False)
class Sent:
    """A report after `send`: ``submission`` only if it was written."""

    outcome: Outcome
    checked: Checked
    revision: int
    preview: Preview | None = None
    submission: Submission | None = None


def sound(store: Store) -> Dataset:
    """Return the dataset; raise `DataError` also where only the reports are broken."""
    data = store.dataset()
    if data.progress_problems:
        raise DataError(data.progress_problems)
    return data


def send(
    store: Store,
    check: Callable[[Dataset], Checked],
    user: str,
    *,
    original: Original | None = None,
    reason: str = "",
    good_rows: bool = False,
) -> Sent:
    """Check a report and submit it; with errors nothing is written, unless ``good_rows``.

    What is to be confirmed (`Checked.needs_consent`) is confirmed by ``good_rows`` or a ``reason``.

    Raises what `Store.submit` raises; `ConflictError` only after `PATIENCE` in vain.
    """
    give_up = time.monotonic() + PATIENCE
    while True:
        base = store.revision
        data = sound(store)
        checked = check(data)
        if checked.unusable or (checked.errors and not good_rows):
            return Sent(Outcome.ERRORS, checked, base)
        if checked.needs_reason and not reason.strip():
            return Sent(Outcome.REASON, checked, base)
        if checked.needs_consent and not (good_rows or reason.strip()):
            return Sent(Outcome.CONSENT, checked, base)
        planned = preview(data, checked, user)
        if not len(planned.changes):
            return Sent(Outcome.SAME, checked, base, planned)
        draft = Draft(
            user,
            planned.changes,
            Kind.REPORT,
            unit="、".join(checked.rows["unit"].unique()),
            base=base,
            original=original,
            reason=reason,
            details=checked.details,
        )
        try:
            try:
                submission = store.submit(draft)
            except ConflictError as error:
                units = {*checked.rows["unit"]}
                if not error.since or any(_concerns(later, units) for later in error.since):
                    raise
                # Only other units came in between, so the check holds: the store still refuses
                # if a row of this report has changed. Eight writers would never end otherwise.
                submission = store.submit(replace(draft, base=None))
        except ConflictError:
            if time.monotonic() > give_up:
                raise
            time.sleep(random.uniform(0, 0.2))  # noqa: S311 - not all who met come back at once
            continue
        return Sent(Outcome.SENT, checked, submission.revision, planned, submission)


def _concerns(submission: Submission, units: set[str]) -> bool:
    """Whether a submission may change what a report of some units is checked against."""
    reports = (Kind.REPORT, Kind.FORM)
    return submission.kind not in reports or bool(units & {*submission.unit.split("、")})


def finding_records(checked: Checked) -> list[dict[str, Any]]:
    """Return the findings that are shown as ``row``, ``column``, ``value``, ``problem``, ``fix``, ``severity``."""
    fields = ("row", "column", "value", "problem", "fix")
    return [
        {**{name: getattr(finding, name) for name in fields}, "severity": str(finding.severity)}
        for finding in checked.shown
    ]


def submission_record(submission: Submission) -> dict[str, Any]:
    """Return a submission as other programs get it."""
    names = ("revision", "user", "unit", "time", "rows", "kind", "state")
    counts = ("added", "changed", "removed")
    return {
        **{name: getattr(submission, name) for name in (*names, *counts)},
        "file": submission.file_name,
        "sha256": submission.file_sha256,
        "refers_to": submission.refers_to,
        "reason": submission.reason,
        "plan_files": [change.name for change in submission.changed_files],
        "details": dict(submission.details),
    }
