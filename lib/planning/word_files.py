"""Word files as documents: merged cells, tracked changes as if accepted, text boxes.

python-docx opens the package; the text is taken from the XML itself, because its paragraphs leave
out what stands inside a tracked insertion.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import docx

from lib.planning.document import Cell, Document, Grid, Merge, Paragraph, grid

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_GONE = {f"{_W}del", f"{_W}moveFrom", f"{_MC}Fallback", f"{_W}txbxContent", f"{_W}pPr"}
_WRAPPERS = {f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}moveTo"}
MAX_SPAN = 60
"""Columns of the table that one cell may span: a file may claim any number."""
_BREAKS = {f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}tab": "\t", f"{_W}noBreakHyphen": "-"}


def read(content: bytes, file: str) -> Document:
    """Return a .docx as a document; tracked changes are read as accepted and counted in its notes."""
    body = docx.Document(io.BytesIO(content)).element.body
    blocks: list[Paragraph | Grid] = []
    pending = ""
    for element in _children(body, "p", "tbl"):
        if element.tag == f"{_W}tbl":
            rows = [_row(row) for row in _children(element, "tr") if not _is_deleted(row, "trPr")]
            number = sum(isinstance(block, Grid) for block in blocks) + 1
            blocks.append(grid(f"表{number}", [row for row in rows if row]))
            continue
        text = pending + _text(element)
        pending = ""
        if _is_deleted(element, "pPr", "rPr"):  # the two paragraphs have become one
            pending = text
            continue
        blocks += [Paragraph(line.strip()) for line in text.split("\n") if line.strip()]
    if pending.strip():
        blocks.append(Paragraph(pending.strip()))
    for box in body.iter(f"{_W}txbxContent"):
        if not any(parent.tag == f"{_MC}Fallback" for parent in box.iterancestors()):
            texts = [_text(paragraph).strip() for paragraph in box.iter(f"{_W}p")]
            blocks += [Paragraph(text) for text in texts if text]
    return Document(file, tuple(blocks), tuple(_notes(body)))


def _notes(body: Any) -> Iterator[str]:
    inserted = sum(1 for _ in body.iter(f"{_W}ins", f"{_W}moveTo"))
    deleted = sum(1 for _ in body.iter(f"{_W}del", f"{_W}moveFrom"))
    if inserted or deleted:
        yield (
            f"文件带有修订痕迹（插入{inserted}处，删除{deleted}处），按接受全部修订后的文字读取；"
            "请核对是否为定稿"
        )


def _children(parent: Any, *names: str) -> Iterator[Any]:
    """Return the children of these names in order, also those inside content controls."""
    tags = {f"{_W}{name}" for name in names}
    for element in parent:
        if element.tag in tags:
            yield element
        elif element.tag in _WRAPPERS:
            yield from _children(element, *names)


def _is_deleted(element: Any, *properties: str) -> bool:
    """Whether a row, or the mark at a paragraph's end, is a tracked deletion."""
    return element.find("/".join(f"{_W}{name}" for name in (*properties, "del"))) is not None


def _row(row: Any) -> list[Cell]:
    cells = [Cell("")] * _number(row.find(f"{_W}trPr/{_W}gridBefore"), 0)
    for cell in _children(row, "tc"):
        span = _number(cell.find(f"{_W}tcPr/{_W}gridSpan"), 1)
        merge = cell.find(f"{_W}tcPr/{_W}vMerge")
        if merge is not None and merge.get(f"{_W}val", "continue") == "continue":
            cells += [Cell("", Merge.UP)] * span
            continue
        lines = [_text(paragraph) for paragraph in cell.iter(f"{_W}p")]
        text = "\n".join(line.strip() for line in lines if line.strip())
        cells += [Cell(text), *[Cell("", Merge.LEFT)] * (span - 1)]
    return cells


def _number(element: Any, default: int) -> int:
    value = None if element is None else element.get(f"{_W}val")
    return min(int(value), MAX_SPAN) if value and value.isdigit() else default


def _text(element: Any) -> str:
    """Return the text of a paragraph without what is deleted, moved away or in a text box."""
    parts = []
    for child in element:
        if child.tag == f"{_W}t":
            parts.append(child.text or "")
        elif child.tag not in _GONE:
            parts.append(_BREAKS.get(child.tag) or _text(child))
    return "".join(parts)
