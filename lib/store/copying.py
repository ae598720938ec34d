"""Everything of one store into another, empty one, and the proof that both are the same."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lib.core.dataset import Dataset
from lib.core.problems import DataError
from lib.store import atomic_files, folder_of, is_database, open_store, plan_names
from lib.store.folder import FolderStore
from lib.store.interface import RefusedError, StoreError
from lib.store.reading import texts
from lib.store.rules import Ledger

_STAGED = ".copying"


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
    """Copy all plans with journal, kept files and plan files; return what `verify` found.

    An edit by hand at the source is taken in first. Raises `RefusedError` for a target that is
    not empty, `StoreError` and `lib.core.problems.DataError` for a source that cannot be read; then
    nothing is at the target.
    """
    with _filling(target) as open_target:
        for plan in ["", *plan_names(source)]:
            _copy_plan(_ledger(source, plan), open_target(plan))
    return verify(source, target)


def _copy_plan(source: Ledger, target: Ledger) -> None:
    source.history()
    data = _checked(source)
    if data is None:
        return
    target.load(
        ((told, source.changes(told.revision)) for told in source.journal()),
        (source.content(sha256) for sha256 in source.kept()),
        source.plan_files(),
        texts(data),
    )


def verify(source: str, target: str) -> list[Count]:
    """Return, for each plan, what both stores hold: counted, and compared by content and hash."""
    counts = []
    here, there = plan_names(source), plan_names(target)
    counts.append(Count("", "计划", 1 + len(here), 1 + len(there), here == there))
    for plan in ["", *here]:
        counts += _compare(plan, _ledger(source, plan), _ledger(target, plan))
    return counts


def _compare(plan: str, source: Ledger, target: Ledger) -> list[Count]:
    def count(what: str, one: Sequence[object], other: Sequence[object]) -> Count:
        return Count(plan, what, len(one), len(other), one == other)

    states = [[(one, one.state) for one in end.submissions] for end in (source, target)]
    rows = [
        [
            (told.revision, row)
            for told in end.journal()
            for row in end.changes(told.revision).records()
        ]
        for end in (source, target)
    ]
    plans = [
        [(name, atomic_files.sha256(content)) for name, content in end.plan_files().items()]
        for end in (source, target)
    ]
    kept = []
    for end, plan_files in zip((source, target), plans, strict=True):
        # a database keeps the plan's own files here as well; they are compared by themselves
        names = [name for name in end.kept() if name not in dict(plan_files).values()]
        kept.append([(name, atomic_files.sha256(end.content(name))) for name in names])
    reports = []
    for end in (source, target):
        data = _checked(end)
        reports.append([] if data is None else texts(data).to_dict("records"))
    return [
        count("上报记录", *states),
        count("记录中的行", *rows),
        count("原件和佐证材料", *kept),
        count("计划文件", *plans),
        count("生效的填报", *reports),
    ]


def _checked(store: Ledger) -> Dataset | None:
    """Return a plan's dataset, ``None`` where there is no plan at all."""
    if not store.plan_files() and not store.journal():
        return None
    data = store.dataset()
    if data.progress_problems:
        raise DataError(data.progress_problems)
    return data


def _ledger(url: str, plan: str) -> Ledger:
    store = open_store(url, plan)
    assert isinstance(store, Ledger)  # noqa: S101 - both kinds are
    return store


@contextmanager
def _filling(url: str) -> Iterator[Callable[[str], Ledger]]:
    """Give a way to open the plans of an empty target; all of them stay, or none."""
    if is_database(url):
        from lib.store.database import database
        from lib.store.postgres import PostgresStore, is_empty

        target = database(url)
        if not is_empty(target):
            raise RefusedError(f"目标数据库 {target.name} 里已经有数据，没有复制")
        with target.writing("复制"):
            yield lambda plan: PostgresStore(target, plan)
        return
    folder = folder_of(url)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise RefusedError(f"目标 {folder} 不是空目录，没有复制")
    if not folder.absolute().parent.is_dir():
        raise StoreError(f"找不到目标所在的目录：{folder.absolute().parent}")
    staged = folder.absolute().with_name(folder.absolute().name + _STAGED)
    with atomic_files.telling("复制", folder):
        _remove(staged)
        staged.mkdir()
        try:
            yield lambda plan: FolderStore(staged, plan)
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
