"""Months as integers: the ordinal of a monthly ``pandas.Period`` (months since 1970-01).

Frames hold months as ``int32`` ordinals so that windows, reports and axes are plain
arithmetic; people and files see ``2018-04`` or ``4月``.
"""

from __future__ import annotations

import re

import pandas as pd

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_EPOCH_YEAR = 1970


class MonthError(ValueError):
    """A text is not a month; the message says what was seen and what is expected."""

    def __init__(self, text: object) -> None:
        super().__init__(f"「{text}」不是月份，应写成 2018-04 这样的“年-月”")


def from_parts(year: int, month: int) -> int:
    """Return the ordinal of ``month`` (1-12) of ``year``."""
    return (year - _EPOCH_YEAR) * 12 + month - 1


def parse(text: str) -> int:
    """Return the ordinal of a text such as ``2018-04``; raise `MonthError` for anything else."""
    match = _MONTH.fullmatch(text.strip())
    if not match:
        raise MonthError(text)
    return from_parts(int(match[1]), int(match[2]))


def parse_series(texts: pd.Series[str]) -> pd.Series[int]:
    """Return ordinals as nullable ``Int32``; a text that is no month becomes ``<NA>``."""
    places, months = texts.factorize()  # few months, in however many rows
    ordinals: list[int | None] = []
    for written in months:
        try:
            ordinals.append(parse(written))
        except MonthError:
            ordinals.append(None)
    return pd.Series(pd.array(ordinals, dtype="Int32").take(places), index=texts.index)


def text(month: int) -> str:
    """Return an ordinal as files write it: ``2018-04``."""
    return f"{year_of(month):04d}-{number_of(month):02d}"


def year_of(month: int) -> int:
    """Return the calendar year of an ordinal."""
    return int(month) // 12 + _EPOCH_YEAR


def number_of(month: int) -> int:
    """Return the month's number in its year, 1 to 12."""
    return int(month) % 12 + 1


def label(month: int, year: int | None = None) -> str:
    """Return an ordinal in words: ``4月`` within ``year``, else ``2019年2月``."""
    if year is not None and year_of(month) == year:
        return f"{number_of(month)}月"
    return f"{year_of(month)}年{number_of(month)}月"


def of_year(year: int) -> range:
    """Return the twelve ordinals of a calendar year."""
    return range(from_parts(year, 1), from_parts(year, 12) + 1)
