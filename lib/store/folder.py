"""The CSV files of a plan's folder, and how they are kept in step with the journal.

``plan.csv``, ``targets.csv``, ``progress.csv`` and the other plan files are what is read, what is
edited in Excel, and what is written after each commit:

    files staged, on the disk ── commit of the journal ── files renamed ── journal.mark renamed
            │ refused: nothing happened        │ killed, or failed: the next reader or
            │ (a full disk is met here)        │ writer finishes (`PlanFolder.finish`)

``journal.mark`` (`lib.store.marks`) says which revision ``progress.csv`` stands for. A file that is
neither what the journal says nor what an unfinished writer left was edited by hand.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from lib.core import schema
from lib.core.dataset import Dataset
from lib.files import csv_tables, plan_folder
from lib.store import atomic_files, marks
from lib.store.changes import Changes, file_of, keyed
from lib.store.interface import FileChange, Submission
from lib.store.journal import Journal
from lib.store.marks import MARK, Mark
from lib.store.old_form import OldJournal
from lib.store.submissions import files_after, replayed

REPORTS = schema.PROGRESS.file
NAMES = (*plan_folder.PLAN_FILES, REPORTS)


@dataclass(frozen=True, eq=False)
class Contents:
    """The bytes of a folder's files, each read once."""

    files: Mapping[str, bytes]

    @cached_property
    def hashes(self) -> dict[str, str]:
        """Each file's hash by its name."""
        return {name: atomic_files.sha256(content) for name, content in self.files.items()}

    @property
    def plan(self) -> dict[str, bytes]:
        """The plan files alone."""
        return {name: content for name, content in self.files.items() if name != REPORTS}


class Staged:
    """New contents of files, on the disk under temporary names, until `put` renames them."""

    def __init__(self, folder: Path, files: Mapping[str, bytes | None]) -> None:
        self._removed = [folder / name for name, content in files.items() if content is None]
        self._renames: dict[Path, Path] = {}
        try:
            for name, content in files.items():
                if content is not None:
                    atomic_files.open_to_writers(folder / name)
                    self._renames[folder / name] = atomic_files.stage(folder, content)
        except BaseException:
            self.drop()
            raise

    def put(self) -> None:
        """Rename, in the order of the files."""
        for path in self._removed:
            path.unlink(missing_ok=True)
        for target, path in self._renames.items():
            path.replace(target)
        for folder in {target.parent for target in self._renames}:
            atomic_files.settle(folder)

    def drop(self) -> None:
        """Remove what has not been renamed."""
        for path in self._renames.values():
            with suppress(OSError):
                path.unlink(missing_ok=True)


