"""A Word document in the form of a 公文: page, fonts, headings, page numbers, tables.

Source: GB/T 9704—2012. 版心 156 × 225 mm (margins 37, 35, 28, 26 mm), title 2号 小标宋体, text
3号 仿宋体 with a line step of 28 pt, first level 黑体, page numbers 4号 宋体
between dashes. The fonts are those of an office in China; another machine shows its nearest.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt, RGBColor

from lib.core.status import Look
from lib.report.colours import PALE, status_look

TITLE_FONT, TEXT_FONT, HEAD_FONT, NUMBER_FONT = (
    "方正小标宋简体",
    "仿宋_GB2312",
    "黑体",
    "宋体",
)
LATIN = "Times New Roman"
SIZE_2, SIZE_3, SIZE_4, SIZE_5 = Pt(22), Pt(16), Pt(14), Pt(10.5)
"""Chinese type sizes: 2号, 3号, 4号, 5号."""
LINE_STEP = Pt(28)
TEXT_WIDTH, TEXT_HEIGHT = 156, 225
"""The 版心 in millimetres."""
FOOT_ROW = 9
"""Height of a line of the 版记 in millimetres."""

_ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "centre": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "both": WD_ALIGN_PARAGRAPH.JUSTIFY,
}


class Paper:
    """An official document being written."""

    def __init__(self, title: str, author: str, *, page_numbers: bool = True) -> None:
        self.document = Document()
        properties = self.document.core_properties
        properties.title, properties.author, properties.language = title, author, "zh-CN"
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        section.footer_distance = Mm(24)
        style = self.document.styles["Normal"]
        style.font.size = SIZE_3
        _fonts(style.element.get_or_add_rPr(), TEXT_FONT)
        defaults = self.document.styles.element.find(qn("w:docDefaults"))
        for language in defaults.iter(qn("w:lang")):
            language.set(qn("w:eastAsia"), "zh-CN")
        if page_numbers:
            self._number_pages()

    def paragraph(
        self,
        text: str,
        *,
        font: str = TEXT_FONT,
        size: Pt = SIZE_3,
        align: str = "both",
        indent: bool = True,
        colour: str = "",
        bold: bool = False,
        level: int | None = None,
        lead: str = "",
        step: Length | None = None,
        keep: bool = False,
        new_page: bool = False,
    ) -> Any:
        """Add and return a paragraph; ``lead`` stands bold before the text.

        ``level`` is for the outline, ``keep`` keeps it with the next, ``new_page`` begins one.
        """
        paragraph = self.document.add_paragraph()
        paragraph.alignment = _ALIGN[align]
        form = paragraph.paragraph_format
        form.space_before = form.space_after = Pt(0)
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, step or LINE_STEP
        form.keep_with_next, form.page_break_before = keep, new_page
        properties = paragraph._p.get_or_add_pPr()
        if indent:
            form.first_line_indent = size * 2
            properties.find(qn("w:ind")).set(qn("w:firstLineChars"), "200")
        if level is not None:
            properties.append(_element("outlineLvl", val=str(level)))
        if lead:
            self.run(paragraph, lead, font=font, size=size, bold=True)
        self.run(paragraph, text, font=font, size=size, colour=colour, bold=bold)
        return paragraph

    def run(
        self,
        paragraph: Any,
        text: str,
        *,
        font: str = TEXT_FONT,
        size: Pt = SIZE_3,
        colour: str = "",
        bold: bool = False,
    ) -> Any:
        """Add text to a paragraph with its East Asian font."""
        run = paragraph.add_run(text)
        run.font.size, run.bold = size, bold or None
        _fonts(run._r.get_or_add_rPr(), font)
        if colour:
            run.font.color.rgb = RGBColor.from_string(colour.lstrip("#"))
        return run

    def title(self, text: str) -> None:
        """Add the document's title: centred, 2号 小标宋体."""
        self.paragraph(
            text, font=TITLE_FONT, size=SIZE_2, align="centre", indent=False, level=0, step=Pt(35)
        )

    def heading(self, text: str) -> None:
        """Add a first-level heading: 一、……, 黑体."""
        self.paragraph(text, font=HEAD_FONT, level=1, keep=True)

    def blank(self) -> None:
        """Add an empty line."""
        self.paragraph("", indent=False)

    def table(
        self,
        headers: Sequence[str],
        rows: Sequence[Sequence[str]],
        widths: Sequence[float],
        *,
        lights: bool = False,
        centred: Sequence[int] = (),
    ) -> None:
        """Add a table with a header row that repeats on each page; ``widths`` in millimetres.

        ``lights`` colours a cell that begins with a status. Rows do not break across pages.
        """
        table = self.document.add_table(rows=len(rows) + 1, cols=len(headers), style="Table Grid")
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        margins = _element("tblCellMar")
        margins.extend(_element(side, w="57", type="dxa") for side in ("left", "right"))
        table._tbl.tblPr.find(qn("w:tblLook")).addprevious(margins)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
        for number, (row, texts) in enumerate(zip(table.rows, [headers, *rows], strict=True)):
            properties = row._tr.get_or_add_trPr()
            properties.append(_element("cantSplit"))
            if number == 0:
                properties.append(_element("tblHeader"))
            for place, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
                cell.width = Mm(widths[place])
                look = status_look(text) if lights else None
                middle = number == 0 or place in centred
                self.fill_cell(cell, text, header=number == 0, middle=middle, look=look)

    def loop_table(
        self,
        headers: Sequence[str],
        loop: str,
        texts: Sequence[str],
        widths: Sequence[float],
        *,
        fill: str,
    ) -> None:
        """Add a table of a template: ``texts`` are the row that docxtpl repeats for ``loop``.

        ``fill`` names the field with the colour of the cell that shows the state.
        """
        blank = [""] * (len(headers) - 1)
        rows = [[f"{{%tr for {loop} %}}", *blank], texts, ["{%tr endfor %}", *blank]]
        shaded = next((n for n, header in enumerate(headers) if header == "状态"), 1)
        rows[1] = [
            f"{{% cellbg {fill} %}}{text}" if place == shaded else text
            for place, text in enumerate(texts)
        ]
        self.table(headers, rows, widths, centred=(0,))
        cell = self.document.tables[-1].rows[2].cells[shaded]
        cell._tc.get_or_add_tcPr().append(_element("shd", val="clear", color="auto", fill="FFFFFF"))

    def last_even_page(self) -> None:
        """Begin the page that 版记 has for itself: the next even one, as GB/T 9704 asks, unnumbered.

        A section is what Word, WPS and LibreOffice all move to an even page.
        """
        section = self.document.add_section(WD_SECTION.EVEN_PAGE)
        for footer in (section.footer, section.even_page_footer):
            footer.is_linked_to_previous = False

    def foot_table(self, rows: Sequence[str]) -> None:
        """Add a table of one column (版记), lines between its rows.

        The first and last lines are thick, as GB/T 9704 asks.
        """
        table = self.document.add_table(rows=len(rows), cols=1)
        table.autofit = False
        properties = table._tbl.tblPr
        borders = _element("tblBorders")
        for side, thick in (("top", "8"), ("bottom", "8"), ("insideH", "6")):
            borders.append(_element(side, val="single", sz=thick, space="0", color="000000"))
        properties.find(qn("w:tblLayout")).addprevious(borders)
        for row, text in zip(table.rows, rows, strict=True):
            row.height, row.height_rule = Mm(FOOT_ROW), WD_ROW_HEIGHT_RULE.EXACTLY
            row.cells[0].width = Mm(TEXT_WIDTH)
            row.cells[0].vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
            paragraph = row.cells[0].paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(0)
            paragraph.paragraph_format.tab_stops.add_tab_stop(
                Mm(TEXT_WIDTH - 4), WD_TAB_ALIGNMENT.RIGHT
            )
            self.run(paragraph, text, size=SIZE_4)

    def fill_cell(
        self,
        cell: Any,
        text: str,
        size: Pt = SIZE_5,
        *,
        header: bool = False,
        middle: bool = False,
        look: Look | None = None,
        top: bool = False,
    ) -> None:
        """Write a table cell; ``look`` gives fill and ink, ``top`` puts text at its upper edge."""
        paragraph = cell.paragraphs[0]
        paragraph.alignment = _ALIGN["centre" if middle else "left"]
        form = paragraph.paragraph_format
        form.space_before = form.space_after = Pt(1)
        form.line_spacing = 1.0
        font, ink = HEAD_FONT if header else TEXT_FONT, look.ink if look else ""
        self.run(paragraph, text, font=font, size=size, colour=ink, bold=bool(look))
        properties = cell._tc.get_or_add_tcPr()
        if header or look:
            fill = (look.colour if look else PALE).lstrip("#")
            properties.append(_element("shd", val="clear", color="auto", fill=fill))
        properties.append(_element("vAlign", val="top" if top else "center"))

    def content(self) -> bytes:
        """Return the document's file."""
        out = io.BytesIO()
        self.document.save(out)
        return out.getvalue()

    def _number_pages(self) -> None:
        """Number the pages: — 1 — outside, one character from the edge, as GB/T 9704 asks."""
        self.document.settings.odd_and_even_pages_header_footer = True
        section = self.document.sections[0]
        for footer, align, side in (
            (section.footer, WD_ALIGN_PARAGRAPH.RIGHT, "right"),
            (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT, "left"),
        ):
            paragraph = footer.paragraphs[0]
            paragraph.alignment = align
            setattr(paragraph.paragraph_format, f"{side}_indent", SIZE_4)
            self.run(paragraph, "— ", font=NUMBER_FONT, size=SIZE_4)
            run = self.run(paragraph, "", font=NUMBER_FONT, size=SIZE_4)
            instruction = _element("instrText")
            instruction.text = "PAGE"
            begin, end = (_element("fldChar", fldCharType=kind) for kind in ("begin", "end"))
            run._r.extend([begin, instruction, end])
            self.run(paragraph, " —", font=NUMBER_FONT, size=SIZE_4)


