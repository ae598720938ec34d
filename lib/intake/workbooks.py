"""Workbooks that staff send, sheet by sheet: texts as they are seen, whatever the file says of itself."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import openpyxl
from openpyxl.cell.read_only import EMPTY_CELL
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils import range_boundaries

from lib.core.problems import FileError
from lib.files.office_files import cell_text
from lib.intake.sheets import EXPECTED, MAX_COLUMNS, MAX_ROWS, Merge, Sheet, sheet_of

_CHUNK = 1 << 20
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_HIDDEN_ROW = re.compile(
    rb'<(?:\w+:)?row\s(?=[^<>]*?(?<=\s)hidden="(?:1|true)")[^<>]*?(?<=\s)r="(\d{1,7})"'
)
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^<>]*?ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')


def read_sheets(content: bytes, file: str) -> list[Sheet]:
    """Return the sheets that hold a table; raise `FileError` if no visible one does."""
    reader = ExcelReader(io.BytesIO(content), read_only=True, data_only=True)
    reader.read()
    parts = {sheet.name: relation.target for sheet, relation in reader.parser.find_sheets()}
    sheets: list[Sheet] = []
    fault: FileError | None = None
    for worksheet in reader.wb.worksheets:
        is_hidden = worksheet.sheet_state != "visible"
        has_formulas, merges, hidden = _scan(reader.archive, parts[worksheet.title])
        try:
            rows = _rows(worksheet, content if has_formulas else None, file)
            sheet = sheet_of("xlsx", rows, file, worksheet.title, merges)
            sheets.append(replace(sheet, is_hidden=is_hidden, hidden_rows=hidden))
        except FileError as error:
            fault = fault if is_hidden else fault or error
    if all(sheet.is_hidden for sheet in sheets):
        raise fault or FileError(file, "工作簿里没有表格", EXPECTED)
    return sheets


def _scan(archive: zipfile.ZipFile, part: str) -> tuple[bool, list[Merge], frozenset[int]]:
    """Return whether a sheet has formulas, its merged ranges and its hidden rows.

    The sheet is not held in memory.
    """
    formulas, refs, hidden, tail = False, [], set[int](), b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            text = tail + chunk
            formulas = formulas or _FORMULA.search(text) is not None
            end = max(text.rfind(b">") + 1, len(text) - 500)
            refs += _MERGE.findall(text, 0, end)
            if b"hidden=" in text:
                hidden.update(map(int, _HIDDEN_ROW.findall(text, 0, end)))
            tail = text[end:]
    merges = []
    for ref in refs:
        left, top, right, bottom = range_boundaries(ref.decode())
        merges.append(Merge(top, left - 1, bottom, right - 1))
    return formulas, merges, frozenset(hidden)


def _rows(worksheet: Any, with_formulas: bytes | None, file: str) -> dict[int, list[str]]:
    """Return the texts of the filled rows; a formula never calculated stands as it is written."""
    rows: dict[int, list[str]] = {}
    formulas: Iterator[Any] = iter(())
    if with_formulas is not None:
        book = openpyxl.load_workbook(io.BytesIO(with_formulas), read_only=True)
        formulas = _all_rows(book[worksheet.title])
    gap: Any = None
    for number, cells in enumerate(_all_rows(worksheet), start=1):
        written = next(formulas, ())
        if cells is gap:  # openpyxl gives one and the same tuple for every row that is not there
            continue
        texts = ["" if cell is EMPTY_CELL else cell_text(cell, _date_text) for cell in cells]
        for position, formula in enumerate(written[: len(texts)]):
            if not texts[position] and formula.value is not None:
                texts[position] = str(formula.value)
        while texts and not texts[-1]:
            texts.pop()
        if texts:
            rows[number] = texts
        else:
            gap = cells
        if len(rows) > MAX_ROWS:
            raise FileError(file, f"超过{MAX_ROWS}行", f"不超过{MAX_ROWS}行的{EXPECTED}")
    return rows


def _all_rows(worksheet: Any) -> Iterator[Any]:
    """Return every row that there is, though the sheet's ``dimension`` may name fewer."""
    worksheet.reset_dimensions()
    return iter(worksheet.iter_rows(max_col=MAX_COLUMNS))


def _date_text(value: Any) -> str:
    return str(value)[:16]  # a time without its seconds
