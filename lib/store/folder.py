"""A store in a folder of CSV files, with the journal beside them.

``progress.csv`` is the state. ``journal/000001.jsonl`` is one submission: a line of facts, then
a line per row with its cells before and after. ``journal/files/`` keeps uploaded files, evidence
and plan files by their hash. ``journal/applied`` names the revision that progress.csv stands for,
and its hash. ``plans/NAME/`` holds another plan, in the same way.

A submission is in force from the moment its journal file is renamed into place. All bytes are
on the disk before that (so a full disk refuses early), and the renames of the plan files and
progress.csv follow; a process killed in between leaves ``applied`` behind the journal, and the
next writer or reader finishes its work. Writers take turns by a file lock; readers need none.

All files may be edited by hand. What differs from the journal is an edit by hand, and becomes a
submission of its own (手工修改) before the next one is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pandas as pd

from lib.core import schema
from lib.core.dataset import Dataset
from lib.core.problems import DataError
from lib.files import csv_tables, plan_folder
from lib.store import atomic_files
from lib.store.changes import Changes, empty, keyed
from lib.store.folder_state import PLANS, FolderFiles, file_of
from lib.store.interface import Draft, Kind, Original, RefusedError, StoreError, Submission
from lib.store.journal_files import APPLIED, LOCK_SECONDS, JournalFiles
from lib.store.reading import texts, typed
from lib.store.rules import JournalEntry, Snapshot
from lib.store.submissions import files_after

READS = 5
"""How often a reader starts again when writers change the files while it reads."""
READER_SECONDS = 2
"""How long a reader waits to finish a killed writer's work; else it shows what there is."""


