"""The store of one plan: rules, journal and CSV files put together.

With PostgreSQL all is in the database. In a data folder the CSV files are what is read; the
journal is ``journal.db`` in the home folder, for all its plans and the accounts.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import pandas as pd
from sqlalchemy.engine import Connection

from lib.core import schema
from lib.core.dataset import Dataset
from lib.core.matters import Matter, fold
from lib.core.problems import DataError, missing_file
from lib.files import csv_tables, plan_folder
from lib.store import atomic_files, rules
from lib.store.address import folder_of, is_database
from lib.store.changes import Changes, Record, empty, file_of, keyed, texts, typed
from lib.store.database import UncertainError, database, network_share
from lib.store.folder import REPORTS, Contents, PlanFolder, Staged
from lib.store.interface import (
    WAITING,
    Attachment,
    Draft,
    JournalError,
    Kind,
    Original,
    RefusedError,
    State,
    StoreError,
    Submission,
)
from lib.store.journal import Head, Journal, heads, names
from lib.store.marks import MARK
from lib.store.matter_steps import all_steps
from lib.store.old_form import PLANS, OldJournal, ensure
from lib.store.rules import JournalEntry, Snapshot
from lib.store.submissions import files_after, replayed, with_states

_T = TypeVar("_T")
READS = 5
"""How often a reader starts again when writers change the files while it reads."""
READER_SECONDS = 2
"""How long a reader waits to finish a killed writer's work; else it shows what there is."""


@dataclass
class _Work:
    """What one transaction writes: new contents of files, its last entry, the mark to leave."""

    connection: Connection
    files: dict[str, bytes | None] = field(default_factory=dict)
    submission: Submission | None = None
    mark: tuple[int, str] | None = None
    staged: Staged | None = None

    def stage(self, folder: PlanFolder) -> None:
        """Write what is new into temporary files: a full disk is met before the journal is."""
        if self.staged is not None:
            self.staged.drop()
        if self.mark is not None:
            files = {**self.files, MARK: folder.next_mark(*self.mark)}
            self.staged = Staged(folder.path, files)


