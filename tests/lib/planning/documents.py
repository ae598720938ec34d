"""Plans as files, document by python-docx and openpyxl: merged cells, tracked changes, several tables."""

from __future__ import annotations

import io
from collections.abc import Sequence
from copy import deepcopy

import docx
import openpyxl
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from lib.planning import read_document, understand

HEADER = ["序号", "类型", "工作任务", "责任单位", "完成时限"]
UP = object()
"""A cell that is merged with the one above."""


def word(*blocks: str | Sequence[Sequence[object]]) -> docx.document.Document:
    """A document of paragraphs (texts) and tables (rows of cells)."""
    document = docx.Document()
    for block in blocks:
        if isinstance(block, str):
            document.add_paragraph(block)
            continue
        table = document.add_table(rows=len(block), cols=len(block[0]))
        for number, row in enumerate(block):
            for column, text in enumerate(row):
                cell = table.cell(number, column)
                if text is UP:
                    first = number
                    while block[first][column] is UP:
                        first -= 1
                    table.cell(first, column).merge(cell)
                    continue
                cell.text = str(text)
        for column in range(len(block[0])):  # a merge leaves an empty paragraph for each cell
            for number, row in enumerate(block):
                if row[column] is not UP:
                    _only_first_paragraphs(table.cell(number, column), str(row[column]))
    return document


def _only_first_paragraphs(cell, text: str) -> None:
    for paragraph in cell.paragraphs[1:]:
        paragraph._p.getparent().remove(paragraph._p)
    cell.paragraphs[0].text = text


def saved(document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def tracked(paragraph, *, inserted: str = "", deleted: str = "") -> None:
    """Append a tracked insertion and a tracked deletion to a paragraph."""
    for tag, text_tag, text in (("w:ins", "w:t", inserted), ("w:del", "w:delText", deleted)):
        if not text:
            continue
        change = OxmlElement(tag)
        change.set(qn("w:author"), "某人")
        change.set(qn("w:date"), "2019-01-01T00:00:00Z")
        run = OxmlElement("w:r")
        words = OxmlElement(text_tag)
        words.text = text
        run.append(words)
        change.append(run)
        paragraph._p.append(change)


def delete_row(row) -> None:
    """Mark a table row as a tracked deletion."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:del"))


def repeat_header(table) -> None:
    """Put the header row once more in the middle, as converters do at a page's end."""
    rows = table._tbl.tr_lst
    rows[len(rows) // 2].addprevious(deepcopy(rows[0]))


def workbook(rows: Sequence[Sequence[object]], merges: Sequence[str] = ()) -> bytes:
    document = openpyxl.Workbook()
    for row in rows:
        document.active.append(list(row))
    for cells in merges:
        document.active.merge_cells(cells)
    return saved(document)


ROWS = [
    HEADER,
    ["一", "产业合作", "1．引导10家企业到青川县考察。", "区发改局", "6月底前"],
    [UP, UP, "2．共建产业园1个。", "区商务局、\n区工商联", "全年"],
    ["二", "人才交流", "选派20名教师。", "区教育局", "3～6月"],
]


def rows_of(content, file="计划.docx", year=2019):
    return understand(read_document(content, file), year).rows


def facts(rows):
    return [
        (row.task_id, row.category, row.content, row.units_text, row.window_text) for row in rows
    ]


EXPECTED = [
    ("一-1", "产业合作", "1．引导10家企业到青川县考察。", "区发改局", "6月底前"),
    ("一-2", "产业合作", "2．共建产业园1个。", "区商务局、区工商联", "全年"),
    ("二-1", "人才交流", "选派20名教师。", "区教育局", "3～6月"),
]
