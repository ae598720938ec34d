"""Files of a plan as documents: .docx, .xlsx, .pdf, .csv, plain text; anything else a clear error."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import replace

import openpyxl
from openpyxl.utils import range_boundaries

from lib.core import texts
from lib.core.problems import FileError
from lib.files import csv_tables
from lib.files.file_kinds import FileKind, kind_of
from lib.files.office_files import cell_text
from lib.planning import old_office, pdf_files, word_files
from lib.planning.columns import header_of, is_header, meaning_of
from lib.planning.document import Cell, Document, Grid, Merge, Paragraph, grid
from lib.planning.pdf_files import SCANNED

EXPECTED = "计划文件（.docx、.xlsx、.csv、有文字的 .pdf，或从 Word 复制的文字）"
SUFFIXES = ("docx", "xlsx", "csv", "txt", "pdf", "doc", "xls", "wps")
"""Kinds that may be dropped; the last three need LibreOffice, else it is told what to do."""

_SLIDES = ("这是演示文稿，不是计划文件", EXPECTED)
_ARCHIVE = ("这不是 Word 或 Excel 文件", EXPECTED)
_REFUSED = {
    FileKind.ENCRYPTED: ("文件加了密码，无法读取", "取消密码后另存的 .docx 或 .xlsx"),
    FileKind.OLD_OFFICE: (
        "这是旧版 Office 文件（.doc、.xls、.wps），不能直接读取",
        "在 Word 或 WPS 中打开，“另存为” .docx（表格存为 .xlsx）后再上传",
    ),
    FileKind.SLIDES: _SLIDES,
    FileKind.OTHER_SLIDES: _SLIDES,
    FileKind.OTHER_WORD: _ARCHIVE,
    FileKind.OTHER_WORKBOOK: _ARCHIVE,
    FileKind.ARCHIVE: _ARCHIVE,
    FileKind.PHONE_PICTURE: ("这是图片，不能读取其中的文字", SCANNED),
    FileKind.PICTURE: ("这是图片，不能读取其中的文字", SCANNED),
    FileKind.OPEN_DOCUMENT: (
        "这是 OpenDocument 文件（.odt、.ods）",
        "在 WPS 或 Word、Excel 中打开，“另存为” .docx 或 .xlsx 后再上传",
    ),
    FileKind.WEB_PAGE: (
        "这是网页（HTML），不是文档",
        "在 WPS 或 Word、Excel 中打开，“另存为” .docx 或 .xlsx 后再上传",
    ),
    FileKind.RTF: ("这是 RTF 文件", "在 Word 或 WPS 中打开，“另存为” .docx 后再上传"),
}
"""What is said of a file that cannot be read as a plan, and what to do instead."""

MAX_ROWS, MAX_COLUMNS = 5_000, 60
MAX_MARKS = 600_000
"""XML marks of a Word file or workbook, all its parts together: 2,000 tasks have 480,000."""
_CHUNK = 1 << 20
_MERGE = re.compile(
    rb"<(?:\w+:)?mergeCell\s[^>]{0,200}?ref=\"([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})\""
)
_LEAST_COLUMNS = 3
"""Cells in a line that make a table of lines whose header nobody knows."""
_DELIMITERS = ("\t", ",", ";")

Blocks = tuple[Paragraph | Grid, ...]


def read_document(content: bytes, file: str) -> Document:
    """Return a file as a document; raise `FileError` saying what it is and what to do instead."""
    kind = kind_of(content, file, EXPECTED)
    if kind is FileKind.OLD_OFFICE and (new := old_office.converted(content, file)):
        document = read_document(*new)
        return replace(document, name=file)
    if kind in _REFUSED:
        raise FileError(file, *_REFUSED[kind])
    if kind not in (FileKind.WORD, FileKind.WORKBOOK, FileKind.PDF):
        return read_text(csv_tables.decode(content, file), file)
    try:
        if kind is not FileKind.PDF:
            _check_marks(content, file)
        if kind is FileKind.WORKBOOK:
            return _read_workbook(content, file)
        if kind is FileKind.PDF:
            return pdf_files.read(content, file)
        document = word_files.read(content, file)
        return document if document.grids else _as_text(document)
    except FileError:
        raise
    except Exception as error:  # the libraries raise whatever a damaged part makes them stumble on
        raise FileError(file, "文件已损坏，无法读取", "在 Word、Excel 或 WPS 中重新保存") from error


def _as_text(document: Document) -> Document:
    """Return a Word document without a table as if its text had been pasted."""
    read = read_text("\n".join(document.paragraphs), document.name)
    return Document(document.name, read.blocks, document.notes)


def _read_workbook(content: bytes, file: str) -> Document:
    _check_merges(content, file)
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
        rows = []
        for cells in sheet.iter_rows():
            rows.append([Cell(texts.clean(cell_text(cell, _date_text))) for cell in cells])
            dates += [
                f"{cell.coordinate}（{_date_text(cell.value)}）"
                for cell in cells
                if isinstance(cell.value, dt.date)
            ]
        for merged in sheet.merged_cells.ranges:
            for row, column in merged.cells:
                if row > len(rows) or column > len(rows[row - 1]):
                    continue
                if row > merged.min_row:
                    rows[row - 1][column - 1] = Cell("", Merge.UP)
                elif column > merged.min_col:
                    rows[row - 1][column - 1] = Cell("", Merge.LEFT)
        if any(cell.text for row in rows for cell in row):
            blocks.append(grid(sheet.title, rows))
    if not blocks:
        raise FileError(file, "工作簿是空的", EXPECTED)
    return Document(file, tuple(blocks), tuple(_date_note(dates)))


def _check_marks(content: bytes, file: str) -> None:
    """Raise `FileError` for a small file that unfolds, before its parts become objects.

    Marks are counted in pieces: a million empty paragraphs pack into 45 KB.
    """
    marks = 0
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if not name.endswith((".xml", ".rels")):
                continue
            with archive.open(name) as part:
                while piece := part.read(_CHUNK):
                    marks += piece.count(b"<")
                    if marks > MAX_MARKS:
                        seen = f"展开后内容太多（超过{MAX_MARKS // 10_000}万个段落、格子等标记），没有读取"
                        expected = "删去空段落、空行和空白的格子后另存的文件，或分成几个文件"
                        raise FileError(file, seen, expected)


def _check_merges(content: bytes, file: str) -> None:
    """Raise `FileError` for merged cells over more than a plan holds: openpyxl makes each of them."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if not name.startswith("xl/worksheets/"):
                continue
            for merge in _MERGE.findall(archive.read(name)):
                left, top, right, bottom = range_boundaries(merge.decode())
                if bottom - top >= MAX_ROWS or right - left >= MAX_COLUMNS:
                    seen = f"合并单元格 {merge.decode()} 太大"
                    expected = f"不超过{MAX_ROWS}行、{MAX_COLUMNS}列的计划表"
                    raise FileError(file, seen, expected)


