"""上级表格: a form of the upper office, its cells pointed at figures once and filled each month.

The blank form and what its cells stand for are kept in the journal, so that everybody fills the
same. openpyxl fills it: formats, merged cells and formulas stay as they are.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Any

import openpyxl
import pandas as pd
from openpyxl.cell.cell import Cell
from openpyxl.utils.exceptions import CellCoordinatesException, InvalidFileException

from lib.core import schema
from lib.core.figures import Figures, Selection
from lib.core.problems import FileError
from lib.core.rollup import COUNTS
from lib.core.status import Status
from lib.files.office_files import opened
from lib.report.briefing import completion_words
from lib.report.material import Material, Progress, unheard
from lib.store import Changes, Draft, Kind, Original, State, Store, Submission

R, T = schema.PROGRESS.headers, schema.TARGETS.headers
EXPECTED = "Excel 工作簿（.xlsx）"
MOST_CELLS = 100_000
"""Cells that the merged ranges of a form may cover: a sheet merged over all of them never opens."""
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*\bref="([A-Z]+\d+:[A-Z]+\d+)"')
_LOST = {rb"<xdr:sp[ >]": "文本框或图形", rb"<xdr:grpSp[ >]": "组合图形"}
"""What openpyxl does not keep, by what it looks like in a drawing."""

Place = tuple[str, str]
"""A sheet's name and a cell: 表1, B5."""


class What(StrEnum):
    """What a cell of a form shows; names are kept in the journal, the values are for people."""

    MONTH = "月份"
    TARGET = T["target"]
    DONE = "完成数量"
    COMPLETION = "完成率"
    PLANNED = "序时进度"
    GAP = "差距（百分点）"
    STATUS = "状态"
    WORDS = "完成情况"
    NOTE = R["note"]
    ISSUES = R["issues"]
    NEXT_STEPS = R["next_steps"]
    TASKS = "任务数"
    COMPLETED = "已完成项数"
    BEHIND = "滞后项数"
    OVERDUE = "逾期项数"
    UNREPORTED = "未报单位数"


OF_A_TASK = (
    What.TARGET,
    What.DONE,
    What.STATUS,
    What.WORDS,
    What.NOTE,
    What.ISSUES,
    What.NEXT_STEPS,
)
"""What only a task has; the others are of a unit, a category or the whole plan as well."""
BY_MONTH = (What.DONE, What.COMPLETION, What.PLANNED)
"""What can be asked of the month alone, instead of everything up to its end."""


@dataclass(frozen=True)
class Pointer:
    """The figure that a cell shows.

    ``what`` of a task (with the indicator, where it has several), or of all tasks of a category;
    ``unit`` asks for that unit's own part. ``monthly``: of the month alone.
    """

    what: What
    task_id: str = ""
    indicator: str = ""
    category: str = ""
    unit: str = ""
    monthly: bool = False

    def __str__(self) -> str:
        of = self.task_id or self.category or ("" if self.what == What.MONTH else "全部任务")
        time = ("本月" if self.monthly else "累计") if self.what in BY_MONTH else ""
        return " ".join(filter(None, (of, self.unit, self.indicator, f"{time}{self.what}")))


@dataclass(frozen=True)
class Form:
    """A form: its file, and by place what its cells show; ``revision`` 0 before it is kept."""

    name: str
    content: bytes = field(repr=False)
    cells: Mapping[Place, Pointer] = field(default_factory=dict)
    revision: int = 0

    def pointed(self, place: Place, pointer: Pointer | None) -> Form:
        """Return the form with a cell that shows something else; ``None``: it stays as it is.

        A cell within a merged range stands for the range. Raises `FileError` for a cell that does
        not exist or holds a formula.
        """
        place = self.place(*place)
        cells = {key: old for key, old in self.cells.items() if key != place}
        return replace(self, cells=cells if pointer is None else {**cells, place: pointer})

    def place(self, sheet: str, cell: str) -> Place:
        """Return where a cell is written: of a merged range the first. Raises `FileError`."""
        book = self.book
        if sheet not in book.sheetnames:
            raise FileError(self.name, f"没有工作表「{sheet}」", "、".join(book.sheetnames))
        cell = cell.strip().upper()
        try:
            at = book[sheet][cell]
        except (ValueError, CellCoordinatesException, LookupError) as error:
            raise FileError(self.name, f"「{cell}」不是单元格", "一个单元格，如 B5") from error
        if isinstance(at, tuple):
            raise FileError(self.name, f"「{cell}」不是一个单元格", "一个单元格，如 B5")
        first = first_cells(book[sheet]).get((at.row, at.column))
        at = at if first is None else book[sheet].cell(*first)
        if at.data_type == "f":
            raise FileError(
                self.name, f"{sheet}!{at.coordinate} 是公式，填写会冲掉它", "空白的单元格"
            )
        return sheet, str(at.coordinate)

    @property
    def book(self) -> Any:
        """The form as openpyxl has it, read anew: it makes cells where one only looks."""
        return read(self.name, self.content)

    @cached_property
    def unmapped(self) -> list[str]:
        """The empty cells of its tables that show nothing yet: 表1!C5."""
        return [
            f"{sheet.title}!{cell.coordinate}"
            for sheet in self.book.worksheets
            for cell in blanks(sheet)
            if (sheet.title, cell.coordinate) not in self.cells
        ]


