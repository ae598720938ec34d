"""The task tables of a document as rows of texts by meaning: merged and empty cells filled,
repeated headers, rows of category names and remarks are no tasks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lib.core import milestones
from lib.core.milestones import Milestone
from lib.core.targets import MEASURES, Mention
from lib.core.units import UNIT_END
from lib.core.windows import WindowError, parse_window, times_in
from lib.planning.columns import (
    PLACE_END,
    TASK_COLUMNS,
    TIME_COLUMNS,
    UNIT_COLUMNS,
    Header,
    Meaning,
    header_of,
    meaning_of,
)
from lib.planning.document import Cell, Document, Grid, Merge, grid
from lib.planning.doubts import Doubt
from lib.planning.numerals import NUMERALS
from lib.planning.persons import without_persons
from lib.planning.turned_tables import TurnedTask, turned_tasks
from lib.planning.unit_cells import join_lines

NUMBERED = re.compile(rf"^\s*([{NUMERALS}]{{1,3}}|\d{{1,2}})\s*[、.．]\s*(\S.*)$", re.DOTALL)
BRACKETED = re.compile(rf"^\s*[（(]([{NUMERALS}]{{1,3}}|\d{{1,2}})[）)]\s*(\S.*)$", re.DOTALL)
_ITEM = re.compile(r"^\s*(?:\d{1,2}[.．、]|[（(]\d{1,2}[）)]|[①-⑳])")
_TABLE_WORD = re.compile(r"(?:工作|重点)*(?:任务)?(?:分解|清单|一览)?(?:表|清单)$")
_SHORT = re.compile(r"[\u4e00-\u9fff、（）()]{2,12}")
_NO_CATEGORY = re.compile(
    r"计划|方案|要点|清单|台账|安排|分解|分工|汇总|表|附件|单位|时间|说明|任务|责任|工作$"
)
_UNNAMED_SHEET = re.compile(r"(?:表|sheet|工作表)\s*\d*", re.IGNORECASE)
_REMARK_ROW = re.compile(r"^\s*(?:注|备注|说明|合计|总计|填表|制表|审核)\s*[:：]?")
_NUMERIC = re.compile(r"\s*[\d,]{1,15}(?:\.\d+)?%?\s*")
_SIGNATURE = re.compile(r"\s*(?:(?:填表|制表|填报|审核|审批|联系)人?|单位负责人)\s*[:：]")
_LEADS, _HELPS = "★●▲■◆", "☆○△□◇"
_MARKS = re.compile(rf"[{_LEADS}{_HELPS}√✓✔]+")
_MONTH_NUMBER = re.compile(r"(?:1[0-2]|[1-9])")
_CHINESE_NUMBER = re.compile(rf"[（(]?([{NUMERALS}]{{1,3}})[）)]?[、.．]?")
_SIGN = r"(?:[≥≤><＞＜]=?|不低于|不少于|不高于|不超过|约)?"
_BOUNDED = re.compile(rf"\s*({_SIGN}\s*[\d,]{{1,15}}(?:\.\d+)?%?)\s*((?:及?以[上下内])?)\s*")
UNIT_HEADING = re.compile(
    r"[\u4e00-\u9fff（）()、]{1,14}(?:局|委|委员会|办|办公室|科|室|处|股|大队|支队|总队|中心|镇|乡|街道|公司|站|所)"
)
"""A heading that may be nothing but the unit whose tasks stand below it."""
_NAME, _SENTENCE = 10, 6
"""Characters: the longest text that only names a task, the shortest average one of tasks."""
_SECTION_NAME = 16
"""Characters: the longest text that names a category in a column with an unknown header."""
_FILLED_IF_MERGED = (Meaning.NAME, *UNIT_COLUMNS, Meaning.WINDOW, Meaning.LEADER)
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
    milestones: str = ""


@dataclass(frozen=True)
class Unread:
    """A place in the document of which nothing came: where, what stands there, and why."""

    place: str
    text: str
    why: str


@dataclass
class Outcome:
    """What the tables, or the text, of a document gave.

    ``above`` are texts above the headers, ``columns`` what each header was taken for, ``unread``
    the places that gave nothing.
    """

    tasks: list[RawTask] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    above: list[str] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)
    unread: list[Unread] = field(default_factory=list)

    def leave(self, place: str, text: str, why: str) -> None:
        """Note that nothing came of a place."""
        self.unread.append(Unread(place, " ".join(text.split())[:60], why))


@dataclass
class RawTask:
    """A row being read: texts by meaning, before ids are given.

    ``doubts`` have no task yet: the column, what stands there, the problem, what is assumed.
    """

    cells: dict[Meaning, str]
    place: str
    doubts: list[tuple[Meaning, str, str, str]] = field(default_factory=list)
    milestones: list[Milestone] = field(default_factory=list)

    def get(self, meaning: Meaning) -> str:
        """Return the text of a column, empty if the table has none."""
        return self.cells.get(meaning, "")


def table_rows(document: Document, meanings: Mapping[str, Meaning] | None = None) -> Outcome:
    """Return what the task tables of a document hold.

    ``meanings`` are meanings of headers that somebody has said, by `lib.planning.columns.plain_header`.
    """
    outcome = Outcome()
    header: Header | None = None
    width, heading = 0, ""
    for block in document.blocks:
        if not isinstance(block, Grid):
            heading = block.text
            continue
        block = _upright(block)
        if turned := turned_tasks(block, heading):
            outcome.tasks += [_of_column(task, block.name, heading) for task in turned]
            header = None
            continue
        goes_on = header is not None and width == len(block.rows[0])
        start, own = _first_header(block, meanings, guess=not goes_on)
        if own:
            outcome.above += [cell.text for row in block.rows[:start] for cell in row if cell.text]
        elif not goes_on:
            words = "，".join(cell.text for cell in block.rows[0] if cell.text.strip())
            why = "这张表没有识别为任务分解表，没有读取"
            outcome.doubts.append(_unread(block.name, why))
            outcome.leave(block.name, words, "没有识别为任务分解表")
            continue
        # A table of the same width without a header goes on from the page before.
        if current := own or header:
            section = _section_above(block, start) or _category_of(heading, block.name)
            header = _read_grid(block, start, current, section, outcome, meanings)
        width = len(block.rows[0])
    return outcome


def _of_column(task: TurnedTask, table: str, heading: str) -> RawTask:
    """Return the task of a column of a table that has places as rows."""
    cells = {
        Meaning.CONTENT: task.content,
        Meaning.UNITS: task.units,
        Meaning.GOAL: task.goal,
        Meaning.WINDOW: task.window,
        Meaning.CATEGORY: _category_of(heading, table),
    }
    problem, assumed = (
        "表里每个单位一行、每项任务一列",
        "每一列读作一项任务，各单位的数是其中的部分",
    )
    doubt = (Meaning.CONTENT, task.content, problem, assumed)
    return RawTask(cells, f"{table}第{task.row}行", [doubt])


def _section_above(block: Grid, start: int) -> str:
    """Return the category that a numbered row of one text, right above the header, names."""
    texts = (
        [cell.text.strip() for cell in block.rows[start - 1] if cell.text.strip()] if start else []
    )
    named = len(texts) == 1 and len(texts[0]) <= 24 and "。" not in texts[0]
    return texts[0] if named and NUMBERED.match(texts[0]) else ""


def _first_header(
    block: Grid, meanings: Mapping[str, Meaning] | None, *, guess: bool
) -> tuple[int, Header | None]:
    """Return the row of a table's first header and the header; it may be guessed from the cells."""
    for row in range(len(block.rows)):
        if header := header_of(block.rows[row : row + 2], meanings):
            return row, header
    return _guessed_header(block) if guess else (0, None)


