"""The task tables of a document as rows of texts by meaning: merged and empty cells filled,
repeated headers, rows of category names and remarks are no tasks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lib.core.targets import Mention
from lib.planning.columns import UNIT_COLUMNS, Meaning, header_of
from lib.planning.document import Cell, Document, Grid, Merge
from lib.planning.doubts import Doubt
from lib.planning.numerals import NUMERALS
from lib.planning.unit_cells import join_lines

NUMBERED = re.compile(rf"^\s*([{NUMERALS}]{{1,3}}|\d{{1,2}})\s*[、.．]\s*(\S.*)$", re.DOTALL)
BRACKETED = re.compile(rf"^\s*[（(]([{NUMERALS}]{{1,3}}|\d{{1,2}})[）)]\s*(\S.*)$", re.DOTALL)
_ITEM = re.compile(r"^\s*(?:\d{1,2}[.．、]|[（(]\d{1,2}[）)]|[①-⑳])")
_TABLE_WORD = re.compile(r"(?:工作|重点)*(?:任务)?(?:分解|清单|一览)?(?:表|清单)$")
_SHORT = re.compile(r"[\u4e00-\u9fff、（）()]{2,12}")
_NO_CATEGORY = re.compile(r"计划|方案|要点|清单|安排|表|附件|单位|时间|说明|任务|责任|工作$")
_UNNAMED_SHEET = re.compile(r"(?:表|sheet|工作表)\s*\d*", re.IGNORECASE)
_REMARK_ROW = re.compile(r"^\s*(?:注|备注|说明|合计|总计|填表|制表|审核)\s*[:：]?")
_FILLED_IF_MERGED = (*UNIT_COLUMNS, Meaning.WINDOW, Meaning.LEADER)
_FILLED_IF_EMPTY = (Meaning.UNITS, Meaning.LEAD, Meaning.WINDOW)


@dataclass(frozen=True)
class Row:
    """One task as read: the words of the document, its place there, its quantities."""

    task_id: str
    number: str
    category: str
    content: str
    units_text: str
    window_text: str
    source: str
    place: str
    mentions: tuple[Mention, ...] = ()
    leader: str = ""
    goal: str = ""
    remark: str = ""
    weight: str = "1"
    start_month: str = ""
    end_month: str = ""


@dataclass
class RawTask:
    """A row being read: texts by meaning, before ids are given.

    ``doubts`` have no task yet: the column, what stands there, the problem, what is assumed.
    """

    cells: dict[Meaning, str]
    place: str
    doubts: list[tuple[Meaning, str, str, str]] = field(default_factory=list)

    def get(self, meaning: Meaning) -> str:
        """Return the text of a column, empty if the table has none."""
        return self.cells.get(meaning, "")


def table_rows(document: Document) -> tuple[list[RawTask], list[Doubt], list[str]]:
    """Return the tasks of all task tables, doubts of the whole, and texts above the headers."""
    tasks: list[RawTask] = []
    doubts: list[Doubt] = []
    above: list[str] = []
    columns: dict[int, Meaning] = {}
    width, heading = 0, ""
    for block in document.blocks:
        if not isinstance(block, Grid):
            heading = block.text
            continue
        headers = ((n, header_of(block.rows[n : n + 2])) for n in range(len(block.rows)))
        start, header = next((pair for pair in headers if pair[1]), (0, None))
        if header:
            above += [cell.text for row in block.rows[:start] for cell in row if cell.text]
            doubts += _unread_columns(block.rows[start:], *header)
        elif not columns or width != len(block.rows[0]):
            doubts.append(_unread(block.name, "这张表没有识别为任务分解表，没有读取"))
            continue
        # A table of the same width without a header goes on from the page before.
        section = _category_of(heading, block.name)
        columns = _read_grid(block, start, columns, section, tasks)
        width = len(block.rows[0])
    return tasks, doubts, above


def _unread(value: str, problem: str) -> Doubt:
    return Doubt((), "文件", value, problem, "不读取")


def _unread_columns(
    rows: Sequence[Sequence[Cell]], columns: Mapping[int, Meaning], height: int
) -> Iterator[Doubt]:
    for column in range(len(rows[0])):
        stacked = [row[column] for row in rows[:height]]
        text = "".join(cell.text for cell in stacked).strip()
        if text and column not in columns and all(cell.merge is Merge.NONE for cell in stacked):
            yield _unread(text[:20], "没有识别这一列，没有读取")


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
    block: Grid, start: int, columns: dict[int, Meaning], section: str, tasks: list[RawTask]
) -> dict[int, Meaning]:
    """Add the tasks of a table to ``tasks``; return its columns, for a table that goes on.

    ``section`` is the category until a row of the table names another one.
    """
    earlier = len(tasks)
    roles: dict[int, Meaning] = {}
    position = start
    while position < len(block.rows):
        row = block.rows[position]
        if header := header_of(block.rows[position : position + 2]):
            columns, height = header
            position += height
            roles = _roles(columns, block, position)
            continue
        roles = roles or _roles(columns, block, position)
        place = f"{block.name}第{block.numbers[position]}行"
        position += 1
        filled = [cell for cell in row if cell.merge is Merge.NONE and cell.text.strip()]
        if not filled:
            continue
        if len(filled) == 1:
            if _REMARK_ROW.match(filled[0].text):
                continue
            if _is_section(row, filled[0], roles):
                section = filled[0].text.strip()
                continue
        task = _read_row(row, roles, place, tasks[-1] if tasks else None, section)
        if task is not None:
            tasks += _split(task)
        elif len(tasks) > earlier:
            _extend(tasks[-1], row, roles)
    return columns


def _is_section(row: Sequence[Cell], only: Cell, roles: Mapping[int, Meaning]) -> bool:
    """Whether a row whose ``only`` text this is names a category instead of a task."""
    content = next((n for n, role in roles.items() if role is Meaning.CONTENT), None)
    alone = not any(cell.merge is Merge.UP for cell in row)
    return alone and (row[0] is only or content is None or row[content] is not only)


def _roles(columns: Mapping[int, Meaning], block: Grid, first: int) -> dict[int, Meaning]:
    """Return what each column is for: of two that could be the task, the longer text is.

    The shorter one names the category, or is kept as a remark where there is a category.
    """
    roles = dict(columns)
    tasks = [column for column, meaning in columns.items() if meaning is Meaning.CONTENT]
    if len(tasks) > 1:
        task = max(
            tasks, key=lambda column: sum(len(row[column].text) for row in block.rows[first:])
        )
        spare = Meaning.REMARK if Meaning.CATEGORY in columns.values() else Meaning.CATEGORY
        for column in tasks:
            if column != task:
                roles[column], spare = spare, Meaning.REMARK
    return roles


def _read_row(
    row: Sequence[Cell],
    roles: Mapping[int, Meaning],
    place: str,
    above: RawTask | None,
    section: str,
) -> RawTask | None:
    """Return one row with merged and empty cells filled; ``None`` if it continues the row above."""
    task = RawTask({}, place)
    merged: set[Meaning] = set()
    for column, meaning in roles.items():
        if column >= len(row):
            continue
        if row[column].merge is Merge.UP:
            merged.add(meaning)
        texts = (task.get(meaning), _tidy(row[column].text, meaning))
        task.cells[meaning] = "；".join(filter(None, texts))
    if not task.get(Meaning.CONTENT):
        return None
    if Meaning.CATEGORY not in roles.values():
        task.cells[Meaning.CATEGORY] = section
    if above is None:
        return task
    for meaning in (Meaning.CATEGORY, Meaning.NUMBER):
        task.cells[meaning] = task.get(meaning) or above.get(meaning)
    same = task.get(Meaning.CATEGORY) == above.get(Meaning.CATEGORY)
    for meaning in _FILLED_IF_MERGED:
        value = above.get(meaning)
        if task.get(meaning) or meaning not in roles.values():
            continue
        if meaning in merged:
            task.cells[meaning] = value
        elif same and value and meaning in _FILLED_IF_EMPTY:
            task.cells[meaning] = value
            assumed = f"按合并单元格取上一行的「{value}」"
            task.doubts.append((meaning, value, "这一格是空的", assumed))
    return task


def _tidy(text: str, meaning: Meaning) -> str:
    if meaning in UNIT_COLUMNS:
        return join_lines(text)
    if meaning in (Meaning.CONTENT, Meaning.GOAL, Meaning.REMARK):
        return "\n".join(line.strip() for line in text.split("\n") if line.strip())
    return re.sub(r"\s+", "", text)


def _extend(above: RawTask, row: Sequence[Cell], roles: Mapping[int, Meaning]) -> None:
    """Add what a row without a task of its own says to the task above: a merged task cell."""
    for column, meaning in roles.items():
        if meaning in UNIT_COLUMNS and column < len(row):
            more = join_lines(row[column].text)
            if more and more not in above.get(meaning):
                above.cells[meaning] = "、".join(filter(None, [above.get(meaning), more]))


def _split(task: RawTask) -> list[RawTask]:
    """Return the tasks of a row: a cell of numbered lines holds several, the first is doubted."""
    lines = task.get(Meaning.CONTENT).split("\n")
    starts = [n for n, line in enumerate(lines) if _ITEM.match(line)]
    if len(starts) < 2 or starts[0] != 0:
        task.cells[Meaning.CONTENT] = "".join(lines)
        return [task]
    items = [
        "".join(lines[start:stop]) for start, stop in zip(starts, [*starts[1:], None], strict=True)
    ]
    problem = f"一格里写了{len(items)}项任务"
    assumed = f"拆成{len(items)}项，责任单位和时间相同"
    doubt = (Meaning.CONTENT, items[0][:20], problem, assumed)
    tasks = [
        RawTask({**task.cells, Meaning.CONTENT: item}, task.place, task.doubts) for item in items
    ]
    tasks[0].doubts = [*task.doubts, doubt]
    return tasks
