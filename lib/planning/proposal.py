"""A plan proposed for adoption: its tables as they can be edited, its doubts, its files."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import pandas as pd
from rapidfuzz import fuzz, process

from lib.core import months, schema
from lib.core.dataset import Dataset
from lib.core.milestones import from_text
from lib.core.problems import DataError, FileError, Problem
from lib.core.settings import SETTINGS_FILE, Settings, edited_settings
from lib.core.units import DEFAULT_ALIASES, parse_units
from lib.core.windows import WindowError, from_issue, parse_window
from lib.files.plan_folder import ALIASES_FILE
from lib.planning.columns import plain_header
from lib.planning.document import Document
from lib.planning.doubts import Doubt
from lib.planning.files import alias_file, plan_file, target_file
from lib.planning.indicators import indicators_of, mentions
from lib.planning.interpret import UNSORTED, WHOLE_YEAR, Reading
from lib.planning.task_tables import Row

P, T = schema.PLAN.headers, schema.TARGETS.headers
_DOUBT_FIELDS = ("column", "value", "problem", "assumed")
_LEVEL = re.compile(r"^(?:省|市|区|县)")
MANY = 5
"""From this many units on that were never seen, all of them are one doubt."""
NEAR = 75
"""From this likeness (0 to 100) a unit never seen is taken for a slip of a known one."""


@dataclass(frozen=True, eq=False)
class Proposal:
    """What would become the plan: ``plan`` and ``targets`` are cell texts under the files' headers.

    ``guesses`` are the doubts about indicators, by task, indicator and value as proposed: one
    that has been renamed or removed is settled.
    """

    reading: Reading
    settings: Settings
    plan: pd.DataFrame
    targets: pd.DataFrame
    aliases: Mapping[str, str]
    known_units: frozenset[str]
    guesses: Mapping[tuple[str, str, str], Doubt]
    left_out: tuple[Doubt, ...]

    def edited(self, plan: pd.DataFrame, targets: pd.DataFrame) -> Proposal:
        """Return the proposal with other tables (texts, same headers)."""
        weight = P["weight"]
        tasks = _texts(plan, schema.PLAN)
        tasks[weight] = tasks[weight].where(tasks[weight] != "", "1")
        return replace(self, plan=tasks, targets=_texts(targets, schema.TARGETS))

    @property
    def units_seen(self) -> frozenset[str]:
        """The known units and those that the plan names, as they are written and canonical."""
        texts = self.plan[P["units_text"]]
        named = (parse_units(text, names) for text in texts for names in ({}, self.aliases))
        return self.known_units.union(*named)

    @property
    def doubts(self) -> list[Doubt]:
        """What is to be settled or accepted as the tables stand now."""
        rows = {row[P["task_id"]]: row for row in reversed(self.plan.to_dict("records"))}
        as_read = {row.task_id: _plan_row(row) for row in self.reading.rows}
        present = {
            (row[T["task_id"]], row[T["indicator"]], row[T["target"]])
            for row in self.targets.to_dict("records")
        }

        def unchanged(task_id: str) -> bool:
            """Whether a task's cells are as they were read: a changed one has been looked at."""
            return task_id in rows and all(
                rows[task_id][P[name]] == as_read[task_id][P[name]].strip()
                for name in ("content", "units_text", "window_text")
            )

        return _merged(
            [
                *_row_doubts(self.plan, self.settings.year),
                *_unit_doubts(self.plan, self.aliases, self.known_units),
                *(doubt for key, doubt in self.guesses.items() if key in present),
                *(doubt for doubt in self.left_out if set(doubt.task_ids) <= set(rows)),
                *(
                    doubt
                    for doubt in self.reading.doubts
                    if not doubt.task_ids or unchanged(doubt.task_ids[0])
                ),
            ]
        )

    def adopted(self, accepted: Collection[str]) -> Proposal:
        """Return the proposal with what the accepted doubts assume filled in.

        Raises `DataError` naming each doubt that is neither settled nor accepted.
        """
        file = self.reading.document.name
        problems = [
            Problem(file, 0, "", "", str(doubt), "改正" if doubt.must else "改正，或接受")
            for doubt in self.doubts
            if doubt.must or doubt.key not in accepted
        ]
        if problems:
            raise DataError(problems)
        plan = self.plan.copy()
        year = self.settings.year
        for row, text in plan[P["window_text"]].items():
            span = _months(plan.loc[row], year)
            if isinstance(span, WindowError):
                plan.loc[row, P["window_text"]] = text or WHOLE_YEAR
                span = f"{year:04d}-01", f"{year:04d}-12"
                settled = bool(text)
            else:
                settled = bool(_question(plan.loc[row], year))
            if settled:  # it is not asked again
                plan.loc[row, [P["start_month"], P["end_month"]]] = list(span)
        return replace(self, plan=plan)

    def dataset(self, progress: pd.DataFrame | None = None) -> Dataset:
        """Return the dataset this would be; raise `DataError` for what the tables lack."""
        plan = schema.PLAN.check(_counted(self.plan), schema.PLAN.file)
        targets = schema.TARGETS.check(_counted(self.targets), schema.TARGETS.file)
        reports = schema.PROGRESS.empty() if progress is None else progress
        return Dataset.build(self.settings, plan, targets, reports, self.aliases)

    def files(self, settings_file: bytes | None = None) -> dict[str, bytes]:
        """Return the plan's files by name, as `lib.store.Draft.files` takes them.

        ``settings_file`` is the settings file that stands there already, if there is one.
        Raises `DataError` if the tables do not make a plan.
        """
        self.dataset()
        files = {
            schema.PLAN.file: plan_file(self.plan),
            schema.TARGETS.file: target_file(self.targets),
            SETTINGS_FILE: edited_settings(settings_file, self.settings),
        }
        if dict(self.aliases) != dict(DEFAULT_ALIASES):
            files[ALIASES_FILE] = alias_file(self.aliases)
        return files

    def records(self) -> list[dict[str, Any]]:
        """Return the tasks as the command line prints them (see README)."""
        doubts = self.doubts
        rows = {row.task_id: row for row in self.reading.rows}
        year = self.settings.year
        return [
            {
                "task_id": row[P["task_id"]],
                "category": row[P["category"]],
                "text": row[P["content"]],
                "units": list(parse_units(row[P["units_text"]], self.aliases)),
                "window": row[P["window_text"]],
                **_window_record(row, year),
                "source": row[P["source"]],
                "leader": row[P["leader"]],
                "note": row[P["remark"]],
                "milestones": [
                    {"period": period, "text": milestone.text}
                    for milestone in from_text(row[P["milestones"]])
                    if (period := milestone.period(year))
                ],
                "targets": [
                    asdict(target)
                    for target in dict.fromkeys(
                        mention.target for mention in mentions(rows[row[P["task_id"]]])
                    )
                ],
                "doubts": [
                    {name: getattr(doubt, name) for name in _DOUBT_FIELDS}
                    for doubt in doubts
                    if row[P["task_id"]] in doubt.task_ids
                ],
            }
            for row in self.plan.to_dict("records")
        ]

    def report(self) -> dict[str, Any]:
        """Return what is to be known of the whole document: ``columns`` (header to meaning),
        ``doubts`` with the tasks they are about, ``unread`` (places that nothing came of)."""
        return {
            "columns": dict(self.reading.columns),
            "doubts": [
                {"tasks": list(doubt.task_ids)}
                | {name: getattr(doubt, name) for name in _DOUBT_FIELDS}
                for doubt in self.doubts
            ],
            "unread": [asdict(unread) for unread in self.reading.unread],
        }