def _unread(value: str, problem: str) -> Doubt:
    return Doubt((), "文件", value, problem, "不读取")


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
    header: Header,
    section: str,
    outcome: Outcome,
    meanings: Mapping[str, Meaning] | None,
) -> Header:
    """Add the tasks of a table to ``outcome``; return its header, for a table that goes on.

    ``section`` is the category until a row of the table names another one.
    """
    tasks = outcome.tasks
    earlier, above_section = len(tasks), ""
    roles: dict[int, Meaning] = {}
    position = start
    while position < len(block.rows):
        row = block.rows[position]
        if own := header_of(block.rows[position : position + 2], meanings):
            header = own
            position += header.height
            roles = _roles(header, block, position, outcome)
            continue
        roles = roles or _roles(header, block, position, outcome)
        place = f"{block.name}第{block.numbers[position]}行"
        position += 1
        filled = [cell for cell in row if cell.merge is Merge.NONE and cell.text.strip()]
        if not filled:
            continue
        words = [cell for cell in filled if not _NUMERIC.fullmatch(cell.text)]
        signed = len(filled) > 1 and _SIGNATURE.match(filled[0].text)
        if signed or (len(words) == 1 and _REMARK_ROW.match(words[0].text)):
            outcome.leave(place, "，".join(cell.text for cell in filled), "是表下的说明")
            continue
        if len(filled) == 1 and _is_section(row, filled[0], roles):
            name = filled[0].text.strip()
            if NUMBERED.match(name) or not BRACKETED.match(name):
                above_section = name if NUMBERED.match(name) else ""
            section = name
            continue
        if name := _numbered_section(row, words, roles):
            section = above_section = name
            continue
        task = _read_row(row, roles, header.texts, place, tasks[-1] if tasks else None, section)
        if task is not None:
            if above_section and section != above_section:
                remarks = (task.get(Meaning.REMARK), above_section)
                task.cells[Meaning.REMARK] = "；".join(filter(None, remarks))
            tasks += _split(task)
        elif len(tasks) > earlier:
            if left := _extend(tasks[-1], row, roles):
                outcome.leave(place, "，".join(left), "没有写明任务")
        else:
            outcome.leave(place, "，".join(cell.text for cell in filled), "没有写明任务")
    return header