def rule_below(paragraph: Any, colour: str) -> None:
    """Draw a line of 2.5 points below a paragraph."""
    borders = _element("pBdr")
    borders.append(_element("bottom", val="single", sz="20", space="1", color=colour.lstrip("#")))
    properties = paragraph._p.get_or_add_pPr()
    followers = [qn(f"w:{name}") for name in ("tabs", "spacing", "ind", "jc")]
    next(child for child in properties if child.tag in followers).addprevious(borders)


def tab_at_the_right(paragraph: Any) -> None:
    """Let a tab set what follows it at the right edge of the 版心."""
    paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(TEXT_WIDTH), WD_TAB_ALIGNMENT.RIGHT)


def _element(tag: str, **attributes: str) -> Any:
    """Return an element of WordprocessingML."""
    element = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element


def _fonts(properties: Any, font: str) -> None:
    """Set the Latin font and the East Asian one: Word keeps them apart.

    The hint and the language put signs that both scripts have (“”…—·) into the Chinese font.
    """
    for tag in ("w:rFonts", "w:lang"):
        for old in properties.findall(qn(tag)):
            properties.remove(old)
    fonts = {"hint": "eastAsia", "ascii": LATIN, "hAnsi": LATIN, "cs": LATIN, "eastAsia": font}
    properties.insert(0, _element("rFonts", **fonts))
    properties.append(_element("lang", val="en-US", eastAsia="zh-CN"))
