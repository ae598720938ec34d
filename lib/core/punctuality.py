"""Reporting on time: which unit reported which month by the due day, late, or not at all.

Source: ``[reports] due`` of the plan's settings (次月5日前). A month counts when the last task that a
unit was asked for was first reported: a correction makes no report late.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import pandas as pd

from lib.core import months, wording
from lib.core.due_days import parse_due
from lib.core.figures import Figures
from lib.core.status import REPORTED_DONE


class Punctuality(StrEnum):
    """What a unit did about a month; the worst first."""

    MISSING = "未报"
    LATE = "迟报"
    OPEN = "待报"
    ON_TIME = "按时"


ICONS = {
    Punctuality.MISSING: "×",
    Punctuality.LATE: "▲",
    Punctuality.OPEN: "○",
    Punctuality.ON_TIME: "√",
}
NOTHING_ASKED = "—"


@dataclass(frozen=True, eq=False)
class ReportingCalendar:
    """``rows``: one per unit and month with something to report: ``unit``, ``month`` (ordinal),
    ``asked``, ``reported`` (numbers of tasks), ``late`` (tasks first reported after ``due``), ``due``
    (date) and ``state`` (`Punctuality`), in the plan's order.
    """

    rows: pd.DataFrame

    @property
    def judged(self) -> pd.DataFrame:
        """The rows of which it is known whether they are on time."""
        return self.rows[self.rows["state"] != Punctuality.OPEN]

    @property
    def rate(self) -> float | None:
        """The share of unit-months on time, ``None`` before the first due day."""
        judged = self.judged
        return None if judged.empty else float((judged["state"] == Punctuality.ON_TIME).mean())

    def of(self, month: int) -> pd.DataFrame:
        """Return the rows of a month."""
        return self.rows[self.rows["month"] == month]

    def grid(self) -> pd.DataFrame:
        """Return units by months for people: icon and word, the latest month first, the worst unit on top."""
        judged = self.judged
        on_time = (judged["state"] == Punctuality.ON_TIME).groupby(judged["unit"]).mean()
        cells = self.rows.assign(
            cell=[_cell(row) for row in self.rows.itertuples()], label=self.rows["month"]
        )
        grid = cells.pivot(index="unit", columns="label", values="cell").fillna(NOTHING_ASKED)
        rates = on_time.reindex(grid.index)
        names = [months.text(int(month)) for month in grid.columns]
        grid = grid.set_axis(names, axis="columns")[names[::-1]]
        words = [NOTHING_ASKED if pd.isna(rate) else wording.percent(rate, 0) for rate in rates]
        grid.insert(0, "按时率", words)
        order = rates.sort_values(kind="stable", na_position="last").index
        return grid.loc[order].reset_index(names="单位")

    def sentence(self, month: int, month_word: str) -> str:
        """Return how punctual a month's reports are: 9月应报15家，按时13家，迟报1家，未报1家（妇联）."""
        rows = self.of(month)
        if rows.empty:
            return ""
        counts = {state: rows.loc[rows["state"] == state, "unit"] for state in Punctuality}
        parts = [f"{month_word}应报{len(rows)}家"]
        for state in reversed(Punctuality):
            if len(units := counts[state]):
                names = "、".join(units[:3]) + f"等{len(units)}家" * (len(units) > 3)
                named = "" if state is Punctuality.ON_TIME else f"（{names}）"
                parts.append(f"{state}{len(units)}家{named}")
        return "，".join(parts)


def reporting_calendar(figures: Figures, today: date) -> ReportingCalendar:
    """Return who reported on time, from the plan's first month to the selected one.

    Months that have not begun by ``today`` ask for nothing yet.
    """
    return figures.once(("reporting calendar", today), lambda: _calendar(figures, today))


def _calendar(figures: Figures, today: date) -> ReportingCalendar:
    due = parse_due(figures.dataset.settings.report_due)
    last = min(figures.selection.month, months.from_parts(today.year, today.month))
    rows = figures.unit_history
    asked = rows["reported"] | (rows["unreported"] & ~rows["status"].isin(REPORTED_DONE))
    rows = rows.loc[asked & (rows["month"] <= last), ["unit", "task_id", "month", "reported"]]
    reports = figures.dataset.progress
    first = reports.groupby(["unit", "task_id", "month"])["reported_at"].min()
    when = first.reindex(pd.MultiIndex.from_frame(rows[["unit", "task_id", "month"]]))
    due_of = {int(month): due.of(int(month)) for month in rows["month"].unique()} if due else {}
    ends = pd.to_datetime(rows["month"].map(due_of))
    rows = rows.assign(late=when.dt.normalize().to_numpy() > ends.to_numpy())
    groups = rows.groupby(["unit", "month"], sort=False)
    table = groups.agg(
        asked=("task_id", "size"), reported=("reported", "sum"), late=("late", "sum")
    ).reset_index()
    table["due"] = table["month"].map(due_of)
    states = [
        _state(row.asked > row.reported, row.late > 0, today > row.due)
        for row in table.itertuples()
    ]
    return ReportingCalendar(table.assign(state=states) if due else table.iloc[:0].assign(state=[]))


def _state(lacking: bool, late: bool, over: bool) -> Punctuality:
    if lacking:
        return Punctuality.MISSING if over else Punctuality.OPEN
    return Punctuality.LATE if late else Punctuality.ON_TIME


def _cell(row: object) -> str:
    asked, reported, state = row.asked, row.reported, row.state  # type: ignore[attr-defined]
    number = f" {reported}/{asked}" if asked > reported > 0 else ""
    return f"{ICONS[state]} {state}{number}"
