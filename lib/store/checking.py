"""Whether everything that a store keeps is whole: every entry, row, file and account."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import text

from lib.core.problems import DataError
from lib.store import old_form, plan_names, trail
from lib.store.changes import replay
from lib.store.copying import accounts
from lib.store.database import database
from lib.store.folder import REPORTS
from lib.store.interface import StoreError
from lib.store.journal import Head, Journal, heads
from lib.store.store import PlanStore
from lib.store.submissions import files_after

_RESTORE = "从最近的备份恢复（python -m lib.cli restore）"
_REBUILD = "运行 python -m lib.cli rebuild 由上报记录重建"
_UPLOAD = "从原来的文件或备份找回"
_TRAIL = "与备份或导出的审计记录对照，查明是谁动过数据库"


@dataclass(frozen=True)
class Fault:
    """One thing that is not as it was written: where, what, what still stands, what to do.

    ``serious`` is false for what is only to be known, such as an edit by hand.
    """

    plan: str
    what: str
    stands: str = ""
    remedy: str = ""
    serious: bool = True

    def __str__(self) -> str:
        plan = f"计划「{self.plan}」：" if self.plan else ""
        stands = f"；{self.stands}" if self.stands else ""
        remedy = f"。处理：{self.remedy}" if self.remedy else ""
        return f"{'' if self.serious else '提示：'}{plan}{self.what}{stands}{remedy}"


@dataclass(frozen=True)
class Checked:
    """How far a plan's journal goes, and the hash of its last entry (empty in the old form)."""

    plan: str
    revision: int
    files: int
    head: str


def check(url: str) -> tuple[list[Checked], list[Fault]]:
    """Read everything that is kept at an address; return what there is, and what is wrong."""
    faults = _database_faults(url)
    plans: list[Checked] = []
    known: dict[str, Head] = {}
    with suppress(StoreError):
        known = heads(database(url))
    for plan in sorted({"", *plan_names(url), *known}):
        store = PlanStore(url, plan)
        try:
            entries = store.journal()
        except StoreError as error:
            if not any(fault.what == str(error) for fault in faults):
                faults.append(Fault(plan, str(error), _still_usable(store), _RESTORE))
            continue
        faults += _plan_faults(store)
        head = store.head()
        last = entries[-1].revision if entries else -1
        plans.append(Checked(plan, last, len(store.kept()), head.sha256 if head else ""))
    return plans, faults


def _database_faults(url: str) -> list[Fault]:
    """Return what is wrong with the database as such: its pages, its links, its accounts."""
    place = database(url)
    faults = []
    whole = "plan.csv、targets.csv、progress.csv 里的计划和填报" if place.path else ""
    try:
        if place.path is not None and place.exists:
            with place.reading() as connection:
                pages = connection.scalars(text("PRAGMA integrity_check")).all()
                links = connection.execute(text("PRAGMA foreign_key_check")).all()
            if pages != ["ok"]:
                pages_text = f"{place.path} 有损坏的页：{pages[0]}"
                faults.append(Fault("", pages_text, f"仍可用：{whole}", _RESTORE))
            elif links:
                faults.append(
                    Fault("", f"{place.path} 中{len(links)}行没有所属的记录", "", _RESTORE)
                )
        faults += [
            Fault("", f"审计记录{what}", "其余各条完整", _TRAIL) for what in _trail_faults(url)
        ]
        accounts(url)
    except (StoreError, sqlite3.Error, ValueError) as error:
        faults.append(Fault("", str(error), f"仍可用：{whole}" if whole else "", _RESTORE))
    if unsafe := PlanStore(url).warning():
        faults.append(Fault("", unsafe, serious=False))
    return faults


def _trail_faults(url: str) -> list[str]:
    """Return what of the audit trail does not fit together."""
    with old_form.reading_accounts(database(url)) as connection:
        return trail.faults(connection) if connection else []


def trail_end(url: str) -> tuple[int, str]:
    """Return the number of the audit trail's last row and its hash; 0 where there is none."""
    place = database(url)
    if not place.exists:
        return 0, ""
    with place.reading() as connection:
        return trail.end(connection)


def _plan_faults(store: PlanStore) -> list[Fault]:
    plan, entries, faults = store.plan_name, store.journal(), []
    records = []
    for entry in entries:
        try:
            rows = store.records(entry.revision)
        except StoreError as error:
            faults.append(Fault(plan, str(error), _still_usable(store, entry.revision), _RESTORE))
            continue
        if not entry.pending:
            records += rows
        named = [(sha256, entry.file_name) for sha256 in [entry.file_sha256] if sha256]
        named += [(item.sha256, item.name) for item in entry.attachments]
        for change in entry.files:
            hashes = {change.before_sha256, change.after_sha256} - {""}
            named += [(sha256, change.name) for sha256 in sorted(hashes)]
        for sha256, name in named:
            try:
                store.content(sha256)
            except StoreError as error:
                what = f"第{entry.revision}号的文件“{name}”：{error}"
                faults.append(Fault(plan, what, "", _UPLOAD))
    if faults or not entries:
        return faults
    state, tables = replay(records), Journal(store.database, plan)
    if not store.old and not tables.reports().equals(state):
        faults.append(Fault(plan, "生效的填报与上报记录不一致", "上报记录是完整的", _REBUILD))
    return faults + _file_faults(store)


def _file_faults(store: PlanStore) -> list[Fault]:
    """Return how the plan's files differ from the journal; PostgreSQL's are rows of its own."""
    plan, entries = store.plan_name, store.journal()
    if store.folder is None:
        known = files_after(entries)
        contents = {name: store.content(sha256) for name, sha256 in known.items()}
        if known and contents != store.plan_files():
            return [Fault(plan, "计划文件与上报记录不一致", "", _RESTORE)]
        return []
    try:
        contents_now = store.folder.contents()
        edited = store.folder.edited(entries, contents_now)
    except DataError as error:
        return [Fault(plan, str(error), "上报记录是完整的", _REBUILD)]
    if REPORTS not in contents_now.files:
        return [Fault(plan, f"{REPORTS} 不见了", "上报记录是完整的", _REBUILD)]
    if store.folder.behind(entries[-1].revision):
        return [Fault(plan, "CSV 文件还没有跟上上报记录，下次打开时自动补上", serious=False)]
    if edited:
        what = f"{'、'.join(edited)} 被手工修改过，下次填报时记为{'手工修改'}"
        return [Fault(plan, what, serious=False)]
    return []


def _still_usable(store: PlanStore, broken: int | None = None) -> str:
    """Return in words what can still be used."""
    usable = []
    if store.folder is not None:
        usable.append("CSV 文件里的计划和填报")
    if broken is not None and broken > 0:
        usable.append(f"第{broken - 1}号为止的上报记录")
    elif broken is None:
        number = store.sound_until()
        if number >= 0:
            usable.append(f"第{number}号为止的上报记录")
    return f"仍可用：{'，'.join(usable)}" if usable else ""
