"""Numbers, months and tasks in Chinese words, the same in pages, exports and messages."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from lib.core.gap import in_points, is_below_plan

UNDEFINED = "—"
"""Shown where a figure is not defined, such as the SPI before anything is planned."""

_ITEM_NUMBER = re.compile(
    r"^\s*(?:\d+\s*[．.、)）](?!\d)|[（(][\d一二三四五六七八九十]+[）)]\s*[．.、]?)\s*"
)
_LEAD_IN = re.compile(
    r"(?:围绕|按照|根据|依据|遵照|对照|针对|依托|立足|结合|着眼于?)"
    r".*(?:方向|要求|精神|部署|安排|规定|意见|方案|计划|目标|任务|需求|需要|实际|优势|特点|问题|产业|主题|原则)$"
)
_CLAUSE = re.compile(r"[，。；：,;:]")


def percent(share: float, digits: int = 1) -> str:
    """Return a fraction of 1 as percent: 0.693 is ``69.3%``."""
    return UNDEFINED if pd.isna(share) else f"{share * 100:.{digits}f}%"


def points(difference: float) -> str:
    """Return a difference of two fractions as percentage points without sign: ``2.1个百分点``."""
    return f"{abs(in_points(difference)):.1f}个百分点"


def signed_points(difference: float) -> str:
    """Return a difference as signed percentage points: ``+2.1个百分点``, 持平 when there is none."""
    points = in_points(difference)
    return f"{points:+.1f}个百分点" if points else "持平"


def ratio(value: float) -> str:
    """Return an index such as the SPI with two decimals."""
    return UNDEFINED if pd.isna(value) else f"{value:.2f}"


def quantity(value: float) -> str:
    """Return a quantity without needless decimals and with thousands separators."""
    return UNDEFINED if pd.isna(value) else f"{value:,.10g}"


_MONEY = {"元": 1, "千元": 1_000, "万元": 10_000, "百万元": 1_000_000, "亿元": 100_000_000}


def in_other_money(value: float, measure: str) -> str:
    """Return a sum as it is said otherwise: 12,000万元 as ``1.2亿元``; empty where it reads well.

    From 1亿元 and from 1万元 on in these measures, below 1亿元 in 万元.
    """
    yuan = value * _MONEY.get(measure, 0)
    if yuan <= 0:
        return ""
    other = next(name for name in ("亿元", "万元", "元") if yuan >= _MONEY[name] or name == "元")
    return "" if other == measure else f"{quantity(yuan / _MONEY[other])}{other}"


def against_plan(earned: float, planned: float) -> str:
    """Return how completion stands to the planned value: ``低于序时进度2.1个百分点``."""
    if not in_points(earned - planned):
        return "与序时进度持平"
    word = "低于" if is_below_plan(earned, planned) else "高于"
    return f"{word}序时进度{points(earned - planned)}"


def short_title(content: str, limit: int = 20) -> str:
    """Return the first clause of a task's text that says what is done, cut to ``limit``.

    Its item number is left out, and so are clauses that only lead in (围绕……方向，).
    """
    text = _ITEM_NUMBER.sub("", content).strip()
    clauses = [clause for clause in _CLAUSE.split(text) if clause] or [text]
    first = next((clause for clause in clauses if not _LEAD_IN.match(clause)), clauses[0])
    return first if len(first) <= limit else first[: limit - 1] + "…"


def clip(text: str, limit: int) -> str:
    """Return a text on one line, cut to ``limit`` characters."""
    line = " ".join(text[: limit * 4].split())
    return line if len(line) <= limit and len(text) <= limit * 4 else line[: limit - 1] + "…"


def rows(numbers: Sequence[int], limit: int = 5) -> str:
    """Return row numbers in words, the rest counted: ``第2、4行``, ``第2、3、4、5、6等199行``."""
    first = "、".join(map(str, numbers[:limit]))
    return f"第{first}等{len(numbers)}行" if len(numbers) > limit else f"第{first}行"


def wrap(text: str, width: int, separator: str = "<br>") -> str:
    """Return text broken every ``width`` characters, for hover boxes."""
    return separator.join(text[start : start + width] for start in range(0, len(text), width))


def listing(words: Sequence[str], limit: int = 3, counted: str = "项", room: int = 36) -> str:
    """Return words joined by 、, the rest counted: ``甲、乙、丙等5项``.

    ``counted`` is what is counted (``个单位``); words beyond ``room`` characters are left to the count.
    """
    shown = [
        word
        for place, word in enumerate(words[:limit])
        if len("、".join(words[: place + 1])) <= room
    ]
    shown = shown or [clip(words[0], room)] if words else []
    text = "、".join(shown)
    return text if len(shown) == len(words) else f"{text}等{len(words)}{counted}"
