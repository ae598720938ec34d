"""The slide deck as .pptx: a file that the office can edit, with the speaker's notes."""

from __future__ import annotations

import io

from pptx import Presentation
from pptx.util import Emu

from lib.report import measure
from lib.report.colours import MUTED, WARNING
from lib.report.material import DEMO_MARK, Material, Progress, unheard
from lib.report.pptx_slide import UNIT, PptxSlide, set_font
from lib.report.slide_canvas import Type
from lib.report.slide_drawing import draw
from lib.report.slide_page import HEIGHT, LEFT, TEXT, WIDTH
from lib.report.slides import Slide


def pptx(material: Material, slides: list[Slide], progress: Progress = unheard) -> bytes:
    """Return the slides as a .pptx file; ``progress`` hears the share done and what was drawn."""
    file = Presentation()
    file.slide_width, file.slide_height = Emu(WIDTH * UNIT), Emu(HEIGHT * UNIT)
    file.core_properties.title = f"{material.title}进展情况"
    file.core_properties.author = "、".join(material.figures.dataset.settings.parties)
    blank = file.slide_layouts[6]
    for number, slide in enumerate(slides, start=1):
        page = file.slides.add_slide(blank)
        canvas = PptxSlide(page)
        draw(canvas, slide)
        _foot(canvas, material, f"{number}／{len(slides)}")
        notes = page.notes_slide.notes_text_frame
        notes.text = slide.notes
        for paragraph in notes.paragraphs:
            for run in paragraph.runs:
                set_font(run.font, TEXT)
        progress(number / len(slides), slide.part)
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def _foot(canvas: PptxSlide, material: Material, number: str) -> None:
    """Write source and number in the last line, and what marks synthetic data at the top."""
    source = measure.fit(material.source, TEXT, 1480)
    canvas.text((LEFT, 1010, 1500, 40), source, Type(colour=MUTED), "来源")
    canvas.text((1690, 1010, 150, 40), number, Type(colour=MUTED, align="right"))
    if material.demo:
        kind = Type(colour=WARNING, bold=True, align="right")
        canvas.text((1640, 6, 200, 40), DEMO_MARK, kind, DEMO_MARK)
