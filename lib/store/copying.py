"""Everything of one store into another, empty one, and the proof that both are the same."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from lib.core import schema
from lib.store import atomic_files, folder_of, is_database, old_form, plan_names
from lib.store.changes import keyed
from lib.store.database import database
from lib.store.interface import RefusedError, StoreError
from lib.store.journal import heads
from lib.store.store import PlanStore
from lib.store.tables import ACCESS_TABLES

_STAGED = ".copying"
ACCESS_WORDS = {
    "access_accounts": "账号",
    "access_tokens": "令牌",
    "access_sessions": "登录",
    "access_audit": "审计记录",
}
"""What the copy says of the tables of accounts that people know of."""


@dataclass(frozen=True)
class Count:
    """How much of one kind a plan has at both ends, and whether it is the same."""

    plan: str
    what: str
    source: int
    target: int
    same: bool

    def __str__(self) -> str:
        plan = f"计划「{self.plan}」" if self.plan else "本计划"
        verdict = "一致" if self.same else "不一致"
        return f"{plan}　{self.what}：{self.source} → {self.target}　{verdict}"


def copy(source: str, target: str) -> list[Count]:
    """Copy all plans with journal, kept files and plan files, and the accounts.

    Returns what `verify` found. An edit by hand at the source is taken in first. Raises
    `RefusedError` for a target that is not empty, `StoreError` and `lib.core.problems.DataError`
    for a source that cannot be read; then nothing is at the target.
    """
    rows = accounts(source)
    with _filling(target) as open_target:
        for plan in ["", *plan_names(source)]:
            _copy_plan(PlanStore(source, plan), open_target(plan))
        if any(rows.values()):
            place = open_target("").database
            old_form.ensure(place)
            with place.writing("复制") as connection:
                old_form.copy_rows(rows, connection)
                if rows["access_accounts"]:
                    place.mark_accounts()
    return verify(source, target)


def accounts(url: str) -> old_form.Rows:
    """Return the rows of all tables of accounts; none where there is no database."""
    with old_form.reading_accounts(database(url)) as connection:
        if connection is None:
            return {table.name: [] for table in ACCESS_TABLES}
        return old_form.access_rows(connection)


def _copy_plan(source: PlanStore, target: PlanStore) -> None:
    source.history()
    reports = _reports(source)
    if reports is None:
        return
    target.load(
        ((entry, source.records(entry.revision)) for entry in source.journal()),
        (source.content(sha256) for sha256 in source.kept()),
        source.plan_files(),
        reports,
    )


def verify(source: str, target: str) -> list[Count]:
    """Return, for each plan, what both stores hold: counted, and compared by content and hash."""
    counts = []
    here, there = plan_names(source), plan_names(target)
    counts.append(Count("", "计划", 1 + len(here), 1 + len(there), here == there))
    for plan in ["", *here]:
        counts += _compare(plan, PlanStore(source, plan), PlanStore(target, plan))
    ours, theirs = accounts(source), accounts(target)
    return counts + [
        Count("", word, len(ours[name]), len(theirs[name]), ours[name] == theirs[name])
        for name, word in ACCESS_WORDS.items()
        if any(ours.values())
    ]


def _compare(plan: str, source: PlanStore, target: PlanStore) -> list[Count]:
    here, there = _everything(source), _everything(target)
    return [
        Count(plan, what, len(ours), len(there[what]), ours == there[what])
        for what, ours in here.items()
    ]


def _everything(store: PlanStore) -> dict[str, Sequence[object]]:
    """Return all that a plan has, by what people call it."""
    sha256 = atomic_files.sha256
    plan_files = {name: sha256(content) for name, content in store.plan_files().items()}
    # a database keeps the plan's own files here as well; they are compared by themselves
    kept = [name for name in store.kept() if name not in plan_files.values()]
    numbers = [entry.revision for entry in store.journal()]
    reports = _reports(store)
    return {
        "上报记录": [(entry, entry.state) for entry in store.submissions],
        "记录中的行": [(number, row) for number in numbers for row in store.records(number)],
        "原件和佐证材料": [(name, sha256(store.content(name))) for name in kept],
        "计划文件": list(plan_files.items()),
        "生效的填报": [] if reports is None else reports.to_dict("records"),
    }


def _reports(store: PlanStore) -> pd.DataFrame | None:
    """Return a plan's reports as keyed texts, ``None`` where there is no plan at all."""
    if not store.plan_files() and not store.journal():
        return None
    return keyed(schema.PROGRESS.texts(store.progress))


@contextmanager
def _filling(url: str) -> Iterator[Callable[[str], PlanStore]]:
    """Give a way to open the plans of an empty target; all of them stay, or none."""
    if is_database(url):
        target = database(url)
        if heads(target):
            raise RefusedError(f"目标{target.name} 里已经有数据，没有复制")
        if accounts(url)["access_accounts"]:
            raise RefusedError("目标已经有账号，没有复制")
        with target.writing("复制"):
            yield lambda plan: PlanStore(url, plan)
        return
    with filling_folder(folder_of(url)) as staged:
        yield lambda plan: PlanStore(staged, plan)


@contextmanager
def filling_folder(folder: Path) -> Iterator[Path]:
    """Give a new folder that takes the place of an empty or missing one when it is filled."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise RefusedError(f"目标 {folder} 不是空目录，没有复制")
    if not folder.absolute().parent.is_dir():
        raise StoreError(f"找不到目标所在的目录：{folder.absolute().parent}")
    staged = folder.absolute().with_name(folder.absolute().name + _STAGED)
    with atomic_files.telling("复制", folder):
        _remove(staged)
        staged.mkdir()
        try:
            yield staged
            if folder.exists():
                folder.rmdir()
            staged.replace(folder)
            atomic_files.settle(folder.absolute().parent)
        finally:
            _remove(staged)


def _remove(folder: Path) -> None:
    """Remove what an earlier copy, killed half way, has left."""
    if folder.exists():
        shutil.rmtree(folder)
