"""The running text of a plan: its sections, who is responsible, and what it promises.

A promise is a clause with a quantity, because only a quantity can be held against the table; what
the text merely describes stays a passage.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lib.core.targets import Mention, find_targets
from lib.planning.frames import is_frame
from lib.planning.numerals import NUMERALS

_HEADING = re.compile(
    rf"^\s*(?:([{NUMERALS}]{{1,3}})\s*[、.．]|[（(]([{NUMERALS}]{{1,3}})[）)])\s*([^。；;，,：:]{{2,20}}?)\s*"
    rf"(?:[。：:]\s*(.+))?$"
)
_LONG_HEADING = re.compile(
    rf"^\s*(?:([{NUMERALS}]{{1,3}})\s*[、.．]|[（(]([{NUMERALS}]{{1,3}})[）)])\s*([^。；;]{{2,60}}?)[。；;：:]?()\s*$"
)
_UNITS_WORD = r"(?:责任|牵头|配合|承办|落实|主办|协办|实施)(?:单位|部门)"
_UNITS_LINE = re.compile(rf"^\s*[（(]?({_UNITS_WORD}[：:].+?)[）)]?\s*。?\s*$")
_UNITS_INLINE = re.compile(rf"[（(]({_UNITS_WORD}[：:][^（）()]+)[）)]")
_PLAIN_LABEL = re.compile(r"^责任(?:单位|部门)[：:]")
_LABEL = re.compile(
    rf"^\s*(?:\d{{1,2}}[.．、]|[（(]\d{{1,2}}[）)]|[①-⑳]|[（(][{NUMERALS}]+[）)])\s*(?:[^：:。，,；;]{{2,14}}[：:])?\s*"
)
_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]?")
_CLAUSE = re.compile(r"[^，,]+[，,]?")
_PAST = re.compile(r"已|去年|上年|往年|此前|截至目前|近年来")
_SEPARATORS = "、，,；; 　\t"


@dataclass(frozen=True)
class Passage:
    """A piece of the running text: a clause with its quantities, or text between such clauses.

    ``number`` and ``category`` are those of the section's heading, ``units_text`` the 责任单位 that
    the text names for it (empty if it names none).
    """

    text: str
    number: str
    category: str
    units_text: str
    mentions: tuple[Mention, ...]


def passages_of(paragraphs: Sequence[str], categories: Sequence[str]) -> list[Passage]:
    """Return the passages of the numbered sections; what stands before the first is left out.

    ``categories`` are those of the task table: a paragraph that is one of them heads a section
    even without a number. Sections on how the work is run (总体要求, 保障措施) are left out.
    """
    passages: list[Passage] = []
    number = category = ""
    unassigned = 0  # passages from here on have no units yet
    last_units = ""
    for paragraph in paragraphs:
        text = paragraph.strip()
        heading = _heading(text)
        if heading or text in categories:
            number = (heading[1] or heading[2] or "") if heading else ""
            category = heading[3].strip() if heading else text
            if is_frame(category) and category not in categories:
                category = ""  # no work of its own
            unassigned, last_units = len(passages), ""
            text = (heading[4] or "") if heading else ""
        if not text or not category:
            continue
        if line := _UNITS_LINE.match(text):
            units = _units(line[1])
            if unassigned == len(passages) and last_units and passages:
                # 牵头单位 stands above, 配合单位 below: both are for the same passages.
                units = f"{last_units}；{units}"
                unassigned = next(
                    n for n, passage in enumerate(passages) if passage.units_text == last_units
                )
            passages[unassigned:] = [
                replace(passage, units_text=units)
                if passage.units_text in ("", last_units)
                else passage
                for passage in passages[unassigned:]
            ]
            unassigned, last_units = len(passages), units
            continue
        inline = _UNITS_INLINE.search(text)
        units = _units(inline[1]) if inline else ""
        passages += [
            Passage(piece, number, category, units, mentions)
            for piece, mentions in _pieces(_UNITS_INLINE.sub("", text))
        ]
        last_units = ""
    return passages


def _heading(text: str) -> re.Match[str] | None:
    """Return number and words of a section's heading, and what follows it in the paragraph.

    A long one, with commas, is a heading where it promises no quantity.
    """
    if match := _HEADING.match(text):
        return match
    return None if find_targets(text[:80]) else _LONG_HEADING.match(text)


def _units(text: str) -> str:
    return _PLAIN_LABEL.sub("", text.strip()).strip(_SEPARATORS + "。")


def _pieces(paragraph: str) -> Iterator[tuple[str, tuple[Mention, ...]]]:
    """Return the clauses that promise a quantity, each with what follows it, and the rest."""
    for sentence in _SENTENCE.findall(_LABEL.sub("", paragraph)):
        pieces: list[str] = []
        for clause in _clauses(sentence):
            promises = bool(find_targets(clause)) and not _PAST.search(clause)
            if promises or not pieces:
                pieces.append(clause)
            else:
                pieces[-1] += clause
        for piece in pieces:
            text = _LABEL.sub("", piece).strip().rstrip("，,；;。")
            if text:
                yield f"{text}。", () if _PAST.search(text) else tuple(_distinct(text))


def _clauses(sentence: str) -> list[str]:
    """Split at commas, but not within quotation marks or brackets."""
    clauses, depth, start = [], 0, 0
    for place, character in enumerate(sentence):
        depth += (character in "“「《（(") - (character in "”」》）)")
        if character in "，," and depth <= 0:
            clauses.append(sentence[start : place + 1])
            start = place + 1
    return [clause for clause in [*clauses, sentence[start:]] if clause.strip()]


def _distinct(text: str) -> list[Mention]:
    """Return the mentions of a text, of two with the same target the first."""
    first = {mention.target: mention for mention in reversed(find_targets(text))}
    return [*reversed(first.values())]