@dataclass(frozen=True)
class Filled:
    """A filled form, and the cells that had to stay empty with the reason."""

    content: bytes
    empty: tuple[str, ...]


def read(name: str, content: bytes) -> Any:
    """Return a form as openpyxl's workbook; raise `FileError` if it is none."""
    archive = opened(content, name, EXPECTED)
    for member in archive.namelist():
        if member.startswith("xl/worksheets/"):
            ranges = _MERGE.findall(archive.read(member))
            if sum(map(_size, ranges)) > MOST_CELLS:
                raise FileError(name, "合并的单元格太多，打不开", EXPECTED)
    try:
        return openpyxl.load_workbook(io.BytesIO(content))
    except (InvalidFileException, KeyError, ValueError, TypeError, AttributeError) as error:
        raise FileError(name, "不是可以填写的工作簿", EXPECTED) from error


def _size(area: bytes) -> int:
    left, top, right, bottom = openpyxl.utils.range_boundaries(area.decode())
    return int((right - left + 1) * (bottom - top + 1))


def lost(form: Form) -> list[str]:
    """Return what the filled form will lack: openpyxl keeps neither text boxes nor shapes."""
    archive = opened(form.content, form.name, EXPECTED)
    drawings = [archive.read(name) for name in archive.namelist() if "drawings/drawing" in name]
    return [
        words
        for look, words in _LOST.items()
        if any(re.search(look, drawing) for drawing in drawings)
    ]


def first_cells(sheet: Any) -> dict[tuple[int, int], tuple[int, int]]:
    """Return for each cell within a merged range, by row and column, the range's first cell."""
    return {
        (row, column): (area.min_row, area.min_col)
        for area in sheet.merged_cells.ranges
        for row in range(area.min_row, area.max_row + 1)
        for column in range(area.min_col, area.max_col + 1)
    }


def blanks(sheet: Any) -> Iterator[Cell]:
    """Return the empty cells of a sheet's tables: framed, or right of and below something."""
    first = first_cells(sheet)
    rows = list(sheet.iter_rows())
    framed = any(_framed(cell) for row in rows for cell in row)
    headed: set[int] = set()
    for row in rows:
        labelled = False
        for cell in row:
            place = (cell.row, cell.column)
            if cell.value is not None:
                labelled = True
                headed.add(cell.column)
            elif first.get(place, place) == place and (
                _framed(cell) if framed else labelled and cell.column in headed
            ):
                yield cell


def _framed(cell: Any) -> bool:
    border = cell.border
    return any(side is not None and side.style for side in (border.bottom, border.top, border.left))


# -- filling ---------------------------------------------------------------------------------------


def filled(form: Form, material: Material, progress: Progress = unheard) -> Filled:
    """Return the form with the month's figures; ``progress`` hears the share done.

    A share is written as a fraction where the cell's format is a percentage, else in percent
    (65.9). Programs that open the file compute its formulas anew.
    """
    book = read(form.name, form.content)
    values = FormValues(material)
    empty = []
    for number, (place, pointer) in enumerate(form.cells.items(), start=1):
        sheet, coordinate = place
        cell = book[sheet][coordinate]
        value = values.of(pointer)
        if value is None:
            empty.append(f"{sheet}!{coordinate}（{pointer}）")
        else:
            _write(cell, value, share=pointer.what in (What.COMPLETION, What.PLANNED))
        if number % 20 == 0:
            progress(0.9 * number / len(form.cells), sheet)
    book.calculation.fullCalcOnLoad = True
    out = io.BytesIO()
    book.save(out)
    progress(1.0, form.name)
    return Filled(out.getvalue(), tuple(empty))


def _write(cell: Cell, value: str | float, *, share: bool) -> None:
    if share and "%" not in str(cell.number_format):
        value = round(float(value) * 100, 1)
    cell.value = value if value != "" else None
    if value and isinstance(value, str):
        cell.data_type = "s"  # a text that begins with = is no formula


