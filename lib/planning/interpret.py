"""A document understood: title, year, tasks with ids, the narrative's promises, and the doubts."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from lib.core import schema
from lib.core.milestones import to_text
from lib.core.problems import FileError
from lib.core.settings import SETTINGS_FILE
from lib.core.targets import find_targets, number_of
from lib.planning.columns import COLUMN_CHOICES, Meaning, plain_header
from lib.planning.document import Document
from lib.planning.doubts import Doubt
from lib.planning.narrative import Passage, passages_of
from lib.planning.numerals import NUMERALS, numeral, year_of
from lib.planning.outline import text_rows
from lib.planning.reconcile import Difference, DifferenceKind, reconcile, same_category
from lib.planning.task_tables import (
    BRACKETED,
    NUMBERED,
    Outcome,
    RawTask,
    Row,
    Unread,
    table_rows,
)
from lib.planning.unit_cells import join_lines

EXPECTED = "有任务分解表（表头含工作任务或主要内容、责任单位或完成时限），或编了号的任务和责任单位"
UNSORTED = "未分类"
WHOLE_YEAR = "全年"
_TITLE = re.compile(r"计划|要点|方案|安排|任务|清单|台账|分解|分工|实事|措施|意见|项目|工作")
_ISSUED = re.compile(
    r"^(?:.*印发日期:?)?(?:\d{4}|[二〇零○一三四五六七八九]{4})年(\d{1,2}|[一二三四五六七八九十]{1,2})月"
    r"(\d{1,2}|[一二三四五六七八九十]{1,3})日(?:印发|发布)?$"
)
_NOTICE = re.compile(r"^关于.*的?通知$")


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
    columns: Mapping[str, str] = field(default_factory=dict)
    unread: tuple[Unread, ...] = ()
    unchecked: int = 0
    issued: dt.date | None = None

    @property
    def verdict(self) -> str:
        """Return what the comparison of narrative and table came to where nothing differs.

        ``unchecked`` counts the paragraphs with quantities that no section with a heading holds:
        of them nothing is said.
        """
        if self.unchecked:
            return f"正文有{self.unchecked}段写有数量但不在分节的任务里，没有核对"
        if not self.passages:
            return "文件没有分节的正文和分解表可以互相核对"
        return "正文与分解表一致"


def understand(
    document: Document, year: int | None = None, columns: Mapping[str, str] | None = None
) -> Reading:
    """Return what a document says; raise `FileError` if no tasks are found in it.

    ``columns`` are meanings of headers (values of `Meaning`) that somebody has said; they come
    before what the headers seem to mean.
    """
    meanings = {plain_header(header): _meaning(word) for header, word in (columns or {}).items()}
    outcome = table_rows(document, meanings)
    in_tables = bool(outcome.tasks)
    if not in_tables:
        text = text_rows(document)
        outcome = Outcome(
            text.tasks,
            [*outcome.doubts, *text.doubts],
            outcome.above,
            outcome.columns,
            [*outcome.unread, *text.unread],
        )
    tasks, doubts, headings = outcome.tasks, outcome.doubts, outcome.above
    if not tasks:
        raise FileError(document.name, *_nothing_found(document))
    rows = _numbered(tasks)
    doubts += [
        Doubt((row.task_id,), str(meaning), value, problem, assumed)
        for row, task in zip(rows, tasks, strict=True)
        for meaning, value, problem, assumed in task.doubts
    ]
    title, found_year, parties = _title([*headings, *document.paragraphs], document.name)
    categories = list(dict.fromkeys(row.category for row in rows))
    passages = passages_of(document.paragraphs, categories) if in_tables else []
    differences = reconcile(passages, rows)
    unchecked = _unchecked(document.paragraphs, passages) if in_tables else []
    for paragraph in unchecked:
        outcome.leave("正文", paragraph, "不在分节的任务里，没有与分解表核对")
    promises, doubts_of_promises = _promises(differences, passages, rows)
    notes = [Doubt((), "文件", "", note) for note in document.notes]
    return Reading(
        document,
        year or found_year,
        title,
        parties,
        (*rows, *promises),
        (*notes, *doubts, *doubts_of_promises),
        tuple(differences),
        tuple(passages),
        outcome.columns,
        tuple(unread for unread in outcome.unread if unread.text not in title),
        len(unchecked),
        _issued(document.paragraphs),
    )


def _meaning(word: str) -> Meaning:
    if word not in COLUMN_CHOICES:
        choices = "、".join(COLUMN_CHOICES)
        raise FileError(SETTINGS_FILE, f"[columns] 里有「{word}」", f"列的含义：{choices}")
    return Meaning(word)


def _issued(paragraphs: Sequence[str]) -> dt.date | None:
    """Return the date that stands as a line of its own, the last of them: when it was issued."""
    for text in reversed(paragraphs):
        line = unicodedata.normalize("NFKC", text).strip()[-40:]
        if match := _ISSUED.search(re.sub(r"\s", "", line)):
            year = year_of(match[0]) or 0
            month, day = (int(number_of(part) or 0) for part in match.groups())
            with suppress(ValueError):
                return dt.date(year, month, day)
    return None


def _unchecked(paragraphs: Sequence[str], passages: Sequence[Passage]) -> list[str]:
    """Return the paragraphs with quantities of which no passage was made."""
    pieces = [passage.text.rstrip("。") for passage in passages]
    return [
        text
        for text in paragraphs
        if find_targets(text) and not any(piece in text for piece in pieces)
    ]


def header_texts(document: Document) -> list[str]:
    """Return what stands in the first row of each table: the headers, as far as nobody knows."""
    texts: dict[str, None] = {}
    for table in document.grids:
        for row in table.rows[:5]:
            filled = [" ".join(cell.text.split()) for cell in row if cell.text.strip()]
            if len(filled) > 1:
                texts |= dict.fromkeys(text for text in filled if len(text) <= 30)
                break
    return list(texts)


def _nothing_found(document: Document) -> tuple[str, str]:
    """Return what to say of a document without tasks: what stands there, what is expected."""
    if texts := header_texts(document):
        headers = "、".join(texts[:12])
        seen = f"没有找到任务分解表：表头是「{headers}」，不知道哪一列是任务"
        choices = "、".join(COLUMN_CHOICES)
        return seen, f"指明各列是什么（命令行用 --columns 表头=含义,…；含义有：{choices}）"
    return "没有找到任务分解表，也没有编了号的任务", EXPECTED


# -- ids -------------------------------------------------------------------------------------


def _numbered(tasks: Sequence[RawTask]) -> list[Row]:
    """Return the rows with 序号 and 任务编号: 二-3 is the third task of the category 二.

    The document's own 序号 is used where it numbers the categories; where it numbers the rows,
    or is missing, categories are numbered in their order. A column 任务编号 is kept as it is.
    """
    ids = [task.get(Meaning.TASK_ID) for task in tasks]
    has_ids = all(ids) and len(set(ids)) == len(ids)
    headings = [_heading(task) for task in tasks]
    numbers: dict[str, set[str]] = {}
    for number, category in headings:
        numbers.setdefault(category, set()).add(number)
    prefixes = {category: numeral(place) for place, category in enumerate(numbers, start=1)}
    if _number_categories(list(numbers.values()), len(tasks)):
        prefixes = {category: next(iter(own)) for category, own in numbers.items()}
    counts: dict[str, int] = {}
    rows = []
    for task, (number, category) in zip(tasks, headings, strict=True):
        counts[category] = counts.get(category, 0) + 1
        content, source = task.get(Meaning.CONTENT), task.get(Meaning.SOURCE)
        prefix = prefixes[category]
        rows.append(
            Row(
                task.get(Meaning.TASK_ID) if has_ids else f"{prefix}-{counts[category]}",
                number if has_ids else prefix,
                category,
                content,
                _units_text(task),
                task.get(Meaning.WINDOW),
                schema.NARRATIVE if source == schema.NARRATIVE else schema.OFFICIAL,
                task.place,
                tuple(find_targets(content)),
                task.get(Meaning.LEADER),
                task.get(Meaning.GOAL),
                task.get(Meaning.REMARK),
                task.get(Meaning.WEIGHT) or "1",
                task.get(Meaning.START),
                task.get(Meaning.END),
                to_text(task.milestones),
            )
        )
    return rows


def _number_categories(numbers: Sequence[set[str]], tasks: int) -> bool:
    """Whether the 序号 of each category, as written beside its tasks, is its own and only one.

    Where each category has a single task, only Chinese numerals are taken for its number: 1, 2, 3
    may as well number the rows.
    """
    if any(len(own) != 1 for own in numbers):
        return False
    firsts = [next(iter(own)) for own in numbers]
    if not all(firsts) or len(set(firsts)) != len(firsts):
        return False
    return len(numbers) < tasks or all(first[0] in NUMERALS for first in firsts)


def _heading(task: RawTask) -> tuple[str, str]:
    """Return number and category of a task; 一、产业帮扶 in one cell is both."""
    number, category = task.get(Meaning.NUMBER), task.get(Meaning.CATEGORY)
    if match := NUMBERED.match(category) or BRACKETED.match(category):
        number, category = match[1], match[2]
    number = re.sub(r"[\s()（）、.．]", "", number)
    return number, re.sub(r"\s+", "", category) or UNSORTED


def _units_text(task: RawTask) -> str:
    units = task.get(Meaning.UNITS)
    lead, helpers = task.get(Meaning.LEAD), task.get(Meaning.HELPERS)
    if not lead and not helpers:
        return units
    parts = {
        Meaning.LEAD: lead or units,
        Meaning.UNITS: units if lead else "",
        Meaning.HELPERS: helpers,
    }
    return "；".join(f"{label}：{text}" for label, text in parts.items() if text)


# -- the text around it ----------------------------------------------------------------------


def _title(texts: Sequence[str], file: str) -> tuple[str, int | None, tuple[str, ...]]:
    """Return the plan's title, its year and the parties named above the title."""
    lines = [unicodedata.normalize("NFKC", text).strip() for text in texts[:30]]
    for above, text in zip(["", *lines], lines, strict=False):
        year = year_of(text)
        is_title = _TITLE.search(text) and not _NOTICE.match(text)
        if year and is_title and len(text) <= 60 and not re.search("[。,;:]", text):
            return text, year, _parties(above)
    stem = file.rpartition(".")[0] or file
    title = next((text for text in lines if _TITLE.search(text) and len(text) <= 40), stem)
    years = filter(None, map(year_of, [stem, *lines]))
    return title, next(years, None), ()


