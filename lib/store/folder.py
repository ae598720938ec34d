"""A store in a folder of CSV files, with the journal beside them.

``progress.csv`` is the state. ``journal/000001.jsonl`` is one submission: a line of facts, then
a line per row with its cells before and after. ``journal/files/`` keeps uploaded files and
evidence by their hash. ``journal/applied`` names the revision that progress.csv stands for, and its hash.

A submission is in force from the moment its journal file is renamed into place. All bytes are
on the disk before that (so a full disk refuses early), and the rename of progress.csv follows;
a process killed in between leaves ``applied`` behind the journal, and the next writer finishes
its work. Writers take turns by a file lock; readers need none.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
from filelock import FileLock, Timeout

from lib import dataset as datasets
from lib import schema, tables
from lib.dataset import Dataset
from lib.problems import DataError
from lib.store import files
from lib.store.base import (
    Attachment,
    ConflictError,
    Draft,
    Kind,
    Original,
    RefusedError,
    State,
    StoreError,
    Submission,
)
from lib.store.changes import Changes, empty, keyed

JOURNAL, FILES, APPLIED, LOCK = "journal", "files", "applied", ".lock"
LOCK_SECONDS = 60
HAND = "（手工修改 progress.csv）"
"""The user of a change that was made with another program: nobody knows the name."""


class FolderStore:
    """The store of a data folder (see the module for its files)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.journal = folder / JOURNAL
        self.progress_path = folder / schema.PROGRESS.file
        self._loaded: tuple[Hashable, Dataset] | None = None

    # -- reading -----------------------------------------------------------------------------

    @property
    def plan(self) -> pd.DataFrame:
        """The plan's rows."""
        return tables.read(schema.PLAN, self.folder / schema.PLAN.file)

    @property
    def targets(self) -> pd.DataFrame:
        """The targets' rows."""
        return tables.read(schema.TARGETS, self.folder / schema.TARGETS.file)

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
        return _with_states([self._facts(number) for number in self._numbers() if number])

    @property
    def revision(self) -> int:
        """The number of the latest submission, 0 before the first."""
        return max(self._numbers(), default=0)

    def stamp(self) -> Hashable:
        """Return names, times and sizes of the folder's files, and the journal's last number."""
        names = (
            schema.PLAN.file,
            schema.TARGETS.file,
            schema.PROGRESS.file,
            datasets.SETTINGS_FILE,
            datasets.ALIASES_FILE,
        )
        stamps = []
        for path in [*(self.folder / name for name in names), self.journal]:
            try:
                facts = path.stat()
            except OSError:
                continue
            size = 0 if path == self.journal else facts.st_size
            stamps.append((path.name, facts.st_mtime_ns, facts.st_ino, size))
        return tuple(stamps)

    def dataset(self, *, with_pending: bool = False) -> Dataset:
        """Return plan and reports, checked against each other."""
        data = self._load()
        if not with_pending or data.progress_problems:
            return data
        state = _texts(data)
        for submission in self.submissions:
            if submission.state == State.PENDING:
                state = self.changes(submission.revision).apply(state)
        return data.with_progress(_typed(state))

    def _load(self, progress_sha256: str = "") -> Dataset:
        """Return the dataset as the files are now; read again only when one has changed.

        Times of files have a grain of some milliseconds: a writer also gives progress.csv's hash.
        """
        key = (self.stamp(), progress_sha256)
        if self._loaded is None or self._loaded[0] != key:
            self._loaded = (key, datasets.load(self.folder))
        return self._loaded[1]

    def history(self) -> list[Submission]:
        """Return the journal, the oldest first, after taking in a hand-made change."""
        if self._hand_made():
            # A folder that cannot be written, or a file that is broken, still has a history;
            # the pages and the next submission tell of the fault itself.
            with suppress(StoreError, DataError), self._writing("手工修改"):
                self._finish()
                if self._hand_made():
                    self._take_in()
        return self.submissions

    def changes(self, revision: int) -> Changes:
        """Return what a submission changes."""
        with self._entry(revision).open(encoding="utf-8") as file:
            next(file)
            return Changes.from_lines(file)

    def original(self, revision: int) -> Original | None:
        """Return the uploaded file of a submission, if it had one."""
        facts = self._facts(revision)
        if not facts.file_sha256:
            return None
        return Original(facts.file_name, self.content(facts.file_sha256))

    def content(self, sha256: str) -> bytes:
        """Return a kept file's bytes; `StoreError` if it is missing or has been altered."""
        path = self.journal / FILES / sha256
        if len(sha256) != 64 or not sha256.isalnum() or not path.is_file():
            raise StoreError("找不到这个文件的原件")
        content = path.read_bytes()
        if files.sha256(content) != sha256:
            raise StoreError("原件与记录的校验值不符，文件可能被改动过")
        return content

    def evidence(self, task_id: str) -> list[tuple[Submission, Attachment]]:
        """Return a task's attachments in force, the oldest first."""
        return [
            (submission, attachment)
            for submission in self.submissions
            if submission.state == State.IN_FORCE
            for attachment in submission.attachments
            if attachment.task_id == task_id
        ]

    # -- writing -----------------------------------------------------------------------------

    def submit(self, draft: Draft) -> Submission:
        """Write a submission; see `lib.store.base.Store`."""
        if not draft.user.strip():
            raise RefusedError("请写明填报人")
        if not len(draft.changes) and not draft.evidence:
            raise RefusedError("没有变化，不需要提交")
        with self._writing("这次提交"):
            data = self._current()
            self._same_base(draft.base)
            state = _texts(data)
            misfits = draft.changes.misfits(state)
            if len(misfits):
                raise ConflictError(self._touching(misfits))
            pending = data.settings.review and draft.kind in (Kind.REPORT, Kind.FORM)
            return self._append(data, draft, draft.changes, pending=pending)

    def revert(
        self, revision: int, user: str, *, reason: str = "", base: int | None = None
    ) -> Submission:
        """Take a submission back; see `lib.store.base.Store`."""
        if not user.strip():
            raise RefusedError("请写明填报人")
        with self._writing("这次撤销"):
            data = self._current()
            self._same_base(base)
            target = self._submission(revision)
            if target.state in (State.REVERTED, State.RETURNED):
                raise RefusedError(f"第{revision}号{target.state}，不能再撤销")
            if target.kind == Kind.RETURN:
                raise RefusedError(f"第{revision}号是审核退回，没有可撤销的数据；请单位重新填报")
            undo = Changes.none()
            if target.state == State.IN_FORCE:
                undo = self.changes(revision).inverse()
            misfits = undo.misfits(_texts(data))
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
            return self._append(data, draft, undo, refers_to=revision)

    def review(self, revision: int, user: str, *, accept: bool, reason: str = "") -> Submission:
        """Accept or return a pending submission; see `lib.store.base.Store`."""
        if not user.strip():
            raise RefusedError("请写明审核人")
        if not accept and not reason.strip():
            raise RefusedError("退回需要写明理由")
        with self._writing("这次审核"):
            data = self._current()
            target = self._submission(revision)
            if target.state != State.PENDING:
                raise RefusedError(f"第{revision}号{target.state}，不需要审核")
            changes = self.changes(revision) if accept else Changes.none()
            misfits = changes.misfits(_texts(data))
            if len(misfits):
                raise RefusedError(
                    f"第{revision}号填报之后，其中{len(misfits)}行又有了变化；"
                    "请退回，由单位重新填报"
                )
            kind = Kind.ACCEPT if accept else Kind.RETURN
            draft = Draft(user, changes, kind, target.unit, reason=reason)
            return self._append(data, draft, changes, refers_to=revision)

    def rebuild(self) -> int:
        """Write progress.csv anew from the journal; return its number of rows.

        A file that was changed by hand is kept first: as a submission of 手工修改 that is taken
        back at once, or, if it cannot be read, as a copy in the journal's files.
        """
        if not self._numbers():
            raise RefusedError("还没有填报记录，没有可以重建的内容")
        with self._writing("重建"):
            self._finish()
            if self.progress_path.exists() and self._hand_made():
                try:
                    taken = self._take_in()
                except DataError:
                    self._keep(self.progress_path.read_bytes())
                else:
                    if taken is not None:
                        self._take_back(taken)
            state = self._replayed()
            content = _file(state)
            files.write(self.progress_path, content)
            self._mark(self.revision, files.sha256(content))
            return len(state)

    # -- the journal -------------------------------------------------------------------------

    def _entry(self, revision: int) -> Path:
        path = self.journal / f"{revision:06d}.jsonl"
        if not path.exists():
            raise RefusedError(f"没有第{revision}号填报记录")
        return path

    def _numbers(self) -> list[int]:
        return sorted(int(path.stem) for path in self.journal.glob("[0-9]*.jsonl"))

    @cached_property
    def _known(self) -> dict[int, Submission]:
        """Entries read before: a journal file never changes."""
        return {}

    def _facts(self, revision: int) -> Submission:
        if revision not in self._known:
            with self._entry(revision).open(encoding="utf-8") as file:
                facts = json.loads(next(file))
            facts["kind"] = Kind(facts["kind"])
            facts["attachments"] = tuple(Attachment(**one) for one in facts["attachments"])
            self._known[revision] = Submission(**facts)
        return self._known[revision]

    def _submission(self, revision: int) -> Submission:
        self._entry(revision)
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
        for number in self._numbers():
            if (until is None or number <= until) and not self._facts(number).pending:
                state = self.changes(number).apply(state)
        return state

    # -- one writer at a time ----------------------------------------------------------------

    @contextmanager
    def _writing(self, what: str) -> Iterator[None]:
        """Hold the lock, with what an earlier writer left undone finished."""
        if not self.folder.is_dir():
            raise StoreError(f"找不到数据目录：{self.folder}")
        with files.telling(what, self.folder):
            (self.journal / FILES).mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.journal / LOCK, timeout=LOCK_SECONDS, poll_interval=0.01)
            try:
                lock.acquire()
            except Timeout as error:
                raise StoreError(
                    f"{what}没有保存：其他人正在写入，等了{LOCK_SECONDS}秒，请稍后重试"
                ) from error
            try:
                for folder in (self.folder, self.journal, self.journal / FILES):
                    files.sweep(folder)
                yield
            finally:
                lock.release()

    def _current(self) -> Dataset:
        """Return the dataset to write upon, after finishing and taking in what is due."""
        self._finish()
        if not self._numbers():
            data = self._checked()
            self._baseline(_texts(data))
        elif self._hand_made():
            self._take_in()
        return self._checked()

    def _checked(self) -> Dataset:
        if not self.progress_path.exists():
            if self._numbers():
                raise StoreError(
                    "progress.csv 不见了；请先运行 python -m lib.cli rebuild 由填报记录重建"
                )
            files.write(self.progress_path, _file(empty()))
        data = self._load(self._seen())
        if data.progress_problems:
            raise DataError(data.progress_problems)
        return data

    def _baseline(self, state: pd.DataFrame) -> None:
        """Open the journal with the rows that are there before the first submission."""
        content = self.progress_path.read_bytes()
        changes = Changes(empty(), state)
        draft = Draft("", changes, Kind.BASELINE, original=Original("progress.csv", content))
        self._write_entry(0, draft, changes, progress_sha256=files.sha256(content))
        self._mark(0, files.sha256(content))

    def _applied(self) -> tuple[int, str]:
        """Return the revision that progress.csv stood for when last written, and its hash."""
        try:
            number, sha256 = (self.journal / APPLIED).read_text(encoding="ascii").split()
            return int(number), sha256
        except (OSError, ValueError):
            return -1, ""

    def _seen(self) -> str:
        """Return the hash of progress.csv as it is now, empty if there is none."""
        if not self.progress_path.exists():
            return ""
        return files.sha256(self.progress_path.read_bytes())

    def _mark(self, revision: int, sha256: str) -> None:
        files.write(self.journal / APPLIED, _marker(revision, sha256))

    def _hand_made(self) -> bool:
        """Whether progress.csv is not what this store last wrote."""
        if not self._numbers() or not self.progress_path.exists():
            return False
        known = {self._applied()[1], self._facts(self.revision).progress_sha256}
        if self._applied()[0] == self.revision:
            known = {self._applied()[1]}
        return self._seen() not in known

    def _finish(self) -> None:
        """Finish a submission whose writer was killed between the journal and progress.csv."""
        if not self._numbers():
            return
        latest = self.revision
        applied, applied_sha256 = self._applied()
        if applied == latest:
            return
        seen, wanted = self._seen(), self._facts(latest).progress_sha256
        if seen == wanted or applied < 0:
            self._mark(latest, wanted)
            return
        state = self._replayed()
        if seen and seen != applied_sha256:
            # changed by hand in that very moment: carry the change over to the new state
            by_hand = Changes.between(self._replayed(applied), self._read_hand_made())
            files.write(self.progress_path, _file(by_hand.apply(state)))
            self._mark(latest, wanted)
            return
        content = _file(state)
        files.write(self.progress_path, content)
        self._mark(latest, files.sha256(content))

    def _read_hand_made(self) -> pd.DataFrame:
        data = datasets.load(self.folder)
        if data.progress_problems:
            raise DataError(data.progress_problems)
        return _texts(data)

    def _take_in(self) -> Submission | None:
        """Record a hand-made change of progress.csv as a submission of its own.

        Raises `DataError` if the file is broken: then it stays as it is until corrected.
        """
        content = self.progress_path.read_bytes()
        new = self._read_hand_made()
        changes = Changes.between(self._replayed(), new)
        original = Original(schema.PROGRESS.file, content)
        draft = Draft(HAND, changes, Kind.MANUAL, original=original)
        if not len(changes):  # saved again by Excel without a change: only its bytes differ
            self._mark(self.revision, files.sha256(content))
            return None
        number = self.revision + 1
        sha256 = files.sha256(content)
        told = self._write_entry(number, draft, changes, progress_sha256=sha256)
        self._mark(number, sha256)
        return told

    def _take_back(self, taken: Submission) -> None:
        undo = self.changes(taken.revision).inverse()
        state = undo.apply(self._replayed())
        draft = Draft(HAND, undo, Kind.REVERT, reason="重建进展数据时撤销手工修改")
        self._write_entry(
            self.revision + 1,
            draft,
            undo,
            refers_to=taken.revision,
            progress_sha256=files.sha256(_file(state)),
        )

    def _append(
        self,
        data: Dataset,
        draft: Draft,
        changes: Changes,
        *,
        refers_to: int | None = None,
        pending: bool = False,
    ) -> Submission:
        """Write the next submission and, unless it is pending, the new state."""
        old = _texts(data)
        checked = data.with_progress(_typed(changes.apply(old)))
        if checked.progress_problems:
            raise DataError(checked.progress_problems)
        changed = not pending and len(changes) > 0
        content = _file(_texts(checked)) if changed else b""
        sha256 = files.sha256(content) if changed else self._applied()[1]
        number = self.revision + 1
        staged = files.stage(self.folder, content) if changed else None
        mark = None
        try:
            mark = files.stage(self.journal, _marker(number, sha256))
            told = self._write_entry(
                number,
                draft,
                changes,
                refers_to=refers_to,
                pending=pending,
                progress_sha256=sha256,
            )
        except BaseException:
            for path in (staged, mark):
                if path is not None:
                    path.unlink(missing_ok=True)
            raise
        if staged is not None:
            staged.replace(self.progress_path)
            files.settle(self.folder)
        mark.replace(self.journal / APPLIED)
        files.settle(self.journal)
        return replace(told, state=State.PENDING if pending else State.IN_FORCE)

    def _write_entry(
        self,
        number: int,
        draft: Draft,
        changes: Changes,
        *,
        refers_to: int | None = None,
        pending: bool = False,
        progress_sha256: str,
    ) -> Submission:
        """Write one journal file: from its rename on, the submission is in force."""
        for _, content in draft.evidence:
            self._keep(content)
        if draft.original is not None:
            self._keep(draft.original.content)
        told = Submission(
            number,
            draft.kind,
            draft.user.strip(),
            draft.unit,
            datetime.now().astimezone().isoformat(timespec="seconds"),
            changes.added,
            changes.changed,
            changes.removed,
            draft.reason.strip(),
            files.safe_name(draft.original.name) if draft.original else "",
            files.sha256(draft.original.content) if draft.original else "",
            refers_to,
            tuple(replace(one, name=files.safe_name(one.name)) for one, _ in draft.evidence),
            pending,
            progress_sha256,
        )
        facts: dict[str, Any] = asdict(told)
        del facts["state"]
        lines = [json.dumps(facts, ensure_ascii=False), *changes.lines()]
        files.write(
            self.journal / f"{number:06d}.jsonl",
            "".join(f"{line}\n" for line in lines).encode(),
        )
        return told

    def _keep(self, content: bytes) -> None:
        """Keep a file's bytes under their hash."""
        path = self.journal / FILES / files.sha256(content)
        if not path.exists():
            files.write(path, content)


def _texts(data: Dataset) -> pd.DataFrame:
    return keyed(schema.PROGRESS.texts(data.progress))


def _typed(state: pd.DataFrame) -> pd.DataFrame:
    numbered = state.set_axis(range(2, len(state) + 2), axis="index")
    return schema.PROGRESS.check(numbered, schema.PROGRESS.file)


def _marker(revision: int, sha256: str) -> bytes:
    return f"{revision} {sha256}\n".encode("ascii")


def _file(state: pd.DataFrame) -> bytes:
    return tables.to_csv(tables.escape(state))


def _with_states(journal: list[Submission]) -> list[Submission]:
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