class FormValues:
    """The values of pointers as of a material's month, whatever its filters."""

    def __init__(self, material: Material) -> None:
        figures = material.figures
        self._data, self._month = figures.dataset, figures.selection.month
        official = Selection(self._month)
        self._figures = Figures(self._data, official, figures.assessment)
        # One task may also be a promise of the narrative.
        whole = replace(official, with_narrative=True)
        self._all = Figures(self._data, whole, figures.assessment)
        self._material = replace(material, figures=self._all)

    def of(self, pointer: Pointer) -> str | float | None:
        """Return a pointer's value; ``None`` if the plan has no such task, part or figure."""
        if pointer.what == What.MONTH:
            return self._material.month
        if pointer.what == What.DONE:
            return self._done(pointer)
        figures = self._narrowed(pointer)
        if figures is None or figures.overall.empty:
            return None
        if pointer.what in OF_A_TASK:
            return self._of_task(pointer, figures)
        total = figures.overall.iloc[0]
        if pointer.what in _SHARES:
            return self._share(pointer, figures)
        if pointer.what == What.UNREPORTED:
            return int(figures.missing_reports["unit"].nunique())
        return int(total[_COUNTED[pointer.what]])

    def _narrowed(self, pointer: Pointer) -> Figures | None:
        if pointer.task_id:
            figures = self._all.once(
                ("task", pointer.task_id), lambda: self._all.of_tasks([pointer.task_id])
            )
        elif pointer.category:
            figures = self._figures.once(
                ("category", pointer.category), lambda: self._figures.of_category(pointer.category)
            )
        else:
            figures = self._figures
        return figures.of_unit(pointer.unit) if pointer.unit else figures

    def _share(self, pointer: Pointer, figures: Figures) -> float:
        total = figures.overall.iloc[0]
        if pointer.what == What.GAP:
            return round(float(total["earned_value"] - total["planned_value"]) * 100, 1)
        name = _SHARES[pointer.what]
        before = figures.previous if pointer.monthly else None
        return float(total[name] - (before.overall.iloc[0][name] if before is not None else 0.0))

    def _of_task(self, pointer: Pointer, figures: Figures) -> str | float | None:
        if not pointer.task_id:
            return None
        row = next(figures.tasks.itertuples())
        if pointer.what == What.TARGET:
            target = self._indicator(pointer)
            return None if target is None else float(target["target"])
        if pointer.what == What.STATUS:
            return str(row.status)
        if pointer.what == What.WORDS:
            return completion_words(self._material, row)
        column = {What.NOTE: "note", What.ISSUES: "issues", What.NEXT_STEPS: "next_steps"}
        reports = self._material.latest_reports
        own = reports[reports["task_id"] == pointer.task_id]
        own = own[own["unit"] == pointer.unit] if pointer.unit else own
        return "；".join(text.rstrip("。；") for text in own[column[pointer.what]].unique() if text)

    def _indicator(self, pointer: Pointer) -> pd.Series[Any] | None:
        """Return the target that a pointer names; the only one of its task where it names none."""
        targets = self._data.targets
        targets = targets[targets["task_id"] == pointer.task_id]
        if pointer.indicator:
            targets = targets[targets["indicator"] == pointer.indicator]
        return targets.iloc[0] if len(targets) == 1 else None

    def _done(self, pointer: Pointer) -> float | None:
        target = self._indicator(pointer)
        if target is None:
            return None
        rows = self._data.progress
        rows = rows[
            (rows["task_id"] == pointer.task_id) & (rows["indicator"] == target["indicator"])
        ]
        of_time = rows["month"] == self._month if pointer.monthly else rows["month"] <= self._month
        rows = rows[of_time]
        return float(
            (rows[rows["unit"] == pointer.unit] if pointer.unit else rows)["quantity"].sum()
        )


_SHARES = {What.COMPLETION: "earned_value", What.PLANNED: "planned_value", What.GAP: ""}
_COUNTED = {
    What.TASKS: "tasks",
    What.COMPLETED: COUNTS[Status.COMPLETED],
    What.BEHIND: COUNTS[Status.BEHIND],
    What.OVERDUE: COUNTS[Status.OVERDUE],
}


# -- in the journal --------------------------------------------------------------------------------


def save(form: Form, user: str) -> Draft:
    """Return the draft that keeps a form for everyone, in place of an older one of its name."""
    cells = [
        {"sheet": sheet, "cell": cell, **asdict(pointer), "what": pointer.what.name}
        for (sheet, cell), pointer in form.cells.items()
    ]
    return Draft(
        user,
        Changes.none(),
        Kind.UPPER_FORM,
        original=Original(form.name, form.content),
        details={"form": form.name, "cells": cells},
    )


def remove(form: Form, user: str) -> Draft:
    """Return the draft after which a form is no longer offered."""
    return Draft(user, Changes.none(), Kind.UPPER_FORM, details={"form": form.name, "cells": None})


def kept(journal: list[Submission]) -> list[Submission]:
    """Return the submission that holds each form in force, by the forms' names."""
    latest = {
        str(submission.details["form"]): submission
        for submission in journal
        if submission.kind == Kind.UPPER_FORM and submission.state == State.IN_FORCE
    }
    return [latest[name] for name in sorted(latest) if latest[name].details["cells"] is not None]


def load(store: Store) -> list[Form]:
    """Return the forms that are kept, by name."""
    forms = []
    for submission in kept(store.submissions):
        original = store.original(submission.revision)
        if original is not None:
            cells = {
                (str(facts["sheet"]), str(facts["cell"])): _pointer(facts)
                for facts in submission.details["cells"]
                if facts["what"] in What.__members__
            }
            name = str(submission.details["form"])
            forms.append(Form(name, original.content, cells, submission.revision))
    return forms


def _pointer(facts: Mapping[str, Any]) -> Pointer:
    rest = {key: facts[key] for key in facts if key not in ("sheet", "cell", "what")}
    return Pointer(What[facts["what"]], **rest)
