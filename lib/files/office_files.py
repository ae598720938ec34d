"""Office files: archives opened only when they are sound and not a trap, and a cell's text."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

from lib.core.problems import FileError

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 300 * 1024 * 1024
_DECIMALS = re.compile(r"0\.(0+)")
MAX_RATIO = 200
"""A sheet of numbers packs to about a tenth; a zip bomb to a thousandth."""


def opened(content: bytes, file: str, expected: str) -> zipfile.ZipFile:
    """Return the archive; raise `FileError` if it is damaged, would unpack to too much, or holds
    an XML document type (through which a parser can be made to expand or fetch).
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        raise FileError(file, "文件不完整或已损坏", f"重新保存、完整的{expected}") from error
    unpacked = sum(member.file_size for member in members)
    if unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * max(len(content), 50_000):
        raise FileError(
            file, f"解压后过大（{unpacked / 1024 / 1024:.0f} MB），可能有害，没有打开", expected
        )
    for member in members:
        if member.filename.endswith((".xml", ".rels")):
            try:
                head = archive.read(member)[:2000]
            except Exception as error:  # a damaged member: zlib, CRC, encryption
                raise FileError(
                    file, "文件不完整或已损坏", f"重新保存、完整的{expected}"
                ) from error
            if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                raise FileError(file, "文件含有不允许的内容（DOCTYPE）", expected)
    return archive


def cell_text(cell: Any, date_text: Callable[[dt.date], str] = str) -> str:
    """Return what a workbook's cell (openpyxl) shows; ``date_text`` writes a date or a time."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, dt.date):
        return date_text(value)
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        number_format = str(cell.number_format or "")
        if "%" in number_format:
            return f"{value * 100:.10g}%"
        decimals = _DECIMALS.search(number_format)
        as_shown = f"{value:.{len(decimals[1])}f}" if decimals else ""
        # 2018.1 in a cell of two decimals shows 2018.10: October
        lossless = as_shown and value != int(value) and float(as_shown) == value
        return as_shown if lossless else f"{value:.15g}"
    return str(value).strip()
