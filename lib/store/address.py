"""Addresses of stores: a folder, or a PostgreSQL database."""

from __future__ import annotations

from pathlib import Path

from lib.store.interface import StoreError

FOLDER = "csv://"
_POSTGRES = ("postgresql://", "postgres://", "postgresql+psycopg://")


def is_database(url: str | Path) -> bool:
    """Whether an address is that of a PostgreSQL database."""
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
