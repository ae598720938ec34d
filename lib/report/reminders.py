"""催报: what to send to the units that have not reported, and the due days as a calendar file."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from icalendar import Alarm

from lib.core import months
from lib.core.due_days import DueDay
from lib.core.figures import Figures
from lib.core.punctuality import Punctuality, ReportingCalendar
from lib.report.calendar_file import calendar_file, whole_day


def reminder(figures: Figures, calendar: ReportingCalendar, month: int) -> str:
    """Return a message to the units that lack a report of a month; empty if none does.

    Each unit stands with its tasks, so that one message serves all.
    """
    rows = calendar.of(month)
    lacking = rows[rows["state"].isin([Punctuality.MISSING, Punctuality.OPEN])]
    if lacking.empty:
        return ""
    asked = figures.at(month).missing_reports
    tasks = {str(unit): list(group["task_id"]) for unit, group in asked.groupby("unit")}
    due = lacking["due"].iloc[0]
    over = (lacking["state"] == Punctuality.MISSING).any()
    words = "已过期，请尽快补报" if over else "请按时填报"
    lines = [f"{row.unit}：{'、'.join(tasks.get(row.unit, []))}" for row in lacking.itertuples()]
    return "\n".join(
        [
            f"【催报】{figures.dataset.settings.title}{months.label(month)}进展，"
            f"应于{due.month}月{due.day}日前填报，{words}。还没有填报的：",
            *lines,
        ]
    )


def due_days_file(due: DueDay, axis: range, title: str, today: date) -> bytes:
    """Return the coming due days as an .ics file, each with a reminder two days before."""
    events = []
    for month in axis:
        day = due.of(month)
        if day < today:
            continue
        event = whole_day(
            f"report-{months.text(month)}@work-plan-dashboard",
            day,
            datetime.combine(today, datetime.min.time()),
            f"填报{months.label(month)}进展：{title}",
        )
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", f"两天后是{months.label(month)}进展的填报期限")
        alarm.add("trigger", timedelta(days=-2))
        event.add_component(alarm)
        events.append(event)
    return calendar_file("-//work-plan-dashboard//reporting//ZH", events)
