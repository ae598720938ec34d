"""The papers by format: one call for pages and command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lib.core.problems import raise_if
from lib.report.briefing import briefing
from lib.report.briefing_template import Template
from lib.report.deck import deck
from lib.report.deck_arrangement import Arrangement
from lib.report.faults import unprintable
from lib.report.html_month import html_month
from lib.report.material import Material, Progress, unheard
from lib.report.pdf import pdf, required_office
from lib.report.pptx_deck import pptx
from lib.report.slides import Part
from lib.report.workbook import workbook


@dataclass(frozen=True)
class Format:
    """A kind of paper: its name for people, file ending and media type."""

    name: str
    ending: str
    media_type: str


_OFFICE = "application/vnd.openxmlformats-officedocument"
PDF_TYPE = "application/pdf"
PAGES_NAME = "各页"
FORMATS = {
    "pptx": Format("汇报PPT", "pptx", f"{_OFFICE}.presentationml.presentation"),
    "docx": Format("工作进展通报", "docx", f"{_OFFICE}.wordprocessingml.document"),
    "xlsx": Format("台账", "xlsx", f"{_OFFICE}.spreadsheetml.sheet"),
    "html": Format("离线网页", "html", "text/html"),
}
PAGES = {
    "总览": (Part.HEADLINE, Part.LATE, Part.REQUESTS, Part.NEXT, Part.CHANGES),
    "分类": (Part.CATEGORIES,),
    "单位": (Part.UNITS,),
    "月度": (Part.CURVE,),
    "甘特图": (Part.GANTT,),
    "任务和指标": (Part.INDICATORS,),
}
"""The dashboard's pages, and what shows the same on paper."""
AS_PDF = ("pptx", "docx", "xlsx")
"""The formats that LibreOffice makes a PDF of; the web page is printed by the browser."""


def export(
    material: Material,
    form: str,
    arrangement: Arrangement | None = None,
    progress: Progress = unheard,
    template: Template | None = None,
) -> bytes:
    """Return the file of a format of `FORMATS`.

    ``arrangement`` is for slides, ``template`` for the briefing: the office's own in place of ours.
    Raises `lib.core.problems.DataError` naming the text or file for which it cannot be written.
    """
    if form == "xlsx":
        return workbook(material, progress)
    raise_if(unprintable(material))
    if form == "pptx":
        return pptx(material, deck(material, arrangement), progress)
    if form == "html":
        return html_month(material, arrangement, progress)
    return briefing(material, progress, template)


def export_pdf(
    material: Material,
    form: str,
    arrangement: Arrangement | None = None,
    progress: Progress = unheard,
    template: Template | None = None,
) -> bytes:
    """Return a paper of `AS_PDF` as PDF; raises `lib.report.pdf.PdfError` besides `export`'s."""
    required_office()  # said before the work, not after it
    content = export(
        material, form, arrangement, lambda share, part: progress(share * 0.4, part), template
    )
    progress(0.5, "PDF")
    converted = pdf(content, form, FORMATS[form].name)
    progress(1.0, "PDF")
    return converted


def pages_pdf(
    material: Material, pages: Sequence[str] = tuple(PAGES), progress: Progress = unheard
) -> bytes:
    """Return pages of the dashboard (`PAGES`) as one PDF of native shapes and text.

    Raises `lib.report.pdf.PdfError` and `lib.core.problems.DataError` as `export_pdf` does.
    """
    required_office()
    raise_if(unprintable(material))
    parts = [part for page in pages for part in PAGES[page]]
    slides = deck(material, Arrangement().only(*parts), marked=False)
    drawn = pptx(material, slides, lambda share, part: progress(share * 0.4, part))
    progress(0.5, "PDF")
    content = pdf(drawn, "pptx", PAGES_NAME)
    progress(1.0, "PDF")
    return content


def file_name(material: Material, form: str, ending: str = "") -> str:
    """Return the name of a downloaded file: 汇报PPT_2018-09.pptx."""
    kind = FORMATS[form]
    return f"{kind.name}_{material.file_stem}.{ending or kind.ending}"
