"""The journal of a folder store on the disk: entries, kept files, the applied mark, the lock."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from lib.store import atomic_files
from lib.store.changes import Changes, Record
from lib.store.interface import RefusedError, StoreError, Submission
from lib.store.submissions import from_json, to_json

JOURNAL, FILES, APPLIED, LOCK = "journal", "files", "applied", ".lock"
LOCK_SECONDS = 60


class JournalFiles:
    """The files of one journal; a number without a file is refused with `RefusedError`."""

    def __init__(self, data_folder: Path) -> None:
        self.data_folder = data_folder
        self.folder = data_folder / JOURNAL
        self.files = self.folder / FILES
        self._known: dict[int, Submission] = {}

    def numbers(self) -> list[int]:
        """Return the revisions, the first first."""
        return sorted(int(path.stem) for path in self.folder.glob("[0-9]*.jsonl"))

    @property
    def last(self) -> int:
        """The latest revision, 0 before the first submission."""
        return max(self.numbers(), default=0)

    def path(self, revision: int) -> Path:
        """Return an entry's file."""
        path = self.folder / f"{revision:06d}.jsonl"
        if not path.exists():
            raise RefusedError(f"没有第{revision}号填报记录")
        return path

    def facts(self, revision: int) -> Submission:
        """Return an entry's facts; a file of the journal never changes, so it is read once."""
        if revision not in self._known:
            with self.path(revision).open(encoding="utf-8") as file:
                self._known[revision] = from_json(json.loads(next(file)))
        return self._known[revision]

    def records(self, revision: int) -> list[Record]:
        """Return an entry's rows."""
        with self.path(revision).open(encoding="utf-8") as file:
            next(file)
            return [json.loads(line) for line in file]

    def write(self, told: Submission, changes: Changes, kept: Iterable[bytes]) -> None:
        """Write an entry: its kept files first, then the journal file, whose rename commits it."""
        for content in kept:
            self.keep(content)
        lines = [json.dumps(one, ensure_ascii=False) for one in (to_json(told), *changes.records())]
        atomic_files.write(
            self.folder / f"{told.revision:06d}.jsonl",
            "".join(f"{line}\n" for line in lines).encode(),
        )

    def keep(self, content: bytes) -> None:
        """Keep a file's bytes under their hash."""
        path = self.files / atomic_files.sha256(content)
        if not path.exists():
            atomic_files.write(path, content)

    def kept(self) -> list[str]:
        """Return the hashes of all kept files, sorted."""
        found = self.files.glob("*") if self.files.is_dir() else ()
        return sorted(path.name for path in found if not path.name.startswith("."))

    def content(self, sha256: str) -> bytes:
        """Return a kept file's bytes; `StoreError` if it is missing or has been altered."""
        path = self.files / sha256
        if len(sha256) != 64 or not sha256.isalnum() or not path.is_file():
            raise StoreError("找不到这个文件的原件")
        content = path.read_bytes()
        if atomic_files.sha256(content) != sha256:
            raise StoreError("原件与记录的校验值不符，文件可能被改动过")
        return content

    def applied(self) -> tuple[int, str]:
        """Return the revision that progress.csv stood for when last written, and its hash."""
        try:
            number, sha256 = (self.folder / APPLIED).read_text(encoding="ascii").split()
            return int(number), sha256
        except (OSError, ValueError):
            return -1, ""

    def mark(self, revision: int, sha256: str) -> None:
        """Write down the revision that progress.csv stands for, and its hash."""
        self.stage_mark(revision, sha256).replace(self.folder / APPLIED)
        atomic_files.settle(self.folder)

    def stage_mark(self, revision: int, sha256: str) -> Path:
        """Return a temporary file that becomes the mark when it is renamed to `APPLIED`."""
        return atomic_files.stage(self.folder, f"{revision} {sha256}\n".encode("ascii"))

    @contextmanager
    def writing(self, what: str, seconds: float = LOCK_SECONDS) -> Iterator[None]:
        """Hold the lock of the folder; temporary files that a killed process left are removed."""
        with atomic_files.telling(what, self.data_folder):
            self.files.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.folder / LOCK, timeout=seconds, poll_interval=0.01)
            try:
                lock.acquire()
            except Timeout as error:
                raise StoreError(
                    f"{what}没有保存：其他人正在写入，等了{seconds:g}秒，请稍后重试"
                ) from error
            try:
                for folder in (self.data_folder, self.folder, self.files):
                    atomic_files.sweep(folder)
                yield
            finally:
                lock.release()
