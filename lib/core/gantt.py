"""The rows of a Gantt: where each task's window, progress and planned value lie on the months.

Pages, slides and papers draw the same rows. Positions are months from the axis' first (0 is its
beginning, 1 the end of its first month).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from lib.core import months, wording
from lib.core.extensions import Extension, last_day
from lib.core.figures import Figures
from lib.core.milestones import from_text
from lib.core.remarks import Remarks
from lib.core.status import RANK, Status

Order = Literal["category", "urgency", "unit"]


@dataclass(frozen=True)
class GanttRow:
    """One task on the months.

    ``start`` and ``end`` bound its window, ``done`` is where its completion reaches, ``due`` where
    it should be by the planned value, ``late_to`` how far it is overdue (``None``: it is not);
    ``baseline`` is the window as first adopted where it has been moved; ``steps`` are its 进度节点
    and the times of recurring work: where each is due, and in words. ``extended`` is where a
    granted 延期 reaches (``None``: there is none); ``remarks`` are 延期 and 研判 in words,
    ``sign`` the most telling of them in a few characters.
    """

    task_id: str
    category: str
    title: str
    content: str
    units: tuple[str, ...]
    window_text: str
    status: Status
    completion: float
    planned_value: float
    start: float
    end: float
    done: float
    due: float
    late_to: float | None
    baseline: tuple[float, float] | None
    steps: tuple[tuple[float, str], ...]
    extended: float | None
    remarks: tuple[str, ...]
    sign: str

    @property
    def gap(self) -> float:
        """Completion minus planned value: negative where the task is behind its plan."""
        return self.completion - self.planned_value


@dataclass(frozen=True)
class Gantt:
    """The rows in their order, the months of the axis (ordinals) and the end of the month looked at."""

    rows: tuple[GanttRow, ...]
    months: tuple[int, ...]
    now: float
    order: Order


def gantt(figures: Figures, order: Order = "category") -> Gantt:
    """Return the selected tasks as a Gantt; ``category`` is the plan's own order."""
    first, month = figures.dataset.axis[0], figures.selection.month
    tasks, baseline = figures.dataset.tasks, figures.dataset.baseline_tasks
    now, last = float(month + 1 - first), float(len(figures.dataset.axis))
    remarks = Remarks(figures.dataset)
    rows = []
    for row in figures.tasks.itertuples():
        facts = tasks.loc[row.task_id]
        start, end = float(row.start - first), float(row.end + 1 - first)
        length = end - start
        adopted = None
        if baseline is not None and row.task_id in baseline.index:
            was = baseline.loc[row.task_id]
            if (was["start"], was["end"]) != (row.start, row.end):
                adopted = (float(was["start"] - first), float(was["end"] + 1 - first))
        overdue = row.status == Status.OVERDUE
        rows.append(
            GanttRow(
                row.task_id,
                row.category,
                wording.short_title(facts["content"], 60),
                facts["content"],
                tuple(facts["units"]),
                facts["window_text"],
                Status(row.status),
                float(row.completion),
                float(row.planned_value),
                start,
                end,
                start + length * float(row.completion),
                start + length * float(row.planned_value),
                max(now, end) if overdue else None,
                adopted,
                tuple(
                    (float(due + 1 - first), words)
                    for due, words in _steps(facts, figures.dataset.settings.year)
                ),
                _extended(remarks.extensions.get(row.task_id), first, last),
                remarks.of(row.task_id, Status(row.status)),
                remarks.sign(row.task_id, Status(row.status)),
            )
        )
    if order != "category":
        rows.sort(key=_urgency)
    if order == "unit":  # the unit of the most urgent task first
        places = {unit: place for place, unit in enumerate(dict.fromkeys(r.units[0] for r in rows))}
        rows.sort(key=lambda row: places[row.units[0]])
    return Gantt(tuple(rows), tuple(figures.dataset.axis), now, order)


def _extended(extension: Extension | None, first: int, last: float) -> float | None:
    """Return where the granted date lies on the axis, at its end where it comes later."""
    if extension is None or extension.due is None:
        return None
    due = extension.due
    month = months.from_parts(due.year, due.month)
    return min(month - first + due.day / last_day(month).day, last)


def _urgency(row: GanttRow) -> tuple[int, float]:
    return RANK[row.status], row.gap


def _steps(task: pd.Series[Any], year: int) -> Iterator[tuple[int, str]]:
    """Yield the months (ordinals) at whose end a part of the task is due, with what is due then."""
    milestones = from_text(task["milestones"])
    for month in task["due"]:
        words = [str(step) for step in milestones if step.due(year) == month]
        if words:
            yield month, "；".join(words)
        elif not milestones:
            yield month, f"{months.label(month, year)}末到期的一次"