def _is_section(row: Sequence[Cell], only: Cell, roles: Mapping[int, Meaning]) -> bool:
    """Whether a row whose ``only`` text this is names a category instead of a task."""
    content = next((n for n, role in roles.items() if role is Meaning.CONTENT), None)
    alone = not any(cell.merge is Merge.UP for cell in row)
    return alone and (row[0] is only or content is None or row[content] is not only)


def _numbered_section(
    row: Sequence[Cell], words: Sequence[Cell], roles: Mapping[int, Meaning]
) -> str:
    """Return the category of a row whose only ``words`` are 一 and its name in cells of their own.

    Numbers beside them are the sums of what lies below.
    """
    if len(words) != 2 or len(row) < 4 or any(cell.merge is Merge.UP for cell in row):
        return ""
    number, name = (" ".join(cell.text.split()) for cell in words)
    tasks = (row[n] for n, role in roles.items() if n < len(row) and role in TASK_COLUMNS)
    if len(name) > 24 or not any(cell is words[1] for cell in tasks):
        return ""
    match = _CHINESE_NUMBER.fullmatch(number)
    return f"{match[1]}、{name}" if match else ""


def _upright(block: Grid) -> Grid:
    """Return a table of labels with their values beside them (项目名称 | …, 完成时限 | …) as one
    with a header and a row; any other table as it is."""
    pairs: list[tuple[Cell, Cell]] = []
    for row in block.rows:
        cells = [cell for cell in row if cell.merge is Merge.NONE]
        pairs += zip(cells[::2], cells[1::2], strict=False)
        if len(cells) not in (2, 4):
            return block
    meanings = [meaning_of(label.text) for label, _ in pairs]
    values = [meaning_of(value.text) for _, value in pairs]
    distinct = len({label.text for label, _ in pairs}) == len(pairs) > 2
    labels = distinct and sum(map(bool, meanings)) >= max(3, 0.7 * len(pairs))
    if not labels or 2 * sum(map(bool, values)) > len(values) or not {*TASK_COLUMNS} & {*meanings}:
        return block
    rows = [[label for label, _ in pairs], [value for _, value in pairs]]
    return grid(block.name, rows)


