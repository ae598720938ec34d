"""Submissions as the journal keeps them (JSON), and what later ones have made of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

import pandas as pd

from lib.store.changes import Record, replay
from lib.store.interface import UNSIGNED, Attachment, FileChange, Kind, State, Submission


def to_json(submission: Submission) -> dict[str, Any]:
    """Return a submission's facts as a JSON object; its state is no fact of its own."""
    facts = asdict(submission)
    del facts["state"]
    stored: dict[str, Any] = json.loads(json.dumps(facts))  # lists and text keys, as they come back
    return stored


def from_json(facts: Mapping[str, Any]) -> Submission:
    """Return the submission that `to_json` gave; older journals lack the newer keys."""
    return Submission(
        **{
            **facts,
            "kind": Kind(facts["kind"]),
            "attachments": tuple(Attachment(**item) for item in facts["attachments"]),
            "files": tuple(FileChange(**change) for change in facts.get("files", ())),
        }
    )


def with_states(journal: Sequence[Submission]) -> list[Submission]:
    """Return the submissions with what later ones have made of them."""
    reverted: set[int] = set()
    decided: dict[int, State] = {}
    for later in reversed(journal):
        if later.revision in reverted or later.refers_to is None:
            continue  # a 撤销 that was itself taken back undoes nothing
        if later.kind == Kind.REVERT:
            reverted.add(later.refers_to)
        elif later.kind == Kind.ACCEPT:
            decided[later.refers_to] = State.IN_FORCE
        elif later.kind == Kind.RETURN:
            decided[later.refers_to] = State.RETURNED
        elif later.kind == Kind.SIGN:
            decided.setdefault(later.refers_to, State.PENDING)
    for later in journal:
        if later.revision not in reverted:
            decided |= dict.fromkeys(later.replaces, State.REPLACED)
    submissions = []
    for submission in journal:
        waiting = State.UNSIGNED if submission.details.get(UNSIGNED) else State.PENDING
        state = waiting if submission.pending else State.IN_FORCE
        state = decided.get(submission.revision, state)
        if submission.revision in reverted:
            state = State.REVERTED
        submissions.append(replace(submission, state=state))
    return submissions


def files_after(journal: Sequence[Submission]) -> dict[str, str]:
    """Return the plan files' hashes by name, as the last of some submissions left them.

    Empty if no submission took note of any: a journal of an older version.
    """
    known: dict[str, str] = {}
    for submission in journal:
        for change in submission.files:
            if change.after_sha256:
                known[change.name] = change.after_sha256
            else:
                known.pop(change.name, None)
    return known


def replayed(
    journal: Iterable[Submission], records: Callable[[int], list[Record]], until: int | None = None
) -> pd.DataFrame:
    """Return the reports that submissions (up to a revision) add up to, as keyed texts.

    ``records`` looks up a submission's rows. What waits for review does not count.
    """
    return replay(
        record
        for entry in journal
        if not entry.pending and (until is None or entry.revision <= until)
        for record in records(entry.revision)
    )
