"""A copy of an uploaded file with what is wrong written beside each row."""

from __future__ import annotations

import io

import openpyxl
import pandas as pd
from openpyxl.styles import Alignment, Font, PatternFill

from lib.core import schema
from lib.files import csv_tables
from lib.intake import headers
from lib.intake.check import Checked, Severity
from lib.intake.reader import Sheet

_FILLS = {
    Severity.ERROR: PatternFill("solid", fgColor="F8D7DA"),
    Severity.WARNING: PatternFill("solid", fgColor="FDF0CC"),
}


def corrected_copy(checked: Checked, content: bytes) -> tuple[str, bytes] | None:
    """Return name and bytes of the copy, ``None`` if the file held no table.

    The column 校验结果 is appended (or filled anew); a workbook keeps its look, and its wrong
    cells are coloured. Reading the copy again ignores that column.
    """
    if checked.sheet is None:
        return None
    stem = checked.file.rpartition(".")[0] or checked.file
    if checked.sheet.kind == "xlsx":
        return f"{stem}_校验结果.xlsx", _workbook(checked, checked.sheet, content)
    cells = checked.sheet.cells
    told = pd.Series(_by_row(checked), dtype="str").reindex(cells.index).fillna("")
    return f"{stem}_校验结果.csv", csv_tables.to_csv(
        csv_tables.escape(cells.assign(**{headers.FINDINGS: told}))
    )


def _by_row(checked: Checked) -> dict[int, str]:
    told: dict[int, list[str]] = {}
    for one in checked.findings:
        fix = f"（{one.fix}）" if one.fix else ""
        place = f"「{one.column}」" if one.column else ""
        told.setdefault(one.row, []).append(f"{place}{one.problem}{fix}")
    return {row: "；".join(texts) for row, texts in told.items()}


def _workbook(checked: Checked, sheet_read: Sheet, content: bytes) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book[sheet_read.title]
    names = [headers.simple(name) for name in sheet_read.cells.columns]
    column = names.index(headers.FINDINGS) + 1 if headers.FINDINGS in names else len(names) + 1
    head = sheet.cell(sheet_read.header_row, column)
    head.value, head.font = headers.FINDINGS, Font(bold=True, color="C1272D")
    sheet.column_dimensions[head.column_letter].width = 60
    told = _by_row(checked)
    for row in sheet_read.cells.index:
        cell = sheet.cell(int(row), column)
        cell.value = told.get(int(row)) or None
        cell.alignment = Alignment(wrap_text=True, vertical="center")
    position = {
        headers.FIELDS.get(name): number for number, name in reversed(list(enumerate(names, 1)))
    }
    fields = schema.PROGRESS.fields
    for one in checked.findings:
        place = position.get(fields.get(one.column))
        if one.row > sheet_read.header_row and place and one.severity in _FILLS:
            sheet.cell(one.row, place).fill = _FILLS[one.severity]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
