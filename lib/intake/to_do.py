"""我的待办: what somebody who reports for some units has to do, the most urgent first."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lib.core import months
from lib.core.punctuality import Punctuality, ReportingCalendar
from lib.store import Item, Submission, listing


class ToDoKind(StrEnum):
    """Why something is to be done; the most urgent first."""

    RETURNED = "退回"
    OVERDUE = "逾期未报"
    DRAFT = "草稿"
    DUE = "待报"


@dataclass(frozen=True)
class ToDo:
    """One thing to do: for which unit and month (ordinal, ``None``: of no month), by when, in words."""

    kind: ToDoKind
    unit: str
    month: int | None
    due: date | None
    text: str


def to_do(
    units: Collection[str],
    calendar: ReportingCalendar,
    journal: list[Submission],
    drafts: Iterable[Item],
) -> list[ToDo]:
    """Return what is to be done for some units: returned, overdue, not yet sent, due."""
    entries = [*_returned(units, journal), *_drafts(drafts), *_asked(units, calendar)]
    order = list(ToDoKind)
    return sorted(entries, key=lambda entry: (order.index(entry.kind), -(entry.month or 0)))


def _returned(units: Collection[str], journal: list[Submission]) -> list[ToDo]:
    answers = {
        submission.revision: (unit, returned)
        for unit in units
        for submission, returned in listing.unanswered_returns(journal, unit)
    }
    return [
        ToDo(
            ToDoKind.RETURNED,
            unit,
            None,
            None,
            f"第{revision}号被{returned.user}退回：{returned.reason}",
        )
        for revision, (unit, returned) in answers.items()
    ]


def _drafts(drafts: Iterable[Item]) -> list[ToDo]:
    amounts: dict[tuple[str, int], int] = {}
    for item in drafts:
        key = (item.place.unit, item.place.month)
        amounts[key] = amounts.get(key, 0) + 1
    return [
        ToDo(ToDoKind.DRAFT, unit, month, None, f"{months.text(month)}有{amount}处草稿还没有提交")
        for (unit, month), amount in amounts.items()
    ]


def _asked(units: Collection[str], calendar: ReportingCalendar) -> Sequence[ToDo]:
    rows = calendar.rows[calendar.rows["unit"].isin(list(units))]
    kinds = {Punctuality.MISSING: ToDoKind.OVERDUE, Punctuality.OPEN: ToDoKind.DUE}
    entries = []
    for row in rows[rows["state"].isin(list(kinds))].itertuples():
        day, left = row.due, row.asked - row.reported
        over = "已过期限" if row.state == Punctuality.MISSING else "期限"
        year = "" if day.year == months.year_of(row.month) else f"{day.year}年"
        text = f"{months.text(row.month)}还有{left}项没有报，{over}{year}{day.month}月{day.day}日"
        entries.append(ToDo(kinds[row.state], row.unit, int(row.month), day, text))
    return entries
