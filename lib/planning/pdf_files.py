"""PDF files with a text layer as documents: tables by their lines, paragraphs put together again.

A PDF knows neither paragraphs nor merged cells. A line ends a paragraph where it stops short of
the right margin or the next one is indented; a cell without a frame of its own belongs to the
cell that spans its place.
"""

from __future__ import annotations

import io
import re
import statistics
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pdfplumber
from pdfplumber.utils.exceptions import PdfminerException

from lib.core.problems import FileError
from lib.planning.document import Cell, Document, Grid, Merge, Paragraph, grid

MAX_PAGES = 150
SCANNED = "向发文单位要 Word 原件，或用文字识别软件转成 .docx 并校对后再上传"
_PAGE_NUMBER = re.compile(
    r"[\s—–\-－·]*(?:第\s*)?\d{1,4}\s*页?(?:\s*[/，,共]+\s*\d{1,4}\s*页?)?[\s—–\-－·]*"
)
_NUMBERED = re.compile(
    r"\s*(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,3}(?:[、．]|\.(?!\d))|第.{1,3}[条章])"
)
_ENDS = "。；;）)】〕！："
_ROW_NUMBER = re.compile(r"\d{1,4}")
_SIZE, _PADDING = 12, 1
"""Points of a character where a page has none; characters that the frame of a cell leaves empty."""
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
                own = list(_page(page, sum(isinstance(block, Grid) for block in blocks)))
                if own and isinstance(own[-1], Paragraph) and _PAGE_NUMBER.fullmatch(own[-1].text):
                    own.pop()
                if own and blocks and (joined := _joined(blocks[-1], own[0])):
                    blocks[-1:], own = joined[:1], [*joined[1:], *own[1:]]
                blocks += own
                page.close()
    except PdfminerException as error:
        raise FileError(file, "PDF 加了密码或已损坏，无法读取", SCANNED) from error
    if not blocks:
        raise FileError(file, "这是扫描的 PDF，里面是图片，没有文字", SCANNED)
    return Document(file, tuple(blocks), (_NOTE,))


def _joined(above: Paragraph | Grid, block: Paragraph | Grid) -> list[Grid]:
    """Return two tables of which the second begins with the rest of the first one's last row, put
    right; nothing for other blocks.

    A row that goes on on the next page has no number there.
    """
    if not isinstance(above, Grid) or not isinstance(block, Grid):
        return []
    last, rest = above.rows[-1], block.rows[0]
    numbered = bool(_ROW_NUMBER.fullmatch(last[0].text)) and not rest[0].text
    if not numbered or len(last) != len(rest) or any(cell.merge is Merge.LEFT for cell in rest):
        return []
    whole = [Cell(a.text + b.text, a.merge) for a, b in zip(last, rest, strict=True)]
    tables = [replace(above, rows=(*above.rows[:-1], tuple(whole)))]
    if len(block.rows) > 1:
        tables.append(replace(block, rows=block.rows[1:], numbers=block.numbers[1:]))
    return tables


def _page(page: Any, tables: int) -> Iterator[Paragraph | Grid]:
    """Yield the tables of a page and the paragraphs between them, from top to bottom."""
    found = sorted(page.find_tables(), key=lambda table: table.bbox[1])
    top = page.bbox[1]
    for table in found:
        _, above, _, below = table.bbox
        if above > top:
            yield from _paragraphs(page.within_bbox((page.bbox[0], top, page.bbox[2], above)))
        rows = [row for row in _rows(table) if any(cell.text for cell in row)]
        if rows:
            tables += 1
            yield grid(f"表{tables}", rows)
        top = max(top, below)
    if top < page.bbox[3]:
        yield from _paragraphs(page.crop((page.bbox[0], top, page.bbox[2], page.bbox[3])))


def _rows(table: Any) -> Iterator[list[Cell]]:
    starts = sorted({cell[0] for cell in table.cells})
    sizes = [character["size"] for character in table.page.chars]
    size = statistics.median(sizes) if sizes else _SIZE
    for row, texts in zip(table.rows, table.extract(), strict=True):
        cells: list[Cell] = []
        reach = 0.0
        for start, box, text in zip(starts, row.cells, texts, strict=False):
            if box is None:
                cells.append(Cell("", Merge.LEFT if reach > start + 1 else Merge.UP))
                continue
            reach = box[2]
            cells.append(Cell(_unwrapped(text or "", (box[2] - box[0]) / size)))
        yield cells


def _unwrapped(text: str, width: float) -> str:
    """Return a cell's text without the line breaks at which a full line only goes on.

    ``width`` is the cell's, in characters.
    """
    result = ""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    for line, following in zip(lines, [*lines[1:], ""], strict=False):
        full = _length(line) + _length(following[:1]) > width - _PADDING
        result += line if full or not following else f"{line}\n"
    return result


def _length(text: str) -> float:
    """Return how many characters wide a text is: Latin ones take half of a Chinese one."""
    return sum(1 if unicodedata.east_asian_width(each) in "WFA" else 0.5 for each in text)


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
        numbered = (
            following is not None and text[-1:] in _ENDS and _NUMBERED.match(following["text"])
        )
        if following is None or not full or indented or numbered:
            yield Paragraph(text)
            text = ""
