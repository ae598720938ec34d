"""The slide deck as .pptx: a file that the office can edit, with the speaker's notes."""

from __future__ import annotations

import io
from typing import Any

from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.opc.oxml import serialize_part_xml
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Emu

from lib.report.material import Material, Progress, unheard
from lib.report.pptx_slide import FONT, UNIT, PptxSlide, set_font
from lib.report.slide_drawing import draw
from lib.report.slide_page import HEIGHT, WIDTH
from lib.report.slides import Slide

NOTES_SIZE = 28


def pptx(material: Material, slides: list[Slide], progress: Progress = unheard) -> bytes:
    """Return the slides as a .pptx file; ``progress`` hears the share done and what was drawn."""
    file = Presentation()
    file.slide_width, file.slide_height = Emu(WIDTH * UNIT), Emu(HEIGHT * UNIT)
    file.core_properties.title = f"{material.title}进展情况"
    file.core_properties.author = "、".join(material.figures.dataset.settings.parties)
    file.core_properties.language = "zh-CN"
    _set_theme_fonts(file)
    title_only = file.slide_layouts[5]
    for slide in slides:
        page = file.slides.add_slide(title_only)
        draw(PptxSlide(page), material, slide, len(slides))
        notes = page.notes_slide.notes_text_frame
        notes.text = slide.notes
        for paragraph in notes.paragraphs:
            for run in paragraph.runs:
                set_font(run.font, NOTES_SIZE)
        progress(slide.number / len(slides), slide.part)
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def _set_theme_fonts(file: Any) -> None:
    """Give the theme our font, so that a text box added by hand looks like the others."""
    part = file.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme = parse_xml(part.blob)
    for fonts in theme.iter(qn("a:majorFont"), qn("a:minorFont")):
        for tag in ("a:latin", "a:ea"):
            fonts.find(qn(tag)).set("typeface", FONT)
        for font in fonts.findall(qn("a:font")):
            if font.get("script") == "Hans":
                font.set("typeface", FONT)
    part._blob = serialize_part_xml(theme)