def _date_note(dates: list[str]) -> list[str]:
    """Return what to say of cells that Excel holds as dates: it makes April 11 of 4-11."""
    if not dates:
        return []
    named = "、".join(dates[:5]) + ("等" if len(dates) > 5 else "")
    return [
        f"{len(dates)}格是日期格式：{named}；请核对原文，起止月份（如 4-11）会被 Excel 改成日期"
    ]


def _date_text(value: dt.date) -> str:
    """Return a date as a plan writes it: Excel makes a date of 2019年4月."""
    return f"{value.year}年{value.month}月" + (f"{value.day}日" if value.day != 1 else "")


def read_text(text: str, file: str = "粘贴的文字") -> Document:
    """Return text as a document: CSV, lines of cells with tabs, or one cell per line.

    Word copies a table in one of two ways: a line per row with tabs between the cells, or (from
    older versions and some mail programs) a line per cell, each led by a tab, an empty line after
    each row. What stands before and after the table is running text.
    """
    text = texts.clean(text.lstrip("\ufeff"))
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    blocks = _cell_lines(lines) or _row_lines(text) or _unknown_table(lines)
    return Document(file, blocks or _paragraphs(lines))


def _paragraphs(lines: Sequence[str]) -> Blocks:
    return tuple(Paragraph(line.strip()) for line in lines if line.strip())


