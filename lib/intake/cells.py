"""Cells as people and spreadsheets write them: months, quantities, percentages."""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import date, timedelta
from decimal import Decimal

from lib.core import months

LONGEST = 60
"""Characters of a cell that can still be a month, a number or a task's id."""

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−－﹣ー", "-"))
_PART_OF_MONTH = "(?:份|底|末|初|[上中下]旬)?"
_TIME = r"(?: \d{1,2}:\d{2}(?::\d{2})?)?"
_ISO = re.compile(
    rf"(\d{{4}})[-/.年](\d{{1,2}})(?:月{_PART_OF_MONTH}|(?:月|[-/.])(\d{{1,2}})日?)?{_TIME}"
)
_COMPACT = re.compile(r"((?:19|20)\d{2})(0[1-9]|1[0-2])")
_BARE = re.compile(rf"(\d{{1,2}})(?:月(?:{_PART_OF_MONTH}|\d{{1,2}}日))?")
_SHORT_YEAR = re.compile(r"^(\d{2})(?=年)")
_ENGLISH = re.compile(r"(?:(\d{2}|\d{4})-)?([A-Za-z]{3})(?:-(\d{2}|\d{4}))?")
_ENGLISH_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec"
_SERIAL = re.compile(r"(\d{5})(?:\.0+)?")
_FIRST_DAY = date(1899, 12, 30)
"""Day 0 of Excel's calendar, as far as it counts days after February 1900."""

_MONTH_WORDS = [*"一二三四五六七八九十", "十一", "十二"]
_CHINESE_MONTH = re.compile(r"(十[一二]?|[一二三四五六七八九])(?=月)")
_CHINESE_YEAR = re.compile(r"[〇零○一二三四五六七八九]{4}(?=年)")
_CHINESE_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_NUMBER = re.compile(r"([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?)(.*)", re.DOTALL)

_SCALES = {
    "": 1,
    "十": 10,
    "百": 100,
    "千": 1_000,
    "万": 10_000,
    "十万": 100_000,
    "百万": 1_000_000,
    "千万": 10_000_000,
    "亿": 100_000_000,
    "万亿": 1_000_000_000_000,
}
_SCALED = re.compile(f"({'|'.join(sorted(_SCALES, key=len, reverse=True))})(.*)")
SAME_MEASURE = ({"场", "场次", "次"}, {"人", "名"})
"""Measure words that count the same things."""
_SILENT = {"场", "场次"}
"""Measure words that are so much the same that nothing is said of it."""


def plain(text: str) -> str:
    """Return a cell's text in half-width forms, trimmed."""
    return unicodedata.normalize("NFKC", text).strip()


def identifier(text: str) -> str:
    """Return a task's id without spaces, with one kind of dash (二－1 and 二 — 1 are 二-1)."""
    return "".join(plain(text.translate(_DASHES)).split())


def read_month(text: str, year: int) -> int | None:
    """Return the ordinal of a month cell, ``None`` if it is none.

    Read are 2018-04, 2018/4, 2018.4, 2018年4月, 二〇一八年四月, 201804, a day of the month, Excel's
    own rewriting (Apr-18, or the day's number 43191), and 4月, 4月底, 四月 or 4 for the plan's
    ``year``. A number too many (2018-110, 2018-10-45) makes it none.
    """
    if len(text) > LONGEST:
        return None
    cell = plain(text.translate(_DASHES))
    cell = re.sub(r"\s*([年月日/.\-])\s*", r"\1", cell)
    cell = _CHINESE_MONTH.sub(lambda match: str(_MONTH_WORDS.index(match[1]) + 1), cell)
    cell = _CHINESE_YEAR.sub(lambda match: match[0].translate(_CHINESE_DIGITS), cell)
    cell = _SHORT_YEAR.sub(lambda match: f"{year // 100}{match[1]}", cell)
    if match := _ISO.fullmatch(cell):
        of_year, number = int(match[1]), int(match[2])
        if match[3] and not 1 <= int(match[3]) <= 31:
            return None
    elif match := _COMPACT.fullmatch(cell):
        of_year, number = int(match[1]), int(match[2])
    elif match := _BARE.fullmatch(cell):
        of_year, number = year, int(match[1])
    elif match := _SERIAL.fullmatch(cell):
        day = _FIRST_DAY + timedelta(int(match[1]))
        of_year, number = day.year, day.month
        if abs(of_year - year) > 1:
            return None
    elif (match := _ENGLISH.fullmatch(cell)) and match[2].lower() in _ENGLISH_MONTHS:
        written = match[1] or match[3] or str(year)
        of_year = int(written) if len(written) == 4 else 2000 + int(written)
        number = _ENGLISH_MONTHS.index(match[2].lower()) // 4 + 1
    else:
        return None
    if not 1 <= number <= 12 or not 1970 <= of_year <= 9999:
        return None
    return months.from_parts(of_year, number)


def read_number(text: str) -> tuple[float, str] | None:
    """Return a number cell's value and what is written behind it, ``None`` if it is no number.

    Full-width digits and thousands separators are read; ``1,200人次`` is (1200, 人次), ``50%`` is
    (50, %). 约10, 2+1 and 5-10 are no number: a report counts.
    """
    if len(text) > LONGEST:
        return None
    cell = plain(text.translate(_DASHES)).replace("，", ",")
    match = _NUMBER.fullmatch("".join(cell.split()))
    if not match or not re.search(r"\d", match[1]) or re.search(r"\d", match[2]):
        return None
    value = float(match[1].replace(",", ""))
    return (value, match[2]) if math.isfinite(value) else None


def in_measure(value: float, behind: str, measure: str) -> float | None:
    """Return a number with a unit behind it as a number of ``measure``; ``None`` if it is another.

    A bare number is in ``measure``. 0.6万 is 6000 where 户 are counted, 0.08亿元 is 800 and 1200万
    is 1200 where it is 万元.
    """
    if behind in ("", measure):
        return value
    scale, unit = _scaled(behind)
    own_scale, own_unit = _scaled(measure)
    if unit and not _same_unit(unit, own_unit):
        return None
    if not unit and scale == own_scale:
        return value
    return float(Decimal(str(value)) * scale / own_scale)


def _scaled(measure: str) -> tuple[int, str]:
    match = _SCALED.fullmatch(measure)
    return (_SCALES[match[1]], match[2]) if match else (1, measure)


def _same_unit(written: str, measure: str) -> bool:
    return written == measure or any({written, measure} <= names for names in SAME_MEASURE)


def is_said(behind: str, measure: str) -> bool:
    """Whether it is to be told that a unit is read as the indicator's own."""
    return behind != measure and not {behind, measure} <= _SILENT
