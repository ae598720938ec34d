"""A leader's five questions, answered from the figures: how far against plan, which category is
worst, who is late, what falls due next, what changed; and what units ask to be coordinated.

Every page, slide and paper tells the same answers; how they are drawn is not decided here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from lib.core import findings, months, texts, wording
from lib.core.figures import Figures
from lib.core.gap import in_points, is_below_plan, is_beyond
from lib.core.remarks import Remarks
from lib.core.status import RANK, REPORTED_DONE, Status

LATE = (Status.OVERDUE, Status.BEHIND)
"""The states of a task that is late: past its date, or behind plan by more than the threshold."""


@dataclass(frozen=True)
class LateTask:
    """One late task: its worst state, the units responsible (lead first), and how far it is.

    ``reason`` and ``next_step`` are 存在问题 and 下一步措施 of its latest report; both are empty
    where no unit wrote any. ``unreported`` names the units without a report for the month.
    ``remarks`` are 延期 and 研判 (`lib.core.remarks`), ``sign`` the most telling one in short.
    ``completion``, ``planned_value`` and ``gap`` (planned minus completion) are fractions of 1.
    """

    task_id: str
    status: Status
    units: tuple[str, ...]
    title: str
    content: str
    completion: float
    planned_value: float
    end: int
    reason: str
    next_step: str
    unreported: tuple[str, ...]
    remarks: tuple[str, ...]
    sign: str

    @property
    def gap(self) -> float:
        """How far completion is below the planned value, a fraction of 1."""
        return self.planned_value - self.completion


@dataclass(frozen=True)
class DueTask:
    """An open task that falls due at the end of month ``end`` (ordinal)."""

    task_id: str
    units: tuple[str, ...]
    title: str
    completion: float
    end: int


@dataclass(frozen=True)
class Change:
    """What became of one task since the month before; ``kind`` says which of `ChangeKind`."""

    task_id: str
    units: tuple[str, ...]
    title: str
    status: Status
    status_before: Status
    completion_before: float
    completion: float

    @property
    def gain(self) -> float:
        """Completion gained since the month before, a fraction of 1."""
        return self.completion - self.completion_before


@dataclass(frozen=True)
class Request:
    """需协调事项 of one report of the month."""

    task_id: str
    unit: str
    title: str
    text: str


class Answers:
    """The five answers of figures under one selection."""

    def __init__(self, figures: Figures) -> None:
        self.figures = figures
        self.month = figures.selection.month
        self._tasks = figures.dataset.tasks

    @classmethod
    def of(cls, figures: Figures) -> Answers:
        """Return the answers of figures, made once and shared as the figures are."""
        return figures.once("answers", lambda: cls(figures))

    def month_word(self, month: int | None = None) -> str:
        """Return a month (default: the selected one) in words, with its year where needed."""
        chosen = self.month if month is None else month
        return months.label(int(chosen), self.figures.dataset.settings.year)

    # -- how far against plan ---------------------------------------------------------------------

    @cached_property
    def total(self) -> pd.Series[float]:
        """The overall roll-up as of the month."""
        return self.figures.overall.iloc[0]

    @cached_property
    def before(self) -> pd.Series[float] | None:
        """The overall roll-up a month earlier; ``None`` at the plan's first month."""
        previous = self.figures.previous
        return None if previous is None or previous.overall.empty else previous.overall.iloc[0]

    @cached_property
    def verdict(self) -> str:
        """The answer in one sentence: how far against plan, the worst category, how many late."""
        figures = self.figures
        if figures.tasks.empty:
            return "没有符合条件的任务，请放宽筛选条件"
        total = self.total
        if figures.dataset.progress.empty:
            return f"还没有填报：{int(total['tasks'])}项任务，到{self.month_word()}末应完成" + (
                wording.percent(total["planned_value"])
            )
        as_of = f"截至{self.month_word()}末"
        if total["completed"] == total["tasks"]:
            return f"{as_of}{int(total['tasks'])}项任务全部完成{self.silence_note}"
        gap = in_points(float(total["earned_value"] - total["planned_value"]))
        done = f"完成{wording.percent(total['earned_value'])}"
        if gap == 0:
            text = f"{as_of}总体与计划持平（{done}）"
        elif gap > 0:
            text = f"{as_of}总体领先计划（{done}，高{gap:.1f}个百分点）"
        else:
            far = is_beyond(
                total["planned_value"] - total["earned_value"],
                figures.dataset.settings.behind_threshold,
            )
            text = f"{as_of}总体{'落后' if far else '略低于'}计划（{done}，低{-gap:.1f}个百分点）"
        worst = self.categories.iloc[0]
        if len(self.categories) > 1 and is_below_plan(
            worst["earned_value"], worst["planned_value"]
        ):
            text += f"；{worst['key']}差{wording.points(worst['gap'])}"
        return f"{text}；{self._late_count}{findings.verification(figures)}{self.silence_note}"

    @property
    def plan_title(self) -> str:
        """Return what has become of the tasks, in one sentence: the Gantt's title."""
        if self.figures.tasks.empty:
            return "没有符合条件的任务"
        tasks, completed = int(self.total["tasks"]), int(self.total["completed"])
        due = self.due_next
        ahead = f"；{self.month_word(due[0].end)}底{len(due)}项到期" if due else ""
        if self.figures.dataset.progress.empty:
            return f"还没有填报：{tasks}项任务的计划时间{ahead}"
        if completed == tasks:
            return f"{tasks}项任务全部完成{self.silence_note}"
        waits = findings.verification(self.figures)
        return (
            f"{tasks}项任务完成{completed}项{waits}，{self._late_count}{ahead}{self.silence_note}"
        )

    @property
    def _late_count(self) -> str:
        counts = [
            f"{count}项{status}"
            for status in LATE
            if (count := sum(task.status == status for task in self.late))
        ]
        return "、".join(counts) or "没有逾期或滞后的任务"

    @property
    def silent_months(self) -> range:
        """The months up to the one looked at that come after the last report."""
        return range(self.figures.dataset.latest_month + 1, self.month + 1)

    @property
    def silence_note(self) -> str:
        """`silence` as the end of a title, in brackets."""
        return f"（{silence}）" if (silence := self.silence) else ""

    @property
    def silence(self) -> str:
        """Say that figures stand still because nobody reported; empty where somebody did."""
        silent = self.silent_months
        if not silent or self.figures.dataset.progress.empty:
            return ""
        return f"{self._span(silent)}没有填报，完成率停在{self.month_word(silent[0] - 1)}末"

    def _span(self, span: range) -> str:
        """Return months in words: 10月, 10—12月; empty for none."""
        if len(span) < 2:
            return "".join(map(self.month_word, span))
        first, last = self.month_word(span[0]), self.month_word(span[-1])
        year, _, month = last.rpartition("年")  # said once where both are of the same
        return f"{first.removesuffix('月')}—{month if year and first.startswith(year) else last}"

    # -- which category is worst ------------------------------------------------------------------

    @cached_property
    def categories(self) -> pd.DataFrame:
        """The roll-up by 类型, the worst first; ``gap`` is planned minus earned value."""
        return worst_first(self.figures.by_category)

    def worst_title(self, kind: str, rows: pd.DataFrame) -> str:
        """Return which of the groups of `worst_first` (类型 or 单位) is worst, and which follow."""
        if rows.empty:
            return "没有符合条件的任务"
        worst = rows.iloc[0]
        name, gap = str(worst["key"]), is_below_plan(worst["earned_value"], worst["planned_value"])
        against_plan = wording.against_plan(worst["earned_value"], worst["planned_value"])
        counts = ((Status.OVERDUE, worst["overdue"]), (Status.BEHIND, worst["behind"]))
        count = "、".join(f"{number}项{status}" for status, number in counts if number)
        if len(rows) == 1:
            return f"{name}{against_plan}{f'，{count}' if count else ''}"
        below = is_below_plan(rows["earned_value"], rows["planned_value"])
        late = (rows["overdue"] > 0) | (rows["behind"] > 0)
        if not (late | below).any():
            return f"{len(rows)}个{kind}都不低于序时进度"
        too, what = (late, "有逾期或滞后") if late.any() else (below, "低于序时进度")
        others = wording.listing([str(key) for key in rows.loc[too, "key"][1:]], 2, f"个{kind}", 16)
        follow = f"；{others}也{what}" if others else ""
        return f"{name}最差：{against_plan if gap else count}{follow}"

    @cached_property
    def units(self) -> pd.DataFrame:
        """The roll-up by responsible unit, the worst first."""
        return worst_first(self.figures.by_unit)

    @property
    def categories_before(self) -> dict[str, int]:
        """The place of each 类型 (1: the worst) a month earlier; empty at the plan's first month."""
        previous = self.figures.previous
        return {} if previous is None else _places(previous.by_category)

    @property
    def units_before(self) -> dict[str, int]:
        """The place of each unit (1: the worst) a month earlier; empty at the plan's first month."""
        previous = self.figures.previous
        return {} if previous is None else _places(previous.by_unit)

    # -- who is late ------------------------------------------------------------------------------

    @cached_property
    def late(self) -> list[LateTask]:
        """The late tasks, overdue ones first, then by the gap. Each stands once."""
        rows = self.figures.tasks
        rows = urgent_first(rows[rows["status"].isin(LATE)])
        reasons, steps = (
            self._last_words(column, rows["task_id"]) for column in ("issues", "next_steps")
        )
        return [
            self._late_task(row, reasons.get(row.task_id, ""), steps.get(row.task_id, ""))
            for row in rows.itertuples()
        ]

    @property
    def late_title(self) -> str:
        """Who is late: 谁落后：区经发局、区社会事业局逾期，区商务局等3个单位滞后."""
        parts = []
        for status in LATE:
            names = dict.fromkeys(t.units[0] for t in self.late if t.status == status)
            if names:
                parts.append(f"{wording.listing(list(names), counted='个单位', room=20)}{status}")
        return f"谁落后：{'，'.join(parts)}" if parts else "没有逾期或滞后的任务"

    def _late_task(self, row: object, reason: str, next_step: str) -> LateTask:
        task_id = str(row.task_id)  # type: ignore[attr-defined]
        facts = self._tasks.loc[task_id]
        status = Status(row.status)  # type: ignore[attr-defined]
        return LateTask(
            task_id,
            status,
            tuple(facts["units"]),
            wording.short_title(facts["content"], 40),
            str(facts["content"]),
            float(row.completion),  # type: ignore[attr-defined]
            float(row.planned_value),  # type: ignore[attr-defined]
            int(row.end),  # type: ignore[attr-defined]
            reason,
            next_step,
            tuple(self._unreported.get(task_id, ())),
            self.remarks.of(task_id, status),
            self.remarks.sign(task_id, status),
        )

    @cached_property
    def remarks(self) -> Remarks:
        """What stands beside the tasks' lights."""
        return Remarks(self.figures.dataset)

    @cached_property
    def _unreported(self) -> dict[str, list[str]]:
        rows = self.figures.missing_reports
        return {str(task): list(units) for task, units in rows.groupby("task_id")["unit"]}

    def _last_words(self, column: str, tasks: pd.Series[str]) -> dict[str, str]:
        """Return a text of the reports as each task had it last up to the month, units apart by ；."""
        rows = self.figures.dataset.progress
        rows = rows[rows["task_id"].isin(tasks) & (rows["month"] <= self.month)]
        rows = rows[_says_something(rows[column])]
        latest = rows[rows["month"] == rows.groupby("task_id")["month"].transform("max")]
        return {
            str(task): "；".join(dict.fromkeys(words.str.strip()))
            for task, words in latest.groupby("task_id")[column]
        }

    # -- what falls due next ----------------------------------------------------------------------

    @cached_property
    def due(self) -> list[DueTask]:
        """The open tasks that have not reached their date: by date, the least complete first."""
        rows = self.figures.tasks
        rows = rows[~rows["status"].isin(REPORTED_DONE) & (rows["end"] > self.month)]
        rows = rows.sort_values(["end", "completion"], kind="stable")
        return [
            DueTask(
                row.task_id,
                tuple(self._tasks.at[row.task_id, "units"]),
                wording.short_title(self._tasks.at[row.task_id, "content"], 40),
                float(row.completion),
                int(row.end),
            )
            for row in rows.itertuples()
        ]

    @property
    def due_next(self) -> list[DueTask]:
        """The tasks of `due` with the next date, whatever its month."""
        return [task for task in self.due if task.end == self.due[0].end]

    @property
    def due_title(self) -> str:
        """What falls due next: 接下来到期：11月底6项，2项还没有进展."""
        tasks = self.due_next
        if not tasks:
            return "没有未完成的任务要到期"
        nothing = self._span(range(self.month + 1, tasks[0].end))
        nothing = f"{nothing}无，" if nothing else ""
        idle = sum(task.completion == 0 for task in tasks)
        return (
            f"接下来到期：{nothing}{self.month_word(tasks[0].end)}底{len(tasks)}项"
            f"{f'，{idle}项还没有进展' if idle else ''}"
        )

    # -- what changed -----------------------------------------------------------------------------

    @cached_property
    def changes(self) -> list[Change]:
        """The tasks that moved since the month before: a worse state, then a better one, then
        the greatest gain."""
        changes = [
            Change(
                row.task_id,
                tuple(self._tasks.at[row.task_id, "units"]),
                wording.short_title(self._tasks.at[row.task_id, "content"], 40),
                Status(row.status),
                Status(row.status_before),
                float(row.completion_before),
                float(row.completion),
            )
            for row in self.figures.changes.itertuples()
        ]

        def order(change: Change) -> tuple[int, float]:
            worse = RANK[change.status] < RANK[change.status_before] and change.status in LATE
            better = change.status in REPORTED_DONE or change.status_before in LATE
            moved = change.status != change.status_before
            return (0 if moved and worse else 1 if moved and better else 2), -change.gain

        return sorted(changes, key=order)

    @property
    def change_title(self) -> str:
        """What changed since the month before, in one sentence."""
        if self.before is None:
            return f"{self.month_word()}是计划的第一个月"
        gained = sum(change.gain > 0 for change in self.changes)
        parts = [f"{gained}项有进展" if gained else "没有进展"]
        for status in (*REPORTED_DONE, *LATE):
            count = sum(c.status == status != c.status_before for c in self.changes)
            if count:
                parts.append(f"新增{count}项{status}")
        return f"比上月：{'，'.join(parts)}"

    @cached_property
    def stuck(self) -> list[LateTask]:
        """The late tasks that have not changed since the month before."""
        moved = {change.task_id for change in self.changes}
        return [] if self.before is None else [t for t in self.late if t.task_id not in moved]

    # -- what is asked for ------------------------------------------------------------------------

    @cached_property
    def requests(self) -> list[Request]:
        """需协调事项 of the month's reports, in the plan's order; the same words once per unit."""
        reports = self.figures.dataset.progress
        known = self.figures.tasks["task_id"]
        reports = reports[
            (reports["month"] == self.month)
            & reports["task_id"].isin(known)
            & _says_something(reports["coordination"])
        ]
        if self.figures.selection.unit is not None:
            reports = reports[reports["unit"] == self.figures.selection.unit]
        order = {task_id: place for place, task_id in enumerate(known)}
        requests = {
            (row.unit, row.coordination.strip()): Request(
                row.task_id,
                row.unit,
                wording.short_title(self._tasks.at[row.task_id, "content"], 40),
                row.coordination.strip(),
            )
            for row in reports.itertuples()
        }
        return sorted(requests.values(), key=lambda request: order[request.task_id])


