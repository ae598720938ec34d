"""A document understood: title, year, tasks with ids, the narrative's promises, and the doubts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lib import schema
from lib.planning import narrative, reconcile
from lib.planning.columns import Meaning, header_of
from lib.planning.document import Cell, Document, Grid, Merge
from lib.planning.narrative import Passage
from lib.planning.reconcile import Difference, Kind
from lib.planning.unitcell import join_lines
from lib.tables import FileError
from lib.targets import Mention, find_targets

EXPECTED = "有一张任务分解表，表头含工作任务（或主要内容）、责任单位和完成时限"
UNSORTED = "未分类"
WHOLE_YEAR = "全年"
_NUMERAL = "一二三四五六七八九十"
_NUMBERED = re.compile(rf"^\s*([{_NUMERAL}]{{1,3}}|\d{{1,2}})\s*[、.．]\s*(\S.*)$", re.DOTALL)
_BRACKETED = re.compile(rf"^\s*[（(]([{_NUMERAL}]{{1,3}}|\d{{1,2}})[）)]\s*(\S.*)$", re.DOTALL)
_ITEM = re.compile(r"^\s*(?:\d{1,2}[.．、]|[（(]\d{1,2}[）)]|[①-⑳])")
_REMARK_ROW = re.compile(r"^\s*(?:注|备注|说明|合计|总计|填表|制表|审核)\s*[:：]?")
_TITLE = re.compile(r"计划|要点|方案|安排|任务|清单|台账|分解表")
_YEAR = re.compile(r"((?:19|20)\d{2})\s*年|([二][〇零○Ｏ][〇零○一二三四五六七八九]{2})年")


@dataclass(frozen=True)
class Doubt:
    """Something to be settled or accepted.

    ``task_ids`` are the rows it is about (none: the document). ``column`` is the Chinese header,
    ``value`` what stands there, ``problem`` what is uncertain and ``assumed`` what is taken if it
    is accepted. One with ``must`` cannot be accepted: without an answer there is no plan.
    """

    task_ids: tuple[str, ...]
    column: str
    value: str
    problem: str
    assumed: str = ""
    must: bool = False

    @property
    def key(self) -> str:
        """A text that stays the same while the doubt does."""
        return "|".join([*self.task_ids, self.column, self.value, self.problem])

    def __str__(self) -> str:
        place = f"{'、'.join(self.task_ids)}「{self.column}」" if self.task_ids else self.column
        seen = f"「{self.value}」" if self.value else ""
        assumed = f"；接受则{self.assumed}" if self.assumed else ""
        return f"{place}{seen}：{self.problem}{assumed}"


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


@dataclass(frozen=True)
class Reading:
    """A document understood.

    ``rows`` are the table's tasks, then the promises that only the narrative makes (来源=正文).
    ``doubts`` are those that come from the document's form; the ones that depend on a cell's
    present text are found by `lib.planning.proposal`. ``year`` is ``None`` if nothing tells it.
    """

    document: Document
    year: int | None
    title: str
    parties: tuple[str, ...]
    rows: tuple[Row, ...]
    doubts: tuple[Doubt, ...] = ()
    differences: tuple[Difference, ...] = ()
    passages: tuple[Passage, ...] = field(default=(), repr=False)


def understand(document: Document, year: int | None = None) -> Reading:
    """Return what a document says; raise `FileError` if it holds no task table."""
    raw, doubts, headings = _table_rows(document)
    if not raw:
        raise FileError(document.name, "没有找到任务分解表", EXPECTED)
    rows = _numbered(raw)
    doubts += _form_doubts(zip(rows, raw, strict=True))
    before = [*headings, *document.paragraphs]
    title, found_year, parties = _title(before, document.name)
    categories = list(dict.fromkeys(row.category for row in rows))
    passages = narrative.passages(document.paragraphs, categories)
    differences = reconcile.reconcile(passages, rows)
    promises, more = _promises(differences, passages, rows)
    notes = [Doubt((), "文件", "", note) for note in document.notes]
    return Reading(
        document,
        year or found_year,
        title,
        parties,
        (*rows, *promises),
        (*notes, *doubts, *more),
        tuple(differences),
        tuple(passages),
    )


# -- the table -------------------------------------------------------------------------------


@dataclass
class _Raw:
    """A row being read: texts by meaning, before ids are given."""

    cells: dict[Meaning, str]
    place: str
    doubts: list[tuple[Meaning, str, str, str]] = field(default_factory=list)

    def get(self, meaning: Meaning) -> str:
        return self.cells.get(meaning, "")


def _table_rows(document: Document) -> tuple[list[_Raw], list[Doubt], list[str]]:
    """Return the tasks of all task tables, doubts of the whole, and texts above the headers."""
    raw: list[_Raw] = []
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
        section = _category_of(heading)
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


def _category_of(heading: str) -> str:
    match = _NUMBERED.match(heading) or _BRACKETED.match(heading)
    return heading.strip() if match and len(heading) <= 24 and "。" not in heading else ""


def _read_grid(
    block: Grid,
    start: int,
    columns: dict[int, Meaning],
    section: str,
    earlier: Sequence[_Raw],
) -> tuple[list[_Raw], dict[int, Meaning]]:
    found: list[_Raw] = []
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
    above: _Raw | None,
    section: str,
) -> _Raw | None:
    """Return one row with merged and empty cells filled; ``None`` if it continues the row above."""
    one = _Raw({}, place)
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


def _extend(above: _Raw, row: Sequence[Cell], roles: Mapping[int, Meaning]) -> None:
    """Add what a row without a task of its own says to the task above: a merged task cell."""
    for column, meaning in roles.items():
        if meaning in (Meaning.UNITS, Meaning.LEAD, Meaning.HELPERS) and column < len(row):
            more = join_lines(row[column].text)
            if more and more not in above.get(meaning):
                above.cells[meaning] = "、".join(filter(None, [above.get(meaning), more]))


def _split(one: _Raw) -> list[_Raw]:
    """Return the tasks of a row: a cell of numbered lines holds several.

    Units and windows that have as many lines go with them one by one.
    """
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
        _Raw({**one.cells, Meaning.CONTENT: item}, one.place, [*one.doubts, doubt])
        for item in items
    ]


# -- ids -------------------------------------------------------------------------------------


def _numbered(raw: Sequence[_Raw]) -> list[Row]:
    """Return the rows with 序号 and 任务编号: 二-3 is the third task of the category 二.

    The document's own 序号 is used where it numbers the categories; where it numbers the rows,
    or is missing, categories are numbered in their order.
    """
    named = [_named(one) for one in raw]
    groups: dict[str, list[str]] = {}
    for number, category, _ in named:
        groups.setdefault(category, []).append(number)
    own = [set(numbers) for numbers in groups.values()]
    firsts = [next(iter(numbers)) for numbers in own]
    of_category = all(len(numbers) == 1 for numbers in own) and len(set(firsts)) == len(firsts)
    of_category &= all(firsts) and (
        len(groups) < len(raw) or all(first[0] in _NUMERAL for first in firsts)
    )
    numerals = {category: numeral(place) for place, category in enumerate(groups, start=1)}
    counts: dict[str, int] = {}
    rows = []
    for number, category, one in named:
        prefix = number if of_category else numerals[category]
        counts[category] = counts.get(category, 0) + 1
        content = one.get(Meaning.CONTENT)
        rows.append(
            Row(
                f"{prefix}-{counts[category]}",
                prefix,
                category,
                content,
                _units_text(one),
                one.get(Meaning.WINDOW),
                schema.OFFICIAL,
                one.place,
                tuple(find_targets(content)),
                one.get(Meaning.LEADER),
                one.get(Meaning.GOAL),
                one.get(Meaning.REMARK),
            )
        )
    return rows


def numeral(number: int) -> str:
    """Return a number from 1 to 99 in Chinese numerals, as documents number their sections."""
    tens, ones = divmod(number, 10)
    ten = "" if not tens else ("十" if tens == 1 else f"{_NUMERAL[tens - 1]}十")
    return ten + (_NUMERAL[ones - 1] if ones else "")


def _named(one: _Raw) -> tuple[str, str, _Raw]:
    """Return number, category and the row; 一、产业帮扶 in one cell is both."""
    number, category = one.get(Meaning.NUMBER), one.get(Meaning.CATEGORY)
    match = _NUMBERED.match(category) or _BRACKETED.match(category)
    if match:
        category = match[2].strip()
        number = match[1]
    number = re.sub(r"[\s()（）、.．]", "", number)
    return number, re.sub(r"\s+", "", category) or UNSORTED, one


def _units_text(one: _Raw) -> str:
    units = one.get(Meaning.UNITS)
    lead, helpers = one.get(Meaning.LEAD), one.get(Meaning.HELPERS)
    if not lead and not helpers:
        return units
    parts = [
        ("牵头单位", lead or units),
        ("责任单位", units if lead else ""),
        ("配合单位", helpers),
    ]
    return "；".join(f"{label}：{text}" for label, text in parts if text)


# -- the text around it ----------------------------------------------------------------------


def _title(texts: Sequence[str], file: str) -> tuple[str, int | None, tuple[str, ...]]:
    """Return the plan's title, its year and the parties named above the title."""
    heads = [unicodedata.normalize("NFKC", text).strip() for text in texts[:30]]
    for place, text in enumerate(heads):
        year = _year_of(text)
        if year and _TITLE.search(text) and len(text) <= 60 and "。" not in text:
            parties = _parties(heads[place - 1]) if place else ()
            return text, year, parties
    stem = file.rpartition(".")[0] or file
    named = next((text for text in heads if _TITLE.search(text) and len(text) <= 40), stem)
    years = [year for text in [stem, *heads] if (year := _year_of(text))]
    return named, years[0] if years else None, ()


