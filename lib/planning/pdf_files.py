"""PDF files with a text layer as documents: tables by their lines, paragraphs put together again.

A PDF knows neither paragraphs nor merged cells. A line ends a paragraph where it stops short of
the right margin or the next one is indented; a cell without a frame of its own belongs to the
cell that spans its place.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pdfplumber
from pdfplumber.utils.exceptions import PdfminerException

from lib.core.problems import FileError
from lib.planning.document import Cell, Document, Grid, Merge, Paragraph, grid

MAX_PAGES = 150
SCANNED = "向发文单位要 Word 原件，或用文字识别软件转成 .docx 并校对后再上传"
_NOTE = "文件是 PDF，段落和合并的格是按版面推断的，请与原文核对"


def read(content: bytes, file: str) -> Document:
    """Return a PDF as a document; raise `FileError` for a scan, a password or too many pages."""
    try:
        with pdfplumber.open(io.BytesIO(content)) as pdf:
            if len(pdf.pages) > MAX_PAGES:
                seen = f"PDF 有{len(pdf.pages)}页，太长"
                raise FileError(file, seen, f"不超过{MAX_PAGES}页的计划文件")
            blocks: list[Paragraph | Grid] = []
            for page in pdf.pages:
                blocks += _page(page, sum(isinstance(block, Grid) for block in blocks))
                page.close()
    except PdfminerException as error:
        raise FileError(file, "PDF 加了密码或已损坏，无法读取", SCANNED) from error
    if not blocks:
        raise FileError(file, "这是扫描的 PDF，里面是图片，没有文字", SCANNED)
    return Document(file, tuple(blocks), (_NOTE,))


def _page(page: Any, tables: int) -> Iterator[Paragraph | Grid]:
    """Yield the tables of a page and the paragraphs between them, from top to bottom."""
    found = sorted(page.find_tables(), key=lambda table: table.bbox[1])
    top = page.bbox[1]
    for table in found:
        _, above, _, below = table.bbox
        if above > top:
            yield from _paragraphs(page.crop((page.bbox[0], top, page.bbox[2], above)))
        rows = [row for row in _rows(table) if any(cell.text for cell in row)]
        if rows:
            tables += 1
            yield grid(f"表{tables}", rows)
        top = max(top, below)
    if top < page.bbox[3]:
        yield from _paragraphs(page.crop((page.bbox[0], top, page.bbox[2], page.bbox[3])))


def _rows(table: Any) -> Iterator[list[Cell]]:
    starts = sorted({cell[0] for cell in table.cells})
    for row, texts in zip(table.rows, table.extract(), strict=True):
        cells: list[Cell] = []
        reach = 0.0
        for start, box, text in zip(starts, row.cells, texts, strict=False):
            if box is None:
                cells.append(Cell("", Merge.LEFT if reach > start + 1 else Merge.UP))
                continue
            reach = box[2]
            cells.append(Cell((text or "").strip()))
        yield cells


def _paragraphs(part: Any) -> Iterator[Paragraph]:
    lines = part.extract_text_lines(return_chars=False)
    if not lines:
        return
    left, right = min(line["x0"] for line in lines), max(line["x1"] for line in lines)
    text = ""
    for line, following in zip(lines, [*lines[1:], None], strict=True):
        text += line["text"].strip()
        size = line["bottom"] - line["top"]
        full = line["x1"] > right - 2 * size
        indented = following is not None and following["x0"] > left + size
        if following is None or not full or indented:
            yield Paragraph(text)
            text = ""
