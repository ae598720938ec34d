"""A copy of an uploaded file with what is wrong written beside each row."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import openpyxl
import pandas as pd
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.views import Selection

from lib.core import schema
from lib.files import csv_tables
from lib.intake import headers
from lib.intake.columns import match
from lib.intake.findings import Checked, Severity
from lib.intake.reader import csv_rows
from lib.intake.sheets import Merge, Sheet

_FILLS = {
    Severity.ERROR: PatternFill("solid", fgColor="F8D7DA"),
    Severity.WARNING: PatternFill("solid", fgColor="FDF0CC"),
}
LONGEST = 2_000
"""Characters of what is said beside a row."""
LAST_COLUMN = 16_384
"""The last column that a workbook can have."""
LARGEST_MERGE = 10_000
"""Cells of a range that is merged in the copy as well."""
_MERGES = re.compile(rb"<((?:\w+:)?)mergeCells\b.*?</\1mergeCells>", re.DOTALL)


def corrected_copy(checked: Checked, content: bytes) -> tuple[str, bytes] | None:
    """Return name and bytes of the copy, ``None`` if the file held no table.

    The column 校验结果 is appended (or filled anew); all else stays as it was sent. A workbook
    keeps its look, its wrong cells are coloured, and it opens at the first of them. Reading the
    copy again ignores that column.
    """
    if checked.sheet is None:
        return None
    stem = checked.file.rpartition(".")[0] or checked.file
    if checked.sheet.kind == "xlsx":
        return f"{stem}_校验结果.xlsx", _workbook(checked, checked.sheet, content)
    return f"{stem}_校验结果.csv", _csv(checked, checked.sheet, content)


def _csv(checked: Checked, sheet: Sheet, content: bytes) -> bytes:
    rows = csv_rows(content, checked.file)
    texts = {**texts_by_row(checked), sheet.header_row: headers.FINDINGS}
    names = [headers.simple(cell) for cell in rows[sheet.header_row]]
    width = max(map(len, rows.values()))
    column = names.index(headers.FINDINGS) if headers.FINDINGS in names else width
    lines = [row + [""] * (width - len(row)) for row in rows.values()]
    cells = pd.DataFrame(lines, index=list(rows), dtype="str")
    cells[column] = pd.Series(texts, dtype="str")
    return csv_tables.to_csv(csv_tables.escape(cells.fillna("")), header=False)


def texts_by_row(checked: Checked) -> dict[int, str]:
    """Return what is said of each row; of the file as a whole, beside the header is no room."""
    texts: dict[int, list[str]] = {}
    for finding in checked.findings:
        fix = f"（{finding.fix}）" if finding.fix else ""
        place = f"「{finding.column}」" if finding.column else ""
        texts.setdefault(finding.row, []).append(f"{place}{finding.problem}{fix}")
    return {row: "；".join(lines)[:LONGEST] for row, lines in texts.items()}


def _workbook(checked: Checked, sheet: Sheet, content: bytes) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(_without_merges(content)))
    worksheet = book[sheet.title]
    names = [headers.simple(str(cell.value or "")) for cell in worksheet[sheet.header_row]]
    if headers.FINDINGS in names:
        column = names.index(headers.FINDINGS) + 1
    else:
        column = min(worksheet.max_column + 1, LAST_COLUMN)
    head = worksheet.cell(sheet.header_row, column)
    head.value, head.font = headers.FINDINGS, Font(bold=True, color="C1272D")
    worksheet.column_dimensions[get_column_letter(column)].width = 60
    texts = texts_by_row(checked)
    for row in map(int, sheet.cells.index):
        cell = worksheet.cell(row, column)
        cell.value = texts.get(row)
        cell.alignment = Alignment(wrap_text=True, vertical="center")
    _colour(checked, sheet, worksheet, column)
    for merge in sheet.merges:
        _merge_again(worksheet, merge, column)
    book.active = worksheet
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _colour(checked: Checked, sheet: Sheet, worksheet: Any, column: int) -> None:
    """Colour the cells that a finding names, and open the sheet at the first and gravest."""
    columns = match(sheet).fields
    places = {name: sheet.cells.columns.get_loc(header) + 1 for name, header in columns.items()}
    marked = []
    for finding in checked.findings:
        place = places.get(schema.PROGRESS.fields.get(finding.column, ""), column)
        if finding.row > sheet.header_row and finding.severity in _FILLS:
            worksheet.cell(finding.row, place).fill = _FILLS[finding.severity]
            marked.append((finding.severity != Severity.ERROR, finding.row, place))
    if marked:
        _, row, place = min(marked)
        view = worksheet.sheet_view
        cell = f"{get_column_letter(place)}{row}"
        view.selection = [
            Selection(activeCell=cell, sqref=cell, pane=view.pane and view.pane.activePane)
        ]
        if view.pane is None:
            view.topLeftCell = f"A{max(1, row - 10)}"
        else:
            view.pane.topLeftCell = (
                f"{view.pane.topLeftCell.rstrip('0123456789')}{max(2, row - 10)}"
            )


def _without_merges(content: bytes) -> bytes:
    """Return a workbook without its merged ranges.

    openpyxl makes a cell for each of a merged range, and drops what stands in all but the first:
    a sheet merged over its 17 thousand million cells would never open, and text would be lost.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name.startswith("xl/worksheets/") and b"mergeCell" in part:
                part = _MERGES.sub(b"", part)
            new.writestr(name, part)
    return out.getvalue()


def _merge_again(worksheet: Any, merge: Merge, column: int) -> None:
    """Merge a range as it was, left of the findings, unless that would hide a filled cell."""
    bottom, right = min(merge.bottom, worksheet.max_row), min(merge.right + 1, column - 1)
    if right <= merge.left or (bottom - merge.top + 1) * (right - merge.left) > LARGEST_MERGE:
        return
    area = worksheet.iter_rows(merge.top, bottom, merge.left + 1, right, values_only=True)
    if sum(value is not None for row in area for value in row) <= 1:
        worksheet.merged_cells.add(
            CellRange(
                min_row=merge.top, min_col=merge.left + 1, max_row=bottom, max_col=right
            ).coord
        )
