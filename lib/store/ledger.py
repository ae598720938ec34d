"""The rules that every store follows: how submissions are checked, written, undone and reviewed.

A kind of store says where plan files, journal and kept files are, who may write when, and how
one submission is committed; see the abstract methods of `Ledger`.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Hashable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime

import pandas as pd

from lib import dataset as datasets
from lib import schema, tables
from lib.dataset import Dataset
from lib.problems import DataError
from lib.store.base import (
    TITLES,
    Attachment,
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
from lib.store.changes import Changes, empty, keyed
from lib.store.files import safe_name, sha256
from lib.store.submissions import files_after, with_states

REQUIRED = (schema.PLAN.file, schema.TARGETS.file)
ALONE = (Kind.SEAL, Kind.NOTICE)
"""What may be submitted with details alone."""


@dataclass(frozen=True)
class Standing:
    """What a writer writes upon: reports as keyed texts, plan files, and both as a dataset.

    ``data`` is ``None`` where there is no plan yet, or one that cannot be read: only new plan
    files help then.
    """

    texts: pd.DataFrame
    files: Mapping[str, bytes]
    data: Dataset | None


@dataclass(frozen=True)
class Entry:
    """What one submission writes.

    ``told`` are its facts, ``changes`` its rows, ``state`` all reports afterwards (``None``: as
    before), ``files`` the plan files to write, or to remove (``None``), ``kept`` the bytes that
    its facts name by their hash.
    """

    told: Submission
    changes: Changes
    state: pd.DataFrame | None
    files: Mapping[str, bytes | None]
    kept: Sequence[bytes]


class Ledger(ABC):
    """A store over a journal, whatever it is kept in; see `lib.store.base.Store`."""

    # -- what a kind of store provides ---------------------------------------------------------

    @abstractmethod
    def stamp(self) -> Hashable:
        """Return a value that differs whenever anything in the store has changed."""

    @abstractmethod
    def plan_files(self) -> dict[str, bytes]:
        """Return the contents of the plan files that there are, by name."""

    @abstractmethod
    def changes(self, revision: int) -> Changes:
        """Return what a submission changes, row by row; `RefusedError` if there is none such."""

    @abstractmethod
    def content(self, sha256: str) -> bytes:
        """Return a kept file's bytes, checked against its hash."""

    @abstractmethod
    def rebuild(self) -> int:
        """Write the current reports anew from the journal; return the number of rows."""

    @abstractmethod
    def journal(self) -> list[Submission]:
        """Return the submissions as they were written, from 0 on, without their states."""

    @abstractmethod
    def _now(self) -> Dataset:
        """Return the dataset as it stands."""

    @abstractmethod
    def _writing(self, what: str) -> AbstractContextManager[None]:
        """Let one writer in at a time; what is committed inside stays, also after an error."""

    @abstractmethod
    def _standing(self, *, mending: bool) -> Standing:
        """Return what to write upon, the journal opened (revision 0) and brought up to date.

        Without ``mending`` a plan that is missing or broken is raised as `DataError`.
        """

    @abstractmethod
    def _commit(self, entry: Entry) -> Submission:
        """Write one submission, all or nothing, and return its facts as written."""

    # -- reading -------------------------------------------------------------------------------

    @property
    def plan(self) -> pd.DataFrame:
        """The plan's rows."""
        return self._table(schema.PLAN)

    @property
    def targets(self) -> pd.DataFrame:
        """The targets' rows."""
        return self._table(schema.TARGETS)

    def _table(self, table: schema.Table) -> pd.DataFrame:
        files = self.plan_files()
        if table.file not in files:
            raise tables.missing(table.file)
        return tables.parse(table, files[table.file], table.file)

    @property
    def progress(self) -> pd.DataFrame:
        """The reports in force; raises `DataError` if the file is broken."""
        data = self.dataset()
        if data.progress_problems:
            raise DataError(data.progress_problems)
        return data.progress

    @property
    def submissions(self) -> list[Submission]:
        """The journal, the oldest first."""
        return with_states([one for one in self.journal() if one.revision])

    @property
    def revision(self) -> int:
        """The number of the latest submission, 0 before the first."""
        return max((one.revision for one in self.journal()), default=0)

    def history(self) -> list[Submission]:
        """Return the journal, the oldest first."""
        return self.submissions

    def dataset(self, *, with_pending: bool = False, revision: int | None = None) -> Dataset:
        """Return plan and reports, checked against each other; see `lib.store.base.Store`."""
        if revision is not None:
            return self._as_of(revision)
        data = self._now()
        if not with_pending or data.progress_problems:
            return data
        state = texts(data)
        for submission in self.submissions:
            if submission.state == State.PENDING:
                more = self.changes(submission.revision).apply(state)
                fits = data.with_progress(typed(more))
                if not fits.progress_problems:  # the plan may have been amended since
                    data, state = fits, more
        return data

    def _as_of(self, revision: int) -> Dataset:
        journal = self.journal()
        if not journal and revision == 0:
            return self._now()
        if revision not in [one.revision for one in journal]:
            raise RefusedError(f"没有第{revision}号填报记录")
        known = files_after([one for one in journal if one.revision <= revision])
        if known:
            files = {name: self.content(kept) for name, kept in known.items()}
        else:
            # A journal of an older version took no note of plan files before its next entry.
            files = self.plan_files()
            later = next((one for one in journal if one.files), None)
            for change in later.files if later else ():
                if change.before_sha256:
                    files[change.name] = self.content(change.before_sha256)
                else:
                    files.pop(change.name, None)
        return datasets.read(files, typed(self._replayed(revision)))

    def original(self, revision: int) -> Original | None:
        """Return the uploaded file of a submission, if it had one."""
        facts = self._facts(revision)
        if not facts.file_sha256:
            return None
        return Original(facts.file_name, self.content(facts.file_sha256))

    def evidence(self, task_id: str) -> list[tuple[Submission, Attachment]]:
        """Return a task's attachments in force, the oldest first."""
        return [
            (submission, attachment)
            for submission in self.submissions
            if submission.state == State.IN_FORCE
            for attachment in submission.attachments
            if attachment.task_id == task_id
        ]

    # -- writing -------------------------------------------------------------------------------

    def submit(self, draft: Draft) -> Submission:
        """Write a submission; see `lib.store.base.Store`."""
        _admit(draft)
        with self._writing("这次提交"):
            standing = self._standing(mending=bool(draft.files))
            self._same_base(draft.base)
            misfits = draft.changes.misfits(standing.texts)
            if len(misfits):
                raise ConflictError(self._touching(misfits))
            new = {
                name: content
                for name, content in draft.files.items()
                if standing.files.get(name) != content
            }
            if draft.files and not new and not len(draft.changes) and not draft.evidence:
                raise RefusedError("没有变化，不需要提交")
            review = standing.data is not None and standing.data.settings.review
            pending = review and draft.kind in (Kind.REPORT, Kind.FORM)
            return self._append(standing, draft, files=new, pending=pending)

    def revert(
        self, revision: int, user: str, *, reason: str = "", base: int | None = None
    ) -> Submission:
        """Take a submission back; see `lib.store.base.Store`."""
        if not user.strip():
            raise RefusedError("请写明填报人")
        with self._writing("这次撤销"):
            standing = self._standing(mending=False)
            self._same_base(base)
            target = self._submission(revision)
            if target.state in (State.REVERTED, State.RETURNED):
                raise RefusedError(f"第{revision}号{target.state}，不能再撤销")
            if target.kind == Kind.RETURN:
                raise RefusedError(f"第{revision}号是审核退回，没有可撤销的数据；请单位重新填报")
            undo, files = Changes.none(), {}
            if target.state == State.IN_FORCE:
                undo = self.changes(revision).inverse()
                files = self._files_before(target, standing.files)
            misfits = undo.misfits(standing.texts)
            if len(misfits):
                names = "、".join(
                    f"第{one.revision}号" for one in self._touching(misfits, after=revision)
                )
                rows = "；".join("／".join(filter(None, key)) for key in misfits[:3])
                raise RefusedError(
                    f"第{revision}号的{len(misfits)}行后来又有改动（{rows}），不能撤销；"
                    f"请先撤销{names}"
                )
            draft = Draft(user, undo, Kind.REVERT, target.unit, reason=reason)
            return self._append(standing, draft, files=files, refers_to=revision)

    def review(self, revision: int, user: str, *, accept: bool, reason: str = "") -> Submission:
        """Accept or return a pending submission; see `lib.store.base.Store`."""
        if not user.strip():
            raise RefusedError("请写明审核人")
        if not accept and not reason.strip():
            raise RefusedError("退回需要写明理由")
        with self._writing("这次审核"):
            standing = self._standing(mending=False)
            target = self._submission(revision)
            if target.state != State.PENDING:
                raise RefusedError(f"第{revision}号{target.state}，不需要审核")
            changes = self.changes(revision) if accept else Changes.none()
            misfits = changes.misfits(standing.texts)
            if len(misfits):
                raise RefusedError(
                    f"第{revision}号填报之后，其中{len(misfits)}行又有了变化；"
                    "请退回，由单位重新填报"
                )
            kind = Kind.ACCEPT if accept else Kind.RETURN
            draft = Draft(user, changes, kind, target.unit, reason=reason)
            return self._append(standing, draft, refers_to=revision)

    # -- the steps of writing ------------------------------------------------------------------

    def _append(
        self,
        standing: Standing,
        draft: Draft,
        *,
        files: Mapping[str, bytes | None] | None = None,
        refers_to: int | None = None,
        pending: bool = False,
    ) -> Submission:
        """Check and commit the next submission."""
        files, changes = files or {}, draft.changes
        reports = typed(changes.apply(standing.texts))
        if files or standing.data is None:
            merged = {**standing.files, **files}
            plan = {name: content for name, content in merged.items() if content is not None}
            checked = datasets.read(plan, reports)
        else:
            checked = standing.data.with_progress(reports)
        if checked.progress_problems:
            raise DataError(checked.progress_problems)
        state = texts(checked)
        if files:
            # other unit names may spell the reports' units anew: the journal says so
            changes = Changes.between(standing.texts, state)
            state = changes.apply(standing.texts)
        entry = self._entry(
            self.revision + 1,
            replace(draft, changes=changes),
            standing.files,
            files,
            refers_to=refers_to,
            pending=pending,
        )
        if len(changes) and not pending:
            entry = replace(entry, state=state)
        done = self._commit(entry)
        return replace(done, state=State.PENDING if pending else State.IN_FORCE)

    def _entry(
        self,
        revision: int,
        draft: Draft,
        found: Mapping[str, bytes],
        files: Mapping[str, bytes | None],
        *,
        refers_to: int | None = None,
        pending: bool = False,
    ) -> Entry:
        """Return what to write for a draft that replaces plan files ``found`` by ``files``."""
        original, changes = draft.original, draft.changes
        told = Submission(
            revision,
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
            tuple(replace(one, name=safe_name(one.name)) for one, _ in draft.evidence),
            pending,
            files=self._file_changes(found, files),
            details=dict(draft.details),
        )
        kept = [content for _, content in draft.evidence]
        kept += [original.content] if original else []
        kept += [found[one.name] for one in told.files if one.name in found]
        kept += [content for content in files.values() if content is not None]
        return Entry(told, changes, None, files, kept)

    def _file_changes(
        self, found: Mapping[str, bytes], files: Mapping[str, bytes | None]
    ) -> tuple[FileChange, ...]:
        told = [
            FileChange(name, _hash(found.get(name)), _hash(files[name]))
            for name in datasets.PLAN_FILES
            if name in files
        ]
        if not files_after(self.journal()):  # the journal takes note of the plan from here on
            told += [
                FileChange(name, sha256(content), sha256(content))
                for name, content in found.items()
                if name not in files
            ]
        return tuple(told)

    def _files_before(
        self, target: Submission, found: Mapping[str, bytes]
    ) -> dict[str, bytes | None]:
        """Return the plan files that undo a submission; refuse if they have changed since."""
        undone: dict[str, bytes | None] = {}
        for change in target.changed_files:
            if _hash(found.get(change.name)) != change.after_sha256:
                later = "、".join(
                    f"第{one.revision}号"
                    for one in self.submissions
                    if one.revision > target.revision
                    and change.name in [file.name for file in one.changed_files]
                )
                raise RefusedError(
                    f"第{target.revision}号之后{change.title}（{change.name}）又有改动，"
                    f"不能撤销；请先撤销{later}"
                )
            if not change.before_sha256 and change.name in REQUIRED:
                raise RefusedError(f"第{target.revision}号建立了这个计划，不能撤销")
            undone[change.name] = (
                self.content(change.before_sha256) if change.before_sha256 else None
            )
        return undone

    # -- the journal ---------------------------------------------------------------------------

    def _facts(self, revision: int) -> Submission:
        for one in self.journal():
            if one.revision == revision:
                return one
        raise RefusedError(f"没有第{revision}号填报记录")

    def _submission(self, revision: int) -> Submission:
        self._facts(revision)
        if revision == 0:
            raise RefusedError("起始数据不能撤销")
        return next(one for one in self.submissions if one.revision == revision)

    def _touching(self, keys: pd.MultiIndex, after: int | None = None) -> list[Submission]:
        """Return the submissions in force that changed some rows, the oldest first.

        All that came ``after`` a revision, or, without one, the latest of each row.
        """
        found, left = [], keys
        for submission in reversed(self.submissions):
            if submission.revision <= (after or 0) or not len(left):
                break
            if submission.pending:
                continue
            changes = self.changes(submission.revision)
            touched = changes.before.index.union(changes.after.index)
            if left.isin(touched).any():
                found.append(submission)
            if after is None:
                left = left[~left.isin(touched)]
        return found[::-1]

    def _same_base(self, base: int | None) -> None:
        if base is not None and base != self.revision:
            raise ConflictError([one for one in self.submissions if one.revision > base])

    def _replayed(self, until: int | None = None) -> pd.DataFrame:
        """Return the state that the journal's changes add up to, as keyed texts."""
        state = empty()
        for one in self.journal():
            if (until is None or one.revision <= until) and not one.pending:
                state = self.changes(one.revision).apply(state)
        return state


def texts(data: Dataset) -> pd.DataFrame:
    """Return a dataset's reports as texts indexed by their key."""
    return keyed(schema.PROGRESS.texts(data.progress))


def typed(state: pd.DataFrame) -> pd.DataFrame:
    """Return report texts as a typed frame whose index is the row in progress.csv."""
    numbered = state.set_axis(range(2, len(state) + 2), axis="index")
    return schema.PROGRESS.check(numbered, schema.PROGRESS.file)


def _hash(content: bytes | None) -> str:
    return "" if content is None else sha256(content)


def _admit(draft: Draft) -> None:
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
    said = len(draft.changes) or draft.evidence or draft.files
    if not said and not (draft.kind in ALONE and draft.details):
        raise RefusedError("没有变化，不需要提交")
