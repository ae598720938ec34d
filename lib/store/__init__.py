"""Where a plan and its reports are kept: one small interface, chosen by an address.

`open_store` gives a `Store`: a folder of CSV files with a journal beside them (the default), or
a PostgreSQL database.
"""

from __future__ import annotations

import re
from pathlib import Path

from lib.store.changes import Changes
from lib.store.folder import FolderStore, folder_plans
from lib.store.interface import (
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
    "folder_of",
    "is_database",
    "open_store",
    "plan_names",
]

FOLDER = "csv://"
_POSTGRES = ("postgresql://", "postgres://", "postgresql+psycopg://")
# 〇 and the rare characters of place names stand outside the main block of Han characters
_HAN = r"\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_NAME = re.compile(rf"[0-9A-Za-z{_HAN}_-]{{1,60}}")


def open_store(url: str | Path, plan: str = "") -> Store:
    """Return the store at an address.

    An address is a folder's path, ``csv://`` and a path, or
    ``postgresql+psycopg://user:password@host:port/database``. ``plan`` names one of the other
    plans kept there; empty is the plan of the address itself. A plan that does not exist is made
    by its first 计划调整. Raises `StoreError` for a kind of store that does not exist,
    `RefusedError` for a name that no plan can have. Nothing is read or written yet.
    """
    if plan and not _NAME.fullmatch(plan):
        raise RefusedError(f"计划名称「{plan}」不能用；只能有汉字、字母、数字、-和_，不超过60个字")
    if is_database(url):
        from lib.store.database import database
        from lib.store.postgres import PostgresStore

        return PostgresStore(database(str(url)), plan)
    return FolderStore(folder_of(url), plan)


def plan_names(url: str | Path) -> list[str]:
    """Return the names of the other plans at an address, sorted."""
    if is_database(url):
        from lib.store.database import database
        from lib.store.postgres import postgres_plans

        return postgres_plans(database(str(url)))
    return folder_plans(folder_of(url))


def is_database(url: str | Path) -> bool:
    """Whether an address is a database's; its modules are loaded only then, as they take a while."""
    return str(url).startswith(_POSTGRES)


def folder_of(url: str | Path) -> Path:
    """Return the folder of an address; `StoreError` if it is neither folder nor database."""
    address = str(url)
    if address.startswith(FOLDER):
        return Path(address.removeprefix(FOLDER))
    if "://" in address:
        scheme = address.split("://", 1)[0]
        raise StoreError(
            f"不支持这种数据存储：{scheme}；请写数据目录（如 data）或 postgresql+psycopg:// 地址"
        )
    return Path(address)
