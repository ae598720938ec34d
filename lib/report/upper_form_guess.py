"""What the cells of an upper office's form probably stand for, by its headers and its rows' names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from lib.core.dataset import Dataset
from lib.report.upper_form import Form, Place, Pointer, What, blanks, first_cells

_SPACE = re.compile(r"[\s　，。、；：,.;:（）()．]+|^\d+[．.、]")
_LEAST = 8
"""Characters from which the beginning of a task's text tells which task it is."""
_LONGEST_HEADER = 20
_HEADERS = (
    ("序时|应完成|计划进度", What.PLANNED),
    ("存在问题|困难", What.ISSUES),
    ("下一步|措施|打算", What.NEXT_STEPS),
    ("状态|预警", What.STATUS),
    ("目标|任务数量|计划数", What.TARGET),
    ("率|%|％|比例", What.COMPLETION),
    ("累计|本月|完成数|完成量", What.DONE),
    ("完成情况|进展|推进", What.WORDS),
)
"""What a column's header means, the first that fits."""


def guessed(form: Form, data: Dataset) -> Form:
    """Return the form with its empty cells pointed at what header and row name."""
    tasks = {str(task): _folded(content) for task, content in data.tasks["content"].items()}
    cells: dict[Place, Pointer] = {}
    for sheet in form.book.worksheets:
        grid = _Grid(sheet)
        for cell in blanks(sheet):
            task = grid.task(cell.row, tasks)
            if task is not None:
                header = grid.header(cell.column, cell.row)
                pointer = _pointer(header, task, grid.texts(cell.row), data)
                if pointer is not None:
                    cells[sheet.title, cell.coordinate] = pointer
    return replace(form, cells={**cells, **form.cells})


def _pointer(header: str, task: str, texts: Sequence[str], data: Dataset) -> Pointer | None:
    what = next((what for words, what in _HEADERS if re.search(words, header)), None)
    if what is None:
        return None
    indicators = list(data.targets.loc[data.targets["task_id"] == task, "indicator"])
    indicator = ""
    if what in (What.DONE, What.TARGET):  # never a share: a column of quantities may be summed
        folded = set(map(_folded, texts))
        named = [name for name in indicators if _folded(name) in folded]
        if len(indicators) != 1 and len(named) != 1:
            return None
        indicator = str((named or indicators)[0])
    return Pointer(what, task, indicator, monthly="本月" in header or "当月" in header)


class _Grid:
    """The texts of a sheet; a merged range has its text in each of its cells."""

    def __init__(self, sheet: Any) -> None:
        self._sheet, self._first = sheet, first_cells(sheet)
        self._titles = {
            (area.min_row, area.min_col)
            for area in sheet.merged_cells.ranges
            if area.size["columns"] > sheet.max_column / 2
        }
        self._tasks: dict[int, str | None] = {}
        self._headers: dict[int, str] = {}

    def _text(self, row: int, column: int) -> str:
        value = self._sheet.cell(*self._first.get((row, column), (row, column))).value
        return value.strip() if isinstance(value, str) else ""

    def texts(self, row: int) -> list[str]:
        """Return the texts of a row."""
        columns = range(1, self._sheet.max_column + 1)
        return [text for column in columns if (text := self._text(row, column))]

    def task(self, row: int, tasks: Mapping[str, str]) -> str | None:
        """Return the task that a row names by number or text; ``tasks`` are folded texts."""
        if row not in self._tasks:
            texts = self.texts(row)
            folded = [text for text in map(_folded, texts) if len(text) >= _LEAST]
            named = [task for task in tasks if task in texts]
            named = named or [task for task, content in tasks.items() if content in folded]
            named = named or [
                task
                for task, content in tasks.items()
                if any(content.startswith(text) or text.startswith(content) for text in folded)
            ]
            self._tasks[row] = named[0] if len(named) == 1 else None
        return self._tasks[row]

    def header(self, column: int, row: int) -> str:
        """Return the texts above the first blank of a column, from the top: 完成情况 本月完成."""
        if column not in self._headers:
            above = [(number, column) for number in range(1, row)]
            texts = [
                self._text(*place) for place in above if self._first.get(place) not in self._titles
            ]
            words = [text for text in texts if 0 < len(text) <= _LONGEST_HEADER]
            self._headers[column] = " ".join(dict.fromkeys(words))
        return self._headers[column]


def _folded(text: str) -> str:
    return _SPACE.sub("", text)
