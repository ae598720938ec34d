"""A plan proposed for adoption: its tables as they can be edited, its doubts, its files."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from rapidfuzz import fuzz, process

from lib import months, schema, tables
from lib.dataset import ALIASES_FILE, SETTINGS_FILE, Dataset, Settings
from lib.planning.document import Document
from lib.planning.interpret import UNSORTED, WHOLE_YEAR, Doubt, Reading, Row
from lib.problems import DataError, Problem
from lib.targets import UNNAMED, Mention, Op, Target, find_targets
from lib.units import ALIAS, UNIT, default_aliases, parse_units
from lib.windows import WindowError, parse_window

P, T = schema.PLAN.headers, schema.TARGETS.headers
RELATIONS: dict[Op, str] = {">=": schema.AT_LEAST, "=": schema.EQUAL, "range": schema.RANGE}
RATES = ("%", "‰", "个百分点", "百分点")
QUANTITY = ("task_id", "relation", "target", "upper", "measure")
COUNTED = ("task_id", "measure")
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
    def doubts(self) -> list[Doubt]:
        """What is to be settled or accepted as the tables stand now."""
        tasks = set(self.plan[P["task_id"]])
        rows = self.plan.set_index(P["task_id"], drop=False)
        found = list(_row_doubts(self.plan, self.settings.year))
        found += _unit_doubts(self.plan, self.aliases, self.known_units)
        standing = {
            (row[T["task_id"]], row[T["indicator"]], row[T["target"]])
            for row in self.targets.to_dict("records")
        }
        found += [doubt for key, doubt in self.guesses.items() if key in standing]
        found += [doubt for doubt in self.left_out if set(doubt.task_ids) <= tasks]
        found += [
            doubt
            for doubt in self.reading.doubts
            if not doubt.task_ids
            or (
                doubt.task_ids[0] in tasks
                and _unchanged(rows.loc[[doubt.task_ids[0]]].iloc[0], doubt, self.reading)
            )
        ]
        return found

    def adopted(self, accepted: Collection[str]) -> Proposal:
        """Return the proposal with what the accepted doubts assume filled in.

        Raises `DataError` naming each doubt that is neither settled nor accepted.
        """
        open_ = [one for one in self.doubts if one.must or one.key not in accepted]
        if open_:
            raise DataError(
                Problem(
                    self.reading.document.name,
                    0,
                    "",
                    "",
                    str(one),
                    "改正" if one.must else "改正，或接受",
                )
                for one in open_
            )
        plan = self.plan.copy()
        year = self.settings.year
        for row, text in plan[P["window_text"]].items():
            if not _understood(plan.loc[row], year):
                plan.loc[row, P["window_text"]] = text or WHOLE_YEAR
                if text:
                    plan.loc[row, [P["start_month"], P["end_month"]]] = [
                        f"{year:04d}-01",
                        f"{year:04d}-12",
                    ]
        return replace(self, plan=plan)

    def dataset(self, progress: pd.DataFrame | None = None) -> Dataset:
        """Return the dataset this would be; raise `DataError` for what the tables lack."""
        plan = schema.PLAN.check(_counted(self.plan), schema.PLAN.file)
        targets = schema.TARGETS.check(_counted(self.targets), schema.TARGETS.file)
        reports = schema.PROGRESS.empty() if progress is None else progress
        return Dataset.build(self.settings, plan, targets, reports, self.aliases)

    def files(self) -> dict[str, bytes]:
        """Return the plan's files by name, as `lib.store.Draft.files` takes them.

        Raises `DataError` if the tables do not make a plan.
        """
        self.dataset()
        files = {
            schema.PLAN.file: plan_file(self.plan),
            schema.TARGETS.file: target_file(self.targets),
            SETTINGS_FILE: settings_file(self.settings),
        }
        if dict(self.aliases) != dict(default_aliases()):
            files[ALIASES_FILE] = alias_file(self.aliases)
        return files

    def records(self) -> list[dict[str, Any]]:
        """Return the tasks as the command line prints them (see README)."""
        doubts = self.doubts
        spoken = {row.task_id: row for row in self.reading.rows}
        return [
            {
                "task_id": row[P["task_id"]],
                "category": row[P["category"]],
                "text": row[P["content"]],
                "units": list(parse_units(row[P["units_text"]], self.aliases)),
                "window": row[P["window_text"]],
                **_span(row, self.settings.year),
                "source": row[P["source"]],
                "targets": [
                    _target_record(target)
                    for target in dict.fromkeys(
                        mention.target for mention in _mentions(spoken[row[P["task_id"]]])
                    )
                ],
                "doubts": [
                    _doubt_record(one) for one in doubts if row[P["task_id"]] in one.task_ids
                ],
            }
            for row in self.plan.to_dict("records")
        ]


def propose(
    reading: Reading,
    *,
    year: int | None = None,
    title: str = "",
    settings: Settings | None = None,
    aliases: Mapping[str, str] | None = None,
    known_units: Collection[str] = (),
    present: pd.DataFrame | None = None,
) -> Proposal:
    """Return a reading as a plan to check and adopt.

    ``settings`` are those to carry on (the plan that is replaced, or the default plan); year and
    title are the document's unless given. ``present`` are the targets of the plan that is replaced
    (texts): the same quantity of the same task keeps the name that reports know it by. Raises
    `DataError` if no year is known.
    """
    of_year = year or reading.year
    if of_year is None:
        raise DataError(
            [
                Problem(
                    reading.document.name,
                    0,
                    "",
                    "",
                    "标题里没有年份，不知道是哪一年的计划",
                    "写明计划年度（命令行用 --year 2018）",
                )
            ]
        )
    names = default_aliases() if aliases is None else aliases
    base = settings or Settings(of_year)
    made = replace(
        base,
        year=of_year,
        title=title or reading.title or base.title,
        parties=reading.parties or base.parties,
    )
    guesses: dict[tuple[str, str, str], Doubt] = {}
    left_out: list[Doubt] = []
    targets: list[dict[str, str]] = []
    names_known = _Names.of(present)
    for row in reading.rows:
        targets += _target_rows(row, guesses, left_out, names_known)
    return Proposal(
        reading,
        made,
        _texts(pd.DataFrame([_plan_row(row) for row in reading.rows]), schema.PLAN),
        _texts(pd.DataFrame(targets), schema.TARGETS),
        names,
        frozenset({*names, *names.values(), *known_units}),
        guesses,
        tuple(left_out),
    )


def standing(current: Dataset, plan: pd.DataFrame, targets: pd.DataFrame) -> Proposal:
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
    return {
        P["task_id"]: row.task_id,
        P["number"]: row.number,
        P["category"]: row.category,
        P["content"]: row.content,
        P["units_text"]: row.units_text,
        P["window_text"]: row.window_text,
        P["weight"]: "1",
        P["source"]: row.source,
        P["leader"]: row.leader,
        P["goal"]: row.goal,
        P["remark"]: row.remark,
    }


def _mentions(row: Row) -> list[Mention]:
    """Return the quantities of a row's text, and those that only its 目标值 states."""
    stated = [(one.target.value, one.target.unit) for one in row.mentions]
    more = [
        one for one in find_targets(row.goal) if (one.target.value, one.target.unit) not in stated
    ]
    return [*row.mentions, *more]