class FolderStore(FolderFiles):
    """The store of a data folder, or of one of the plans in it (see the module for its files)."""

    # -- reading -------------------------------------------------------------------------------

    def history(self) -> list[Submission]:
        """Return the journal, the oldest first, after taking in a hand-made change."""
        # A folder that cannot be written, or a file that is broken, still has a history; the
        # pages and the next submission tell of the fault itself.
        with suppress(StoreError, DataError):
            if self._by_hand():
                with self._writing("手工修改"):
                    self._finish()
                    if self._by_hand():
                        self._take_in()
        return self.submissions

    def _now(self) -> Dataset:
        """Return the dataset of the files, all of one moment; read again only after a change."""
        for _ in range(READS):
            if self._behind():
                self._try_to_finish()
            before = self._fingerprint()
            data = self._load(before)
            if self._fingerprint() == before:
                break
        return data

    def _try_to_finish(self) -> None:
        # a reader who may not write, or not soon enough, shows the files as they are
        with suppress(StoreError, DataError), self.entries.writing("上次提交", READER_SECONDS):
            self._finish()

    # -- writing -------------------------------------------------------------------------------

    def submit(self, draft: Draft) -> Submission:
        """Write a submission; the first 计划调整 of a plan makes its folder."""
        if draft.files and not self.folder.is_dir() and self.home.is_dir():
            plan_folder.read(draft.files, typed(draft.changes.after))
            with atomic_files.telling("新计划", self.home):
                self.folder.mkdir(parents=True, exist_ok=True)
        return super().submit(draft)

    def load(
        self,
        entries: Iterable[tuple[Submission, Changes]],
        kept: Iterable[bytes],
        plan_files: Mapping[str, bytes],
        state: pd.DataFrame,
    ) -> None:
        """Fill this folder, which is empty, with the whole of another store's."""
        content = file_of(state)
        with atomic_files.telling("复制", self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
        with self.entries.writing("复制"):
            for one in kept:
                self.entries.keep(one)
            for name, one in {**plan_files, schema.PROGRESS.file: content}.items():
                atomic_files.write(self.folder / name, one)
            for told, changes in entries:
                self.entries.write(told, changes, ())
            if self.entries.numbers():
                self.entries.mark(self.entries.last, atomic_files.sha256(content))

    def rebuild(self) -> int:
        """Write progress.csv anew from the journal; return its number of rows.

        A file that was changed by hand is kept first: as a submission of 手工修改 that is taken
        back at once, or, if it cannot be read, as a copy in the journal's files. Plan files that
        are missing or cannot be read are restored; others stay as they are.
        """
        if not self.entries.numbers():
            raise RefusedError("还没有填报记录，没有可以重建的内容")
        with self._writing("重建"):
            self._finish()
            if self._plan_fault() is not None:
                self._restore_plan()
            if self.progress_path.exists() and self._by_hand():
                reports_too = self._reports_by_hand()
                try:
                    taken = self._take_in()
                except DataError:
                    self.entries.keep(self.progress_path.read_bytes())
                else:
                    if taken is not None and reports_too:
                        self._take_back(taken)
            state = self._replayed()
            content = file_of(state)
            atomic_files.write(self.progress_path, content)
            self.entries.mark(self.revision, atomic_files.sha256(content))
            return len(state)

    @contextmanager
    def _writing(self, what: str) -> Iterator[None]:
        if not self.folder.is_dir():
            raise StoreError(f"找不到数据目录：{self.folder}")
        with self.entries.writing(what, LOCK_SECONDS):
            yield

    def _standing(self, *, mending: bool) -> Snapshot:
        self._finish()
        found, fault = self.plan_files(), self._plan_fault()
        if fault is not None and not mending:
            raise fault
        if not self.progress_path.exists():
            if self.entries.last:
                raise StoreError(
                    "progress.csv 不见了；请先运行 python -m lib.cli rebuild 由填报记录重建"
                )
            atomic_files.write(self.progress_path, file_of(empty()))
        if fault is not None:
            return Snapshot(self._reports_without_plan(fault), found, None)
        if self.entries.numbers() and self._by_hand():
            self._take_in()
        data = self._load(self._fingerprint())
        if data.progress_problems:
            raise DataError(data.progress_problems)
        if not self.entries.numbers():
            self._open_journal(texts(data), found)
        return Snapshot(texts(data), found, data)

    def _reports_without_plan(self, fault: DataError) -> pd.DataFrame:
        """Return the reports where no plan can be read, for a plan that is to be put right."""
        if not self.entries.numbers():
            rows = csv_tables.read(schema.PROGRESS, self.progress_path)
            state = keyed(schema.PROGRESS.texts(rows))
            self._open_journal(state, {})
            return state
        if self._reports_by_hand():
            raise fault  # they cannot be taken in without a plan, and must not be lost
        return self._replayed()

    def _open_journal(self, state: pd.DataFrame, found: Mapping[str, bytes]) -> None:
        """Open the journal with the rows that are there before the first submission."""
        content = self.progress_path.read_bytes()
        original = Original(schema.PROGRESS.file, content)
        draft = Draft("", Changes(empty(), state), Kind.BASELINE, original=original)
        self._record(self._entry(0, draft, found, {}), atomic_files.sha256(content))

    def _commit(self, entry: JournalEntry) -> Submission:
        contents = {name: content for name, content in entry.files.items() if content is not None}
        sha256 = self.entries.applied()[1]
        if entry.state is not None:
            contents[schema.PROGRESS.file] = file_of(entry.state)
            sha256 = atomic_files.sha256(contents[schema.PROGRESS.file])
        told = replace(entry.told, progress_sha256=sha256)
        staged: dict[Path, Path] = {}
        try:
            for name, content in contents.items():
                atomic_files.open_to_writers(self.folder / name)
                staged[self.folder / name] = atomic_files.stage(self.folder, content)
            mark = self.entries.stage_mark(told.revision, sha256)
            staged[self.entries.folder / APPLIED] = mark
            self.entries.write(told, entry.changes, entry.kept)
        except BaseException:
            for path in staged.values():
                path.unlink(missing_ok=True)
            raise
        # It is in force. What fails from here on is finished by the next reader or writer.
        with suppress(OSError):
            for name, kept in entry.files.items():
                if kept is None:
                    (self.folder / name).unlink(missing_ok=True)
            for target, path in staged.items():  # the mark comes last
                path.replace(target)
            atomic_files.settle(self.folder)
            atomic_files.settle(self.entries.folder)
        return told

    def _record(self, entry: JournalEntry, progress_sha256: str) -> Submission:
        """Write an entry about files that are in place already."""
        told = replace(entry.told, progress_sha256=progress_sha256)
        self.entries.write(told, entry.changes, entry.kept)
        self.entries.mark(told.revision, progress_sha256)
        return told

    # -- what other programs leave -------------------------------------------------------------

    def _take_in(self) -> Submission | None:
        """Record what was changed by hand as a submission of its own.

        Raises `DataError` if a file is broken: then it stays as it is until corrected.
        """
        names = self._by_hand()
        found = self.plan_files()
        data = self._load(self._fingerprint())
        if data.progress_problems:
            raise DataError(data.progress_problems)
        changes = Changes.between(self._replayed(), texts(data))
        content = self.progress_path.read_bytes()
        in_place = [name for name in names if name != schema.PROGRESS.file]
        if not len(changes) and not in_place:
            # saved again by Excel without a change: only its bytes differ
            self.entries.mark(self.entries.last, atomic_files.sha256(content))
            return None
        draft = Draft(_hand(names), changes, Kind.MANUAL)
        if schema.PROGRESS.file in names:
            draft = replace(draft, original=Original(schema.PROGRESS.file, content))
        before = {name: self.content(kept) for name, kept in files_after(self.journal()).items()}
        new = {name: found.get(name) for name in in_place}
        entry = self._entry(self.entries.last + 1, draft, before, new)
        return self._record(entry, atomic_files.sha256(content))

    def _take_back(self, taken: Submission) -> None:
        """Undo what `_take_in` has just recorded."""
        undo = self.changes(taken.revision).inverse()
        draft = Draft(taken.user, undo, Kind.REVERT, reason="重建进展数据时撤销手工修改")
        found = self.plan_files()
        entry = self._entry(
            self.entries.last + 1,
            draft,
            found,
            self._files_before(taken, found),
            refers_to=taken.revision,
        )
        self._commit(replace(entry, state=undo.apply(self._replayed())))

    def _restore_plan(self) -> None:
        """Write the plan files as the journal has them; what stands there is kept by its hash."""
        known = files_after(self.journal())
        for name, content in self.plan_files().items():
            if atomic_files.sha256(content) != known.get(name):
                self.entries.keep(content)
                if known and name not in known:
                    (self.folder / name).unlink()
        for name, kept in known.items():
            atomic_files.write(self.folder / name, self.content(kept))


def folder_plans(folder: Path) -> list[str]:
    """Return the names of the plans in a data folder's ``plans``, sorted."""
    found = (folder / PLANS).glob("*/")
    return sorted(path.name for path in found if _is_plan(path))


def _is_plan(path: Path) -> bool:
    if (path / schema.PLAN.file).exists():
        return True
    # the journal alone: a plan whose first writer was killed, which the next one finishes, or
    # one that was withdrawn
    entries = JournalFiles(path)
    return schema.PLAN.file in files_after([entries.facts(one) for one in entries.numbers()])


def _hand(names: Sequence[str]) -> str:
    """Return the user of a change made with another program: nobody knows the name."""
    return f"（手工修改 {'、'.join(names)}）"
