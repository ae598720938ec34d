"""A columnar copy (Parquet) of a large CSV file beside it, so that it is parsed and checked once.

The copy's name holds the hash of the file's bytes and of the table's description: an edited
file, or a new version of the schema, has another name, and an outdated copy is never read.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from lib.core.schema import Table
from lib.files import csv_tables

FOLDER = ".cache"
SMALL = 512 * 1024
"""Bytes below which parsing a file is about as fast as reading its copy."""
VERSION = 1
"""To be raised when reading a CSV file gives other values than before."""


def read(table: Table, path: Path, content: bytes | None = None) -> pd.DataFrame:
    """Return the typed frame of a table's file, from its columnar copy if there is one.

    ``content`` are the file's bytes if they have been read already. The same frame, and the same
    errors, as `lib.files.csv_tables.read`. A copy that cannot be written or is damaged changes
    nothing but the time.
    """
    content = csv_tables.read_bytes(path) if content is None else content
    if len(content) < SMALL:
        return csv_tables.parse(table, content, path.name)
    copy = path.parent / FOLDER / f"{path.stem}-{_key(table, content)}.parquet"
    with suppress(OSError, pa.ArrowException, KeyError):
        return pq.read_table(copy).to_pandas()
    frame = csv_tables.parse(table, content, path.name)
    with suppress(OSError, pa.ArrowException):
        _write(frame, copy)
    return frame


def _key(table: Table, content: bytes) -> str:
    described = repr((VERSION, pd.__version__, list(table.columns.values())))
    return hashlib.sha256(described.encode() + hashlib.sha256(content).digest()).hexdigest()[:32]


def _write(frame: pd.DataFrame, copy: Path) -> None:
    copy.parent.mkdir(exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".tmp-", dir=copy.parent)
    os.close(handle)
    staged = Path(name)
    try:
        frame.to_parquet(staged, compression="zstd")
        staged.replace(copy)
    except BaseException:
        staged.unlink(missing_ok=True)
        raise
    for other in copy.parent.glob(f"{copy.name.rsplit('-', 1)[0]}-*.parquet"):
        if other != copy:
            other.unlink(missing_ok=True)
