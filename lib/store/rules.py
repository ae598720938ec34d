"""The rules that every store follows: how submissions are checked, written, undone and reviewed.

A kind of store says where plan files, journal and kept files are, who may write when, and how
one submission is committed; see the abstract methods of `Ledger`.
"""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime

import pandas as pd

from lib.core import schema
from lib.core.dataset import Dataset
from lib.core.problems import DataError
from lib.files import plan_folder
from lib.store.atomic_files import safe_name, sha256
from lib.store.changes import Changes
from lib.store.interface import (
    TITLES,
    ConflictError,
    Draft,
    FileChange,
    Kind,
    RefusedError,
    State,
    StoreError,
    Submission,
)
from lib.store.reading import Journal, texts, typed
from lib.store.submissions import files_after

REQUIRED = (schema.PLAN.file, schema.TARGETS.file)
ALONE = (Kind.SEAL, Kind.NOTICE, Kind.DECK)
"""What may be submitted with details alone."""


@dataclass(frozen=True)
class Snapshot:
    """What a writer writes upon: reports as keyed texts, plan files, and both as a dataset.

    ``data`` is ``None`` where there is no plan yet, or one that cannot be read: only new plan
    files help then.
    """

    texts: pd.DataFrame
    files: Mapping[str, bytes]
    data: Dataset | None


@dataclass(frozen=True)
class JournalEntry:
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


class Ledger(Journal):
    """A store over a journal, whatever it is kept in; see `lib.store.interface.Store`."""

    # -- what a kind of store provides, besides what `Journal` asks for --------------------------

    @abstractmethod
    def rebuild(self) -> int:
        """Write the current reports anew from the journal; return the number of rows."""

    @abstractmethod
    def load(
        self,
        entries: Iterable[tuple[Submission, Changes]],
        kept: Iterable[bytes],
        plan_files: Mapping[str, bytes],
        state: pd.DataFrame,
    ) -> None:
        """Fill this store, which is empty, with the whole of another; ``state`` as `texts`."""

    @abstractmethod
    def _writing(self, what: str) -> AbstractContextManager[None]:
        """Let one writer in at a time."""

    @abstractmethod
    def _standing(self, *, mending: bool) -> Snapshot:
        """Return what to write upon, the journal opened (revision 0) and brought up to date.

        Without ``mending`` a plan that is missing or broken is raised as `DataError`.
        """

    @abstractmethod
    def _commit(self, entry: JournalEntry) -> Submission:
        """Write one submission, all or nothing, and return its facts as written."""

    # -- writing -------------------------------------------------------------------------------

    def submit(self, draft: Draft) -> Submission:
        """Write a submission; see `lib.store.interface.Store`."""
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
        """Take a submission back; see `lib.store.interface.Store`."""
        if not user.strip():
            raise RefusedError("请写明填报人")
        with self._writing("这次撤销"):
            target = self._submission(revision)
            standing = self._standing(mending=bool(target.changed_files))
            self._same_base(base)
            if target.state in (State.REVERTED, State.RETURNED):
                raise RefusedError(f"第{revision}号{target.state}，不能再撤销")
            if target.kind == Kind.RETURN:
                raise RefusedError(f"第{revision}号是审核退回，没有可撤销的数据；请单位重新填报")
            undo, files = Changes.none(), {}
            if target.state == State.IN_FORCE:
                undo = self.changes(revision).inverse()
                files = self._files_before(target, standing.files)
            if _withdraws(files) and len(undo.apply(standing.texts)):
                raise RefusedError(
                    f"第{revision}号建立了这个计划，现在已有填报，不能撤销；请先撤销这些填报"
                )
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
        """Accept or return a pending submission; see `lib.store.interface.Store`."""
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
        standing: Snapshot,
        draft: Draft,
        *,
        files: Mapping[str, bytes | None] | None = None,
        refers_to: int | None = None,
        pending: bool = False,
    ) -> Submission:
        """Check and commit the next submission."""
        files, changes = files or {}, draft.changes
        if _withdraws(files):  # a plan without reports goes as it came; its journal stays
            return self._commit(
                self._entry(self.revision + 1, draft, standing.files, files, refers_to=refers_to)
            )
        applied = changes.apply(standing.texts)
        if files or standing.data is None:
            merged = {**standing.files, **files}
            plan = {name: content for name, content in merged.items() if content is not None}
            checked = plan_folder.read(plan, typed(applied))
        else:
            checked = standing.data.with_progress(typed(applied))
        if checked.progress_problems:
            raise DataError(checked.progress_problems)
        state = texts(checked)
        if files:
            # other unit names may spell the reports' units anew: the journal says so
            changes = Changes.between(standing.texts, state)
            state = changes.apply(standing.texts)
        else:
            # the journal has the rows as they are read, whatever the draft's spelling
            changes = Changes(changes.before, state[applied.index.isin(changes.after.index)])
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
    ) -> JournalEntry:
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
        return JournalEntry(told, changes, None, files, kept)

    def _file_changes(
        self, found: Mapping[str, bytes], files: Mapping[str, bytes | None]
    ) -> tuple[FileChange, ...]:
        told = [
            FileChange(name, _hash(found.get(name)), _hash(files[name]))
            for name in plan_folder.PLAN_FILES
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
            undone[change.name] = (
                self.content(change.before_sha256) if change.before_sha256 else None
            )
        return undone

    def _same_base(self, base: int | None) -> None:
        if base is not None and base != self.revision:
            raise ConflictError([one for one in self.submissions if one.revision > base])


def _withdraws(files: Mapping[str, bytes | None]) -> bool:
    """Whether these plan files leave no plan: the undo of the submission that made it."""
    return any(files.get(name, b"") is None for name in REQUIRED)


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
