"""A data folder as it stands: its files and journal, what a killed writer left, what was edited.

See `lib.store.folder` for what the files are.
"""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path

import pandas as pd

from lib.core import schema
from lib.core.dataset import Dataset
from lib.core.problems import DataError
from lib.files import csv_tables, plan_folder
from lib.store import atomic_files
from lib.store.changes import Changes, Record, keyed
from lib.store.interface import FileChange, Submission
from lib.store.journal_files import JournalFiles
from lib.store.rules import Ledger
from lib.store.submissions import files_after

PLANS = "plans"


class FolderFiles(Ledger):
    """The files of a data folder, or of one of the plans in it."""

    def __init__(self, folder: Path, plan: str = "") -> None:
        self.home = folder
        self.folder = folder / PLANS / plan if plan else folder
        self.entries = JournalFiles(self.folder)
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

    def records(self, revision: int) -> list[Record]:
        """Return a submission's rows as they were written."""
        return self.entries.records(revision)

    def content(self, sha256: str) -> bytes:
        """Return a kept file's bytes; `StoreError` if it is missing or has been altered."""
        return self.entries.content(sha256)

    def kept(self) -> list[str]:
        """Return the hashes of all kept files, sorted."""
        return self.entries.kept()

    def plan_files(self) -> dict[str, bytes]:
        """Return the plan files' contents as they are now."""
        return {
            name: csv_tables.read_bytes(self.folder / name)
            for name in plan_folder.PLAN_FILES
            if (self.folder / name).exists()
        }

    def stamp(self) -> Hashable:
        """Return names, times and sizes of the folder's files, and the journal's last number."""
        names = (*plan_folder.PLAN_FILES, schema.PROGRESS.file)
        stamps = []
        for path in [*(self.folder / name for name in names), self.entries.folder]:
            try:
                facts = path.stat()
            except OSError:
                continue
            size = 0 if path == self.entries.folder else facts.st_size
            stamps.append((path.name, facts.st_mtime_ns, facts.st_ino, size))
        return tuple(stamps)

    def _load(self, key: Hashable) -> Dataset:
        loaded = self._loaded
        if loaded is None or loaded[0] != key:
            loaded = self._loaded = (key, plan_folder.load(self.folder))
        return loaded[1]

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
        if seen == applied_sha256 and applied == latest.revision - 1:
            # the usual case: one step from the file as it is, if that gives the wanted file
            rows = keyed(
                schema.PROGRESS.texts(csv_tables.read(schema.PROGRESS, self.progress_path))
            )
            content = file_of(self.changes(latest.revision).apply(rows))
            if atomic_files.sha256(content) == wanted:
                atomic_files.write(self.progress_path, content)
                self.entries.mark(latest.revision, wanted)
                return
        state = self._replayed()
        if seen and seen != applied_sha256:
            # changed by hand in that very moment: carry the change over to the new state
            rows = csv_tables.read(schema.PROGRESS, self.progress_path)
            plan = self._load(self._fingerprint())
            rows = rows.assign(unit=plan.canonical(rows["unit"]))
            seen_rows = keyed(schema.PROGRESS.texts(rows))
            by_hand = Changes.between(self._replayed(applied), seen_rows)
            atomic_files.write(self.progress_path, file_of(by_hand.apply(state)))
            self.entries.mark(latest.revision, wanted)
            return
        content = file_of(state)
        atomic_files.write(self.progress_path, content)
        self.entries.mark(latest.revision, atomic_files.sha256(content))

    def _finish_file(self, change: FileChange) -> None:
        """Write a plan file as a submission wants it; one that was edited since stays."""
        path = self.folder / change.name
        seen = atomic_files.sha256(path.read_bytes()) if path.exists() else ""
        if seen != change.before_sha256:
            return
        if change.after_sha256:
            atomic_files.write(path, self.content(change.after_sha256))
        else:
            path.unlink()

    def _seen(self) -> str:
        """Return the hash of progress.csv as it is now, empty if there is none."""
        if not self.progress_path.exists():
            return ""
        return atomic_files.sha256(self.progress_path.read_bytes())

    def _fingerprint(self) -> Hashable:
        """Return the hashes of all files: their times have a grain of some milliseconds."""
        plan = {name: atomic_files.sha256(content) for name, content in self.plan_files().items()}
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
        seen = {name: atomic_files.sha256(content) for name, content in self.plan_files().items()}
        return [name for name in plan_folder.PLAN_FILES if seen.get(name) != known.get(name)]

    def _reports_by_hand(self) -> bool:
        if not self.entries.numbers() or not self.progress_path.exists():
            return False
        applied, sha256 = self.entries.applied()
        known = {sha256}
        if applied != self.entries.last:
            known.add(self.entries.facts(self.entries.last).progress_sha256)
        return self._seen() not in known


def file_of(state: pd.DataFrame) -> bytes:
    """Return report texts as the bytes of progress.csv; no cell is a formula to a spreadsheet."""
    return csv_tables.to_csv(csv_tables.escape(state))
