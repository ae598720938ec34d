"""What the commands share: where the data are, how output is asked for, and wrong use."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path
from typing import Any

from lib.store import RefusedError, Store, StoreError, folder_of, is_database, open_store
from lib.store import plan_names as names_at


class UsageError(Exception):
    """The command was used wrongly; the message says how."""


def add_data(parser: argparse.ArgumentParser) -> None:
    """Add ``--data`` and ``--plan``; without ``--data`` PLAN_DATA_DIR counts, as for the app."""
    parser.add_argument(
        "--data",
        default=os.environ.get("PLAN_DATA_DIR", "data"),
        help="数据目录，或数据库地址 postgresql+psycopg://…（默认 PLAN_DATA_DIR，没有则为 data）",
    )
    parser.add_argument("--plan", default="", help="计划名称；不写为数据目录本身的计划")


def add_format(parser: argparse.ArgumentParser) -> None:
    """Add ``--format text|json``."""
    parser.add_argument("--format", choices=["text", "json"], default="text", help="输出格式")


def open_data(options: argparse.Namespace) -> Store:
    """Return the store that the options name; raise `UsageError` if there is none such."""
    if not is_database(options.data):
        try:
            folder = folder_of(options.data)
        except StoreError as error:
            raise UsageError(f"--data：{error}") from error
        if not Path(folder).is_dir():
            raise UsageError(f"--data {options.data} 不是目录")
    try:
        store = open_store(options.data, options.plan)
    except RefusedError as error:
        raise UsageError(f"--plan：{error}") from error
    if options.plan and options.plan not in (known := names_at(options.data)):
        told = "、".join(known) or "还没有其他计划"
        raise UsageError(f"--plan：没有计划「{options.plan}」（{told}）")
    return store


def show(options: argparse.Namespace, value: Any, text: str) -> None:
    """Print a value as the options ask: as JSON, or its text."""
    print(json.dumps(value, ensure_ascii=False, indent=2) if options.format == "json" else text)
