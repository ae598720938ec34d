"""Cells as people and spreadsheets write them: months, quantities, percentages."""

from __future__ import annotations

import math
import re
import unicodedata

from lib.core import months

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−－﹣ー", "-"))
_ISO = re.compile(
    r"(\d{4})[-/.年](\d{1,2})(?:月份?)?(?:[-/.]?\d{1,2}日?)?(?: \d{1,2}:\d{2}(?::\d{2})?)?"
)
_COMPACT = re.compile(r"((?:19|20)\d{2})(0[1-9]|1[0-2])")
_BARE = re.compile(r"(\d{1,2})(?:月份?)?")
_ENGLISH = re.compile(r"(?:(\d{2}|\d{4})-)?([A-Za-z]{3})(?:-(\d{2}|\d{4}))?")
_ENGLISH_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec"
_NUMBER = re.compile(r"([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?)(.*)")

SAME_MEASURE = ({"场", "场次"},)
"""Measure words that count the same things."""


def plain(text: str) -> str:
    """Return a cell's text in half-width forms, trimmed."""
    return unicodedata.normalize("NFKC", text).strip()


def identifier(text: str) -> str:
    """Return a task's id without spaces, with one kind of dash (二－1 and 二 — 1 are 二-1)."""
    return "".join(plain(text.translate(_DASHES)).split())


def read_month(text: str, year: int) -> int | None:
    """Return the ordinal of a month cell, ``None`` if it is none.

    Read are 2018-04, 2018/4, 2018.4, 2018年4月, 201804, a day of the month, Excel's own
    rewriting (Apr-18), and 4月 or 4 for the plan's ``year``.
    """
    cell = plain(text.translate(_DASHES))
    squeezed = re.sub(r"\s*([年月日/.\-])\s*", r"\1", cell)
    if match := _ISO.fullmatch(squeezed) or _COMPACT.fullmatch(squeezed):
        number, of_year = int(match[2]), int(match[1])
    elif match := _BARE.fullmatch(squeezed):
        number, of_year = int(match[1]), year
    elif (match := _ENGLISH.fullmatch(squeezed)) and match[2].lower() in _ENGLISH_MONTHS:
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
    (50, %). 约10 is no number: a report counts.
    """
    cell = plain(text.translate(_DASHES)).replace("，", ",")
    match = _NUMBER.fullmatch("".join(cell.split()))
    if not match or not re.search(r"\d", match[1]):
        return None
    value = float(match[1].replace(",", ""))
    return (value, match[2]) if math.isfinite(value) else None


def same_measure(written: str, measure: str) -> bool:
    """Whether a unit written behind a number is the indicator's own."""
    return written == measure or any({written, measure} <= names for names in SAME_MEASURE)