def _year_of(text: str) -> int | None:
    match = _YEAR.search(text)
    if not match:
        return None
    if match[1]:
        return int(match[1])
    digits = {"〇": "0", "零": "0", "○": "0", "Ｏ": "0"}
    digits |= {numeral: str(n) for n, numeral in enumerate(_NUMERAL[:9], start=1)}
    return int("".join(digits[character] for character in match[2]))


def _parties(text: str) -> tuple[str, ...]:
    names = re.split(r"与|和|、", text)
    ends = ("省", "市", "区", "县", "州", "旗", "镇", "乡")
    if len(text) > 40 or not all(name.strip().endswith(ends) for name in names):
        return ()
    return tuple(name.strip() for name in names)


def _promises(
    differences: Sequence[Difference], passages: Sequence[Passage], rows: Sequence[Row]
) -> tuple[list[Row], list[Doubt]]:
    """Return the narrative's promises as rows after the table's, with the doubts about them.

    The narrative gives them no time of their own: 全年.
    """
    numbers = {row.category: row.number for row in rows}
    units = {row.category: row.units_text for row in reversed(rows)}
    counts: dict[str, int] = {}
    found, doubts = [], []
    for one in differences:
        if one.kind is not Kind.ONLY_NARRATIVE or one.passage is None:
            continue
        passage = passages[one.passage]
        category = next(
            (name for name in numbers if reconcile.same_category(name, passage.category)),
            passage.category,
        )
        number = numbers.setdefault(category, _free(passage.number, numbers))
        counts[category] = counts.get(category, 0) + 1
        task_id = f"{number}-附{counts[category]}"
        text = passage.units_text
        if not text and units.get(category):
            text = units[category]
            problem = "正文没有写明这一条的责任单位"
            doubts.append(
                Doubt((task_id,), "责任单位", text, problem, "取分解表中同一类型的责任单位")
            )
        wanted = set(one.quantities)
        found.append(
            Row(
                task_id,
                number,
                category,
                passage.text,
                join_lines(text),
                WHOLE_YEAR,
                schema.NARRATIVE,
                f"正文“{passage.category}”",
                tuple(hit for hit in passage.mentions if hit.target in wanted),
            )
        )
    order = {category: place for place, category in enumerate(numbers)}
    return sorted(found, key=lambda row: order[row.category]), doubts


def _free(number: str, taken: Mapping[str, str]) -> str:
    if number and number not in taken.values():
        return number
    return next(n for place in range(1, 100) if (n := numeral(place)) not in taken.values())


def _form_doubts(raw: Iterable[tuple[Row, _Raw]]) -> Iterator[Doubt]:
    """Return the doubts of rows that were filled or split."""
    for row, one in raw:
        for meaning, value, problem, assumed in one.doubts:
            yield Doubt((row.task_id,), str(meaning), value, problem, assumed)
