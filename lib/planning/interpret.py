"""A document understood: title, year, tasks with ids, the narrative's promises, and the doubts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lib.core import schema
from lib.core.problems import FileError
from lib.core.targets import Mention, find_targets
from lib.planning import narrative, reconcile
from lib.planning.columns import Meaning
from lib.planning.document import Document
from lib.planning.doubts import Doubt
from lib.planning.narrative import Passage
from lib.planning.reconcile import Difference, DifferenceKind
from lib.planning.task_tables import BRACKETED, NUMBERED, RawTask, table_rows
from lib.planning.unit_cells import join_lines

EXPECTED = "有一张任务分解表，表头含工作任务（或主要内容）、责任单位和完成时限"
UNSORTED = "未分类"
WHOLE_YEAR = "全年"
_NUMERAL = "一二三四五六七八九十"
_TITLE = re.compile(r"计划|要点|方案|安排|任务|清单|台账|分解表")
_YEAR = re.compile(r"((?:19|20)\d{2})\s*年|([二][〇零○Ｏ][〇零○一二三四五六七八九]{2})年")


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
    raw, doubts, headings = table_rows(document)
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


# -- ids -------------------------------------------------------------------------------------


def _numbered(raw: Sequence[RawTask]) -> list[Row]:
    """Return the rows with 序号 and 任务编号: 二-3 is the third task of the category 二.

    The document's own 序号 is used where it numbers the categories; where it numbers the rows,
    or is missing, categories are numbered in their order. A column 任务编号 is kept as it is.
    """
    given = [one.get(Meaning.TASK_ID) for one in raw]
    keep = all(given) and len(set(given)) == len(given)
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
        source = one.get(Meaning.SOURCE)
        rows.append(
            Row(
                one.get(Meaning.TASK_ID) if keep else f"{prefix}-{counts[category]}",
                number if keep else prefix,
                category,
                content,
                _units_text(one),
                one.get(Meaning.WINDOW),
                schema.NARRATIVE if source == schema.NARRATIVE else schema.OFFICIAL,
                one.place,
                tuple(find_targets(content)),
                one.get(Meaning.LEADER),
                one.get(Meaning.GOAL),
                one.get(Meaning.REMARK),
                one.get(Meaning.WEIGHT) or "1",
                one.get(Meaning.START),
                one.get(Meaning.END),
            )
        )
    return rows


def numeral(number: int) -> str:
    """Return a number from 1 to 99 in Chinese numerals, as documents number their sections."""
    tens, ones = divmod(number, 10)
    ten = "" if not tens else ("十" if tens == 1 else f"{_NUMERAL[tens - 1]}十")
    return ten + (_NUMERAL[ones - 1] if ones else "")


def _named(one: RawTask) -> tuple[str, str, RawTask]:
    """Return number, category and the row; 一、产业帮扶 in one cell is both."""
    number, category = one.get(Meaning.NUMBER), one.get(Meaning.CATEGORY)
    match = NUMBERED.match(category) or BRACKETED.match(category)
    if match:
        category = match[2].strip()
        number = match[1]
    number = re.sub(r"[\s()（）、.．]", "", number)
    return number, re.sub(r"\s+", "", category) or UNSORTED, one


def _units_text(one: RawTask) -> str:
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
        if one.kind is not DifferenceKind.ONLY_NARRATIVE or one.passage is None:
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


def _form_doubts(raw: Iterable[tuple[Row, RawTask]]) -> Iterator[Doubt]:
    """Return the doubts of rows that were filled or split."""
    for row, one in raw:
        for meaning, value, problem, assumed in one.doubts:
            yield Doubt((row.task_id,), str(meaning), value, problem, assumed)