class PlanFolder:
    """The files of one plan; whoever writes them holds the journal's lock."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._loaded: tuple[Hashable, Dataset] | None = None

    # -- reading -------------------------------------------------------------------------------

    def contents(self) -> Contents:
        """Return all files that there are."""
        return Contents(self._read(NAMES))

    def plan_files(self) -> dict[str, bytes]:
        """Return the plan files alone."""
        return self._read(plan_folder.PLAN_FILES)

    def _read(self, names: Sequence[str]) -> dict[str, bytes]:
        paths = [self.path / name for name in names]
        return {path.name: csv_tables.read_bytes(path) for path in paths if path.exists()}

    def load(self, contents: Contents) -> Dataset:
        """Return the dataset of the contents; raise `DataError` for a broken plan."""
        key = tuple(contents.hashes.items())
        loaded = self._loaded
        if loaded is None or loaded[0] != key:
            loaded = self._loaded = (key, plan_folder.load(self.path, contents.files))
        return loaded[1]

    def stamp(self) -> Hashable:
        """Return names, times and sizes of the files."""
        stamps = []
        for name in (*NAMES, MARK):
            with suppress(OSError):
                facts = (self.path / name).stat()
                stamps.append((name, facts.st_mtime_ns, facts.st_ino, facts.st_size))
        return tuple(stamps)

    def mark(self) -> Mark | None:
        """Return what ``progress.csv`` stands for; also as the old form has it."""
        old = OldJournal(self.path)
        # a take-over writes the new one before the old one goes: perhaps in this very moment
        return marks.read(self.path) or old.mark() or marks.read(self.path)

    def edited(self, entries: Sequence[Submission], contents: Contents) -> list[str]:
        """Return the names of the files that are not as the journal has them."""
        if not entries:
            return []
        known = files_after(entries)
        names = [
            name
            for name in plan_folder.PLAN_FILES
            if known and contents.hashes.get(name) != known.get(name)
        ]
        if REPORTS in contents.files:
            mark, latest = self.mark(), entries[-1]
            expected = {latest.progress_sha256 if mark is None else mark.progress_sha256}
            if mark is not None and mark.revision != latest.revision:
                expected.add(latest.progress_sha256)
            if contents.hashes[REPORTS] not in expected:
                names.append(REPORTS)
        return names

    # -- writing -------------------------------------------------------------------------------

    def next_mark(self, revision: int, progress_sha256: str) -> bytes:
        """Return the bytes of a mark; that there are accounts is not forgotten."""
        before = self.mark() or Mark()
        return Mark(revision, progress_sha256, before.accounts).content

    def behind(self, revision: int) -> bool:
        """Whether the files do not stand for the journal's latest revision yet."""
        mark = self.mark()
        return mark is None or mark.revision != revision

    def finish(self, journal: Journal) -> None:
        """Bring the files in step after a writer that was killed, or could not write them."""
        entries = journal.entries()
        if not entries or not self.behind(entries[-1].revision):
            return
        latest, mark = entries[-1], self.mark()
        since = [entry for entry in entries if mark is None or entry.revision > mark.revision]
        for entry in since if mark is not None else entries[-1:]:
            for change in entry.changed_files:
                self._finish_file(change, journal)
        seen, sha256 = self.contents().hashes.get(REPORTS, ""), latest.progress_sha256
        # what an unfinished writer found: the file of any revision since the mark
        left = {"", *(entry.progress_sha256 for entry in since)}
        left |= set() if mark is None else {mark.progress_sha256}
        # done but for the mark; or a journal older than the files has been put back, and what
        # the files have more is taken in as an edit by hand
        done = seen == sha256 or (mark is not None and not since)
        if not done and seen in left:
            content = file_of(journal.reports())
            atomic_files.write(self.path / REPORTS, content)
            sha256 = atomic_files.sha256(content)
        elif not done and mark is not None:
            # edited by hand in that very moment: carry the edit over to the new state
            rows = csv_tables.read(schema.PROGRESS, self.path / REPORTS)
            rows = rows.assign(unit=self.load(self.contents()).canonical(rows["unit"]))
            before = replayed(entries, journal.records, mark.revision)
            by_hand = Changes.between(before, keyed(schema.PROGRESS.texts(rows)))
            atomic_files.write(self.path / REPORTS, file_of(by_hand.apply(journal.reports())))
        atomic_files.write(self.path / MARK, self.next_mark(latest.revision, sha256))

    def _finish_file(self, change: FileChange, journal: Journal) -> None:
        """Write a plan file as a submission says; one that was edited since stays."""
        path = self.path / change.name
        seen = atomic_files.sha256(path.read_bytes()) if path.exists() else ""
        if seen != change.before_sha256:
            return
        if change.after_sha256:
            atomic_files.write(path, journal.content(change.after_sha256))
        else:
            path.unlink()

    def restore_plan(self, journal: Journal, contents: Contents) -> list[bytes]:
        """Write the plan files as the journal has them; return what they replace."""
        known, replaced = files_after(journal.entries()), []
        for name, content in contents.plan.items():
            if contents.hashes[name] != known.get(name):
                replaced.append(content)
                if known and name not in known:
                    (self.path / name).unlink()
        for name, sha256 in known.items():
            atomic_files.write(self.path / name, journal.content(sha256))
        return replaced
