"""延期 of a task: its unit asks with a reason and a new date, the office decides with words.

The date of the plan stays what every figure is computed against; the granted one stands beside it.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import pandas as pd

from lib.core import months
from lib.core.matters import EXTENSION_ACTS, Act, Step, day


@dataclass(frozen=True)
class Extension:
    """What became of a task's date: ``granted`` are the 申请延期 that were granted, ``waits`` the open one.

    ``first_due`` is the last day of the task's window.
    """

    first_due: date
    granted: tuple[Step, ...] = ()
    waits: Step | None = None

    @property
    def due(self) -> date | None:
        """The date that was granted last; ``None`` before the first."""
        return day(self.granted[-1].due) if self.granted else None

    @property
    def words(self) -> str:
        """What is written beside the task: 已批准延期至12月15日（1次共15天）."""
        parts = []
        if self.due:
            days = (self.due - self.first_due).days
            parts.append(f"已批准延期至{self._date(self.due)}（{len(self.granted)}次共{days}天）")
        if self.waits:
            parts.append(f"申请延期至{self._date(day(self.waits.due))}，待批")
        return "；".join(parts)

    @property
    def sign(self) -> str:
        """The same in a few characters: 延至12月15日, 申请延期."""
        return f"延至{self._date(self.due)}" if self.due else "申请延期"

    def _date(self, moment: date) -> str:
        year = "" if moment.year == self.first_due.year else f"{moment.year}年"
        return f"{year}{moment.month}月{moment.day}日"


def last_day(month: int) -> date:
    """Return the last day of a month (ordinal)."""
    year, number = months.year_of(month), months.number_of(month)
    return date(year, number, calendar.monthrange(year, number)[1])


def extensions(steps: Iterable[Step], tasks: pd.DataFrame) -> dict[str, Extension]:
    """Return by task what steps about ``tasks`` (`lib.core.dataset.Dataset.tasks`) make of their dates.

    A task whose only application was refused is not among them.
    """
    asked: dict[str, Step] = {}
    granted: dict[str, list[Step]] = {}
    for step in steps:
        if not step.of_task or step.act not in EXTENSION_ACTS:
            continue
        if step.act is Act.ASK:
            asked[step.task_id] = step
        elif (application := asked.pop(step.task_id, None)) and step.act is Act.GRANT:
            granted.setdefault(step.task_id, []).append(application)
    return {
        task: Extension(
            last_day(int(tasks.at[task, "end"])), tuple(granted.get(task, ())), asked.get(task)
        )
        for task in {**granted, **asked}
    }