def _says_something(column: pd.Series[str]) -> pd.Series[bool]:
    """Return where a report's text is neither blank nor only says that there is nothing (无)."""
    return (column.str.strip() != "") & ~column.map(texts.says_nothing).astype("bool")


def urgent_first(rows: pd.DataFrame) -> pd.DataFrame:
    """Return tasks (`lib.core.figures.Figures.tasks`) by state, then by the gap to plan."""
    gap = rows["planned_value"] - rows["completion"]
    rank = rows["status"].astype("str").map(RANK)
    return (
        rows.assign(gap=gap, rank=rank)
        .sort_values(["rank", "gap"], ascending=[True, False], kind="stable")
        .drop(columns=["gap", "rank"])
        .reset_index(drop=True)
    )


def _places(rows: pd.DataFrame) -> dict[str, int]:
    return {str(key): place for place, key in enumerate(worst_first(rows)["key"], 1)}


def worst_first(rows: pd.DataFrame) -> pd.DataFrame:
    """Return a roll-up by the worst state in each group (逾期, 滞后, neither), then by the gap.

    Adds ``gap`` (planned minus earned value, a fraction of 1).
    """
    gap = rows["planned_value"] - rows["earned_value"]
    urgency = np.select([rows["overdue"] > 0, rows["behind"] > 0], [0, 1], 2)
    return (
        rows.assign(gap=gap, urgency=urgency)
        .sort_values(["urgency", "gap"], ascending=[True, False], kind="stable")
        .drop(columns="urgency")
        .reset_index(drop=True)
    )