@dataclass(frozen=True)
class _Names:
    """The names that indicators have now, by task and quantity, and by task and unit alone."""

    exact: Mapping[tuple[str, ...], list[str]]
    near: Mapping[tuple[str, ...], list[str]]

    @classmethod
    def of(cls, present: pd.DataFrame | None) -> _Names:
        exact: dict[tuple[str, ...], list[str]] = {}
        near: dict[tuple[str, ...], list[str]] = {}
        for row in [] if present is None else present.to_dict("records"):
            exact.setdefault(_key(row, QUANTITY), []).append(row[T["indicator"]])
            near.setdefault(_key(row, COUNTED), []).append(row[T["indicator"]])
        return cls(exact, near)

    def name(self, cells: Mapping[str, str], taken: Collection[str]) -> str:
        """Return the name of a quantity, or of another one of its task and unit; else empty."""
        for names, columns in ((self.exact, QUANTITY), (self.near, COUNTED)):
            free = [one for one in names.get(_key(cells, columns), ()) if one not in taken]
            if free:
                return free[0]
        return ""


def _key(row: Mapping[str, str], columns: Collection[str]) -> tuple[str, ...]:
    return tuple(row[T[name]] for name in columns)


def _target_rows(
    row: Row,
    guesses: dict[tuple[str, str, str], Doubt],
    left_out: list[Doubt],
    names: _Names,
) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = []
    taken: set[str] = set()
    seen: set[Target] = set()
    for mention in _mentions(row):
        target = mention.target
        if target in seen:
            continue
        seen.add(target)
        said = _said(target)
        if target.op == "<=" or target.unit in RATES:
            why = "是上限" if target.op == "<=" else "是比率"
            left_out.append(
                Doubt(
                    (row.task_id,),
                    "指标",
                    said,
                    f"{why}，不能按各月数量相加计算",
                    "不列为指标，按累计完成率填报",
                )
            )
            continue
        cells = {
            T["task_id"]: row.task_id,
            T["indicator"]: "",
            T["relation"]: RELATIONS[target.op],
            T["target"]: f"{target.value:.10g}",
            T["upper"]: "" if target.upper is None else f"{target.upper:.10g}",
            T["measure"]: target.unit,
        }
        name, doubt = target.indicator, mention.doubt
        if known := names.name(cells, taken):
            name, doubt = known, ""
        elif name in taken:
            doubt = f"这项任务有两个「{name}」"
            name = next(n for k in range(2, 99) if (n := f"{name}（{k}）") not in taken)
        taken.add(name)
        cells[T["indicator"]] = name
        if doubt or name.startswith(UNNAMED):
            guesses[row.task_id, name, cells[T["target"]]] = Doubt(
                (row.task_id,), "指标", said, doubt or "名称是推断的", f"指标名称写作「{name}」"
            )
        rows.append(cells)
    if row.goal and not any(find_targets(row.goal)):
        left_out.append(
            Doubt(
                (row.task_id,),
                "目标值",
                row.goal[:30],
                "没有看出带计量单位的数量",
                "原文保留在目标值一列，不列为指标",
            )
        )
    return rows


