"""The figures that pages, exports and the command line share: one code path from data to rows.

`Figures` is a view of one dataset under one selection. What it returns is computed once and
must not be changed by callers.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal, TypeVar

import pandas as pd

from lib.core import months
from lib.core.dataset import Dataset
from lib.core.progress import FLAG_COLUMNS, Assessment, assess
from lib.core.rollup import COUNTS, TOTAL, changes, project, roll_up
from lib.core.schema import OFFICIAL
from lib.core.status import REPORTED_DONE, Status

T = TypeVar("T")
By = Literal["overall", "category", "unit", "month", "task", "indicator"]
_COUNTED = [COUNTS[status] for status in COUNTS if status != Status.UNVERIFIED]
GROUP_FIELDS = ["key", "tasks", *_COUNTED, "planned_value", "earned_value", "spi"]
UNVERIFIED = COUNTS[Status.UNVERIFIED]
"""The column that rows of groups have besides where settings ask for 核实."""
INDICATOR_FIELDS = [
    *("task_id", "indicator", "relation", "target", "upper", "measure", "whole", "done"),
    *("share", "planned_value", "completion"),
]
TASK_FIELDS = ["task_id", "units", "start", "end", "planned_value", "completion", "status", "flags"]


@dataclass(frozen=True)
class Selection:
    """What the viewer looks at: ``month`` (ordinal) and the filters; ``None`` filters nothing.

    ``task_ids`` narrows the view to some tasks.
    ``with_narrative`` counts the narrative's promises (来源=正文) beside the official tasks.
    """

    month: int
    category: str | None = None
    unit: str | None = None
    with_narrative: bool = False
    task_ids: tuple[str, ...] | None = None


class Figures:
    """A dataset's figures under a selection.

    With a unit selected every figure is that unit's: a qualitative joint task counts with the
    unit's own completion, so the total equals the unit's row in the ranking.
    """

    def __init__(
        self, dataset: Dataset, selection: Selection, assessment: Assessment | None = None
    ) -> None:
        self.dataset = dataset
        self.selection = selection
        self._assessment = assessment
        self._results: dict[Hashable, Any] = {}

    def _with(self, **changes: Any) -> Figures:
        return Figures(self.dataset, replace(self.selection, **changes), self.assessment)

    def at(self, month: int) -> Figures:
        """Return the same view as of another month."""
        return self._with(month=month)

    def of_category(self, category: str) -> Figures:
        """Return the same view of one 类型."""
        return self._with(category=category)

    def of_unit(self, unit: str) -> Figures:
        """Return the same view of one responsible unit."""
        return self._with(unit=unit)

    def of_tasks(self, task_ids: Sequence[str]) -> Figures:
        """Return the same view of some tasks."""
        return self._with(task_ids=tuple(task_ids))

    def of_states(self, states: Sequence[Status]) -> Figures:
        """Return the same view of the tasks that are in one of ``states`` as of the month."""
        return self.of_tasks(self.tasks.loc[self.tasks["status"].isin(states), "task_id"])

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what ``make`` gives, made at the first call with this key and kept from then on.

        What is kept is shared by sessions like the figures themselves: nobody may change it.
        """
        if key not in self._results:
            self._results[key] = make()
        result: T = self._results[key]
        return result

    @cached_property
    def assessment(self) -> Assessment:
        """All tasks' figures, of any selection (see `lib.core.progress.Assessment`)."""
        return self._assessment or assess(self.dataset)

    def _selected(self, grain: pd.DataFrame, *, of_unit: bool = False) -> pd.DataFrame:
        selection = self.selection
        selected = pd.Series(True, index=grain.index)
        if not selection.with_narrative:
            selected &= grain["source"] == OFFICIAL
        if selection.category is not None:
            selected &= grain["category"] == selection.category
        if selection.task_ids is not None:
            selected &= grain["task_id"].isin(selection.task_ids)
        if of_unit and selection.unit is not None:
            selected &= grain["unit"] == selection.unit
        return grain[selected]

    @cached_property
    def history(self) -> pd.DataFrame:
        """The selected tasks in every month: rows of ``Assessment.tasks`` (or the unit's)."""
        if self.selection.unit is None:
            return self._selected(self.assessment.tasks)
        return self._selected(self.assessment.units, of_unit=True)

    @cached_property
    def unit_history(self) -> pd.DataFrame:
        """The selected (task, unit) pairs in every month: rows of ``Assessment.units``."""
        return self._selected(self.assessment.units, of_unit=True)

    @cached_property
    def tasks(self) -> pd.DataFrame:
        """The selected tasks as of the month, in the plan's order."""
        return self._of_month(self.history)

    @cached_property
    def unit_tasks(self) -> pd.DataFrame:
        """The selected (task, unit) pairs as of the month."""
        return self._of_month(self.unit_history)

    @cached_property
    def indicators(self) -> pd.DataFrame:
        """The selected tasks' indicators as of the month (``Assessment.indicators``)."""
        rows = self._of_month(self.assessment.indicators)
        return rows[rows["task_id"].isin(self.tasks["task_id"])]

    def _of_month(self, grain: pd.DataFrame) -> pd.DataFrame:
        return grain[grain["month"] == self.selection.month].reset_index(drop=True)

    @cached_property
    def overall(self) -> pd.DataFrame:
        """The roll-up of all selected tasks: one row, or none if nothing is selected."""
        return roll_up(self.tasks.assign(key=TOTAL), ["key"])

    @cached_property
    def by_category(self) -> pd.DataFrame:
        """The roll-up by 类型, in the plan's order."""
        return roll_up(self.tasks.assign(key=self.tasks["category"]), ["key"])

    @cached_property
    def by_unit(self) -> pd.DataFrame:
        """The roll-up by responsible unit; a joint task counts for each of its units."""
        return roll_up(self.unit_tasks.assign(key=self.unit_tasks["unit"]), ["key"])

    @cached_property
    def by_month(self) -> pd.DataFrame:
        """The overall roll-up as of each month of the axis; ``month`` is the ordinal."""
        groups = roll_up(self.history, ["month"])
        return groups.assign(key=groups["month"].map(months.text).astype("str"))

    @cached_property
    def unit_by_month(self) -> pd.DataFrame:
        """The roll-up by unit (``key``) as of each month (``month``)."""
        return roll_up(self.unit_history.assign(key=self.unit_history["unit"]), ["key", "month"])

    @cached_property
    def previous(self) -> Figures | None:
        """The same view a month earlier; ``None`` at the first month of the axis."""
        month = self.selection.month - 1
        return self.at(month) if month in self.dataset.axis else None

    @cached_property
    def changes(self) -> pd.DataFrame:
        """What changed since the month before (`lib.core.rollup.changes`); empty at the first."""
        before = self.tasks if self.previous is None else self.previous.tasks
        return changes(before, self.tasks)

    @cached_property
    def projected(self) -> pd.Series[int]:
        """The month each selected task would be complete by its pace, by ``task_id``."""
        return project(self.tasks).set_axis(self.tasks["task_id"])

    @cached_property
    def verified_only(self) -> Figures:
        """The same view without what waits to be verified; itself where nothing does."""
        if self.dataset.verified_only or not self.dataset.settings.verify:
            return self
        return Figures(replace(self.dataset, verified_only=True), self.selection)

    @cached_property
    def waiting(self) -> pd.DataFrame:
        """The selected tasks that are reported at 100 % and wait to be verified."""
        rows = self.tasks
        return rows[rows["status"] == Status.UNVERIFIED].reset_index(drop=True)

    @cached_property
    def missing_reports(self) -> pd.DataFrame:
        """The (task, unit) pairs whose report for the month is missing: the 催报清单.

        Rows of `unit_tasks` whose task is in its window and not complete. A completed task
        keeps the flag 未报 but nobody is asked for a report on it.
        """
        rows = self.unit_tasks
        asked = rows["unreported"] & ~rows["status"].isin(REPORTED_DONE)
        return rows[asked].reset_index(drop=True)

    def rows(self, by: By) -> pd.DataFrame:
        """Return the public figures: `GROUP_FIELDS`, `TASK_FIELDS` or `INDICATOR_FIELDS`.

        Where settings ask for 核实, groups and indicators say as well what waits for it.

        ``month`` gives one row per month of the plan year, each as of that month's end.
        ``start`` and ``end`` are texts such as 2018-04; ``units`` and ``flags`` are lists.
        """
        verify = self.dataset.settings.verify
        fields = GROUP_FIELDS + [UNVERIFIED] * verify
        if by == "task":
            return self._task_rows()
        if by == "indicator":
            return self.indicators[[*INDICATOR_FIELDS, *["waits"] * verify]]
        if by == "month":
            year = months.of_year(self.dataset.settings.year)
            return self.by_month.loc[self.by_month["month"].isin(year), fields]
        groups = {"overall": "overall", "category": "by_category", "unit": "by_unit"}[by]
        rows: pd.DataFrame = getattr(self, groups)[fields]
        return rows

    def _task_rows(self) -> pd.DataFrame:
        rows = self.tasks
        return rows.assign(
            units=[list(self.dataset.tasks.at[task, "units"]) for task in rows["task_id"]],
            start=rows["start"].map(months.text),
            end=rows["end"].map(months.text),
            status=rows["status"].astype("str"),
            flags=flag_lists(rows),
        )[TASK_FIELDS]


def flag_lists(rows: pd.DataFrame) -> list[list[str]]:
    """Return each row's flags as words, such as ``["提前", "未报"]``."""
    columns = [rows[name].to_numpy() for name in FLAG_COLUMNS.values()]
    words = [flag.value for flag in FLAG_COLUMNS]
    return [
        [word for word, on in zip(words, marks, strict=True) if on]
        for marks in zip(*columns, strict=True)
    ]


def to_json(rows: pd.DataFrame) -> str:
    """Return rows as a JSON list of objects; undefined figures are null."""
    return json.dumps(to_records(rows), ensure_ascii=False, indent=2)


def to_records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows as plain dictionaries; NaN becomes ``None``, floats have 6 decimals."""
    return [
        {name: _plain(value) for name, value in zip(rows.columns, values, strict=True)}
        for values in rows.itertuples(index=False, name=None)
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return None if pd.isna(value) else round(float(value), 6)
    if isinstance(value, str | list | bool):
        return value
    return int(value)
