"""The form of an official document (GB/T 9704): page, fonts, spacing, tables."""

from __future__ import annotations

import io

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from lib.report.briefing import briefing
from lib.report.docx_layout import HEAD_FONT, TEXT_FONT, TITLE_FONT


@pytest.fixture(scope="module")
def paper(material):
    return Document(io.BytesIO(briefing(material)))


def fonts(paper, start):
    """East Asian font and size of the paragraph that begins so."""
    paragraph = next(line for line in paper.paragraphs if line.text.startswith(start))
    run = paragraph.runs[0]
    return run._r.rPr.find(qn("w:rFonts")).get(qn("w:eastAsia")), run.font.size


def test_page_and_type_follow_the_standard(paper):
    section = paper.sections[0]
    size = [section.page_width, section.page_height]
    assert [round(length / Mm(1)) for length in size] == [210, 297]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(length / Mm(1)) for length in margins] == [37, 35, 28, 26]
    title = paper.paragraphs[0].text
    assert fonts(paper, title) == (TITLE_FONT, Pt(22))
    assert fonts(paper, "一、") == (HEAD_FONT, Pt(16))
    assert fonts(paper, "截至2018年9月末") == (TEXT_FONT, Pt(16))
    text = next(line for line in paper.paragraphs if line.text.startswith("截至2018年9月末"))
    assert text.paragraph_format.line_spacing == Pt(28)
    assert text._p.pPr.find(qn("w:ind")).get(qn("w:firstLineChars")) == "200"
    assert "PAGE" in section.footer._element.xml


def test_the_header_row_repeats_and_rows_stay_whole(paper):
    for table in paper.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)


def test_tables_keep_within_the_page(paper):
    for table in paper.tables:
        assert sum(column.width for column in table.columns) <= Mm(156.5)