def _roles(header: Header, block: Grid, first: int, outcome: Outcome) -> dict[int, Meaning]:
    """Return what each column is for, from its header and from what stands below it."""
    body = block.rows[first:]
    roles = dict(header.columns)
    for column, meaning in header.columns.items():
        texts = _texts(body, column)
        if meaning in TASK_COLUMNS and texts and all(map(_NUMERIC.fullmatch, texts)):
            if meaning is not Meaning.GOAL:
                roles[column] = Meaning.NUMBER  # 工作任务 above the number and the category
        elif meaning in TASK_COLUMNS and _looks_like(texts) is Meaning.WINDOW:
            roles[column] = Meaning.WINDOW  # 时序要求
        elif meaning is Meaning.UNITS and texts and all(text in MEASURES for text in texts):
            roles[column] = Meaning.MEASURE
    for column, text in enumerate(header.texts):
        if not text and column and column not in roles and _texts(body, column):
            # A header over two columns that are not merged stands above the first of them.
            if roles.get(column - 1) in TASK_COLUMNS:
                roles[column] = Meaning.CONTENT
            else:
                outcome.leave(
                    f"{block.name}第{column + 1}列",
                    "；".join(_texts(body, column)),
                    "这一列没有表头",
                )
    _share_task_columns(roles, header, body)
    for column, text in enumerate(header.texts):
        if column not in roles and text:
            _guess(column, text, roles, body, block.name, outcome)
        if text:
            outcome.columns[text] = str(roles.get(column, Meaning.IGNORED))
    return roles


def _share_task_columns(
    roles: dict[int, Meaning], header: Header, body: Sequence[Sequence[Cell]]
) -> None:
    """Decide which of the columns that could be the task is: the longest text.

    A shorter one names the category where its cells repeat, the task where they do not, and is
    kept as a remark where there is a category column. A 目标 is the task where no other is, or
    where the other one only names it.
    """

    def length(column: int) -> float:
        texts = _texts(body, column)
        return sum(map(len, texts)) / max(len(texts), 1)

    goals = [column for column, role in roles.items() if role is Meaning.GOAL]
    goal = max(goals, key=length, default=None)
    contents = [column for column, role in roles.items() if role is Meaning.CONTENT]
    names = [column for column, role in roles.items() if role is Meaning.NAME]
    if goal is not None and not any(map(_NUMERIC.fullmatch, _texts(body, goal))):
        longest = max([*contents, *names], key=length, default=None)
        named = longest is None or longest in names or (length(longest) <= _NAME and not names)
        if named and (longest is None or length(goal) > length(longest)):
            for column in contents:
                roles[column] = Meaning.NAME
            names, contents = [*contents, *names], [goal]
            roles[goal] = Meaning.CONTENT
    if not contents and names:
        roles[names[-1]] = Meaning.CONTENT
        contents, names = [names[-1]], names[:-1]
    task = max(contents, key=length, default=None)
    if task is not None and Meaning.CATEGORY not in roles.values():
        rows = len(_texts(body, task))
        for column in names:
            texts = _texts(body, column)
            if texts and (all(map(NUMBERED.match, texts)) or 2 * len(texts) <= rows > 2):
                roles[column] = Meaning.CATEGORY  # 一、坚持思想引领 over several tasks
    for column in contents:
        if column == task:
            continue
        cells = [row[column] for row in body if column < len(row)]
        texts = _texts(body, column)
        rows = len(_texts(body, contents[0] if task is None else task))
        merged = any(cell.merge is Merge.UP for cell in cells)
        repeats = merged or len({*texts}) < len(texts) or len(texts) < rows
        if Meaning.CATEGORY in roles.values():
            roles[column] = Meaning.REMARK
        elif repeats or len(texts) < 2:
            roles[column] = Meaning.CATEGORY
        else:
            roles[column] = Meaning.NAME


def _texts(body: Sequence[Sequence[Cell]], column: int) -> list[str]:
    """Return the texts of a column, without those of rows that are one cell from end to end."""
    return [
        text
        for row in body
        if column < len(row) and sum(cell.merge is Merge.NONE for cell in row) > 1
        if (text := row[column].text.strip())
    ]


def _guess(
    column: int,
    text: str,
    roles: dict[int, Meaning],
    body: Sequence[Sequence[Cell]],
    table: str,
    outcome: Outcome,
) -> None:
    """Take an unknown column for what its cells look like, with a doubt, or leave it out."""
    texts = _texts(body, column)
    if texts and PLACE_END.search(text) and all(map(_BOUNDED.fullmatch, texts)):
        roles[column] = Meaning.PLACE
        return
    if texts and UNIT_END.search(text) and all(map(_MARKS.fullmatch, texts)):
        roles[column] = Meaning.MARK
        return
    guess = _looks_like(texts)
    present = roles.values()
    tasks = [task for task, role in roles.items() if role in TASK_COLUMNS]
    lacking = (guess is Meaning.UNITS and not {*UNIT_COLUMNS} & {*present}) or (
        guess is Meaning.WINDOW and not {*TIME_COLUMNS} & {*present}
    )
    above_tasks = column < min(tasks, default=0) and Meaning.CATEGORY not in present
    if not lacking and above_tasks and _is_over_several(texts, column, body):
        guess, lacking = Meaning.CATEGORY, True
    if guess and lacking:
        roles[column] = guess
        problem = "没有见过的表头，是按内容推断的"
        outcome.doubts.append(Doubt((), "表头", text[:20], problem, f"按「{guess}」读取"))
    elif texts:
        outcome.doubts.append(_unread(text[:20], "没有识别这一列，没有读取"))
        outcome.leave(f"{table}「{text[:20]}」列", "；".join(texts), "没有识别这一列")


