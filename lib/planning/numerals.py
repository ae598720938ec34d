"""Chinese numerals as documents use them: numbers of sections, a year in words."""

from __future__ import annotations

import re

NUMERALS = "一二三四五六七八九十"
_DIGITS = str.maketrans("〇零○Ｏ一二三四五六七八九", "0000123456789")
_YEAR = re.compile(r"((?:19|20)\d{2})\s*年|(二[〇零○Ｏ][〇零○一二三四五六七八九]{2})年")


def numeral(number: int) -> str:
    """Return a number from 1 to 99 as documents number their sections: 二十一."""
    tens, units = divmod(number, 10)
    ten = "" if not tens else ("十" if tens == 1 else f"{NUMERALS[tens - 1]}十")
    return ten + (NUMERALS[units - 1] if units else "")


def year_of(text: str) -> int | None:
    """Return the first year that a text names: 2020年 or 二〇二〇年."""
    match = _YEAR.search(text)
    return int((match[1] or match[2]).translate(_DIGITS)) if match else None