class PlanStore:
    """See `lib.store.interface.Store`, also for the methods that say nothing here."""

    def __init__(self, url: str | Path, plan: str = "") -> None:
        self.database = database(url)
        self.plan_name = plan
        self.folder: PlanFolder | None = None
        if not is_database(url):
            home = folder_of(url)
            self.folder = PlanFolder(home / PLANS / plan if plan else home)
            self._home, self._old = home, OldJournal(self.folder.path)
        self._tables = Journal(self.database, plan)
        self._loaded: tuple[Hashable, Dataset] | None = None

    # -- reading -------------------------------------------------------------------------------

    @property
    def old(self) -> bool:
        """Whether the journal is of the old form, until it has been taken over."""
        return self.folder is not None and not self.database.exists and self._old.exists

    def _read(self, read: Callable[[Journal | OldJournal], _T]) -> _T:
        """Read the journal; one that is taken over meanwhile is read anew."""
        while self.old:
            try:
                result = read(self._old)
            except StoreError:
                if self.old:
                    raise
            else:
                if self.old:
                    return result
        return read(self._tables)

    def journal(self) -> list[Submission]:
        """Return the submissions as they were written, from 0 on, without their states."""
        entries = self._read(lambda journal: journal.entries())
        mark = None if entries or self.folder is None else self.folder.mark()
        if mark is not None and mark.revision >= 0:
            raise JournalError(
                f"{self.database.name} 里没有这个计划的上报记录，{MARK} 说有过（到第{mark.revision}号）。"
                f"请从备份恢复 journal.db；确实要从头开始，才删除这个计划目录里的 {MARK}"
            )
        return entries

    @property
    def submissions(self) -> list[Submission]:
        return with_states([entry for entry in self.journal() if entry.revision])

    @property
    def revision(self) -> int:
        entries = self.journal()
        return entries[-1].revision if entries else 0

    def records(self, revision: int) -> list[Record]:
        """Return a submission's rows as they were written; `RefusedError` if there is none such."""
        return self._read(lambda journal: journal.records(revision))

    def changes(self, revision: int) -> Changes:
        return Changes.from_records(self.records(revision))

    def content(self, sha256: str) -> bytes:
        return self._read(lambda journal: journal.content(sha256))

    def kept(self) -> list[str]:
        """Return the hashes of all kept files, sorted."""
        return self._read(lambda journal: journal.kept())

    def sound_until(self) -> int:
        """Return the last revision up to which the journal is whole, -1 if none."""
        return self._read(lambda journal: journal.sound_until())

    def head(self) -> Head | None:
        """Return where the journal stands; ``None`` before the first write of this form."""
        return self._tables.head()

    def original(self, revision: int) -> Original | None:
        for entry in self.journal():
            if entry.revision == revision:
                sha256 = entry.file_sha256
                return Original(entry.file_name, self.content(sha256)) if sha256 else None
        raise RefusedError(f"没有第{revision}号填报记录")

    def evidence(self, task_id: str) -> list[tuple[Submission, Attachment]]:
        return [
            (submission, attachment)
            for submission in self.submissions
            if submission.state == State.IN_FORCE
            for attachment in submission.attachments
            if attachment.task_id == task_id
        ]

    def history(self) -> list[Submission]:
        # A folder that cannot be written, or a file that is broken, still has a history; the
        # pages and the next submission tell of the fault itself.
        with suppress(StoreError, DataError):
            if self.folder and self.folder.edited(self.journal(), self.folder.contents()):
                self._write("手工修改", None)
        return self.submissions

    def fault(self) -> str:
        """Return why the journal cannot be read, for a banner; empty if it can."""
        if self.folder is not None:
            try:
                self.journal()
            except JournalError as error:
                return str(error)
        return ""

    def warning(self) -> str:
        share = network_share(self.folder.path) if self.folder else ""
        return share and (
            f"数据目录在网络共享上（{share}），那里的锁不可靠，几个人同时填报可能损坏 journal.db；"
            "请把数据目录放到本机磁盘，或改用 PostgreSQL"
        )

    def stamp(self) -> Hashable:
        """Return the journal's counter of writes, and the files' times and sizes."""
        try:
            return self.stamp_at(_counter(self.head()))
        except JournalError as error:
            if self.folder is None:
                raise
            return self.stamp_at(str(error))

    def stamp_at(self, counter: Hashable) -> Hashable:
        """Return the stamp of a plan whose journal's counter has been read already."""
        if self.folder is None:
            return (self.plan_name, counter)
        stamps = [self.folder.stamp(), counter]
        with suppress(OSError):
            facts = self._old.folder.stat()
            stamps.append((facts.st_mtime_ns, facts.st_ino))
        return tuple(stamps)

    @property
    def plan(self) -> pd.DataFrame:
        return self._table(schema.PLAN)

    @property
    def targets(self) -> pd.DataFrame:
        return self._table(schema.TARGETS)

    def _table(self, table: schema.Table) -> pd.DataFrame:
        files = self.plan_files()
        if table.file not in files:
            raise missing_file(table.file)
        return csv_tables.parse(table, files[table.file], table.file)

    def plan_files(self) -> dict[str, bytes]:
        return self.folder.plan_files() if self.folder else self._tables.plan_files()

    @property
    def progress(self) -> pd.DataFrame:
        return _sound(self.dataset()).progress

    def dataset(self, *, with_pending: bool = False, revision: int | None = None) -> Dataset:
        if revision is not None:
            return self._as_of(revision)
        data = self._now()
        if not with_pending or data.progress_problems:
            return data
        state = texts(data)
        for submission in self.submissions:
            if submission.state in WAITING:
                more = self.changes(submission.revision).apply(state)
                fits = data.with_progress(typed(more))
                if not fits.progress_problems:  # the plan may have been amended since
                    data, state = fits, more
        return data

    def _now(self) -> Dataset:
        """Return the dataset as it stands, all of one moment; read again only after a change."""
        if self.folder is None:
            with self.database.reading():
                return self._of_tables()
        for _ in range(READS):
            if self._behind():
                # a reader who may not write, or not soon enough, shows the files as they are
                with suppress(StoreError, DataError, OSError):
                    ensure(self.database)
                    with self.database.writing("上次提交", READER_SECONDS):
                        self.folder.finish(self._tables)
            before = self.stamp()
            contents = self.folder.contents()
            if self.stamp() == before:
                break
        return self.folder.load(contents)

    def _behind(self) -> bool:
        """Whether a writer was killed between the journal and the files."""
        assert self.folder is not None  # noqa: S101
        try:
            if self.old:
                return self.folder.behind(self.revision)
            head = self.head()
        except JournalError:
            return False
        return head is not None and bool(head.sha256) and self.folder.behind(head.revision)

    def _of_tables(self) -> Dataset:
        stamp, loaded = self.stamp(), self._loaded
        if loaded is None or loaded[0] != stamp:
            data = plan_folder.read(self._tables.plan_files(), typed(self._tables.reports()))
            loaded = (stamp, data)
            if not self.database.in_transaction:  # what is not committed yet may still go
                self._loaded = loaded
        return loaded[1]

    def _as_of(self, revision: int) -> Dataset:
        if not self.journal() and revision == 0:
            return self._now()
        return plan_folder.read(self._files_as_of(revision), typed(self.replayed(revision)))

    def _files_as_of(self, revision: int) -> dict[str, bytes]:
        entries = self.journal()
        if revision not in [entry.revision for entry in entries]:
            raise RefusedError(f"没有第{revision}号填报记录")
        known = files_after([entry for entry in entries if entry.revision <= revision])
        if known:
            return {name: self.content(sha256) for name, sha256 in known.items()}
        # A journal of an older version took no note of plan files before its next entry.
        files = self.plan_files()
        later = next((entry for entry in entries if entry.files), None)
        for change in later.files if later else ():
            if change.before_sha256:
                files[change.name] = self.content(change.before_sha256)
            else:
                files.pop(change.name, None)
        return files

    def matters(self, *, revision: int | None = None) -> list[Matter]:
        """Return the 督办事项; see `lib.store.interface.Store`."""
        journal = self.journal()[1:]
        until = [entry for entry in journal if revision is None or entry.revision <= revision]
        files = self.plan_files() if revision is None else self._files_as_of(revision)
        steps, _ = plan_folder.readable_steps(files)
        return fold(all_steps(steps, with_states(until)))

    def replayed(self, until: int | None = None) -> pd.DataFrame:
        """Return the reports that the journal's changes add up to, as keyed texts."""
        return replayed(self.journal(), self.records, until)

    # -- writing -------------------------------------------------------------------------------

    def submit(self, draft: Draft) -> Submission:
        """Write a submission; the first 计划调整 of a plan makes its folder."""
        rules.admit(draft)
        if draft.files and self.folder and not self.folder.path.is_dir() and self._home.is_dir():
            plan_folder.read(draft.files, typed(draft.changes.after))
            with atomic_files.telling("新计划", self._home):
                self.folder.path.mkdir(parents=True, exist_ok=True)
        return self._written("这次提交", lambda snapshot: rules.submitted(snapshot, draft))

    def revert(
        self, revision: int, user: str, *, reason: str = "", base: int | None = None
    ) -> Submission:
        if not user.strip():
            raise RefusedError("请写明填报人")
        return self._written(
            "这次撤销", lambda snapshot: rules.reverted(snapshot, revision, user, reason, base)
        )

    def sign(self, revision: int, user: str, *, accept: bool, reason: str = "") -> Submission:
        """Sign a report for its unit, or return it; see `lib.store.interface.Store`."""
        _who_and_why(user, reason, accept=accept)
        decide = partial(rules.signed, revision=revision, user=user, reason=reason, accept=accept)
        return self._written("这次审签", decide)

    def review(self, revision: int, user: str, *, accept: bool, reason: str = "") -> Submission:
        _who_and_why(user, reason, accept=accept)
        decide = partial(rules.reviewed, revision=revision, user=user, reason=reason, accept=accept)
        return self._written("这次审核", decide)

    def _written(self, what: str, decide: Callable[[Snapshot], JournalEntry]) -> Submission:
        submission = self._write(what, decide)
        assert submission is not None  # noqa: S101 - there was something to decide
        return with_states([submission])[0]

    def _write(
        self, what: str, decide: Callable[[Snapshot], JournalEntry] | None
    ) -> Submission | None:
        """Write what a rule decides upon the state as it is, edits by hand taken in before.

        A refusal does not undo that an edit was taken in. Without ``decide`` that is all.
        """
        refused: StoreError | DataError | None = None
        with self._transaction(what) as work:
            taken = self._take_in(work)
            try:
                if decide is not None:
                    self._append(work, decide(self._opened(work)))
            except (StoreError, DataError) as error:
                if taken is None:
                    raise
                refused = error
        if refused is not None:
            raise refused
        return work.submission

    @contextmanager
    def _transaction(self, what: str) -> Iterator[_Work]:
        """One transaction of the journal; the files are staged before its commit and follow it."""
        folder = self.folder
        if folder is not None and not folder.path.is_dir():
            raise StoreError(f"找不到数据目录：{folder.path}")
        ensure(self.database)
        work: _Work | None = None
        head: Head | None = None
        try:
            with (
                atomic_files.telling(what, folder.path) if folder else nullcontext(),
                self.database.writing(what) as connection,
            ):
                self._tables.lock(connection)
                work = _Work(connection)
                if folder is not None:
                    atomic_files.sweep(folder.path)
                    folder.finish(self._tables)
                yield work
                head = self._tables.head()
                if folder is not None and work.staged is None:
                    work.stage(folder)
        except UncertainError as error:
            self._settle_doubt(what, work, head, error)
        except BaseException:
            if work is not None and work.staged is not None:
                work.staged.drop()
            raise
        if work is not None and work.staged is not None:
            self._put(work.staged, head)

    def _put(self, staged: Staged, head: Head | None) -> None:
        """Rename the files of a commit, unless somebody has written since, who then did it.

        It is in force: what fails here is finished by the next reader or writer.
        """
        try:
            with (
                suppress(StoreError, OSError),
                self.database.writing("上次提交", READER_SECONDS),
            ):
                now = self._tables.head()
                if head is not None and now is not None and now.version == head.version:
                    staged.put()
        finally:
            staged.drop()

    def _settle_doubt(
        self, what: str, work: _Work | None, head: Head | None, error: UncertainError
    ) -> None:
        """Find out whether a commit that failed is in force; raise if it is not, or nobody knows.

        ``head`` is what the commit was to make of the plan's row.
        """
        try:
            now, entries = self._tables.head(), self._tables.entries()
        except StoreError:
            raise error from error.__cause__
        written = now == head
        if work is not None and work.submission is not None:
            written = work.submission in entries
        if not written:
            raise StoreError(f"{what}没有保存：{error.why}。请处理后重新提交") from error

    def _append(self, work: _Work, entry: JournalEntry) -> None:
        """Write an entry, and what its files become."""
        submission = entry.submission
        if self.folder is not None:
            sha256 = work.mark[1] if work.mark else ""
            if entry.state is not None:
                content = file_of(entry.state)
                work.files[REPORTS], sha256 = content, atomic_files.sha256(content)
            elif not sha256:
                mark = self.folder.mark()
                sha256 = mark.progress_sha256 if mark else ""
            submission = replace(submission, progress_sha256=sha256)
            work.mark = (submission.revision, sha256)
        work.files |= entry.files
        work.submission = submission
        if self.folder is not None:
            work.stage(self.folder)
        self._tables.append(work.connection, submission, entry.changes, entry.kept_files)

    def _record(self, work: _Work, entry: JournalEntry, progress_sha256: str) -> Submission:
        """Write an entry about files that are in place already."""
        work.submission = replace(entry.submission, progress_sha256=progress_sha256)
        work.mark = (work.submission.revision, progress_sha256)
        self._tables.append(work.connection, work.submission, entry.changes, entry.kept_files)
        return work.submission

    def _opened(self, work: _Work) -> Snapshot:
        """Return what to write upon; the journal is opened with it (entry 0) if there is none."""
        snapshot = self._snapshot()
        if snapshot.entries:
            return snapshot
        entry = rules.opening(snapshot)
        self._record(work, entry, entry.submission.file_sha256 if self.folder else "")
        return replace(snapshot, entries=self._tables.entries())

    def _snapshot(self) -> Snapshot:
        """Return what to write upon."""
        entries, contents, data, fault = self._tables.entries(), None, None, None
        if self.folder is not None:
            contents = self.folder.contents()
            if REPORTS not in contents.files:
                if entries:
                    raise StoreError(
                        "progress.csv 不见了；请先运行 python -m lib.cli rebuild 由填报记录重建"
                    )
                atomic_files.write(self.folder.path / REPORTS, file_of(empty()))
                contents = self.folder.contents()
        try:
            data = self.folder.load(contents) if self.folder and contents else self._of_tables()
        except DataError as error:
            fault = error
            state = self._reports_without_plan(entries, contents, error)
        else:
            state = texts(_sound(data))
        files = contents.plan if contents else self._tables.plan_files()
        file = contents.files[REPORTS] if contents else None
        return Snapshot(entries, state, files, data, fault, file, self.changes, self.content)

    def _reports_without_plan(
        self, entries: Sequence[Submission], contents: Contents | None, fault: DataError
    ) -> pd.DataFrame:
        """Return the reports where no plan can be read, for a plan that is to be put right."""
        if self.folder is None or contents is None:
            return self._tables.reports()
        if not entries:
            rows = csv_tables.parse(schema.PROGRESS, contents.files[REPORTS], REPORTS)
            return keyed(schema.PROGRESS.texts(rows))
        if REPORTS in self.folder.edited(entries, contents):
            raise fault  # they cannot be taken in without a plan, and must not be lost
        return self._tables.reports()

    def rebuild(self) -> int:
        """Write the reports in force anew from the journal; return their number.

        In a folder, a file that was changed by hand is kept first: as a submission of 手工修改
        that is taken back at once, or, if it cannot be read, among the journal's files. Plan
        files that are missing or cannot be read are restored; those with characters that cannot be
        kept are written without them, as a 计划调整; others stay as they are.
        """
        plan_files = self.folder.plan_files() if self.folder is not None else {}
        if dirty := plan_folder.dirty_files(plan_files):
            files = {name: csv_tables.cleaned(plan_files[name], name) for name in dirty}
            reason = f"略去 {'、'.join(dirty)} 里不能显示的控制字符"
            self.submit(Draft("重建", Changes.none(), Kind.PLAN, files=files, reason=reason))
        if not self.journal():
            raise RefusedError("还没有填报记录，没有可以重建的内容")
        with self._transaction("重建") as work:
            if self.folder is not None:
                self._save_edits(work)
            state = self.replayed()
            self._tables.put_reports(work.connection, state)
            self._tables.touch(work.connection)
            content = file_of(state)
            work.files[REPORTS] = content
            work.mark = (self.revision, atomic_files.sha256(content))
            if self.folder is not None:
                work.stage(self.folder)
        return len(state)

    def load(
        self,
        entries: Iterable[tuple[Submission, Sequence[Record]]],
        kept_files: Iterable[bytes],
        plan_files: Mapping[str, bytes],
        state: pd.DataFrame,
    ) -> None:
        """Fill this store, which is empty, with the whole of another; ``state`` as keyed texts."""
        entries, kept_files, content = list(entries), list(kept_files), file_of(state)
        if self.folder is not None:
            with atomic_files.telling("复制", self.folder.path):
                self.folder.path.mkdir(parents=True, exist_ok=True)
                for name, file in {**plan_files, REPORTS: content}.items():
                    atomic_files.write(self.folder.path / name, file)
            if not entries:
                return
            sha256 = atomic_files.sha256(content)
        with self._transaction("复制") as work:
            self._tables.load(work.connection, entries, kept_files, plan_files, state)
            if self.folder is not None:
                work.mark = (entries[-1][0].revision, sha256)

    # -- what other programs leave -------------------------------------------------------------

    def _take_in(self, work: _Work) -> Submission | None:
        """Record what was changed by hand as a submission of its own.

        Raises `DataError` if the reports are broken: then they stay as they are until corrected.
        """
        entries = self._tables.entries()
        if self.folder is None or not entries:
            return None
        contents = self.folder.contents()
        edited = self.folder.edited(entries, contents)
        if not edited or REPORTS not in contents.files:
            return None
        try:
            data = _sound(self.folder.load(contents))
        except DataError:
            if REPORTS in edited and not _plan_is_broken(self.folder, contents):
                raise
            return None
        changes = Changes.between(self._tables.reports(), texts(data))
        in_place = [name for name in edited if name != REPORTS]
        sha256 = contents.hashes[REPORTS]
        if not len(changes) and not in_place:
            # saved again by Excel without a change: only its bytes differ
            work.mark = (entries[-1].revision, sha256)
            return None
        draft = Draft(f"（手工修改 {'、'.join(edited)}）", changes, Kind.MANUAL)
        if REPORTS in edited:
            draft = replace(draft, original=Original(REPORTS, contents.files[REPORTS]))
        before = {name: self.content(sha) for name, sha in files_after(entries).items()}
        new = {name: contents.files.get(name) for name in in_place}
        entry = rules.entry(entries, draft, before, new)
        return self._record(work, entry, sha256)

    def _save_edits(self, work: _Work) -> None:
        """Keep what a rebuild is about to replace."""
        assert self.folder is not None  # noqa: S101
        contents = self.folder.contents()
        if _plan_is_broken(self.folder, contents):
            for content in self.folder.restore_plan(self._tables, contents):
                self._tables.keep(work.connection, content)
            contents = self.folder.contents()
        edited = self.folder.edited(self._tables.entries(), contents)
        if REPORTS not in contents.files or not edited:
            return
        try:
            taken = self._take_in(work)
        except DataError:
            self._tables.keep(work.connection, contents.files[REPORTS])
            return
        if taken is not None and REPORTS in edited:
            why = "重建进展数据时撤销手工修改"
            entry = rules.reverted(self._snapshot(), taken.revision, taken.user, why, None)
            self._append(work, entry)