def _is_over_several(texts: Sequence[str], column: int, body: Sequence[Sequence[Cell]]) -> bool:
    """Whether the short texts of a column repeat, or stand at the first of several rows each."""
    rows = sum(
        len(row) > column and sum(bool(cell.text.strip()) for cell in row) > 1 for row in body
    )
    names = {*texts}
    return (
        len(names) < rows
        and all(len(name) <= _SECTION_NAME for name in names)
        and not all(map(_NUMERIC.fullmatch, names))
    )


def _looks_like(texts: Sequence[str]) -> Meaning | None:
    """Return whether most of the cells are units, or times."""
    if not texts:
        return None
    units = sum(bool(UNIT_END.search(text.rstrip("、，。"))) and len(text) <= 60 for text in texts)
    if units >= 0.7 * len(texts):
        return Meaning.UNITS
    times = sum(map(_is_time, texts))
    return Meaning.WINDOW if times >= 0.7 * len(texts) else None


def _guessed_header(block: Grid) -> tuple[int, Header | None]:
    """Return the first row of short texts as a header, if what stands below it makes tasks, and
    the row at which these begin."""
    for row in range(min(len(block.rows) - 1, 5)):
        texts = tuple(" ".join(cell.text.split()) for cell in block.rows[row])
        filled = [text for text in texts if text]
        if len(filled) < 3 or len({*filled}) < len(filled) or max(map(len, filled)) > 14:
            continue
        body = block.rows[row + 1 :]
        likely = {n: _looks_like(_texts(body, n)) for n in range(len(texts))}
        columns = {n: meaning for n, meaning in likely.items() if meaning is Meaning.UNITS}
        times = {n: meaning for n, meaning in likely.items() if meaning is Meaning.WINDOW}
        rest = [n for n in range(len(texts)) if texts[n] and not likely[n]]
        lengths = {n: sum(map(len, own)) / len(own) for n in rest if (own := _texts(body, n))}
        task = max(lengths, key=lambda n: lengths[n], default=None)
        if task is not None and lengths[task] >= _SENTENCE and columns and times:
            known = {n: meaning for n, text in enumerate(texts) if (meaning := meaning_of(text))}
            return row + 1, Header({**known, task: Meaning.CONTENT}, texts, 1)
    return 0, None