def propose(
    reading: Reading,
    *,
    year: int | None = None,
    title: str = "",
    settings: Settings | None = None,
    aliases: Mapping[str, str] | None = None,
    known_units: Collection[str] = (),
    present: pd.DataFrame | None = None,
    issued: dt.date | None = None,
    columns: Mapping[str, str] | None = None,
) -> Proposal:
    """Return a reading as a plan to check and adopt.

    ``settings`` are those to carry on (the plan that is replaced, or the default plan); year and
    title are the document's unless given. ``present`` are the targets of the plan that is replaced
    (texts): the same quantity of the same task keeps the name that reports know it by. ``issued``
    is the document's date (default: the one it bears), from which 自发文之日起… is counted.
    ``columns`` are the meanings of headers to be remembered. Raises `DataError` if no year is known.
    """
    of_year = year or reading.year
    if of_year is None:
        raise FileError(
            reading.document.name,
            "标题里没有年份，不知道是哪一年的计划",
            "写明计划年度（命令行用 --year 2018）",
        )
    names = DEFAULT_ALIASES if aliases is None else aliases
    base = settings or Settings(of_year)
    own_settings = replace(
        base,
        year=of_year,
        title=title or reading.title or base.title,
        parties=reading.parties or (base.parties if base.year == of_year else ()),
        columns=tuple({**dict(base.columns), **_of_document(columns or {}, reading)}.items()),
    )
    indicators = indicators_of(reading.rows, present)
    of = issued or reading.issued
    return Proposal(
        reading,
        own_settings,
        _texts(pd.DataFrame([_dated(_plan_row(row), of) for row in reading.rows]), schema.PLAN),
        _texts(pd.DataFrame(indicators.rows), schema.TARGETS),
        names,
        frozenset({*names, *names.values(), *known_units}),
        indicators.guesses,
        tuple(indicators.left_out),
    )


def _of_document(columns: Mapping[str, str], reading: Reading) -> dict[str, str]:
    own = {plain_header(header) for header in reading.columns}
    return {header: word for header, word in columns.items() if plain_header(header) in own}


def of_running_plan(current: Dataset, plan: pd.DataFrame, targets: pd.DataFrame) -> Proposal:
    """Return a plan that runs (typed tables, as the store gives them) as a proposal to edit."""
    settings = current.settings
    document = Document(schema.PLAN.file, ())
    return Proposal(
        Reading(document, settings.year, settings.title, settings.parties, ()),
        settings,
        _texts(schema.PLAN.texts(plan), schema.PLAN),
        _texts(schema.TARGETS.texts(targets), schema.TARGETS),
        current.aliases,
        frozenset({*current.units, *current.aliases, *current.aliases.values()}),
        {},
        (),
    )


