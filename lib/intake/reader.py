"""Files that staff send: any CSV or .xlsx as a frame of cell texts, anything else as a clear error."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import Any, Literal

import openpyxl
import pandas as pd

from lib.core.problems import FileError
from lib.files import csv_tables
from lib.files.file_kinds import FileKind, kind_of
from lib.files.office_files import cell_text
from lib.intake import headers

MAX_ROWS, MAX_COLUMNS = 200_000, 200
HEADER_ROWS = 10
"""The header is looked for in the first rows: a title may stand above it."""

EXPECTED = "填报模板（.xlsx 或 .csv）"
_DELIMITERS = (",", "\t", ";")
_WORD = ("这是 Word 文档，不是填报表", EXPECTED)
_SLIDES = ("这是演示文稿，不是填报表", EXPECTED)
_REFUSED = {
    FileKind.ENCRYPTED: ("文件加了密码，无法读取", "取消密码后另存的 .xlsx"),
    FileKind.OLD_OFFICE: (
        "这是旧版 Office 文件（.xls、.doc）",
        "在 Excel 或 WPS 中另存为 .xlsx",
    ),
    FileKind.PDF: ("这是 PDF 文件，不是填报表", EXPECTED),
    FileKind.WORD: _WORD,
    FileKind.OTHER_WORD: _WORD,
    FileKind.SLIDES: _SLIDES,
    FileKind.OTHER_SLIDES: _SLIDES,
    FileKind.OTHER_WORKBOOK: ("工作簿的格式不受支持或已损坏", "另存为 .xlsx"),
    FileKind.ARCHIVE: ("这是压缩包，不是填报表", f"解压后上传其中的{EXPECTED}"),
    FileKind.PICTURE: ("这是图片，不是填报表", EXPECTED),
}
"""What is said of a file that holds no report, and what to send instead."""


@dataclass(frozen=True, eq=False)
class Sheet:
    """A table as it stands in a file.

    ``cells``: texts (str) under the file's own headers; the index is the row number a
    spreadsheet shows. ``header_row`` is the row of the headers. ``overlong``: rows with text
    beyond the last header. ``title`` names the sheet of a workbook.
    """

    kind: Literal["csv", "xlsx"]
    cells: pd.DataFrame
    header_row: int
    overlong: dict[int, str]
    title: str = ""


def read_sheet(content: bytes, file: str) -> Sheet:
    """Return the report table of a file; raise `FileError` saying what the file is instead."""
    kind = kind_of(content, file, EXPECTED)
    if kind in _REFUSED:
        raise FileError(file, *_REFUSED[kind])
    if kind is not FileKind.WORKBOOK:
        return _read_text(content, file)
    try:
        return _read_workbook(content, file)
    except FileError:
        raise
    except Exception as error:  # openpyxl raises whatever a damaged part makes it stumble on
        raise FileError(
            file, "工作簿已损坏，无法读取", "在 Excel 或 WPS 中重新保存的 .xlsx"
        ) from error


def _read_text(content: bytes, file: str) -> Sheet:
    text = csv_tables.decode(content, file).lstrip("\ufeff")
    if not text.strip("\ufeff\r\n\t ,;"):
        raise FileError(file, "文件是空的", EXPECTED)
    top_lines = text[:20_000].splitlines()[:HEADER_ROWS]

    def known_headers(delimiter: str) -> int:
        return max(
            sum(headers.known(cell.strip(' "')) for cell in line.split(delimiter))
            for line in top_lines
        )

    delimiter = max(_DELIMITERS, key=known_headers)
    return _table("csv", csv_tables.records(text, file, delimiter), file)


def _read_workbook(content: bytes, file: str) -> Sheet:
    """Return the first visible sheet with a known header, else the first that has a table."""
    calculated = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    as_written = None
    if _has_formulas(content):
        as_written = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    first: Sheet | None = None
    fault: FileError | None = None
    for worksheet in calculated.worksheets:
        if worksheet.sheet_state != "visible":
            continue
        formulas = None if as_written is None else as_written[worksheet.title]
        try:
            rows = _worksheet_rows(worksheet, formulas, file)
            sheet = _table("xlsx", rows, file, worksheet.title)
        except FileError as error:
            fault = fault or error
            continue
        if any(headers.known(header) for header in sheet.cells.columns):
            return sheet
        first = first or sheet
    if first is None:
        raise fault or FileError(file, "工作簿里没有表格", EXPECTED)
    return first


def _has_formulas(content: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return any(
            b"<f" in archive.read(name)
            for name in archive.namelist()
            if name.startswith("xl/worksheets/") and name.endswith(".xml")
        )


def _worksheet_rows(worksheet: Any, formulas: Any, file: str) -> list[list[str]]:
    """Return the texts of a sheet; a formula that was never calculated stands as it is written."""
    rows: list[list[str]] = []
    formula_rows = iter(()) if formulas is None else formulas.iter_rows(max_col=MAX_COLUMNS)
    for cells in worksheet.iter_rows(max_col=MAX_COLUMNS):
        texts = [cell_text(cell, _date_text) for cell in cells]
        for position, formula in enumerate(next(formula_rows, ())[: len(texts)]):
            if not texts[position] and formula.value is not None:
                texts[position] = str(formula.value)
        rows.append(texts)
        if len(rows) > MAX_ROWS:
            raise FileError(file, f"超过{MAX_ROWS}行", f"不超过{MAX_ROWS}行的{EXPECTED}")
    return rows


def _date_text(value: Any) -> str:
    return str(value)[:16]  # a time without its seconds


def _table(
    kind: Literal["csv", "xlsx"], rows: list[list[str]], file: str, title: str = ""
) -> Sheet:
    """Return the rows under the header: the first of the top rows with two known headers."""
    if len(rows) > MAX_ROWS + HEADER_ROWS:
        raise FileError(file, f"超过{MAX_ROWS}行", f"不超过{MAX_ROWS}行的{EXPECTED}")
    filled = [number for number, row in enumerate(rows) if any(cell.strip() for cell in row)]
    if not filled:
        raise FileError(file, "文件是空的", EXPECTED)
    top = next(
        (n for n in filled[:HEADER_ROWS] if sum(map(headers.known, rows[n])) >= 2), filled[0]
    )
    header = [cell.strip() for cell in rows[top]]
    while header and not header[-1]:
        header.pop()
    width = min(len(header), MAX_COLUMNS)
    body = [n for n in filled if n > top]
    overlong = {
        n + 1: "，".join(filter(None, rows[n][width:])) for n in body if any(rows[n][width:])
    }
    cells = [(rows[n] + [""] * width)[:width] for n in body]
    names, numbers = _distinct(header[:width]), [n + 1 for n in body]
    frame = pd.DataFrame(cells, columns=names, index=numbers, dtype="str")
    return Sheet(kind, frame, top + 1, overlong, title)


def _distinct(header: list[str]) -> list[str]:
    """Return headers of which none repeats: the second 备注 becomes 备注#2."""
    names: list[str] = []
    for position, name in enumerate(header, start=1):
        count = header[:position].count(name)
        names.append(name if count == 1 else f"{name}#{count}")
    return names
