"""A paper that cannot be made says which text or program is the cause; the others are made."""

from __future__ import annotations

import io
import subprocess
from dataclasses import replace
from datetime import date

import pytest
from pptx import Presentation

from lib.core.problems import DataError
from lib.report import Material, pdf
from lib.report import export as export_module
from lib.report.deck import deck
from lib.report.export import FORMATS, export, export_pdf, pages_pdf
from lib.report.svg_deck import svg
from tests.small_plans import as_of, plan, report, task


def test_a_text_that_no_document_can_hold_is_named_with_its_place():
    """Such a text does not pass any door any more; one that does all the same is named."""
    data = plan([task("1", "1月")], reports=[report("1", 1, percent=5)])
    dirty = replace(data, progress=data.progress.assign(issues="断电\x0b两天"))
    material = Material(as_of(dirty, 2), made=date(2018, 3, 1))
    for form in ("docx", "pptx", "html"):
        with pytest.raises(DataError) as caught:
            export(material, form)
        assert "任务 1、区人社局、2018年1月的「存在问题」里有看不见的控制字符" in str(caught.value)
    assert export(material, "xlsx").startswith(b"PK")
    assert all("\x0b" not in svg(material, slide, 1) for slide in deck(material))


def test_without_an_office_program_it_says_what_to_do(official, monkeypatch):
    monkeypatch.setattr(pdf, "office", lambda: None)
    with pytest.raises(pdf.PdfError, match="另存为PDF"):
        export_pdf(official, "docx")


def test_a_conversion_that_fails_or_hangs_is_said(monkeypatch):
    monkeypatch.setattr(pdf, "office", lambda: "false")
    with pytest.raises(pdf.PdfError, match="通报没能转为PDF"):
        pdf.pdf(b"x", "docx", "通报")

    def hang(*_, **options):
        raise subprocess.TimeoutExpired("soffice", options["timeout"])

    monkeypatch.setattr(pdf.subprocess, "run", hang)
    with pytest.raises(pdf.PdfError, match="超过180秒"):
        pdf.pdf(b"x", "docx", "通报")


@pytest.mark.slow
@pytest.mark.skipif(pdf.office() is None, reason="LibreOffice is not installed")
def test_a_paper_becomes_a_pdf(official):
    heard = []
    made = export_pdf(official, "docx", progress=lambda share, part: heard.append(share))
    assert made.startswith(b"%PDF")
    assert heard == sorted(heard)
    assert heard[-1] == 1.0


def test_the_dashboards_pages_become_one_pdf(official, monkeypatch):
    converted = []
    monkeypatch.setattr(pdf, "office", lambda: "soffice")
    monkeypatch.setattr(
        export_module, "pdf", lambda content, *_: converted.append(content) or b"%PDF"
    )
    heard = []
    made = pages_pdf(official, ["分类", "甘特图"], lambda share, part: heard.append(share))
    assert (made, heard[-1]) == (b"%PDF", 1.0)
    titles = [
        page.shapes.title.text_frame.text for page in Presentation(io.BytesIO(converted[0])).slides
    ]
    assert titles[0] == official.answers.worst_title("类型", official.answers.categories)
    assert titles[1:] == ["22项任务的计划与进展（1／2）", "22项任务的计划与进展（2／2）"]


# Those of the shipped month and of a hundred and twenty tasks are made for the tests of each paper.
@pytest.mark.parametrize("any_material", ["silent month", "no report", "no task"], indirect=True)
def test_every_format_is_made_of_any_month(any_material):
    for form in FORMATS:
        assert export(any_material, form)
