"""Many plans read and rolled up as one, so that what a call costs is taken once for all of them.

    files of plans ──> one table of tasks, one of targets, one of reports: 一-1 of plan 7 is 7:一-1
                   ──> the checks and rules of a single plan ──> how each plan stands

The rules are those of a single plan, and so are the figures, to the last digit. What is wrong with
a plan is nobody else's business: plans that cannot be read as one are halved until the broken one is
alone, and whoever asked reads that one by itself, to say what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from lib.core import months, schema
from lib.core.dataset import Dataset, read_aliases
from lib.core.portfolio import PlanSummary, summarise_together
from lib.core.problems import DataError
from lib.core.settings import SETTINGS_FILE, Letterhead, Settings, parse_settings
from lib.files import csv_tables
from lib.files.plan_folder import ALIASES_FILE, BASELINE_FILE

_TABLES = (schema.PLAN, schema.TARGETS, schema.PROGRESS)
_NO_TASK_ID = re.compile(r"\n[\s,']")
"""A row whose first cell is empty, or not quite the 任务编号 that it is read as."""


@dataclass(frozen=True, eq=False)
class _Plan:
    """A plan's settings, header and rows of its tables as text, and its other spellings of units."""

    settings: Settings
    headers: tuple[str, ...]
    rows: tuple[str, ...]
    aliases: bytes | None

    @property
    def kind(self) -> Hashable:
        """What plans that are read as one have in common: rules, headers and aliases."""
        rules = replace(self.settings, title="", parties=(), letterhead=Letterhead(), columns=())
        return rules, self.headers, self.aliases


def summaries(
    plans: Mapping[str, Mapping[str, bytes]], *, with_narrative: bool
) -> dict[str, PlanSummary]:
    """Return how plans stand as of their latest months, as `lib.core.portfolio.summarise` has it.

    ``plans`` are the files' bytes by name. Left out are plans that are broken, and those that need
    more than a look at their tables' lines: a baseline, decisions of 核实, no settings, cells in
    quotes.
    """
    kinds: dict[Hashable, dict[str, _Plan]] = {}
    for name, files in plans.items():
        with suppress(DataError):
            plan = _read(files)
            if plan is not None:
                kinds.setdefault(plan.kind, {})[name] = plan
    result: dict[str, PlanSummary] = {}
    for group in kinds.values():
        result |= _summaries(group, with_narrative)
    return result


def _read(files: Mapping[str, bytes]) -> _Plan | None:
    needed = {SETTINGS_FILE, *(table.file for table in _TABLES)}
    if not needed <= files.keys() or BASELINE_FILE in files:
        return None
    settings = parse_settings(files[SETTINGS_FILE], schema.PROGRESS.empty())
    if settings.verify and schema.MATTERS.file in files:
        return None
    headers, rows = [], []
    for table in _TABLES:
        text = csv_tables.decode(files[table.file], table.file).replace("\r\n", "\n").rstrip("\n")
        header, line_break, lines = text.partition("\n")
        by_task = header.startswith(f"{table.headers['task_id']},")
        if not by_task or not csv_tables.is_plain(text) or _NO_TASK_ID.search(text):
            return None
        headers.append(header)
        rows.append(line_break + lines)
    return (
        _Plan(settings, tuple(headers), tuple(rows), files.get(ALIASES_FILE)) if rows[0] else None
    )


def _summaries(plans: Mapping[str, _Plan], with_narrative: bool) -> dict[str, PlanSummary]:
    names = list(plans)
    with suppress(DataError):
        data = _as_one([*plans.values()])
        # Before its first month an axis has no room: a plan's own begins with its own windows.
        year = months.of_year(data.settings.year)
        if len(names) == 1 or data.progress["month"].isin(year).all():
            settings = [plan.settings for plan in plans.values()]
            each = summarise_together(data, settings, with_narrative=with_narrative)
            return dict(zip(names, each, strict=True))
    if len(names) == 1:
        return {}
    middle = len(names) // 2
    halves = ({name: plans[name] for name in half} for half in (names[:middle], names[middle:]))
    first, second = (_summaries(half, with_narrative) for half in halves)
    return first | second


def _as_one(plans: Sequence[_Plan]) -> Dataset:
    """Return plans as one, a task's number behind its plan's place; raise `DataError`."""
    rows = zip(*(plan.rows for plan in plans), strict=True)
    tables = zip(_TABLES, plans[0].headers, rows, strict=True)
    plan, targets, progress = (
        csv_tables.parse(table, _joined(header, parts), table.file)
        for table, header, parts in tables
    )
    aliases, content = None, plans[0].aliases
    if content is not None:
        aliases = read_aliases(csv_tables.parse(schema.ALIASES, content, ALIASES_FILE))
    data = Dataset.build(plans[0].settings, plan, targets, progress, aliases)
    if data.progress_problems:
        raise DataError(data.progress_problems)
    return data


def _joined(header: str, rows: Iterable[str]) -> bytes:
    lines = (part.replace("\n", f"\n{place}:") for place, part in enumerate(rows))
    return (header + "".join(lines)).encode()
