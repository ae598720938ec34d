"""Where a plan and its reports are kept: one small interface, chosen by an address.

`open_store` gives a `Store`; the default is a folder of CSV files with a journal beside them.
"""

from __future__ import annotations

import re
from pathlib import Path

from lib.store.base import (
    Attachment,
    ConflictError,
    Draft,
    FileChange,
    Kind,
    Original,
    RefusedError,
    State,
    Store,
    StoreError,
    Submission,
)
from lib.store.changes import Changes
from lib.store.folder import FolderStore, folder_plans

__all__ = [
    "Attachment",
    "Changes",
    "ConflictError",
    "Draft",
    "FileChange",
    "FolderStore",
    "Kind",
    "Original",
    "RefusedError",
    "State",
    "Store",
    "StoreError",
    "Submission",
    "open_store",
    "plan_names",
]

_FOLDER = "csv://"
_NAME = re.compile(r"[0-9A-Za-z\u3400-\u4dbf\u4e00-\u9fff_-]{1,60}")


def open_store(url: str | Path, plan: str = "") -> Store:
    """Return the store at an address: a folder's path, or ``csv://`` and a path.

    ``plan`` names one of the other plans kept there; empty is the plan of the address itself. A
    plan that does not exist is made by its first 计划调整. Raises `StoreError` for a kind of
    store that does not exist, `RefusedError` for a name that no plan can have. Nothing is read
    or written yet.
    """
    if plan and not _NAME.fullmatch(plan):
        raise RefusedError(f"计划名称「{plan}」不能用；只能有汉字、字母、数字、-和_，不超过60个字")
    return FolderStore(_folder(url), plan)


def plan_names(url: str | Path) -> list[str]:
    """Return the names of the other plans at an address, sorted."""
    return folder_plans(_folder(url))


def _folder(url: str | Path) -> Path:
    address = str(url)
    if address.startswith(_FOLDER):
        return Path(address.removeprefix(_FOLDER))
    if "://" in address:
        scheme = address.split("://", 1)[0]
        raise StoreError(f"不支持这种数据存储：{scheme}；请写数据目录，如 data")
    return Path(address)
