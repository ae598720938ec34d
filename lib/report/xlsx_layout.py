"""The form of a workbook's sheets: title, source, headers, formats, formulas, A4 landscape."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import xlsxwriter

from lib.core.status import LOOKS, Status
from lib.report import measure
from lib.report.colours import BLUE, GRID, INK, MUTED, PALE, PAPER
from lib.report.material import DEMO_SENTENCE, Material

FONT = "微软雅黑"
GAP = "差（百分点）"
HEAD_ROW = 2
"""Rows are counted from 0: title, source, then the headers."""
_FORMS = {
    "centre": "General",
    "number": "#,##0.##########",
    "percent": "0.0%",
    "points": "+0.0;[Red]-0.0;0.0",
    "ratio": "0.00",
}
SHARES = {
    "min": 0,
    "max": 1,
    "num_format": "0%",
    "major_gridlines": {"visible": True, "line": {"color": PALE}},
}
"""A chart's axis of shares."""
FROM_0_TO_1 = {"min_type": "num", "max_type": "num", "min_value": 0, "max_value": 1}
"""The range of a conditional format of shares."""


@dataclass(frozen=True)
class Column:
    """A column of a sheet: header, width (characters), its cells' values and kind."""

    header: str
    width: float
    values: Iterable[Any]
    kind: str = "text"


@dataclass(frozen=True)
class Formula:
    """A formula with the value the dashboard has for it."""

    text: str
    result: Any


class XlsxBook:
    """A workbook being written about some material."""

    def __init__(self, material: Material) -> None:
        self.material, self.figures = material, material.figures
        self._file = io.BytesIO()
        self.book = xlsxwriter.Workbook(
            self._file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        author = "、".join(self.figures.dataset.settings.parties)
        title = f"{material.title}{material.month}台账"
        self.book.set_properties({"title": title, "author": author})
        add, font = self.book.add_format, {"font_name": FONT}
        cell = {**font, "font_size": 10, "border": 1, "border_color": GRID, "valign": "vcenter"}
        centred = cell | {"align": "center"}
        bold = centred | {"bold": True}
        self.formats = {
            "text": add(cell | {"text_wrap": True}),
            **{kind: add(centred | {"num_format": form}) for kind, form in _FORMS.items()},
            "centre": add(centred | {"text_wrap": True}),
        }
        self.head = add(bold | {"font_color": PAPER, "bg_color": BLUE, "text_wrap": True})
        self.totals = {
            kind: add(bold | {"bg_color": "#EEF1F5", "num_format": form})
            for kind, form in _FORMS.items()
        }
        self.title = add({**font, "font_size": 14, "bold": True, "font_color": INK})
        self.note = add({**font, "font_size": 9, "font_color": MUTED})
        self.lights = {
            status: add({"bg_color": LOOKS[status].colour, "font_color": LOOKS[status].ink})
            for status in Status
        }

    def content(self) -> bytes:
        """Return the workbook's file."""
        self.book.close()
        return self._file.getvalue()

    def sheet(self, name: str, title: str, columns: Sequence[Column], *, freeze: int = 1) -> Any:
        """Add a sheet with title, source, headers and rows, ready to print on A4 landscape."""
        rows = list(zip(*(column.values for column in columns), strict=True))
        sheet = self.book.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.write_string(0, 0, title, self.title)
        demo = f"。{DEMO_SENTENCE}" if self.material.demo else ""
        sheet.write_string(1, 0, self.material.source + demo, self.note)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
            sheet.write_string(HEAD_ROW, place, column.header, self.head)
        sheet.set_row(0, 26)
        sheet.set_row(HEAD_ROW, 32)
        for number, row in enumerate(rows, start=HEAD_ROW + 1):
            for place, (column, value) in enumerate(zip(columns, row, strict=True)):
                _write(sheet, number, place, value, self.formats[column.kind])
            sheet.set_row(number, _row_height(columns, row))
        last = HEAD_ROW + max(len(rows), 1)
        sheet.freeze_panes(HEAD_ROW + 1, freeze)
        if rows:
            sheet.autofilter(HEAD_ROW, 0, last, len(columns) - 1)
        else:
            sheet.write_string(HEAD_ROW + 1, 0, "没有记录", self.note)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.set_margins(0.4, 0.4, 0.6, 0.6)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEAD_ROW)
        sheet.print_area(0, 0, last, len(columns) - 1)
        sheet.set_footer("&C第&P页，共&N页&R&A")
        return sheet

    def table(self, name: str, title: str, table: pd.DataFrame, widths: Mapping[str, int]) -> None:
        """Add a sheet that shows a table for people as it is."""
        numeric = pd.api.types.is_numeric_dtype
        columns = [
            Column(header, widths.get(header, 16), cells, "number" if numeric(cells) else "text")
            for header, cells in table.items()
        ]
        self.sheet(name, title, columns)

    def total(self, sheet: Any, row: int, cells: Mapping[int, tuple[Any, str]]) -> None:
        """Write the row of totals: value and kind by column."""
        for place, (value, kind) in cells.items():
            _write(sheet, row, place, value, self.totals[kind])

    def chart(self, kind: str, title: str) -> Any:
        """Return a new chart with its title and its legend on top."""
        chart = self.book.add_chart({"type": kind})
        chart.set_title({"name": title, "name_font": {"name": FONT, "size": 12, "bold": True}})
        chart.set_legend({"position": "top", "font": {"name": FONT, "size": 10}})
        return chart


def _write(sheet: Any, row: int, place: int, value: Any, form: Any) -> None:
    if isinstance(value, Formula):
        sheet.write_formula(row, place, value.text, form, value.result)
    elif isinstance(value, str):
        sheet.write_string(row, place, value, form)
    elif pd.isna(value):
        sheet.write_blank(row, place, None, form)
    else:
        sheet.write_number(row, place, float(value), form)


def data_bar(sheet: Any, place: int, count: int) -> None:
    """Draw the shares in a column of ``count`` rows as bars behind their numbers."""
    look = {"type": "data_bar", "bar_color": "#9DB9E4", "bar_solid": True, **FROM_0_TO_1}
    sheet.conditional_format(HEAD_ROW + 1, place, HEAD_ROW + count, place, look)


def row_numbers(rows: pd.DataFrame) -> range:
    """Return the numbers by which formulas call the rows of a sheet that shows ``rows``."""
    return range(HEAD_ROW + 2, HEAD_ROW + 2 + len(rows))


def gap(done: str, planned: str, row: int, earned: float, plan: float) -> Formula:
    """Return the distance to plan in percentage points as a formula over two columns."""
    return Formula(f"=({done}{row}-{planned}{row})*100", (earned - plan) * 100)


def gaps(rows: pd.DataFrame, earned: str, done: str = "H", planned: str = "I") -> list[Formula]:
    """Return `gap` for each row; ``earned`` is the field that holds its completion."""
    values = zip(row_numbers(rows), rows[earned], rows["planned_value"], strict=True)
    return [gap(done, planned, *value) for value in values]


def _row_height(columns: Sequence[Column], row: Sequence[Any]) -> float:
    """Return the height (points) that a row's wrapped texts need: not every program fits it itself."""
    lines = [
        len(measure.wrap(value, 2.0, column.width - 1.5))
        for column, value in zip(columns, row, strict=True)
        if isinstance(value, str)
    ]
    return 14.5 * max(lines, default=1) + 4
