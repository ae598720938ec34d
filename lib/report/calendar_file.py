"""Days as an .ics file (iCalendar, RFC 5545), for calendars on desks and phones."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event


def whole_day(uid: str, day: date, stamp: datetime, summary: str) -> Event:
    """Return an event of one whole day; ``stamp`` is when it was last changed."""
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", stamp)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", summary)
    return event


def calendar_file(program: str, events: Iterable[Event], name: str = "") -> bytes:
    """Return the file; ``program`` is who made it (PRODID), ``name`` what a calendar calls it."""
    calendar = Calendar()
    calendar.add("prodid", program)
    calendar.add("version", "2.0")
    if name:
        calendar.add("x-wr-calname", name)
    for event in events:
        calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content
