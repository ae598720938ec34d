"""The papers by format: one call for pages and command line."""

from __future__ import annotations

from dataclasses import dataclass

from lib.report.briefing import briefing
from lib.report.briefing_template import Template
from lib.report.deck import deck
from lib.report.deck_arrangement import Arrangement
from lib.report.material import Material, Progress, unheard
from lib.report.pptx_deck import pptx
from lib.report.workbook import workbook


@dataclass(frozen=True)
class Format:
    """A kind of paper: its name for people, file ending and media type."""

    name: str
    ending: str
    media_type: str


_OFFICE = "application/vnd.openxmlformats-officedocument"
FORMATS = {
    "pptx": Format("汇报PPT", "pptx", f"{_OFFICE}.presentationml.presentation"),
    "docx": Format("工作进展通报", "docx", f"{_OFFICE}.wordprocessingml.document"),
    "xlsx": Format("台账", "xlsx", f"{_OFFICE}.spreadsheetml.sheet"),
}


def export(
    material: Material,
    form: str,
    arrangement: Arrangement | None = None,
    progress: Progress = unheard,
    template: Template | None = None,
) -> bytes:
    """Return the file of a format of `FORMATS`.

    ``arrangement`` is for the slides, ``template`` for the briefing: the office's own in place of ours.
    """
    if form == "pptx":
        return pptx(material, deck(material, arrangement), progress)
    if form == "docx":
        return briefing(material, progress, template)
    return workbook(material, progress)


def file_name(material: Material, form: str) -> str:
    """Return the name of a downloaded file: 汇报PPT_2018-09.pptx."""
    kind = FORMATS[form]
    return f"{kind.name}_{material.file_stem}.{kind.ending}"