def _texts(frame: pd.DataFrame, table: schema.Table) -> pd.DataFrame:
    """Return a frame of texts with all of a table's headers, rows without any text left out."""
    headers = list(table.headers.values())
    cells = frame.reindex(columns=headers).astype("object")
    texts = cells.where(cells.notna(), "").astype("str")
    texts = texts.apply(lambda cells: cells.str.strip())
    return texts[(texts != "").any(axis=1)].reset_index(drop=True)


def _counted(texts: pd.DataFrame) -> pd.DataFrame:
    return texts.set_axis(range(2, len(texts) + 2), axis="index")


def _plan_row(row: Row) -> dict[str, str]:
    return {header: getattr(row, name) for name, header in P.items()}


def _dated(row: dict[str, str], issued: dt.date | None) -> dict[str, str]:
    """Return a task's cells with the months of 自发文之日起…, where the document's date is known."""
    window = from_issue(row[P["window_text"]], issued) if issued else None
    if window is None or row[P["start_month"]] or row[P["end_month"]]:
        return row
    start, end = (months.text(month.ordinal) for month in (window.start, window.end))
    return {**row, P["start_month"]: start, P["end_month"]: end}


def _months(row: Mapping[str, str] | pd.Series[str], year: int) -> tuple[str, str] | WindowError:
    """Return a task's first and last month as files write them, or why its time is not read.

    Months that are written out come before those that the time's words give.
    """
    start, end = row[P["start_month"]], row[P["end_month"]]
    if not (start and end):
        try:
            window = parse_window(row[P["window_text"]], year)
        except WindowError as error:
            return error
        start = start or months.text(window.start.ordinal)
        end = end or months.text(window.end.ordinal)
    return start, end


def _window_record(row: Mapping[str, str], year: int) -> dict[str, str | None]:
    span = _months(row, year)
    if isinstance(span, WindowError):
        span = row[P["start_month"]], row[P["end_month"]]
    return {"start": span[0] or None, "end": span[1] or None}


def _question(row: Mapping[str, str] | pd.Series[str], year: int) -> str:
    """Return what is to be asked of a time that was read, empty where its months are written."""
    if row[P["start_month"]] and row[P["end_month"]]:
        return ""
    return parse_window(row[P["window_text"]], year).question


def _merged(doubts: Iterable[Doubt]) -> list[Doubt]:
    """Return equal doubts as one with all their tasks, where the first of them stands."""
    merged: dict[Doubt, list[str]] = {}
    for doubt in doubts:
        merged.setdefault(replace(doubt, task_ids=()), []).extend(doubt.task_ids)
    return [replace(doubt, task_ids=tuple(dict.fromkeys(ids))) for doubt, ids in merged.items()]


def _row_doubts(plan: pd.DataFrame, year: int) -> Iterator[Doubt]:
    for row in plan.to_dict("records"):
        task, text = (row[P["task_id"]],), row[P["window_text"]]
        error = _months(row, year)
        if isinstance(error, WindowError):
            yield Doubt(task, P["window_text"], text, error.reason, f"按{WHOLE_YEAR}，原文保留")
        elif question := _question(row, year):
            yield Doubt(task, P["window_text"], text, "没有写明是哪个月", question)
        if not parse_units(row[P["units_text"]], {}):
            yield Doubt(task, P["units_text"], "", "没有责任单位", must=True)
        if row[P["category"]] == UNSORTED:
            yield Doubt(task, P["category"], UNSORTED, "没有看出属于哪一类", f"写作「{UNSORTED}」")


def _unit_doubts(
    plan: pd.DataFrame, aliases: Mapping[str, str], known: Collection[str]
) -> Iterator[Doubt]:
    tasks_of: dict[str, list[str]] = {}
    for row in plan.to_dict("records"):
        for unit in parse_units(row[P["units_text"]], aliases):
            if unit not in known:
                tasks_of.setdefault(unit, []).append(row[P["task_id"]])
    new = {}
    for unit, tasks in tasks_of.items():
        near = process.extractOne(unit, sorted(known), scorer=fuzz.ratio, score_cutoff=NEAR)
        slip = near and _LEVEL.sub("", near[0]) != _LEVEL.sub("", unit)
        if near and slip:
            problem = f"没有见过的单位，与「{near[0]}」相近，可能是笔误"
            yield Doubt(tuple(tasks), P["units_text"], unit, problem, "作为新的责任单位")
        else:
            new[unit] = tasks
    if len(new) < MANY:
        for unit, tasks in new.items():
            yield Doubt(tuple(tasks), P["units_text"], unit, "没有见过的单位", "作为新的责任单位")
    else:  # the plan of another office: all its units are new
        places = dict.fromkeys(task for own in new.values() for task in own)
        problem = f"没有见过的{len(new)}个单位"
        yield Doubt(tuple(places), P["units_text"], "、".join(new), problem, "都作为新的责任单位")
