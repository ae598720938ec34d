"""Where a plan and its reports are kept: one small interface, chosen by an address.

`open_store` gives a `Store`; the default is a folder of CSV files with a journal beside them.
"""

from __future__ import annotations

from pathlib import Path

from lib.store.base import (
    Attachment,
    ConflictError,
    Draft,
    Kind,
    Original,
    RefusedError,
    State,
    Store,
    StoreError,
    Submission,
)
from lib.store.changes import Changes
from lib.store.folder import FolderStore

__all__ = [
    "Attachment",
    "Changes",
    "ConflictError",
    "Draft",
    "FolderStore",
    "Kind",
    "Original",
    "RefusedError",
    "State",
    "Store",
    "StoreError",
    "Submission",
    "open_store",
]

_FOLDER = "csv://"


def open_store(url: str | Path) -> Store:
    """Return the store at an address: a folder's path, or ``csv://`` and a path.

    Raises `StoreError` for a kind of store that does not exist. Nothing is read or written yet.
    """
    address = str(url)
    if address.startswith(_FOLDER):
        return FolderStore(Path(address.removeprefix(_FOLDER)))
    if "://" in address:
        scheme = address.split("://", 1)[0]
        raise StoreError(f"不支持这种数据存储：{scheme}；请写数据目录，如 data")
    return FolderStore(Path(address))