def _read_row(
    row: Sequence[Cell],
    roles: Mapping[int, Meaning],
    headers: Sequence[str],
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
        text = row[column].text
        if row[column].merge is Merge.UP:
            merged.add(meaning)
        elif row[column].merge is Merge.LEFT and meaning is Meaning.CONTENT:
            text = task.cells.pop(Meaning.NAME, "") or task.cells.pop(Meaning.CATEGORY, "")
        _add_cell(task, meaning, headers[column], text)
    if not task.get(Meaning.CONTENT):
        task.cells[Meaning.CONTENT] = task.cells.pop(Meaning.NAME, "")
    if not task.get(Meaning.CONTENT):
        return None
    if Meaning.CATEGORY not in roles.values():
        task.cells[Meaning.CATEGORY] = section
    if not {*UNIT_COLUMNS} & {*roles.values()} and UNIT_HEADING.fullmatch(section):
        task.cells[Meaning.UNITS] = section  # a sheet, or a part of the table, for each office
        task.doubts.append((Meaning.UNITS, section, "没有责任单位这一列", f"取上面的「{section}」"))
    if above is not None:
        _fill(task, above, merged, set(roles.values()))
    if not {*TIME_COLUMNS} & {*roles.values()} and (times := times_in(task.get(Meaning.CONTENT))):
        task.cells[Meaning.WINDOW] = times[-1]
    _finish(task)
    return task


def _add_cell(task: RawTask, meaning: Meaning, header: str, text: str) -> None:
    """Add a cell to a task being read; quarters, places and persons are gathered."""
    if meaning is Meaning.STEPS:
        if not text.strip():
            return
        step = milestones.of_column(header, text)
        if step.period(2000):
            task.milestones.append(step)
        else:
            task.cells[meaning] = text.strip()
        return
    tidy = _tidy(text, meaning)
    if meaning is Meaning.PLACE and tidy:
        tidy = f"{header}\t{tidy}"
    elif meaning is Meaning.MARK and tidy:
        leads, helps = tidy[0] in _LEADS, tidy[0] in _HELPS
        meaning = Meaning.LEAD if leads else Meaning.HELPERS if helps else Meaning.UNITS
        task.cells[meaning] = "、".join(filter(None, (task.get(meaning), header)))
        return
    elif meaning is Meaning.PERSONS:
        tidy, persons = without_persons(text)
        task.cells[Meaning.LEADER] = "、".join(filter(None, [task.get(Meaning.LEADER), persons]))
        meaning = Meaning.UNITS
    if meaning is Meaning.GOAL:
        tidy = _measured(tidy, _measure_of(header))
    again = re.compile(rf"{_SIGN if meaning is Meaning.GOAL else ''}{re.escape(tidy)}")
    if not any(map(again.fullmatch, task.get(meaning).split("；"))):  # the year's goal once more
        task.cells[meaning] = "；".join(filter(None, (task.get(meaning), tidy)))


def _fill(task: RawTask, above: RawTask, merged: set[Meaning], present: set[Meaning]) -> None:
    """Fill what is merged with, or left out as in, the row above."""
    for meaning in (Meaning.CATEGORY, Meaning.NUMBER):
        task.cells[meaning] = task.get(meaning) or above.get(meaning)
    same = task.get(Meaning.CATEGORY) == above.get(Meaning.CATEGORY)
    for meaning in _FILLED_IF_MERGED:
        value = above.get(meaning)
        if task.get(meaning) or meaning not in present:
            continue
        if meaning in merged:
            task.cells[meaning] = value
        elif meaning is Meaning.UNITS and task.get(Meaning.LEAD):
            continue  # only a lead unit: 责任部门 is left empty
        elif same and value and meaning in _FILLED_IF_EMPTY:
            task.cells[meaning] = value
            assumed = f"按合并单元格取上一行的「{value}」"
            task.doubts.append((meaning, value, "这一格是空的", assumed))
    if Meaning.STEPS in merged and not task.milestones and not task.get(Meaning.STEPS):
        task.milestones = [*above.milestones]


def _finish(task: RawTask) -> None:
    """Put together what stands in several columns: name and text, begin and end, steps, places."""
    content = task.get(Meaning.CONTENT)
    if all(_MARKS.fullmatch(step.text) for step in task.milestones):
        _join_marked(task)
    join_times(task)
    if steps := task.cells.pop(Meaning.STEPS, ""):
        _read_steps(task, steps)
    elif not task.milestones:
        task.milestones = milestones.of_text(task.get(Meaning.WINDOW))
    goal = task.get(Meaning.GOAL)
    measure = task.cells.pop(Meaning.MEASURE, "") or _measure_of(content)
    goal = _measured(goal, measure)
    if places := task.cells.pop(Meaning.PLACE, ""):
        pairs = (place.split("\t") for place in places.split("；"))
        shares = "、".join(name + _measured(amount, measure) for name, amount in pairs)
        goal = f"{goal}（其中{shares}）" if goal else shares
    task.cells[Meaning.GOAL] = goal


def _join_marked(task: RawTask) -> None:
    """Make one time of the months below which nothing but √ stands."""
    months = [step.when.rstrip("前底末") for step in task.milestones]
    if months:
        task.cells.setdefault(Meaning.WINDOW, "至".join(dict.fromkeys((months[0], months[-1]))))
    task.milestones = []


def join_times(task: RawTask) -> None:
    """Make one time of begin and end, where they stand apart."""
    for meaning in (Meaning.BEGIN, Meaning.FINISH, Meaning.WINDOW):
        if _MONTH_NUMBER.fullmatch(task.get(meaning)):  # 6 under 完成月份
            task.cells[meaning] = f"{task.get(meaning)}月"
    begin, finish = task.cells.pop(Meaning.BEGIN, ""), task.cells.pop(Meaning.FINISH, "")
    if begin and not finish and _is_time(f"{begin}至{task.get(Meaning.WINDOW)}"):
        finish = task.cells.pop(Meaning.WINDOW)  # 计划开始日期 beside 计划完成日期
    if begin or finish:
        until = finish if finish.endswith(("前", "底", "末", "日")) else f"{finish}底前"
        span = f"{begin}至{finish}" if begin and finish else f"{begin}起" if begin else until
        task.cells[Meaning.WINDOW] = task.get(Meaning.WINDOW) or span


def _measured(amount: str, measure: str) -> str:
    """Return a bare number with its measure: ≤3 of 件 is ≤3件, 95%以上 of % stays."""
    bounded = _BOUNDED.fullmatch(amount) if measure else None
    return f"{bounded[1].removesuffix('%')}{measure}{bounded[2]}" if bounded else amount


def _is_time(text: str) -> bool:
    try:
        parse_window(text, 2000)
    except WindowError:
        return False
    return True


def _read_steps(task: RawTask, text: str) -> None:
    """Read a cell of 进度安排: a time, or the steps of the task, whose last one ends it."""
    has_time = bool(task.get(Meaning.WINDOW))
    steps = milestones.of_text(text)
    if steps:
        task.milestones += steps
        whens = [step.when for step in steps if step.when]
        task.cells[Meaning.WINDOW] = task.get(Meaning.WINDOW) or whens[-1]
    elif not has_time:
        task.cells[Meaning.WINDOW] = re.sub(r"\s+", "", text)
    else:
        remark = task.get(Meaning.REMARK)
        task.cells[Meaning.REMARK] = "；".join(filter(None, (remark, " ".join(text.split()))))


def _measure_of(content: str) -> str:
    """Return the measure that a task's name gives: 茶叶产量（吨）."""
    bracket = re.search(r"[（(]([^（）()]{1,6})[）)]\s*$", content)
    return bracket[1] if bracket and bracket[1] in MEASURES else ""


def _tidy(text: str, meaning: Meaning) -> str:
    if meaning in UNIT_COLUMNS:
        return join_lines(text)
    if meaning in (Meaning.CONTENT, Meaning.GOAL, Meaning.REMARK):
        return "\n".join(line.strip() for line in text.split("\n") if line.strip())
    return re.sub(r"\s+", "", text)


def _extend(above: RawTask, row: Sequence[Cell], roles: Mapping[int, Meaning]) -> list[str]:
    """Add the units of a row without a task of its own to the task above, as of a merged task
    cell; return what else the row says."""
    left = []
    for column, meaning in roles.items():
        text = row[column].text.strip() if column < len(row) else ""
        if text and meaning not in UNIT_COLUMNS:
            left.append(text)
        elif text and (more := join_lines(text)) not in above.get(meaning):
            above.cells[meaning] = "、".join(filter(None, [above.get(meaning), more]))
    return left


def _split(task: RawTask) -> list[RawTask]:
    """Return the tasks of a row: a cell of numbered lines holds several, the first is doubted."""
    name = task.get(Meaning.NAME)
    lead = f"{name}：" if name and name not in task.get(Meaning.CONTENT) else ""
    lines = task.get(Meaning.CONTENT).split("\n")
    starts = [n for n, line in enumerate(lines) if _ITEM.match(line)]
    if len(starts) < 2 or starts[0] != 0:
        task.cells[Meaning.CONTENT] = lead + "".join(lines)
        return [task]
    items = [
        lead + "".join(lines[start:stop])
        for start, stop in zip(starts, [*starts[1:], None], strict=True)
    ]
    problem = f"一格里写了{len(items)}项任务"
    assumed = f"拆成{len(items)}项，责任单位和时间相同"
    doubt = (Meaning.CONTENT, items[0][:20], problem, assumed)
    tasks = [
        RawTask({**task.cells, Meaning.CONTENT: item}, task.place, task.doubts, task.milestones)
        for item in items
    ]
    tasks[0].doubts = [*task.doubts, doubt]
    return tasks
