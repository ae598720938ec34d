"""A proposal's way into the store: as a new plan, or in place of one that runs."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from lib.core import schema
from lib.core.dataset import Dataset
from lib.core.problems import DataError
from lib.core.settings import SETTINGS_FILE, Settings, parse_settings
from lib.core.units import parse_units
from lib.planning.amend import Amendment, amend
from lib.planning.interpret import Reading
from lib.planning.proposal import Proposal, propose
from lib.store import Changes, Draft, Kind, Original, RefusedError, open_store, plan_names

_REGION = re.compile(r"[\u4e00-\u9fff]{1,7}?(?:省|市|州|盟|县|区|旗|镇|乡|街道)")


@dataclass(frozen=True, eq=False)
class Context:
    """Where a proposal goes: plan ``plan`` of the store at ``url``.

    ``current`` is the running plan there (``None``: a new one), with its tables as the store
    gives them. ``settings`` and ``aliases`` are carried on: the running plan's own, else those of
    the default plan. ``settings_file`` is the settings file that stands there, of which all is
    kept that does not change. ``base`` is the revision that is looked at. ``parties`` are those of
    the plan whose ``aliases`` these are.
    """

    plan: str = ""
    current: Dataset | None = None
    tables: tuple[pd.DataFrame, pd.DataFrame] | None = None
    settings: Settings | None = None
    aliases: Mapping[str, str] | None = None
    base: int | None = None
    settings_file: bytes | None = None
    parties: tuple[str, ...] = ()


def context(url: str | Path, plan: str) -> Context:
    """Return what is known where a plan is to be imported; `RefusedError` for an unusable name."""
    store = open_store(url, plan)
    base, settings_file = store.revision, store.plan_files().get(SETTINGS_FILE)
    if not plan or plan in plan_names(url):
        try:
            current = store.dataset()
        except DataError:
            # A broken plan is put right by a new one; its settings go on where they can be read.
            with suppress(DataError):
                settings = parse_settings(settings_file, schema.PROGRESS.empty())
                return Context(plan, settings=settings, base=base, settings_file=settings_file)
            return Context(plan, base=base, settings_file=settings_file)
        if current.progress_problems:
            raise DataError(current.progress_problems)
        tables = store.plan, store.targets
        known = current.settings, current.aliases
        parties = current.settings.parties
        return Context(plan, current, tables, *known, base, settings_file, parties)
    try:
        default = open_store(url).dataset()
    except DataError:
        return Context(plan, base=base)
    # Another plan: the rules are the house's, the year, title and parties its own.
    carried = replace(default.settings, parties=(), title=Settings.title)
    parties = default.settings.parties
    return Context(plan, None, None, carried, default.aliases, base, parties=parties)


def proposed(
    reading: Reading,
    where: Context,
    *,
    year: int | None = None,
    title: str = "",
    issued: dt.date | None = None,
    columns: Mapping[str, str] | None = None,
) -> Proposal:
    """Return a reading as a proposal for a place (see `propose`)."""
    known = () if where.current is None else where.current.units
    return propose(
        reading,
        year=year,
        title=title,
        settings=where.settings,
        aliases=where.aliases if _of_same_region(reading, where) else {},
        known_units=known,
        present=None if where.tables is None else schema.TARGETS.texts(where.tables[1]),
        issued=issued,
        columns=columns,
    )


def _of_same_region(reading: Reading, where: Context) -> bool:
    """Whether a document is of one of the parties, as far as it names any: another region's
    财政局 is not ours. One that names none is ours if most of its units are."""
    title = _REGION.match(reading.title)
    places = reading.parties or ((title[0],) if title else ())
    if places and where.parties:
        return any(place in party or party in place for place in places for party in where.parties)
    named = {unit for row in reading.rows for unit in parse_units(row.units_text, {})}
    aliases = where.aliases or {}
    ours = {*aliases, *aliases.values(), *(where.current.units if where.current else ())}
    known = named & ours
    return 2 * len(known) >= len(named)


def amendment(
    ready: Proposal, where: Context, moves: Mapping[str, str] | None = None
) -> Amendment | None:
    """Return what a proposal changes of the running plan, ``None`` for a new plan.

    Raises `RefusedError` if it is a plan of another year: that has a place of its own.
    """
    if where.current is None or where.tables is None:
        return None
    running, year = where.current.settings.year, ready.settings.year
    if running != year:
        raise RefusedError(
            f"这里是{running}年的计划，不能换成{year}年的；"
            f"请写一个新的计划名称（如 {year}），另存为新计划，{running}年的数据保留"
        )
    return amend(where.current, *where.tables, ready, moves=moves, settings=where.settings_file)


def draft(
    ready: Proposal,
    where: Context,
    *,
    user: str,
    reason: str = "",
    original: Original | None = None,
    moves: Mapping[str, str] | None = None,
    remove_reports: bool = False,
) -> Draft:
    """Return the submission that adopts a proposal (with doubts settled) in one step.

    Raises `RefusedError` if reports would be removed without ``remove_reports``.
    """
    change = amendment(ready, where, moves)
    details: dict[str, Any] = {
        "year": ready.settings.year,
        "tasks": len(ready.plan),
        "indicators": len(ready.targets),
    }
    if change is None:
        return Draft(
            user,
            Changes.none(),
            Kind.PLAN,
            base=where.base,
            original=original,
            reason=reason or f"导入{ready.settings.title}：{len(ready.plan)}项任务",
            files=ready.files(where.settings_file),
            details=details,
        )
    if change.is_empty:
        raise RefusedError("与现在的计划相同，没有变化")
    if len(change.misfits) and not remove_reports:
        tasks = "、".join(change.misfits[schema.PROGRESS.headers["task_id"]].unique())
        raise RefusedError(
            f"{tasks} 的{len(change.misfits)}条填报不符合新计划；请转给别的任务，或确认删除"
        )
    details["changes"] = change.table.to_dict("records")
    return Draft(
        user,
        change.changes,
        Kind.PLAN,
        base=where.base,
        original=original,
        reason=reason or change.sentence,
        files=change.files,
        details=details,
    )
