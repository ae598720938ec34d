"""Where a source text was understood: quantities, times and units as spans to be marked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from lib.core.targets import find_targets
from lib.core.units import parse_units
from lib.core.windows import WindowError, parse_window

LONGEST_CELL = 60
"""A longer text is a task or a paragraph, not a time or a list of units."""


class What(StrEnum):
    """What a span was understood as."""

    TARGET = "数量"
    WINDOW = "时间"
    UNITS = "单位"


@dataclass(frozen=True)
class Span:
    """Characters ``start`` to ``end`` of a text, understood as ``what``; never empty."""

    start: int
    end: int
    what: What


def spans(text: str, year: int, known_units: Collection[str] = ()) -> list[Span]:
    """Return the understood spans of a text in order; they do not overlap.

    A short text that is a time or a list of known units is one span; in any other text the
    quantities are.
    """
    words = text.strip()
    if not words:
        return []
    if len(words) <= LONGEST_CELL and (what := _whole(words, year, known_units)):
        start = text.index(words[0])
        return [Span(start, start + len(words), what)]
    quantities: list[Span] = []
    for mention in find_targets(text):
        after = quantities[-1].end if quantities else 0
        if after <= mention.start < mention.end:
            quantities.append(Span(mention.start, mention.end, What.TARGET))
    return quantities


def _whole(words: str, year: int, known_units: Collection[str]) -> What | None:
    """Return what a short text is as a whole, if it is a time or nothing but known units."""
    try:
        parse_window(words, year)
    except WindowError:
        units = parse_units(words)
        return What.UNITS if units and set(units) <= set(known_units) else None
    return What.WINDOW