def _around(before: Sequence[str], table: Grid, after: Sequence[str]) -> Blocks:
    """Return a table with the text above it and what is read below it."""
    below = read_text("\n".join(after)).blocks if after else ()
    return (*_paragraphs(before), table, *below)


def _cell_lines(lines: list[str]) -> Blocks | None:
    """Read a table of one cell per line: a leading tab begins a cell, an empty line ends a row."""
    start = next((n for n in range(len(lines)) if _header_width(lines, n)), None)
    if start is None:
        return None
    width = _header_width(lines, start)
    rows: list[list[str]] = [[]]
    stop = len(lines)
    for number, line in enumerate(lines[start:], start=start):
        if line.startswith("\t"):
            if len(rows[-1]) == width:
                rows.append([])
            rows[-1].append(line.strip())
        elif not line.strip():
            rows.append([])
        elif rows[-1]:  # a cell's next line
            rows[-1][-1] = f"{rows[-1][-1]}\n{line.strip()}".strip()
        else:
            stop = number
            break
    table = grid("表1", [[Cell(text) for text in row] for row in rows if row])
    return _around(lines[:start], table, lines[stop:])


def _header_width(lines: list[str], start: int) -> int:
    """Return how many cells the header that begins at a line has, 0 if none begins there."""
    cells: list[str] = []
    for line in lines[start : start + 20]:
        if not line.startswith("\t") or "\t" in line.strip():
            break
        cells.append(line.strip())
    columns = {
        n: meaning
        for n, text in enumerate(cells)
        if not re.search(r"\d", text) and (meaning := meaning_of(text))
    }
    if not is_header(columns) or 0 not in columns:
        return 0
    # Without an empty line after the header its cells end where headers end.
    last = max(columns) + 1
    return last if last == len(columns) else len(cells)


def _row_lines(text: str) -> Blocks | None:
    """Read a table of one row per line: cells between tabs, or CSV with quoted cells."""
    for delimiter in _DELIMITERS:
        try:
            records = list(csv.reader(io.StringIO(text), delimiter=delimiter))
        except csv.Error:
            continue
        for start, record in enumerate(records):
            if not header_of([[Cell(cell) for cell in record]]):
                continue
            stop = next(
                (n for n in range(start, len(records)) if _ends_table(records[n], delimiter)),
                len(records),
            )
            rows = [[Cell(cell.strip()) for cell in cells or [""]] for cells in records[start:stop]]
            before, after = (
                [delimiter.join(cells) for cells in part]
                for part in (records[:start], records[stop:])
            )
            return _around(before, grid("表1", rows, start + 1), after)
    return None


def _unknown_table(lines: Sequence[str]) -> Blocks | None:
    """Read lines of equally many cells as a table although its header is not known."""
    for delimiter in _DELIMITERS:
        records = [next(csv.reader([line], delimiter=delimiter), []) for line in lines]
        widths = [len(record) for record in records]
        start = next((n for n, width in enumerate(widths) if width >= _LEAST_COLUMNS), None)
        if start is None:
            continue
        stop = start
        while stop < len(widths) and widths[stop] == widths[start]:
            stop += 1
        if stop - start > 1:
            rows = [[Cell(cell.strip()) for cell in record] for record in records[start:stop]]
            return (
                *_paragraphs(lines[:start]),
                grid("表1", rows, start + 1),
                *_paragraphs(lines[stop:]),
            )
    return None


def _ends_table(cells: list[str], delimiter: str) -> bool:
    """Whether a line is running text: among lines of cells with tabs, one without a tab."""
    return delimiter == "\t" and len(cells) == 1 and bool(cells[0].strip())
