"""A report's table as it stands in a file: where its header is, and which rows are no report."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cache, partial
from typing import Literal, NamedTuple

import pandas as pd

from lib.core import texts
from lib.core.problems import FileError
from lib.intake import headers

MAX_ROWS, MAX_COLUMNS = 200_000, 200
_LONGEST_TITLE = 2000
HEADER_ROWS = 10
"""The header is looked for in the first rows: a title may stand above it."""
EXPECTED = "填报模板（.xlsx 或 .csv）"


class Merge(NamedTuple):
    """A merged range: rows as a spreadsheet numbers them, columns from 0."""

    top: int
    left: int
    bottom: int
    right: int


Kind = Literal["csv", "xlsx"]
Rows = Mapping[int, list[str]]
"""Texts of a table's filled rows by the row number that a spreadsheet shows."""

_TOTAL = re.compile("(?:本月|本期|累计)?(?:合计|总计|小计|共计)(?:[:：（(].*)?")
_FOOT = re.compile(
    "(?:填报|填表|制表|审核|审签|审批|经办|联系|报送|汇总|复核)(?:人|员|单位|部门|日期|时间|电话|人员)?(?:[（(]|[:：]|$)"
    "|(?:单位)?(?:负责人|分管领导|主要领导|领导)(?:签字|签名|审签)?(?:[（(]|[:：]|$)"
    "|(?:填|附|备|)注(?:[:：]|[0-9１-９]|$)|(?:填表)?说明[:：]|以下(?:空白|无正文)"
    "|.{0,20}(?:盖章|公章|签章)[)）]?[:：]?$"
)
_DAY = re.compile(r"(?:\d{4}|二[〇零○]..)年.{1,3}月.{1,3}日")
_SIGNED = re.compile(
    r"(?:填报|填表|制表|经办|报送)人(?:员|签字|签名|姓名)?[:：][ \t]*([^\s:：，,；;（(]{1,20})"
)
_BRACKETED = re.compile(r"[（(].*[)）]", re.DOTALL)
_HINT = re.compile(r"[（(]?(?:必填|选填|填|不填|请|如|例|示例|格式|限|不超过|自动|%|％|年-月)")


@dataclass(frozen=True, eq=False)
class Sheet:
    """A table as it stands in a file.

    ``cells``: texts (str) under the file's own headers; the index is the row number a
    spreadsheet shows. ``header_row`` is the first row of the headers. ``overlong``: rows with
    text beyond the last header. ``title`` names the sheet of a workbook. ``no_report``: rows that
    are left out, and what they are (合计、落款 …). ``cleaned``: rows with characters that cannot be
    kept. ``merges``: a workbook's merged ranges. ``signed``: who filled the form in, by its last
    lines. ``is_hidden``, ``hidden_rows``: what a workbook does not show of itself.
    """

    kind: Kind
    cells: pd.DataFrame
    header_row: int
    overlong: Mapping[int, str]
    title: str = ""
    no_report: Mapping[int, str] = field(default_factory=dict)
    cleaned: tuple[int, ...] = ()
    merges: Sequence[Merge] = ()
    signed: tuple[str, ...] = ()
    above: str = ""
    is_hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()


def sheet_of(
    kind: Kind, rows: Rows, file: str, title: str = "", merges: Sequence[Merge] = ()
) -> Sheet:
    """Return the rows under the header: the first of the top rows with two known headers.

    ``merges`` are a workbook's: what a row is about is read from the merged cell above it. Raises
    `FileError` for a table without a filled row, or with too many.
    """
    if len(rows) > MAX_ROWS + HEADER_ROWS:
        raise FileError(file, f"超过{MAX_ROWS}行", f"不超过{MAX_ROWS}行的{EXPECTED}")
    filled = [number for number, row in rows.items() if any(map(str.strip, row))]
    if not filled:
        raise FileError(file, "文件是空的", EXPECTED)
    first = filled[:HEADER_ROWS]
    top = next((n for n in first if sum(map(headers.known, rows[n])) >= 2), filled[0])
    header = [texts.clean(cell).strip() for cell in rows[top]]
    body = filled[filled.index(top) + 1 :]
    while body and (joined := _second_header(header, rows[body[0]])):
        header, body = joined, body[1:]
    names = [headers.simple(name) for name in header]
    ends = [n for n, name in enumerate(names, start=1) if name not in ("", headers.FINDINGS)]
    width = min(max(ends, default=0), MAX_COLUMNS)
    marks = next((n for n in range(width, len(names)) if names[n] == headers.FINDINGS), -1)
    if kind == "csv" and marks < 0:  # a comma behind the last header is a column without one
        width = min(max(width, len(header)), MAX_COLUMNS)
    cells, beyond = {}, {}
    for number in body:
        row = rows[number]
        cells[number] = _row(row, width) + ([_row(row, marks + 1)[marks]] if marks > 0 else [])
        right = row[width:] if marks < 0 else row[width:marks] + row[marks + 1 :]
        if over := "，".join(filter(None, right)):
            beyond[number] = over
    cleaned: tuple[int, ...] = ()
    if not texts.is_clean("\n".join(map("\n".join, cells.values()))):  # hardly ever
        cleaned = tuple(n for n in body if not texts.is_clean("\n".join(cells[n])))
    cells.update({n: list(map(texts.clean, cells[n])) for n in cleaned})
    _fill_down(cells, [n for n in range(width) if headers.says_what_a_row_is(header[n])], merges)
    no_report = _no_report(cells, names[:width], beyond)
    signed = _SIGNED.findall("\n".join(cell for number in no_report for cell in cells[number]))
    for number in no_report:
        cells.pop(number), beyond.pop(number, None)
    columns = _distinct([*header[:width], *([headers.FINDINGS] if marks > 0 else [])])
    frame = pd.DataFrame(list(cells.values()), columns=columns, index=list(cells), dtype="str")
    above = " ".join(cell for n in filled if n < top for cell in rows[n] if cell)[:_LONGEST_TITLE]
    return Sheet(kind, frame, top, beyond, title, no_report, cleaned, merges, tuple(signed), above)