def _parties(text: str) -> tuple[str, ...]:
    names = [name.strip() for name in re.split(r"与|和|、", text)]
    ends = ("省", "市", "区", "县", "州", "旗", "镇", "乡")
    return tuple(names) if len(text) <= 40 and all(name.endswith(ends) for name in names) else ()


def _promises(
    differences: Sequence[Difference], passages: Sequence[Passage], rows: Sequence[Row]
) -> tuple[list[Row], list[Doubt]]:
    """Return the narrative's promises as rows after the table's, with the doubts about them.

    The narrative gives them no time of their own: 全年.
    """
    numbers = {row.category: row.number for row in rows}
    units = {row.category: row.units_text for row in reversed(rows)}
    counts: dict[str, int] = {}
    promises, doubts = [], []
    for difference in differences:
        if difference.kind is not DifferenceKind.ONLY_NARRATIVE or difference.passage is None:
            continue
        passage = passages[difference.passage]
        category = next(
            (name for name in numbers if same_category(name, passage.category)),
            passage.category,
        )
        number = numbers.setdefault(category, _free_number(passage.number, numbers))
        counts[category] = counts.get(category, 0) + 1
        task_id = f"{number}-附{counts[category]}"
        units_text = passage.units_text or units.get(category, "")
        if units_text and not passage.units_text:
            problem, assumed = "正文没有写明这一条的责任单位", "取分解表中同一类型的责任单位"
            doubts.append(Doubt((task_id,), str(Meaning.UNITS), units_text, problem, assumed))
        promises.append(
            Row(
                task_id,
                number,
                category,
                passage.text,
                join_lines(units_text),
                WHOLE_YEAR,
                schema.NARRATIVE,
                f"正文“{passage.category}”",
                tuple(each for each in passage.mentions if each.target in difference.quantities),
            )
        )
    order = list(numbers)
    return sorted(promises, key=lambda row: order.index(row.category)), doubts


def _free_number(number: str, taken: Mapping[str, str]) -> str:
    if number and number not in taken.values():
        return number
    return next(n for place in range(1, 100) if (n := numeral(place)) not in taken.values())
