"""What the commands share: where the data are, how output is asked for, and wrong use."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import pandas as pd

from lib.core import months
from lib.core.dataset import Dataset
from lib.files.office_files import MAX_BYTES
from lib.store import RefusedError, Store, StoreError, folder_of, is_database, open_store
from lib.store import plan_names as names_at

Parser = argparse.ArgumentParser
Commands: TypeAlias = "argparse._SubParsersAction[Parser]"
"""What `argparse.ArgumentParser.add_subparsers` returns."""
Run = Callable[[argparse.Namespace], int]


class UsageError(Exception):
    """The command was used wrongly; the message says how."""


# -- arguments -------------------------------------------------------------------------------


def add_command(commands: Commands, name: str, run: Run, help: str) -> Parser:
    """Add a command that takes ``--data``, ``--plan`` and ``--format text|json``."""
    parser = commands.add_parser(name, help=help)
    add_data(parser)
    add_format(parser)
    parser.set_defaults(run=run)
    return parser


def add_data(parser: Parser) -> None:
    """Add ``--data`` and ``--plan``; without ``--data`` PLAN_DATA_DIR counts, as for the app."""
    parser.add_argument(
        "--data",
        default=os.environ.get("PLAN_DATA_DIR", "data"),
        help="数据目录，或数据库地址 postgresql+psycopg://…（默认 PLAN_DATA_DIR，没有则为 data）",
    )
    parser.add_argument("--plan", default="", help="计划名称；不写为数据目录本身的计划")


def add_format(parser: Parser) -> None:
    """Add ``--format text|json``."""
    parser.add_argument("--format", choices=["text", "json"], default="text", help="输出格式")


def month(text: str) -> int:
    """Return the ordinal of a month argument; argparse shows the error."""
    try:
        return months.parse(text)
    except months.MonthError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


# -- what the arguments name ------------------------------------------------------------------


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
    if options.plan and options.plan not in (names := names_at(options.data)):
        listed = "、".join(names) or "还没有其他计划"
        raise UsageError(f"--plan：没有计划「{options.plan}」（{listed}）")
    return store


def read_file(path: Path) -> bytes:
    """Return the content of a file, cut off just above the size that is refused."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"无法读取文件 {path}：{error.strerror}") from error


def write_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; raise `UsageError` where it cannot be written."""
    partial = path.with_name(path.name + ".partial")
    try:
        partial.write_bytes(content)
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise UsageError(f"无法写入文件 {path}：{error.strerror}") from error


def month_of(options: argparse.Namespace, data: Dataset, default: int) -> int:
    """Return the ordinal of ``--month``, or the default; it has to be a month of the plan."""
    ordinal = default if options.month is None else int(options.month)
    if ordinal not in data.axis:
        first, last = months.text(data.axis[0]), months.text(data.axis[-1])
        raise UsageError(f"--month {months.text(ordinal)} 不在计划的月份之内（{first} 至 {last}）")
    return ordinal


def units_of(names: Sequence[str], data: Dataset) -> list[str]:
    """Return the units of ``--unit`` in the plan's spelling; each has to be a unit of the plan."""
    units = list(data.canonical(pd.Series(list(names), dtype="str")))
    for name, unit in zip(names, units, strict=True):
        if unit not in data.units:
            raise UsageError(f"--unit {name} 不是计划中的责任单位（{'、'.join(data.units)}）")
    return units


# -- output ----------------------------------------------------------------------------------


def show(options: argparse.Namespace, value: Any, text: str) -> None:
    """Print a value as the options ask: as JSON, or its text."""
    print(json.dumps(value, ensure_ascii=False, indent=2) if options.format == "json" else text)


def show_list(
    options: argparse.Namespace, records: Sequence[Any], lines: Sequence[str], empty: str
) -> None:
    """Print records as JSON, or a line each; ``empty`` says that there are none."""
    show(options, records, "\n".join(lines) or empty)
