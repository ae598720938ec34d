"""催报 ready to paste, and the due days as a calendar file."""

from __future__ import annotations

from datetime import date

from icalendar import Calendar

from lib.core.due_days import parse_due
from lib.core.punctuality import reporting_calendar
from lib.report.reminders import due_days_file, reminder


def test_the_reminder_names_each_unit_with_its_tasks(september):
    seen = reporting_calendar(september, date(2018, 10, 8))
    text = reminder(september, seen, september.selection.month)
    first, *units = text.splitlines()
    assert first == (
        "【催报】2018年扶贫协作和经济合作工作计划2018年9月进展，应于10月5日前填报，"
        "已过期，请尽快补报。还没有填报的："
    )
    assert units == ["区商务局：二-4", "妇联：八-2", "河海街道：九-1"]
    before = reporting_calendar(september, date(2018, 10, 1))
    assert "请按时填报" in reminder(september, before, september.selection.month)
    june = september.selection.month - 3
    assert reminder(september, seen, june) == ""


def test_due_days_to_come_can_be_put_into_a_calendar(shipped):
    content = due_days_file(parse_due("次月5日前"), shipped.axis, "计划", date(2018, 11, 6))
    calendar = Calendar.from_ical(content)
    events = calendar.walk("VEVENT")
    assert [event.decoded("dtstart") for event in events][:1] == [date(2018, 12, 5)]
    assert str(events[0]["summary"]) == "填报2018年11月进展：计划"
    assert len(events[0].walk("VALARM")) == 1
