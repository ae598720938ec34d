"""Files of a plan as documents: .docx, .xlsx, .csv, plain text; anything else a clear error."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import openpyxl
from PIL import Image, UnidentifiedImageError

from lib.core.problems import FileError
from lib.files import csv_tables, office_files
from lib.planning import word_files
from lib.planning.columns import header_of, is_header, meaning_of
from lib.planning.document import Cell, Document, Grid, Merge, Paragraph, grid

EXPECTED = "计划文件（.docx、.xlsx、.csv，或从 Word 复制的文字）"
SCANNED = "向发文单位要 Word 原件，或用文字识别软件转成 .docx 并校对后再上传"
SUFFIXES = ("docx", "xlsx", "csv", "txt", "doc", "xls", "pdf", "wps")
"""Kinds that may be dropped; the last four only to be told what to do instead."""

MAX_ROWS, MAX_COLUMNS = 5_000, 60
_DELIMITERS = ("\t", ",", ";")
_HEADER_LINES = 12


def read_document(content: bytes, file: str) -> Document:
    """Return a file as a document; raise `FileError` saying what it is and what to do instead."""
    if not content.strip():
        raise FileError(file, "文件是空的", EXPECTED)
    if len(content) > office_files.MAX_BYTES:
        size, limit = len(content) / 1024 / 1024, office_files.MAX_BYTES // 1024 // 1024
        raise FileError(file, f"文件太大（{size:.0f} MB）", f"不超过{limit} MB的{EXPECTED}")
    if content.startswith(office_files.OLE):
        if office_files.is_encrypted(content):
            raise FileError(file, "文件加了密码，无法读取", "取消密码后另存的 .docx 或 .xlsx")
        raise FileError(
            file,
            "这是旧版 Office 文件（.doc、.xls、.wps），不能直接读取",
            "在 Word 或 WPS 中打开，“另存为” .docx（表格存为 .xlsx）后再上传",
        )
    if content.startswith(office_files.PDF):
        raise FileError(file, "这是 PDF（扫描件或导出件），其中的表格不能可靠读取", SCANNED)
    if content.startswith(office_files.ZIP):
        return _read_archive(content, file)
    if _is_picture(content):
        raise FileError(file, "这是图片，不能读取其中的文字", SCANNED)
    if content.lstrip().startswith(b"{\\rtf"):
        raise FileError(file, "这是 RTF 文件", "在 Word 或 WPS 中打开，“另存为” .docx 后再上传")
    return read_text(csv_tables.decode(content, file), file)


def _is_picture(content: bytes) -> bool:
    try:
        with Image.open(io.BytesIO(content)):
            return True
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        return False
    except Exception:  # noqa: BLE001 - a decoder met bytes that are no picture of its kind
        return False


def _read_archive(content: bytes, file: str) -> Document:
    archive = office_files.opened(content, file, EXPECTED)
    names = set(archive.namelist())
    try:
        if "word/document.xml" in names:
            document = word_files.read(content, file)
            return document if document.grids else _as_text(document)
        if "xl/workbook.xml" in names:
            return _read_workbook(content, file)
    except FileError:
        raise
    except Exception as error:  # the libraries raise whatever a damaged part makes them stumble on
        raise FileError(file, "文件已损坏，无法读取", "在 Word、Excel 或 WPS 中重新保存") from error
    if any(name.startswith("ppt/") for name in names):
        raise FileError(file, "这是演示文稿，不是计划文件", EXPECTED)
    raise FileError(file, "这不是 Word 或 Excel 文件", EXPECTED)


def _as_text(document: Document) -> Document:
    """Return a Word document without a table as if its text had been pasted."""
    read = read_text("\n".join(document.paragraphs), document.name)
    return Document(document.name, read.blocks, document.notes)


def _read_workbook(content: bytes, file: str) -> Document:
    book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    blocks: list[Paragraph | Grid] = []
    dates: list[str] = []
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        if sheet.max_row > MAX_ROWS or sheet.max_column > MAX_COLUMNS:
            raise FileError(
                file,
                f"工作表「{sheet.title}」太大（{sheet.max_row}行{sheet.max_column}列）",
                f"不超过{MAX_ROWS}行、{MAX_COLUMNS}列的计划表",
            )
        rows = [[Cell(_cell(cell)) for cell in row] for row in sheet.iter_rows()]
        dates += [
            f"{cell.coordinate}（{_cell(cell)}）"
            for row in sheet.iter_rows()
            for cell in row
            if isinstance(cell.value, dt.datetime | dt.date)
        ]
        for merged in sheet.merged_cells.ranges:
            for row, column in merged.cells:
                if row <= len(rows) and column <= len(rows[row - 1]):
                    same_row = row == merged.min_row
                    if not same_row:
                        rows[row - 1][column - 1] = Cell("", Merge.UP)
                    elif column > merged.min_col:
                        rows[row - 1][column - 1] = Cell("", Merge.LEFT)
        if any(cell.text for row in rows for cell in row):
            blocks.append(grid(sheet.title, rows))
    if not blocks:
        raise FileError(file, "工作簿是空的", EXPECTED)
    return Document(file, tuple(blocks), tuple(_date_note(dates)))


def _date_note(dates: list[str]) -> list[str]:
    """Return what to say of cells that Excel holds as dates: it makes April 11 of 4-11."""
    if not dates:
        return []
    named = "、".join(dates[:5]) + ("等" if len(dates) > 5 else "")
    return [
        f"{len(dates)}格是日期格式：{named}；请核对原文，起止月份（如 4-11）会被 Excel 改成日期"
    ]


def _cell(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, dt.datetime | dt.date):  # Excel makes a date of 2019年4月
        day = f"{value.day}日" if value.day != 1 else ""
        return f"{value.year}年{value.month}月{day}"
    if isinstance(value, float):
        percent = "%" in str(cell.number_format or "")
        return f"{value * 100:.10g}%" if percent else f"{value:.15g}"
    return str(value).strip()


def read_text(text: str, file: str = "粘贴的文字") -> Document:
    """Return text as a document: CSV, lines of cells with tabs, or one cell per line.

    Word copies a table in one of two ways: a line per row with tabs between the cells, or (from
    older versions and some mail programs) a line per cell, each led by a tab, an empty line after
    each row. What stands before and after the table is running text.
    """
    lines = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for found in (_cell_lines(lines), _row_lines(text, lines)):
        if found is not None:
            return Document(file, found)
    return Document(file, tuple(Paragraph(line.strip()) for line in lines if line.strip()))


def _paragraphs(lines: list[str]) -> list[Paragraph | Grid]:
    return [Paragraph(line.strip()) for line in lines if line.strip()]


def _cell_lines(lines: list[str]) -> tuple[Paragraph | Grid, ...] | None:
    """Read a table of one cell per line: a leading tab begins a cell, an empty line ends a row."""
    start = next((n for n in range(len(lines)) if _header_height(lines, n)), None)
    if start is None:
        return None
    width = _header_height(lines, start)
    rows: list[list[str]] = [[]]
    stop = start
    for stop in range(start, len(lines)):
        line = lines[stop]
        if line.startswith("\t"):
            if len(rows[-1]) == width:
                rows.append([])
            rows[-1].append(line.strip())
        elif not line.strip():
            if rows[-1]:
                rows.append([])
        elif rows[-1]:  # a cell's next line
            rows[-1][-1] = f"{rows[-1][-1]}\n{line.strip()}".strip()
        else:
            break
    else:
        stop = len(lines)
    body = [[Cell(text) for text in row] for row in rows if row]
    return (
        *_paragraphs(lines[:start]),
        grid("表1", body),
        *(read_text("\n".join(lines[stop:])).blocks if stop < len(lines) else ()),
    )


def _header_height(lines: list[str], start: int) -> int:
    """Return how many cells the header that begins at a line has, 0 if none begins there."""
    cells: list[str] = []
    for line in lines[start : start + 20]:
        if not line.startswith("\t") or "\t" in line.strip():
            break
        cells.append(line.strip())
    columns = {n: meaning for n, text in enumerate(cells) if (meaning := meaning_of(text))}
    if not is_header(columns) or (cells and not meaning_of(cells[0])):
        return 0
    known = [n for n in range(len(cells)) if n in columns]
    # Without an empty line after the header its cells end where headers end.
    return known[-1] + 1 if known[-1] + 1 == len(known) else len(cells)


def _row_lines(text: str, lines: list[str]) -> tuple[Paragraph | Grid, ...] | None:
    """Read a table of one row per line: cells between tabs, or CSV with quoted cells."""
    for delimiter in _DELIMITERS:
        try:
            records = list(csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=delimiter))
        except csv.Error:
            continue
        for number, record in enumerate(records):
            found = header_of([[Cell(cell) for cell in record]])
            if found is None:
                continue
            width = len(record)
            last = number
            for last in range(number, len(records)):
                cells = records[last]
                if len(cells) < 2 and any(cell.strip() for cell in cells) and delimiter == "\t":
                    break
            else:
                last = len(records)
            rows = [
                [Cell(cell.strip()) for cell in cells[: max(width, len(cells))]]
                for cells in records[number:last]
            ]
            before = [delimiter.join(cells) for cells in records[:number]]
            after = [delimiter.join(cells) for cells in records[last:]]
            rows = [row or [Cell("")] for row in rows]
            return (
                *_paragraphs(before),
                grid("表1", rows, number + 1),
                *(read_text("\n".join(after)).blocks if after else ()),
            )
    return None
