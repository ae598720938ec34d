"""By which day a month is to be reported, as an office says it: 次月5日前, 当月25日, 每月月底."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

from lib.core import months

_DUE = re.compile(r"(次|当|本|每)月(?:(\d{1,2})[日号]|月?[末底])(?:之?前)?")
_EARLY = 15
"""每月5日 can only be the 5th of the next month; 每月25日 is of the month itself."""


@dataclass(frozen=True)
class DueDay:
    """By which day a month is to be reported: ``next_month`` or the same, 0 for its last day."""

    next_month: bool
    day: int

    def of(self, month: int) -> date:
        """Return the last day on which a report of a month (ordinal) is on time."""
        there = month + self.next_month
        year, number = months.year_of(there), months.number_of(there)
        last = calendar.monthrange(year, number)[1]
        return date(year, number, min(self.day or last, last))


def parse_due(text: str) -> DueDay | None:
    """Return the due day that a setting says, ``None`` if it says none: 次月5日前, 当月25日, 每月月底."""
    match = _DUE.fullmatch("".join(text.split()))
    if match is None or (match[2] and not 1 <= int(match[2]) <= 31):
        return None
    day = int(match[2] or 0)
    return DueDay(match[1] == "次" or (match[1] == "每" and 1 <= day <= _EARLY), day)