def plan_names(url: str | Path) -> list[str]:
    """Return the names of the other plans at an address, sorted."""
    if is_database(url):
        return names(database(url))
    folder = folder_of(url)
    known: list[str] = []
    with suppress(StoreError):
        known = names(database(folder))
    return sorted(
        path.name
        for path in (folder / PLANS).glob("*/")
        if (path / schema.PLAN.file).exists()
        # the journal alone: a plan whose first writer was killed, which the next one finishes
        or path.name in known
        or _in_old_form(path)
    )


def plan_stamps(url: str | Path, plans: Iterable[str]) -> dict[str, Hashable]:
    """Return each plan's `lib.store.interface.Store.stamp`, with one question to the database."""
    counters: dict[str, Head] = {}
    fault = None
    try:
        counters = heads(database(url))
    except JournalError as error:
        if is_database(url):
            raise
        fault = str(error)
    return {
        plan: PlanStore(url, plan).stamp_at(fault or _counter(counters.get(plan))) for plan in plans
    }


def files_at(url: str | Path, stamps: Mapping[str, Hashable]) -> dict[str, Mapping[str, bytes]]:
    """Return the files of the plans that stand at these stamps, each of one moment.

    Left out are plans that have changed since, and those whose reader has more to do than to read:
    to finish a killed writer's work, or to say what is wrong (`PlanStore.dataset`).
    """
    files: dict[str, Mapping[str, bytes]] = {}
    with suppress(StoreError):
        counters = heads(database(url))
        for plan in stamps:
            store, head = PlanStore(url, plan), counters.get(plan)
            with suppress(DataError):
                if store.folder is None:
                    reports = file_of(store._tables.reports())
                    files[plan] = {**store.plan_files(), REPORTS: reports}
                elif not store.old and not (head and store.folder.behind(head.revision)):
                    files[plan] = store.folder.contents().files
        now = plan_stamps(url, files)
        return {plan: files[plan] for plan in files if now[plan] == stamps[plan]}
    return {}


def _counter(head: Head | None) -> Hashable:
    return head and (head.created, head.version)


def _in_old_form(path: Path) -> bool:
    old = OldJournal(path)
    try:
        return old.exists and schema.PLAN.file in files_after(old.entries())
    except StoreError:
        return False


def _plan_is_broken(folder: PlanFolder, contents: Contents) -> bool:
    try:
        folder.load(contents)
    except DataError:
        return True
    return False


def _sound(data: Dataset) -> Dataset:
    """Return a dataset if its reports can be used; else raise `DataError`."""
    if data.progress_problems:
        raise DataError(data.progress_problems)
    return data


def _who_and_why(user: str, reason: str, *, accept: bool) -> None:
    """Refuse a decision that nobody signs, and a return without a reason."""
    if not user.strip():
        raise RefusedError("请写明审核人")
    if not accept and not reason.strip():
        raise RefusedError("退回需要写明理由")
