"""Submissions as the journal keeps them (JSON), and what later ones have made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from lib.store.interface import Attachment, FileChange, Kind, State, Submission


def to_json(submission: Submission) -> dict[str, Any]:
    """Return a submission's facts as a JSON object; its state is no fact of its own."""
    facts = asdict(submission)
    del facts["state"]
    return facts


def from_json(facts: Mapping[str, Any]) -> Submission:
    """Return the submission that `to_json` gave; older journals lack the newer keys."""
    return Submission(
        **{
            **facts,
            "kind": Kind(facts["kind"]),
            "attachments": tuple(Attachment(**one) for one in facts["attachments"]),
            "files": tuple(FileChange(**one) for one in facts.get("files", ())),
        }
    )


def with_states(journal: Sequence[Submission]) -> list[Submission]:
    """Return the submissions with what later ones have made of them."""
    reverted: set[int] = set()
    decided: dict[int, State] = {}
    for one in reversed(journal):
        if one.revision in reverted or one.refers_to is None:
            continue  # a 撤销 that was itself taken back undoes nothing
        if one.kind == Kind.REVERT:
            reverted.add(one.refers_to)
        elif one.kind == Kind.ACCEPT:
            decided[one.refers_to] = State.IN_FORCE
        elif one.kind == Kind.RETURN:
            decided[one.refers_to] = State.RETURNED
    told = []
    for one in journal:
        state = State.PENDING if one.pending else State.IN_FORCE
        state = decided.get(one.revision, state)
        if one.revision in reverted:
            state = State.REVERTED
        told.append(replace(one, state=state))
    return told


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
