"""How wide text is and where it breaks: enough to lay out Chinese text without a browser.

A Chinese character is a square of the font's size, other characters are about 0.56 of one.
"""

from __future__ import annotations

import unicodedata

NARROW = 0.56
_NEVER_FIRST = set("，。；：、！？）》”’％%,.;:!?)")
"""Marks that may not begin a line (GB/T 15834: 避头)."""


def width(text: str, size: float) -> float:
    """Return the width of one line of text, in the unit of ``size``."""
    return sum(_advance(one) for one in text) * size


def _advance(character: str) -> float:
    return 1.0 if unicodedata.east_asian_width(character) in "WFA" else NARROW


def wrap(text: str, size: float, room: float) -> list[str]:
    """Return text as lines no wider than ``room``; at least one line, line breaks are kept."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line, taken = "", 0.0
        for character in paragraph:
            step = _advance(character) * size
            if line and taken + step > room and character not in _NEVER_FIRST:
                lines.append(line)
                line, taken = "", 0.0
            line += character
            taken += step
        lines.append(line)
    return lines


def fit(text: str, size: float, room: float) -> str:
    """Return text cut with … to fit one line of ``room``."""
    if width(text, size) <= room:
        return text
    while text and width(text + "…", size) > room:
        text = text[:-1]
    return text + "…"
