"""A copy of an uploaded file with what is wrong written beside each row."""

from __future__ import annotations

import io

import openpyxl
import pandas as pd
from openpyxl.styles import Alignment, Font, PatternFill

from lib.core import schema
from lib.files import csv_tables
from lib.intake import headers
from lib.intake.findings import Checked, Severity
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
    texts = pd.Series(_texts_by_row(checked), dtype="str").reindex(cells.index).fillna("")
    marked = csv_tables.escape(cells.assign(**{headers.FINDINGS: texts}))
    return f"{stem}_校验结果.csv", csv_tables.to_csv(marked)


def _texts_by_row(checked: Checked) -> dict[int, str]:
    texts: dict[int, list[str]] = {}
    for finding in checked.findings:
        fix = f"（{finding.fix}）" if finding.fix else ""
        place = f"「{finding.column}」" if finding.column else ""
        texts.setdefault(finding.row, []).append(f"{place}{finding.problem}{fix}")
    return {row: "；".join(lines) for row, lines in texts.items()}


def _workbook(checked: Checked, sheet: Sheet, content: bytes) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    worksheet = book[sheet.title]
    names = [headers.simple(name) for name in sheet.cells.columns]
    column = names.index(headers.FINDINGS) + 1 if headers.FINDINGS in names else len(names) + 1
    head = worksheet.cell(sheet.header_row, column)
    head.value, head.font = headers.FINDINGS, Font(bold=True, color="C1272D")
    worksheet.column_dimensions[head.column_letter].width = 60
    texts = _texts_by_row(checked)
    for row in map(int, sheet.cells.index):
        cell = worksheet.cell(row, column)
        cell.value = texts.get(row)
        cell.alignment = Alignment(wrap_text=True, vertical="center")
    columns: dict[str | None, int] = {}
    for number, name in enumerate(names, start=1):
        columns.setdefault(headers.FIELDS.get(name), number)
    for finding in checked.findings:
        place = columns.get(schema.PROGRESS.fields.get(finding.column, ""))
        if finding.row > sheet.header_row and place and finding.severity in _FILLS:
            worksheet.cell(finding.row, place).fill = _FILLS[finding.severity]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
