"""Tables that have a row for each place or unit and a column for each task: 任务分解到乡镇.

乡镇      新建公厕（座）   改造户厕（户）   完成时限
河东镇          4            120        10月底前
柳林镇          6            300        10月底前
合计           10            420
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lib.core.targets import MEASURES
from lib.core.units import UNIT_END
from lib.planning.columns import PLACE_END, UNIT_COLUMNS, Meaning, meaning_of, plain_header
from lib.planning.document import Cell, Grid, Merge

_PLACES = re.compile(
    r"^(?:各?(?:乡镇|镇街|镇乡|街镇|县市区?|县区|区县|市县|县|地区|区域|镇|乡|街道|村|社区|园区|行政村)|(?:责任|实施|承担)?(?:单位|部门))(?:名称)?$"
)
_TOTAL = re.compile(r"^(?:合计|总计|小计|全[市县区省州镇乡](?:合计|总计)?|总数)$")
_NUMBER = re.compile(r"[\d,]{1,15}(?:\.\d+)?%?")
_MEASURED = re.compile(r"^(.*?)[（(]([^（）()]{1,6})[）)]$")
_ONLY_AMOUNT = re.compile(
    r"(?:年度|目标|任务|计划|工作|指标|分解|下达)*(?:数量?|量|值|目标|任务|计划|指标)"
)
_SUBJECT = re.compile(
    r"^(?:附件[\d一二三四五]*[:：]?)?(?:\d{4}年度?)?(.{2,30}?)(?:目标|工作|任务|计划|指标|分解|下达|安排|一览|明细)*(?:表|清单|计划)?$"
)
_SMALLEST = 2
"""Rows of places from which a table is taken for one of these."""
_BESIDE = {*UNIT_COLUMNS, Meaning.WINDOW, Meaning.LEADER, Meaning.REMARK, Meaning.NUMBER}


@dataclass(frozen=True)
class TurnedTask:
    """The task of one column: ``units`` are the places that have a share, ``row`` the header's."""

    content: str
    units: str
    goal: str
    window: str
    row: int


def turned_tasks(block: Grid, title: str) -> list[TurnedTask]:
    """Return the tasks of a table with places as rows, none for any other table.

    All of its columns but the places' hold numbers, or units, times, leaders and remarks.
    ``title`` is the text above the table: it says what is counted where a header only says 任务数.
    """
    for first in range(min(len(block.rows) - _SMALLEST, 6)):
        row = block.rows[first]
        places = next((n for n, cell in enumerate(row) if _heads_places(cell.text)), None)
        if places is None:
            continue
        titles = [title, *(cell.text for above in block.rows[:first] for cell in above)]
        return _tasks(block, first, places, next(filter(None, reversed(titles)), ""))
    return []


def _heads_places(text: str) -> bool:
    return bool(_PLACES.match(re.sub(r"\(.*?\)|、", "", plain_header(text))))


def _tasks(block: Grid, first: int, places: int, title: str) -> list[TurnedTask]:
    header, start = _header(block.rows, first)
    body = [row for row in block.rows[start:] if _is_place(row[places].text, header[places])]
    total = next((row for row in block.rows[start:] if _is_total(row)), None)
    others = [row for row in block.rows[start:] if row[places].text.strip() and row is not total]
    if len(body) < _SMALLEST or len(body) < 0.7 * len(others):
        return []
    texts = {n: [row[n].text.strip() for row in body] for n in range(len(header)) if n != places}
    amounts = {n: own for n, own in texts.items() if _are_amounts(own, header[n])}
    for n, own in texts.items():
        if n not in amounts and any(own) and meaning_of(header[n]) not in _BESIDE:
            return []
    names = [row[places].text.strip() for row in body]
    helpers = [
        text for n, own in texts.items() if meaning_of(header[n]) in UNIT_COLUMNS for text in own
    ]
    windows = [
        text for n, own in texts.items() if meaning_of(header[n]) is Meaning.WINDOW for text in own
    ]
    tasks = []
    for n, own in amounts.items():
        name, measure = _named(header[n], title)
        shares = [
            (place, text) for place, text in zip(names, own, strict=True) if text not in ("", "0")
        ]
        goal = "、".join(f"{place}{text}{measure}" for place, text in shares)
        if total is not None and (whole := total[n].text.strip()):
            goal = f"{name}{whole}{measure}（其中{goal}）"
        units = dict.fromkeys([*filter(None, helpers), *(place for place, _ in shares)])
        window = next((text for text in reversed(windows) if text), "")
        tasks.append(TurnedTask(name, "、".join(units), goal, window, block.numbers[first]))
    return tasks


def _header(rows: Sequence[Sequence[Cell]], first: int) -> tuple[list[str], int]:
    """Return the words above each column, of two header rows or with a row of measures below, and
    where the places begin."""
    header = [_reach(rows[first], n) for n in range(len(rows[first]))]
    start = first + 1
    below = rows[start]
    if any(cell.merge is Merge.UP for cell in below) and len(rows) > start + _SMALLEST:
        lower = [cell.text.strip() for cell in below]
        if not any(map(_NUMBER.fullmatch, filter(None, lower))):
            measures = all(text in MEASURES for text in lower if text)
            header = [
                (f"{upper}（{own}）" if measures else f"{upper}{own}") if own else upper
                for upper, own in zip(header, lower, strict=True)
            ]
            start += 1
    return header, start


def _reach(row: Sequence[Cell], column: int) -> str:
    while column and row[column].merge is Merge.LEFT:
        column -= 1
    return "".join(row[column].text.split())


def _is_place(text: str, header: str) -> bool:
    name = text.strip()
    of_units = meaning_of(header) is Meaning.UNITS
    ends = UNIT_END if of_units else PLACE_END
    return bool(name) and not _TOTAL.match(name) and bool(ends.search(name)) and len(name) <= 20


def _is_total(row: Sequence[Cell]) -> bool:
    return any(_TOTAL.match("".join(cell.text.split())) for cell in row[:3])


def _are_amounts(texts: Sequence[str], header: str) -> bool:
    filled = [text for text in texts if text]
    skipped = meaning_of(header) in (Meaning.NUMBER, Meaning.IGNORED, Meaning.LEADER)
    return bool(filled) and not skipped and bool(header) and all(map(_NUMBER.fullmatch, filled))


def _named(header: str, title: str) -> tuple[str, str]:
    """Return what a column counts, and in which measure."""
    match = _MEASURED.match(header)
    name, measure = (match[1], match[2]) if match and match[2] in MEASURES else (header, "")
    if _ONLY_AMOUNT.fullmatch(name) and (subject := _SUBJECT.match("".join(title.split()))):
        name = subject[1]
    return name, measure
