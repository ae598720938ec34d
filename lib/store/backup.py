"""A store as one zip file, made while it is in use, and put back from it.

The file holds a data folder: the CSV files, ``journal.db`` and what else lies there. That of
PostgreSQL is copied into such a folder first. What was written is unpacked again and checked
before the file gets its name.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
import zipfile
from contextlib import closing
from pathlib import Path, PurePosixPath

from lib.store import atomic_files, folder_of, is_database
from lib.store.checking import Checked, check
from lib.store.copying import copy, filling_folder
from lib.store.database import FILE, database
from lib.store.interface import JournalError, RefusedError, StoreError
from lib.store.old_form import BEFORE
from lib.store.unsent import FILE as DRAFTS

_LEFT_OUT = (".cache", atomic_files.TEMPORARY, f"{FILE}-", ".journal-lock", DRAFTS)


def backup(url: str, target: Path) -> list[Checked]:
    """Write everything at an address into a new zip file; return what it holds, as checked.

    Raises `RefusedError` for a file that exists, `StoreError` for data that are not whole: a
    backup of damaged data would only be found out when it is needed.
    """
    if target.exists():
        raise RefusedError(f"{target} 已经存在，没有备份")
    if not target.absolute().parent.is_dir():
        raise StoreError(f"找不到备份文件所在的目录：{target.absolute().parent}")
    with (
        atomic_files.telling("备份", target.absolute().parent),
        tempfile.TemporaryDirectory(
            dir=target.absolute().parent, prefix=atomic_files.TEMPORARY
        ) as scratch,
    ):
        staged = Path(scratch) / "backup.zip"
        if is_database(url):
            source = Path(scratch) / "data"
            copy(url, str(source))
            _pack(source, source / FILE, staged)
        else:
            _pack_folder(url, Path(scratch) / FILE, staged)
        trial = Path(scratch) / "trial"
        _unpack(staged, trial)
        plans = _checked(trial, "备份")
        staged.replace(target)
        atomic_files.settle(target.absolute().parent)
    return plans


def restore(source: Path, target: str) -> list[Checked]:
    """Put a backup into an empty folder or database; all of it arrives, checked, or nothing."""
    if is_database(target):
        with tempfile.TemporaryDirectory(prefix="restore-") as scratch:
            _unpack(source, Path(scratch) / "data")
            plans = _checked(Path(scratch) / "data", "恢复")
            copy(str(Path(scratch) / "data"), target)
            return plans
    with filling_folder(folder_of(target)) as staged:
        _unpack(source, staged)
        return _checked(staged, "恢复")


def _pack_folder(url: str, journal: Path, target: Path) -> None:
    """Pack a folder while nobody can write it, with a copy of its database as it is."""
    folder, place = folder_of(url), database(url)
    if not place.exists:  # only CSV files, or the old form: no common lock
        try:
            _pack(folder, journal, target)
        except OSError:
            if not place.exists:
                raise
        if not place.exists:
            return
        # the first writer, or a take-over, has come in between: once more
    path = folder.absolute() / FILE
    # A folder that can only be read has no writers: a reader's transaction will do. The file is
    # never opened but by SQLite: closing it would let go of the locks of this process.
    with place.writing("备份") if os.access(path, os.W_OK) else place.reading() as connection:
        connection.exec_driver_sql("SELECT count(*) FROM plan")
        with (
            closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as here,
            closing(sqlite3.connect(journal)) as there,
        ):
            here.backup(there)
        _pack(folder, journal, target)


def _pack(folder: Path, journal: Path, target: Path) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder)
            skipped = any(part.startswith(_LEFT_OUT) for part in name.parts)
            if path.is_file() and not skipped and not name.parts[0].startswith(BEFORE):
                archive.write(journal if name == Path(FILE) else path, name.as_posix())


def _unpack(source: Path, folder: Path) -> None:
    try:
        with zipfile.ZipFile(source) as archive:
            for name in archive.namelist():
                parts = PurePosixPath(name).parts
                if not parts or ".." in parts or PurePosixPath(name).is_absolute() or "\\" in name:
                    raise StoreError(f"{source.name} 不是看板的备份：里面有「{name}」")
                archive.extract(name, folder)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise StoreError(f"{source.name} 不是完整的 zip 文件：{error}") from error
    if (folder / FILE).exists():
        (folder / FILE).chmod(0o600)


def _checked(folder: Path, what: str) -> list[Checked]:
    plans, faults = check(str(folder))
    serious = [str(fault) for fault in faults if fault.serious]
    if serious:
        raise JournalError(f"{what}没有完成，数据不完整：{'；'.join(serious)}")
    return plans
