"""The rules of submitting, undoing and reviewing: decisions only, nothing is read or written here.

Each function takes a `Snapshot`, which is what a writer writes upon, and returns the
`JournalEntry` to write, or refuses.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

import pandas as pd

from lib.core import schema
from lib.core.dataset import Dataset
from lib.core.matters import MatterError
from lib.core.problems import DataError
from lib.files import plan_folder
from lib.store.atomic_files import safe_name, sha256
from lib.store.changes import Changes, empty, file_of, texts, typed
from lib.store.interface import (
    MONTHS,
    REPLACES,
    TITLES,
    UNSIGNED,
    WAITING,
    ConflictError,
    Draft,
    FileChange,
    Kind,
    Original,
    RefusedError,
    State,
    StoreError,
    Submission,
)
from lib.store.matter_steps import FILE as MATTERS
from lib.store.matter_steps import taken_back, written
from lib.store.submissions import files_after, with_states

REQUIRED = (schema.PLAN.file, schema.TARGETS.file)
ALONE = (Kind.SEAL, Kind.NOTICE, Kind.DECK, Kind.UPPER_FORM, Kind.TEMPLATE)
"""What may be submitted with details alone."""
REPORTS = (Kind.REPORT, Kind.FORM)
"""What waits for review where the settings ask for it."""


@dataclass(frozen=True, eq=False)
class Snapshot:
    """What a writer writes upon.

    ``entries`` is the journal from 0 on, ``texts`` the reports in force as keyed texts, ``files``
    the plan files, ``data`` both as a dataset: ``None`` where there is no plan yet, or one that
    cannot be read, which ``fault`` tells; only new plan files help then. ``file`` is what a
    folder's ``progress.csv`` holds. ``changes`` and ``content`` look up an entry's rows and a kept file.
    """

    entries: Sequence[Submission]
    texts: pd.DataFrame
    files: Mapping[str, bytes]
    data: Dataset | None
    fault: DataError | None
    file: bytes | None
    changes: Callable[[int], Changes]
    content: Callable[[str], bytes]

    @property
    def submissions(self) -> list[Submission]:
        """The journal from 1 on, with what later submissions have made of each."""
        return with_states([entry for entry in self.entries if entry.revision])

    @property
    def revision(self) -> int:
        """The number of the latest submission, 0 before the first."""
        return self.entries[-1].revision if self.entries else 0


@dataclass(frozen=True, eq=False)
class JournalEntry:
    """What one submission writes.

    ``submission`` are its facts, ``changes`` its rows, ``state`` all reports afterwards (``None``:
    as before), ``files`` the plan files to write, or to remove (``None``), ``kept_files`` the bytes
    that its facts name by their hash.
    """

    submission: Submission
    changes: Changes
    state: pd.DataFrame | None = None
    files: Mapping[str, bytes | None] = field(default_factory=dict)
    kept_files: Sequence[bytes] = ()


def opening(snapshot: Snapshot) -> JournalEntry:
    """Return entry 0: the rows that are there before the first submission, and their file."""
    content = file_of(snapshot.texts) if snapshot.file is None else snapshot.file
    original = Original(schema.PROGRESS.file, content)
    draft = Draft("", Changes(empty(), snapshot.texts), Kind.BASELINE, original=original)
    files = {} if snapshot.fault else snapshot.files
    return entry(snapshot.entries, draft, files, {})


def submitted(snapshot: Snapshot, draft: Draft) -> JournalEntry:
    """Return the entry of a draft that `admit` let through."""
    _readable(snapshot, mending=bool(draft.files))
    _same_base(snapshot, draft.base)
    misfits = draft.changes.misfits(snapshot.texts)
    if len(misfits):
        raise ConflictError(_touching(snapshot, misfits))
    new: dict[str, bytes | None] = {
        name: content
        for name, content in draft.files.items()
        if snapshot.files.get(name) != content
    }
    if draft.files and not new and not len(draft.changes) and not draft.evidence:
        raise RefusedError("没有变化，不需要提交")
    if draft.steps:
        if snapshot.data is None:
            raise RefusedError("还没有计划，不能登记督办事项")
        content, numbers = written(snapshot.files, draft.steps, snapshot.submissions, snapshot.data)
        new[MATTERS] = content
        draft = replace(draft, details={**draft.details, "matters": numbers})
    review = snapshot.data is not None and snapshot.data.settings.review
    pending = review and draft.kind in REPORTS
    if pending and snapshot.data is not None:
        unsigned = {UNSIGNED: True} if snapshot.data.settings.sign else {}
        months = {MONTHS: sorted({key[1] for key in draft.changes.keys})}
        details = {**draft.details, **months, **_replacing(snapshot, draft.changes), **unsigned}
        draft = replace(draft, details=details)
    return _next(snapshot, draft, files=new, pending=pending)


def reverted(
    snapshot: Snapshot, revision: int, user: str, reason: str, base: int | None
) -> JournalEntry:
    """Return the entry that takes a submission back; refuse if its rows have changed since."""
    target = submission_of(snapshot.entries, revision)
    _readable(snapshot, mending=bool(target.changed_files))
    _same_base(snapshot, base)
    if target.state in (State.REVERTED, State.RETURNED, State.REPLACED):
        raise RefusedError(f"第{revision}号{target.state}，不能再撤销")
    if target.kind in (Kind.RETURN, Kind.SIGN):
        raise RefusedError(f"第{revision}号是{target.kind}，没有可撤销的数据；请单位重新填报")
    undo, files = Changes.none(), {}
    if target.state == State.IN_FORCE:
        undo = snapshot.changes(revision).inverse()
        files = files_before(snapshot, target)
    if _withdraws(files) and len(undo.apply(snapshot.texts)):
        raise RefusedError(
            f"第{revision}号建立了这个计划，现在已有填报，不能撤销；请先撤销这些填报"
        )
    misfits = undo.misfits(snapshot.texts)
    if len(misfits):
        later = _touching(snapshot, misfits, after=revision)
        numbers = "、".join(f"第{submission.revision}号" for submission in later)
        rows = "；".join("／".join(filter(None, key)) for key in misfits[:3])
        raise RefusedError(
            f"第{revision}号的{len(misfits)}行后来又有改动（{rows}），不能撤销；请先撤销{numbers}"
        )
    draft = Draft(user, undo, Kind.REVERT, target.unit, reason=reason)
    return _next(snapshot, draft, files=files, refers_to=revision)


def signed(
    snapshot: Snapshot, revision: int, user: str, reason: str, *, accept: bool
) -> JournalEntry:
    """Return the entry that signs a report for its unit, or returns it; not by who reported it."""
    _readable(snapshot, mending=False)
    target = submission_of(snapshot.entries, revision)
    if target.state != State.UNSIGNED:
        raise RefusedError(f"第{revision}号{target.state}，不需要审签")
    if user.strip() == target.user:
        raise RefusedError(f"第{revision}号是{target.user}填报的，要由单位负责人审签")
    kind = Kind.SIGN if accept else Kind.RETURN
    draft = Draft(user, Changes.none(), kind, target.unit, reason=reason)
    return _next(snapshot, draft, refers_to=revision)


def reviewed(
    snapshot: Snapshot, revision: int, user: str, reason: str, *, accept: bool
) -> JournalEntry:
    """Return the entry that accepts a pending submission, or returns it.

    Rows that a later report corrects are left out, in whatever order the two are reviewed: the
    corrected number never counts, and never stands in its correction's way.
    """
    _readable(snapshot, mending=False)
    target = submission_of(snapshot.entries, revision)
    if target.state == State.UNSIGNED:
        raise RefusedError(f"第{revision}号还没有审签，单位负责人审签后才能审核")
    if target.state != State.PENDING:
        raise RefusedError(f"第{revision}号{target.state}，不需要审核")
    changes = _uncorrected(snapshot, target) if accept else Changes.none()
    misfits = changes.misfits(snapshot.texts)
    if len(misfits):
        raise RefusedError(
            f"第{revision}号填报之后，其中{len(misfits)}行又有了变化；请退回，由单位重新填报"
        )
    kind = Kind.ACCEPT if accept else Kind.RETURN
    draft = Draft(user, changes, kind, target.unit, reason=reason)
    return _next(snapshot, draft, refers_to=revision)


def submission_of(entries: Sequence[Submission], revision: int) -> Submission:
    """Return a submission with its state; `RefusedError` if there is none that can be undone."""
    if revision not in [entry.revision for entry in entries]:
        raise RefusedError(f"没有第{revision}号填报记录")
    if revision == 0:
        raise RefusedError("起始数据不能撤销")
    return next(entry for entry in with_states(entries) if entry.revision == revision)


def entry(
    entries: Sequence[Submission],
    draft: Draft,
    files_now: Mapping[str, bytes],
    files: Mapping[str, bytes | None],
    *,
    refers_to: int | None = None,
    pending: bool = False,
) -> JournalEntry:
    """Return the next entry: a draft that replaces the plan files ``files_now`` by ``files``."""
    original, changes = draft.original, draft.changes
    submission = Submission(
        entries[-1].revision + 1 if entries else 0,
        draft.kind,
        draft.user.strip(),
        draft.unit,
        datetime.now().astimezone().isoformat(timespec="seconds"),
        changes.added,
        changes.changed,
        changes.removed,
        draft.reason.strip(),
        safe_name(original.name) if original else "",
        sha256(original.content) if original else "",
        refers_to,
        tuple(replace(item, name=safe_name(item.name)) for item, _ in draft.evidence),
        pending,
        files=_file_changes(entries, files_now, files),
        details=dict(draft.details),
    )
    kept_files = [content for _, content in draft.evidence]
    kept_files += [original.content] if original else []
    kept_files += [files_now[file.name] for file in submission.files if file.name in files_now]
    kept_files += [content for content in files.values() if content is not None]
    return JournalEntry(submission, changes, None, files, kept_files)


def files_before(snapshot: Snapshot, target: Submission) -> dict[str, bytes | None]:
    """Return the plan files that undo a submission; refuse if they have changed since."""
    undone: dict[str, bytes | None] = {}
    for change in target.changed_files:
        before = snapshot.content(change.before_sha256) if change.before_sha256 else None
        undone[change.name] = before
        if _hash(snapshot.files.get(change.name)) != change.after_sha256:
            if change.name == MATTERS:
                with suppress(MatterError):
                    undone[MATTERS] = taken_back(
                        snapshot.files.get(MATTERS), before, snapshot.content(change.after_sha256)
                    )
                    continue
            later = "、".join(
                f"第{submission.revision}号"
                for submission in snapshot.submissions
                if submission.revision > target.revision
                and change.name in [file.name for file in submission.changed_files]
            )
            raise RefusedError(
                f"第{target.revision}号之后{change.title}（{change.name}）又有改动，"
                f"不能撤销；请先撤销{later}"
            )
    return undone


def admit(draft: Draft) -> None:
    """Refuse a draft that says nothing, or something that its kind does not allow."""
    if not draft.user.strip():
        raise RefusedError("请写明填报人")
    try:
        json.dumps(draft.details, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise StoreError(f"附加内容不能保存：{error}") from error
    if draft.files and draft.kind != Kind.PLAN:
        raise RefusedError(f"只有{Kind.PLAN}可以改动计划文件")
    strange = [name for name in draft.files if name not in TITLES]
    if strange:
        raise RefusedError(f"{'、'.join(strange)} 不是计划文件（{'、'.join(TITLES)}）")
    content = len(draft.changes) or draft.evidence or draft.files or draft.steps
    if not content and not (draft.kind in ALONE and draft.details):
        raise RefusedError("没有变化，不需要提交")


def _next(
    snapshot: Snapshot,
    draft: Draft,
    *,
    files: Mapping[str, bytes | None] | None = None,
    refers_to: int | None = None,
    pending: bool = False,
) -> JournalEntry:
    """Check what a draft leads to and return the next entry."""
    files, changes = files or {}, draft.changes
    if (steps := files.get(MATTERS)) is not None:
        plan_folder.matter_steps({MATTERS: steps})  # figures would go on without it
    # a plan without reports goes as it came, its journal stays; steps are neither plan nor reports
    if _withdraws(files) or (set(files) == {MATTERS} and not len(changes)):
        return entry(snapshot.entries, draft, snapshot.files, files, refers_to=refers_to)
    applied = changes.apply(snapshot.texts)
    if files or snapshot.data is None:
        merged = {**snapshot.files, **files}
        plan = {name: content for name, content in merged.items() if content is not None}
        checked = plan_folder.read(plan, typed(applied))
    else:
        checked = snapshot.data.with_progress(typed(applied))
    if checked.progress_problems:
        raise DataError(checked.progress_problems)
    state = texts(checked)
    if files:
        # other unit names may spell the reports' units anew: the journal says so
        changes = Changes.between(snapshot.texts, state)
        state = changes.apply(snapshot.texts)
    else:
        # the journal has the rows as they are read, whatever the draft's spelling
        changes = Changes(changes.before, state[applied.index.isin(changes.after.index)])
    draft = replace(draft, changes=changes)
    written = entry(
        snapshot.entries, draft, snapshot.files, files, refers_to=refers_to, pending=pending
    )
    return replace(written, state=state) if len(changes) and not pending else written


def _file_changes(
    entries: Sequence[Submission],
    files_now: Mapping[str, bytes],
    files: Mapping[str, bytes | None],
) -> tuple[FileChange, ...]:
    changes = [
        FileChange(name, _hash(files_now.get(name)), _hash(files[name]))
        for name in plan_folder.PLAN_FILES
        if name in files
    ]
    if not files_after(entries):  # the journal takes note of the plan from here on
        changes += [
            FileChange(name, sha256(content), sha256(content))
            for name, content in files_now.items()
            if name not in files
        ]
    return tuple(changes)


def _touching(
    snapshot: Snapshot, keys: pd.MultiIndex, after: int | None = None
) -> list[Submission]:
    """Return the submissions in force that changed some rows, the oldest first.

    All that came ``after`` a revision, or, without one, the latest of each row.
    """
    touching, left = [], keys
    for submission in reversed(snapshot.submissions):
        if submission.revision <= (after or 0) or not len(left):
            break
        if submission.pending:
            continue
        changes = snapshot.changes(submission.revision)
        if left.isin(changes.keys).any():
            touching.append(submission)
        if after is None:
            left = left[~left.isin(changes.keys)]
    return touching[::-1]


def _replacing(snapshot: Snapshot, changes: Changes) -> dict[str, list[int]]:
    """Return the detail that says which waiting reports are corrected as a whole."""
    waiting = [
        submission.revision
        for submission in snapshot.submissions
        if submission.state in WAITING
        and snapshot.changes(submission.revision).keys.isin(changes.keys).all()
    ]
    return {REPLACES: waiting} if waiting else {}


def _uncorrected(snapshot: Snapshot, target: Submission) -> Changes:
    """Return a waiting report's changes without the rows that a later report corrects."""
    changes = snapshot.changes(target.revision)
    for later in snapshot.submissions:
        if later.revision > target.revision and later.pending and later.state != State.REVERTED:
            changes = changes.without(snapshot.changes(later.revision).keys)
    return changes


def _readable(snapshot: Snapshot, *, mending: bool) -> None:
    if snapshot.fault is not None and not mending:
        raise snapshot.fault


def _same_base(snapshot: Snapshot, base: int | None) -> None:
    if base is not None and base != snapshot.revision:
        raise ConflictError([later for later in snapshot.submissions if later.revision > base])


def _withdraws(files: Mapping[str, bytes | None]) -> bool:
    """Whether these plan files leave no plan: the undo of the submission that made it."""
    return any(files.get(name, b"") is None for name in REQUIRED)


def _hash(content: bytes | None) -> str:
    return "" if content is None else sha256(content)