def _row(row: list[str], width: int) -> list[str]:
    return (row + [""] * width)[:width]


def _fill_down(
    cells: Mapping[int, list[str]], columns: Sequence[int], merges: Sequence[Merge]
) -> None:
    """Write the text of a cell that is merged over rows into the rows below its first one."""
    numbers = list(cells)
    done = dict.fromkeys(columns, 0)  # each row once, however many merges overlap
    for merge in sorted(merges):
        for column in columns:
            first = max(merge.top, done[column])
            if not merge.left <= column <= merge.right or merge.bottom <= merge.top:
                continue
            text = cells[merge.top][column] if merge.top in cells else ""
            if merge.left != column or not text:
                continue
            rows = numbers[bisect_left(numbers, first) : bisect_right(numbers, merge.bottom)]
            for row in rows:
                cells[row][column] = cells[row][column] or text
            done[column] = max(done[column], merge.bottom + 1)


def _second_header(header: list[str], row: list[str]) -> list[str] | None:
    """Return the header with the row below it, where a heading is divided into two by that row.

    ::

        任务编号 | 完成情况            | 进展说明        任务编号 | 本月完成 | 累计完成率 | 进展说明
                 | 本月完成 | 累计完成率 |           →
    """
    below = [texts.clean(cell).strip() for cell in row]
    width = max(len(header), len(below))
    upper, below = _row(header, width), _row(below, width)
    group, joined, divided = "", [], 0
    for name, part in zip(upper, below, strict=True):
        group = name or group
        if not part or part == name:
            joined.append(name)
            continue
        if headers.known(name):
            return None  # a cell below a header of its own: a row
        together = next((text for text in (part, group + part) if headers.known(text)), None)
        divided += together is not None
        joined.append(together or f"{group}{part}")
    return joined if divided and divided * 2 >= sum(map(bool, below)) else None


def _no_report(
    cells: Mapping[int, list[str]], names: list[str], beyond: Mapping[int, str]
) -> dict[int, str]:
    """Return the rows that belong to the form and not to the report, and what they are.

    ``names`` are the simple headers.
    """
    kinds = {}
    top = next(iter(cells), 0)
    begins = cache(partial(_begins, names=frozenset(names)))  # few words, in however many rows
    for number, row in cells.items():
        word = begins(next(filter(str.strip, row), beyond.get(number, ""))[:40])
        if word == _Begin.TOTAL:
            kinds[number] = "合计"
        elif word in (_Begin.FOOT, _Begin.DAY):
            if len(_filled(row, names)) <= (4 if word == _Begin.FOOT else 1):
                kinds[number] = "落款或注"
        elif word == _Begin.HEADER:
            filled = _filled(row, names)
            if len(filled) > 1 and all(headers.simple(text) == name for name, text in filled):
                kinds[number] = "重复的表头"
        elif number == top and _is_hint([text for _, text in _filled(row, names)]):
            kinds[number] = "填写提示"
    return kinds


class _Begin(Enum):
    """What the first word of a row may make of it."""

    TOTAL, FOOT, DAY, HEADER, REPORT = range(5)


def _begins(first: str, names: Collection[str]) -> _Begin:
    word = "".join(first.split())
    if _TOTAL.fullmatch(word):
        return _Begin.TOTAL
    if _FOOT.match(word):
        return _Begin.FOOT
    if _DAY.fullmatch(word):
        return _Begin.DAY
    return _Begin.HEADER if headers.simple(word) in names else _Begin.REPORT


def _filled(row: list[str], names: list[str]) -> list[tuple[str, str]]:
    """Return the filled cells of a row with the simple headers above them."""
    pairs = ((name, cell.strip()) for name, cell in zip(names, row, strict=False))
    return [(name, text) for name, text in pairs if text]


def _is_hint(filled: list[str]) -> bool:
    """Whether a row right under the header only says how to fill in."""
    if not filled or not all(len(text) <= 40 for text in filled):
        return False
    bracketed = sum(bool(_BRACKETED.fullmatch(text)) for text in filled)
    return bracketed == len(filled) or all(map(_HINT.match, filled))


def _distinct(header: list[str]) -> list[str]:
    """Return headers of which none repeats: the second 备注 becomes 备注#2."""
    names: list[str] = []
    counts: dict[str, int] = {}
    for name in header:
        counts[name] = counts.get(name, 0) + 1
        names.append(name if counts[name] == 1 else f"{name}#{counts[name]}")
    return names
