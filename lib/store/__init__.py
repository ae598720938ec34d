"""Where a plan and its reports are kept: one small interface, chosen by an address.

`open_store` gives a `Store`: a folder of CSV files with their journal in ``journal.db`` (the
default), or a PostgreSQL database.
"""

from __future__ import annotations

import re
from pathlib import Path

from lib.store.address import folder_of, is_database
from lib.store.changes import Changes
from lib.store.interface import (
    HANDLERS,
    WAITING,
    Attachment,
    ConflictError,
    Draft,
    FileChange,
    JournalError,
    Kind,
    Original,
    RefusedError,
    State,
    Store,
    StoreError,
    Submission,
)
from lib.store.kept_figures import KeptFigures
from lib.store.store import PlanStore, files_at, plan_names, plan_stamps
from lib.store.unsent import Item, ItemKind, Place, UnsentWork

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
    return PlanStore(url, plan)
