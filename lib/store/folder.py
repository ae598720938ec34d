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

from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pandas as pd

from lib import dataset as datasets
from lib import schema, tables
from lib.dataset import Dataset
from lib.problems import DataError
from lib.store import files
from lib.store.base import (
    Draft,
    FileChange,
    Kind,
    Original,
    RefusedError,
    StoreError,
    Submission,
)
from lib.store.changes import Changes, empty, keyed
from lib.store.entries import APPLIED, LOCK_SECONDS, Entries
from lib.store.ledger import Entry, Ledger, Standing, texts, typed
from lib.store.submissions import files_after

PLANS = "plans"
READS = 5
"""How often a reader starts again when writers change the files while it reads."""
READER_SECONDS = 2
"""How long a reader waits to finish a killed writer's work; else it shows what there is."""


class FolderStore(Ledger):
    """The store of a data folder, or of one of the plans in it (see the module for its files)."""

    def __init__(self, folder: Path, plan: str = "") -> None:
        self.home = folder
        self.folder = folder / PLANS / plan if plan else folder
        self.entries = Entries(self.folder)
        self.progress_path = self.folder / schema.PROGRESS.file
        self._loaded: tuple[Hashable, Dataset] | None = None

    # -- reading -------------------------------------------------------------------------------

    def journal(self) -> list[Submission]:
        """Return the submissions as they were written, from 0 on."""
        return [self.entries.facts(number) for number in self.entries.numbers()]

    @property
    def revision(self) -> int:
        """The number of the latest submission, 0 before the first."""
        return self.entries.last

    def changes(self, revision: int) -> Changes:
        """Return what a submission changes."""
        return self.entries.changes(revision)

    def content(self, sha256: str) -> bytes:
        """Return a kept file's bytes; `StoreError` if it is missing or has been altered."""
        return self.entries.content(sha256)

    def plan_files(self) -> dict[str, bytes]:
        """Return the plan files' contents as they are now."""
        return {
            name: tables.read_bytes(self.folder / name)
            for name in datasets.PLAN_FILES
            if (self.folder / name).exists()
        }

    def stamp(self) -> Hashable:
        """Return names, times and sizes of the folder's files, and the journal's last number."""
        names = (*datasets.PLAN_FILES, schema.PROGRESS.file)
        stamps = []
        for path in [*(self.folder / name for name in names), self.entries.folder]:
            try:
                facts = path.stat()
            except OSError:
                continue
            size = 0 if path == self.entries.folder else facts.st_size
            stamps.append((path.name, facts.st_mtime_ns, facts.st_ino, size))
        return tuple(stamps)

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
            before = self.stamp()
            data = self._load(before)
            if self.stamp() == before:
                break
        return data

    def _try_to_finish(self) -> None:
        # a reader who may not write, or not soon enough, shows the files as they are
        with suppress(StoreError, DataError), self.entries.writing("上次提交", READER_SECONDS):
            self._finish()

    def _load(self, key: Hashable) -> Dataset:
        loaded = self._loaded
        if loaded is None or loaded[0] != key:
            loaded = self._loaded = (key, datasets.load(self.folder))
        return loaded[1]

    # -- writing -------------------------------------------------------------------------------

    def submit(self, draft: Draft) -> Submission:
        """Write a submission; the first 计划调整 of a plan makes its folder."""
        if draft.files and not self.folder.is_dir() and self.home.is_dir():
            datasets.read(draft.files, typed(draft.changes.after))
            with files.telling("新计划", self.home):
                self.folder.mkdir(parents=True, exist_ok=True)
        return super().submit(draft)

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
            content = _file(state)
            files.write(self.progress_path, content)
            self.entries.mark(self.revision, files.sha256(content))
            return len(state)

    @contextmanager
    def _writing(self, what: str) -> Iterator[None]:
        if not self.folder.is_dir():
            raise StoreError(f"找不到数据目录：{self.folder}")
        with self.entries.writing(what, LOCK_SECONDS):
            yield

    def _standing(self, *, mending: bool) -> Standing:
        self._finish()
        found, fault = self.plan_files(), self._plan_fault()
        if fault is not None and not mending:
            raise fault
        if not self.progress_path.exists():
            if self.entries.last:
                raise StoreError(
                    "progress.csv 不见了；请先运行 python -m lib.cli rebuild 由填报记录重建"
                )
            files.write(self.progress_path, _file(empty()))
        if fault is not None:
            return Standing(self._reports_without_plan(fault), found, None)
        if self.entries.numbers() and self._by_hand():
            self._take_in()
        data = self._load(self._fingerprint())
        if data.progress_problems:
            raise DataError(data.progress_problems)
        if not self.entries.numbers():
            self._open_journal(texts(data), found)
        return Standing(texts(data), found, data)

    def _reports_without_plan(self, fault: DataError) -> pd.DataFrame:
        """Return the reports where no plan can be read, for a plan that is to be put right."""
        if not self.entries.numbers():
            rows = tables.read(schema.PROGRESS, self.progress_path)
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
        self._record(self._entry(0, draft, found, {}), files.sha256(content))

    def _commit(self, entry: Entry) -> Submission:
        contents = {name: content for name, content in entry.files.items() if content is not None}
        sha256 = self.entries.applied()[1]
        if entry.state is not None:
            contents[schema.PROGRESS.file] = _file(entry.state)
            sha256 = files.sha256(contents[schema.PROGRESS.file])
        told = replace(entry.told, progress_sha256=sha256)
        staged: dict[Path, Path] = {}
        try:
            for name, content in contents.items():
                staged[self.folder / name] = files.stage(self.folder, content)
            mark = self.entries.stage_mark(told.revision, sha256)
            staged[self.entries.folder / APPLIED] = mark
            self.entries.write(told, entry.changes, entry.kept)
        except BaseException:
            for path in staged.values():
                path.unlink(missing_ok=True)
            raise
        for name, kept in entry.files.items():
            if kept is None:
                (self.folder / name).unlink(missing_ok=True)
        for target, path in staged.items():  # the mark comes last
            path.replace(target)
        files.settle(self.folder)
        files.settle(self.entries.folder)
        return told

    def _record(self, entry: Entry, progress_sha256: str) -> Submission:
        """Write an entry about files that are in place already."""
        told = replace(entry.told, progress_sha256=progress_sha256)
        self.entries.write(told, entry.changes, entry.kept)
        self.entries.mark(told.revision, progress_sha256)
        return told

    # -- what killed writers and other programs leave ------------------------------------------

    def _behind(self) -> bool:
        """Whether a writer was killed between the journal and the files."""
        return bool(self.entries.numbers()) and self.entries.applied()[0] != self.entries.last

    def _finish(self) -> None:
        """Finish a submission whose writer was killed between the journal and the files."""
        if not self._behind():
            return
        latest = self.entries.facts(self.entries.last)
        for change in latest.changed_files:
            self._finish_file(change)
        applied, applied_sha256 = self.entries.applied()
        seen, wanted = self._seen(), latest.progress_sha256
        if seen == wanted or applied < 0:
            self.entries.mark(latest.revision, wanted)
            return
        state = self._replayed()
        if seen and seen != applied_sha256:
            # changed by hand in that very moment: carry the change over to the new state
            rows = tables.read(schema.PROGRESS, self.progress_path)
            plan = self._load(self._fingerprint())
            rows = rows.assign(unit=plan.canonical(rows["unit"]))
            seen_rows = keyed(schema.PROGRESS.texts(rows))
            by_hand = Changes.between(self._replayed(applied), seen_rows)
            files.write(self.progress_path, _file(by_hand.apply(state)))
            self.entries.mark(latest.revision, wanted)
            return
        content = _file(state)
        files.write(self.progress_path, content)
        self.entries.mark(latest.revision, files.sha256(content))

    def _finish_file(self, change: FileChange) -> None:
        """Write a plan file as a submission wants it; one that was edited since stays."""
        path = self.folder / change.name
        seen = files.sha256(path.read_bytes()) if path.exists() else ""
        if seen != change.before_sha256:
            return
        if change.after_sha256:
            files.write(path, self.content(change.after_sha256))
        else:
            path.unlink()

    def _seen(self) -> str:
        """Return the hash of progress.csv as it is now, empty if there is none."""
        if not self.progress_path.exists():
            return ""
        return files.sha256(self.progress_path.read_bytes())

    def _fingerprint(self) -> Hashable:
        """Return the hashes of all files: their times have a grain of some milliseconds."""
        plan = {name: files.sha256(content) for name, content in self.plan_files().items()}
        return (self._seen(), *plan.items())

    def _plan_fault(self) -> DataError | None:
        """Return why the plan cannot be read, if so."""
        try:
            self._load(self._fingerprint())
        except DataError as error:
            return error
        return None

    def _by_hand(self) -> list[str]:
        """Return the names of the files that are not as the journal has them."""
        names = self._plan_by_hand()
        return [*names, schema.PROGRESS.file] if self._reports_by_hand() else names

    def _plan_by_hand(self) -> list[str]:
        known = files_after(self.journal())
        if not known:
            return []
        seen = {name: files.sha256(content) for name, content in self.plan_files().items()}
        return [name for name in datasets.PLAN_FILES if seen.get(name) != known.get(name)]

    def _reports_by_hand(self) -> bool:
        if not self.entries.numbers() or not self.progress_path.exists():
            return False
        applied, sha256 = self.entries.applied()
        known = {sha256}
        if applied != self.entries.last:
            known.add(self.entries.facts(self.entries.last).progress_sha256)
        return self._seen() not in known

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
            self.entries.mark(self.entries.last, files.sha256(content))
            return None
        draft = Draft(_hand(names), changes, Kind.MANUAL)
        if schema.PROGRESS.file in names:
            draft = replace(draft, original=Original(schema.PROGRESS.file, content))
        before = {name: self.content(kept) for name, kept in files_after(self.journal()).items()}
        new = {name: found.get(name) for name in in_place}
        entry = self._entry(self.entries.last + 1, draft, before, new)
        return self._record(entry, files.sha256(content))

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
            if files.sha256(content) != known.get(name):
                self.entries.keep(content)
                if known and name not in known:
                    (self.folder / name).unlink()
        for name, kept in known.items():
            files.write(self.folder / name, self.content(kept))


def folder_plans(folder: Path) -> list[str]:
    """Return the names of the plans in a data folder's ``plans``, sorted."""
    found = (folder / PLANS).glob("*/")
    return sorted(path.name for path in found if _is_plan(path))


def _is_plan(path: Path) -> bool:
    # the journal alone: a plan whose first writer was killed; the next one finishes it
    return (path / schema.PLAN.file).exists() or Entries(path).last > 0


def _hand(names: Sequence[str]) -> str:
    """Return the user of a change made with another program: nobody knows the name."""
    return f"（手工修改 {'、'.join(names)}）"


def _file(state: pd.DataFrame) -> bytes:
    return tables.to_csv(tables.escape(state))
