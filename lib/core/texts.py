"""Text as it may be kept: without the characters that no paper, file or store can hold."""

from __future__ import annotations

import re

import pandas as pd

_PLANE_ENDS = "".join(
    chr(plane * 0x10000 + last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF)
)
_UNPRINTABLE = (
    "\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f"  # controls but tab and line breaks
    "\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\ufff9-\ufffb"  # unseen: widths, directions
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"  # half of a character, and no characters at all
    + _PLANE_ENDS
)
_BREAK = "\v\f\x1c-\x1e\x85\u2028\u2029"
_ESCAPED = re.compile(r"_x((?i:00[01][0-9a-f]|007f|d[89a-f][0-9a-f]{2}|fff[ef]))_")
"""How a workbook writes such a character: Excel shows a vertical tab for ``_x000B_``."""

_UNKEPT = frozenset(
    re.findall(f"[{_UNPRINTABLE}{_BREAK}]", "".join(map(chr, range(0x10000))) + _PLANE_ENDS)
)
"""The same characters one by one: a look into a set is four times as quick as the pattern."""
_TERMINAL = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_BREAKS = re.compile(f"[{_BREAK}]")
_REST = re.compile(f"[{_UNPRINTABLE}]")


def is_clean(text: str) -> bool:
    """Whether `clean` would change no character but line ends."""
    # what Python calls printable holds none of them, and is known ten times as quickly
    printable = text.replace("\n", "").replace("\r", "").isprintable()
    return (printable or _UNKEPT.isdisjoint(text)) and not _ESCAPED.search(text)


def clean(text: str) -> str:
    """Return a text fit to be kept: breaks of other programs as ``\\n``, what cannot be seen gone.

    A vertical tab is Word's soft break. Lone surrogates, U+FFFF and control characters stop
    databases, XML and CSV readers; none carries a meaning that a reader of a report would miss.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    if is_clean(text):
        return text
    text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    text = _BREAKS.sub("\n", _TERMINAL.sub("", text).replace("\r", "\n"))
    return _REST.sub("", text)


def cleaned(cells: pd.DataFrame) -> pd.DataFrame:
    """Return text cells, each as `clean` gives it; nearly always they are so already."""
    if all(is_clean("\n".join(column.unique())) for _, column in cells.items()):
        return cells
    return cells.map(clean).astype("str")


NONE_WORDS = frozenset(
    {"/", "／", "\\", "//", "-", "--", "—", "——", "－", "–", "―"}
    | {"N/A", "n/a", "NA", "无", "没有", "暂无", "空", "无需协调"}
)
"""What people write into a cell that has nothing in it, without closing punctuation."""

_NO_PROBLEM = re.compile(
    r"(?:目前|暂时?|本月)?(?:没有|无|未发现)(?:存在)?(?:的)?(?:问题|困难|其他)?"
)


def says_nothing(text: str) -> bool:
    """Whether a cell is filled only to say that there is nothing: ``无``, ``/``, ``无。``."""
    word = text.strip().rstrip("。.；;，,！!").strip()
    return word in NONE_WORDS or bool(len(word) <= 10 and _NO_PROBLEM.fullmatch(word))