def _said(target: Target) -> str:
    sign = {">=": "不少于", "<=": "不超过", "=": "", "range": ""}[target.op]
    upper = "" if target.upper is None else f"～{target.upper:g}"
    return f"{target.indicator} {sign}{target.value:g}{upper}{target.unit}"


def _understood(row: Mapping[str, str] | pd.Series[str], year: int) -> bool:
    if row[P["start_month"]] and row[P["end_month"]]:
        return True
    try:
        parse_window(row[P["window_text"]], year)
    except WindowError:
        return False
    return True


def _row_doubts(plan: pd.DataFrame, year: int) -> Iterator[Doubt]:
    for row in plan.to_dict("records"):
        task, text = (row[P["task_id"]],), row[P["window_text"]]
        if not _understood(row, year):
            try:
                parse_window(text, year)
            except WindowError as error:
                yield Doubt(task, P["window_text"], text, error.reason, f"按{WHOLE_YEAR}，原文保留")
        if not parse_units(row[P["units_text"]], {}):
            yield Doubt(task, P["units_text"], "", "没有责任单位", must=True)
        if row[P["category"]] == UNSORTED:
            yield Doubt(task, P["category"], UNSORTED, "没有看出属于哪一类", f"写作「{UNSORTED}」")


def _unit_doubts(
    plan: pd.DataFrame, aliases: Mapping[str, str], known: Collection[str]
) -> Iterator[Doubt]:
    where: dict[str, list[str]] = {}
    for row in plan.to_dict("records"):
        for unit in parse_units(row[P["units_text"]], aliases):
            if unit not in known:
                where.setdefault(unit, []).append(row[P["task_id"]])
    for unit, tasks in where.items():
        near = process.extractOne(unit, sorted(known), scorer=fuzz.ratio, score_cutoff=NEAR)
        hint = f"，与「{near[0]}」相近，可能是笔误" if near else ""
        yield Doubt(
            tuple(tasks), P["units_text"], unit, f"没有见过的单位{hint}", "作为新的责任单位"
        )


def _unchanged(row: pd.Series[str], doubt: Doubt, reading: Reading) -> bool:
    """Whether a cell still stands as it was read: a changed one has been looked at."""
    read = next(one for one in reading.rows if one.task_id == doubt.task_ids[0])
    return all(
        row[header] == text.strip()
        for header, text in _plan_row(read).items()
        if header in (P["content"], P["units_text"], P["window_text"])
    )


def _span(row: Mapping[str, str], year: int) -> dict[str, str]:
    start, end = row[P["start_month"]], row[P["end_month"]]
    if not (start and end):
        try:
            window = parse_window(row[P["window_text"]], year)
        except WindowError:
            return {"start": start, "end": end}
        start = start or months.text(window.start.ordinal)
        end = end or months.text(window.end.ordinal)
    return {"start": start, "end": end}


def _target_record(target: Target) -> dict[str, Any]:
    return {
        "indicator": target.indicator,
        "op": target.op,
        "value": target.value,
        "upper": target.upper,
        "unit": target.unit,
    }


def _doubt_record(doubt: Doubt) -> dict[str, Any]:
    return {
        "column": doubt.column,
        "value": doubt.value,
        "problem": doubt.problem,
        "assumed": doubt.assumed,
    }


# -- files -----------------------------------------------------------------------------------


def plan_file(plan: pd.DataFrame) -> bytes:
    """Return plan texts as ``plan.csv``; 责任领导, 目标值, 备注 only where one row has them."""
    empty = [P[name] for name in schema.PLAN_EXTRAS if (plan[P[name]] == "").all()]
    return tables.to_csv(tables.escape(plan.drop(columns=empty)))


def target_file(targets: pd.DataFrame) -> bytes:
    """Return target texts as ``targets.csv``."""
    return tables.to_csv(tables.escape(targets))


def alias_file(aliases: Mapping[str, str]) -> bytes:
    """Return other spellings of units as ``units.csv``."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerows([(UNIT, ALIAS), *((unit, alias) for alias, unit in aliases.items())])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def settings_file(settings: Settings) -> bytes:
    """Return settings as ``settings.toml``."""
    parties = ", ".join(_toml(party) for party in settings.parties)
    lines = [
        "# 本数据目录的设置。改动后刷新网页即生效。",
        "",
        "[plan]",
        f"year = {settings.year}",
        f"title = {_toml(settings.title)}",
        f"parties = [{parties}]",
        "",
        "[rules]",
        "# 完成率低于序时进度超过多少个百分点算“滞后”",
        f"behind_points = {settings.behind_threshold * 100:.10g}",
        "",
        "[reports]",
        "# 填报是否要经过审核才计入：true 要审核，false 提交即生效",
        f"review = {str(settings.review).lower()}",
        "",
    ]
    return "\n".join(lines).encode()


def _toml(text: str) -> str:
    """Return a TOML basic string: JSON's escapes are TOML's, but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
