"""How wide text is and where it breaks: enough to lay out Chinese text without a browser.

A Chinese character is a square of the font's size, other characters are about 0.56 of one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

NARROW = 0.56
_WORD = re.compile(r"（\d+／\d+）|[A-Za-z0-9.+\-]+%?|[^\n]")
_NEVER_FIRST = set("，。；：、！？）》”’％%,.;:!?)")
"""Marks that may not begin a line (GB/T 15834: 避头)."""


def width(text: str, size: float) -> float:
    """Return the width of one line of text, in the unit of ``size``."""
    return sum(map(_advance, text)) * size


@cache  # of the few thousand characters that texts are made of
def _advance(character: str) -> float:
    return 1.0 if unicodedata.east_asian_width(character) in "WFA" else NARROW


def wrap(text: str, size: float, room: float) -> list[str]:
    """Return text as lines no wider than ``room``; at least one line, line breaks are kept.

    Numbers, Latin words and a page's （1／2） stay whole where a line has room for them.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line, taken = "", 0.0
        for piece in _pieces(paragraph, size, room):
            wide = width(piece, size)
            if line and taken + wide > room and piece not in _NEVER_FIRST:
                lines.append(line)
                line, taken = "", 0.0
            line, taken = line + piece, taken + wide
        lines.append(line)
    return lines


def _pieces(text: str, size: float, room: float) -> Iterator[str]:
    """Return what may not be broken: words and numbers that fit a line, other characters."""
    for piece in _WORD.findall(text):
        if width(piece, size) <= room:
            yield piece
        else:
            yield from piece


def fit(text: str, size: float, room: float) -> str:
    """Return text cut with … to fit one line of ``room``."""
    if width(text, size) <= room:
        return text
    while text and width(text + "…", size) > room:
        text = text[:-1]
    return text + "…"
