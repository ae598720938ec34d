"""The task tables of a document as rows of texts by meaning: merged and empty cells filled,
headers that repeat, rows of category names and remarks told apart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lib.planning.columns import Meaning, header_of
from lib.planning.document import Cell, Document, Grid, Merge
from lib.planning.doubts import Doubt
from lib.planning.unit_cells import join_lines

_NUMERAL = "一二三四五六七八九十"
NUMBERED = re.compile(rf"^\s*([{_NUMERAL}]{{1,3}}|\d{{1,2}})\s*[、.．]\s*(\S.*)$", re.DOTALL)
BRACKETED = re.compile(rf"^\s*[（(]([{_NUMERAL}]{{1,3}}|\d{{1,2}})[）)]\s*(\S.*)$", re.DOTALL)
_ITEM = re.compile(r"^\s*(?:\d{1,2}[.．、]|[（(]\d{1,2}[）)]|[①-⑳])")
_TABLE_WORD = re.compile(r"(?:工作|重点)*(?:任务)?(?:分解|清单|一览)?(?:表|清单)$")
_SHORT = re.compile(r"[\u4e00-\u9fff、（）()]{2,12}")
_NO_CATEGORY = re.compile(r"计划|方案|要点|清单|安排|表|附件|单位|时间|说明|任务|责任|工作$")
_UNNAMED_SHEET = re.compile(r"(?:表|sheet|工作表)\s*\d*", re.IGNORECASE)
_REMARK_ROW = re.compile(r"^\s*(?:注|备注|说明|合计|总计|填表|制表|审核)\s*[:：]?")


@dataclass
class RawTask:
    """A row being read: texts by meaning, before ids are given."""

    cells: dict[Meaning, str]
    place: str
    doubts: list[tuple[Meaning, str, str, str]] = field(default_factory=list)

    def get(self, meaning: Meaning) -> str:
        return self.cells.get(meaning, "")


def table_rows(document: Document) -> tuple[list[RawTask], list[Doubt], list[str]]:
    """Return the tasks of all task tables, doubts of the whole, and texts above the headers."""
    raw: list[RawTask] = []
    doubts: list[Doubt] = []
    above: list[str] = []
    columns: dict[int, Meaning] = {}
    width, heading = 0, ""
    for block in document.blocks:
        if not isinstance(block, Grid):
            heading = block.text
            continue
        start = 0
        while start < len(block.rows) and not header_of(block.rows[start : start + 2]):
            start += 1
        if start < len(block.rows):
            above += [cell.text for row in block.rows[:start] for cell in row if cell.text]
        elif columns and width == len(block.rows[0]):
            start = 0  # the table goes on over the page without its header
        else:
            doubts.append(
                Doubt((), "文件", block.name, "这张表没有识别为任务分解表，没有读取", "不读取")
            )
            continue
        doubts += _unread_columns(block, start)
        section = _category_of(heading, block.name)
        found, columns = _read_grid(block, start, columns, section, raw)
        raw += found
        width = len(block.rows[0])
    return [one for one in raw if one.get(Meaning.CONTENT)], doubts, above


def _unread_columns(block: Grid, start: int) -> Iterator[Doubt]:
    header = header_of(block.rows[start : start + 2])
    if header is None:
        return
    columns, height = header
    for column in range(len(block.rows[0])):
        stacked = [block.rows[start + line][column] for line in range(height)]
        text = "".join(cell.text for cell in stacked).strip()
        if text and column not in columns and all(cell.merge is Merge.NONE for cell in stacked):
            yield Doubt((), "文件", text[:20], "没有识别这一列，没有读取", "不读取")


def _category_of(heading: str, sheet: str) -> str:
    """Return the category that a heading above a table names, or the sheet of a workbook.

    It counts only where the table itself names none.
    """
    text = _TABLE_WORD.sub("", heading.strip())
    if NUMBERED.match(text) or BRACKETED.match(text):
        return text if len(text) <= 24 and "。" not in text else ""
    if _SHORT.fullmatch(text) and not _NO_CATEGORY.search(text):
        return text
    return "" if _UNNAMED_SHEET.fullmatch(sheet) or _NO_CATEGORY.search(sheet) else sheet


def _read_grid(
    block: Grid,
    start: int,
    columns: dict[int, Meaning],
    section: str,
    earlier: Sequence[RawTask],
) -> tuple[list[RawTask], dict[int, Meaning]]:
    found: list[RawTask] = []
    roles: dict[int, Meaning] = {}
    position = start
    while position < len(block.rows):
        row = block.rows[position]
        header = header_of(block.rows[position : position + 2])
        if header:
            columns, height = header
            roles = _roles(columns, block, position + height)
            position += height
            continue
        if not roles:
            roles = _roles(columns, block, position)
        place = f"{block.name}第{block.numbers[position]}行"
        position += 1
        own = [cell for cell in row if cell.merge is Merge.NONE and cell.text.strip()]
        if not own:
            continue
        content = next((n for n, role in roles.items() if role is Meaning.CONTENT), None)
        alone = len(own) == 1 and not any(cell.merge is Merge.UP for cell in row)
        if alone and (row[0] is own[0] or content is None or row[content] is not own[0]):
            if not _REMARK_ROW.match(own[0].text):
                section = own[0].text.strip()
            continue
        if _REMARK_ROW.match(own[0].text) and len(own) == 1:
            continue
        above = found or earlier
        one = _read_row(row, roles, place, above[-1] if above else None, section)
        if one is None and found:
            _extend(found[-1], row, roles)
        elif one is not None:
            found += _split(one)
    return found, columns


def _roles(columns: Mapping[int, Meaning], block: Grid, first: int) -> dict[int, Meaning]:
    """Return what each column is for: of two that could be the task, the longer text is.

    The shorter one names the category, or is kept as a remark where there is a category.
    """
    roles = dict(columns)
    tasks = [column for column, meaning in columns.items() if meaning is Meaning.CONTENT]
    if len(tasks) > 1:
        lengths = {
            column: sum(len(row[column].text) for row in block.rows[first:]) for column in tasks
        }
        chosen = max(tasks, key=lambda column: lengths[column])
        spare = [column for column in tasks if column != chosen]
        has_category = Meaning.CATEGORY in columns.values()
        for column in spare:
            roles[column] = Meaning.REMARK if has_category else Meaning.CATEGORY
            has_category = True
    return roles


def _read_row(
    row: Sequence[Cell],
    roles: Mapping[int, Meaning],
    place: str,
    above: RawTask | None,
    section: str,
) -> RawTask | None:
    """Return one row with merged and empty cells filled; ``None`` if it continues the row above."""
    one = RawTask({}, place)
    merged: set[Meaning] = set()
    for column, meaning in roles.items():
        if column >= len(row):
            continue
        cell = row[column]
        if cell.merge is Merge.UP:
            merged.add(meaning)
        text = _tidy(cell.text, meaning)
        if text and one.get(meaning):
            text = f"{one.get(meaning)}；{text}"
        one.cells[meaning] = text or one.get(meaning)
    if not one.get(Meaning.CONTENT):
        return None
    if Meaning.CATEGORY not in roles.values():
        one.cells[Meaning.CATEGORY] = section
    for meaning in (Meaning.CATEGORY, Meaning.NUMBER):
        if not one.get(meaning) and above is not None:
            one.cells[meaning] = above.get(meaning)
    same = above is not None and one.get(Meaning.CATEGORY) == above.get(Meaning.CATEGORY)
    for meaning in (Meaning.UNITS, Meaning.LEAD, Meaning.HELPERS, Meaning.WINDOW, Meaning.LEADER):
        if one.get(meaning) or meaning not in roles.values() or above is None:
            continue
        if meaning in merged:
            one.cells[meaning] = above.get(meaning)
        elif (
            same and above.get(meaning) and meaning in (Meaning.UNITS, Meaning.LEAD, Meaning.WINDOW)
        ):
            value = above.get(meaning)
            one.cells[meaning] = value
            one.doubts.append(
                (meaning, value, "这一格是空的", f"按合并单元格取上一行的「{value}」")
            )
    return one


def _tidy(text: str, meaning: Meaning) -> str:
    if meaning in (Meaning.UNITS, Meaning.LEAD, Meaning.HELPERS):
        return join_lines(text)
    if meaning in (Meaning.CONTENT, Meaning.GOAL, Meaning.REMARK):
        return "\n".join(line.strip() for line in text.split("\n") if line.strip())
    return re.sub(r"\s+", "", text)


def _extend(above: RawTask, row: Sequence[Cell], roles: Mapping[int, Meaning]) -> None:
    """Add what a row without a task of its own says to the task above: a merged task cell."""
    for column, meaning in roles.items():
        if meaning in (Meaning.UNITS, Meaning.LEAD, Meaning.HELPERS) and column < len(row):
            more = join_lines(row[column].text)
            if more and more not in above.get(meaning):
                above.cells[meaning] = "、".join(filter(None, [above.get(meaning), more]))


def _split(one: RawTask) -> list[RawTask]:
    """Return the tasks of a row: a cell of numbered lines holds several, told by the first."""
    lines = one.get(Meaning.CONTENT).split("\n")
    starts = [n for n, line in enumerate(lines) if _ITEM.match(line)]
    if len(starts) < 2 or starts[0] != 0:
        one.cells[Meaning.CONTENT] = "".join(lines)
        return [one]
    items = [
        "".join(lines[start:stop]) for start, stop in zip(starts, [*starts[1:], None], strict=True)
    ]
    doubt = (
        Meaning.CONTENT,
        items[0][:20],
        f"一格里写了{len(items)}项任务",
        f"拆成{len(items)}项，责任单位和时间相同",
    )
    return [
        RawTask(
            {**one.cells, Meaning.CONTENT: item},
            one.place,
            one.doubts if number else [*one.doubts, doubt],
        )
        for number, item in enumerate(items)
    ]
