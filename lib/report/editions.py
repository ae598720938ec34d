"""定稿: the figures of a meeting as they were, and what has been corrected since.

An edition is a month and a revision of the journal, recorded in the journal itself. The store
gives plan and reports as of that revision, so nothing is copied and nothing can drift.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from lib.core import months, schema, wording
from lib.core.figures import Figures
from lib.core.status import mark
from lib.store import WAITING, Changes, Draft, Kind, State, Store, Submission
from lib.store.submissions import with_states

R = schema.PROGRESS.headers
CORRECTION_COLUMNS = ["任务", "定稿时", "更正后", "依据"]


@dataclass(frozen=True)
class Edition:
    """A sealed edition: ``number`` is its own revision, ``revision`` the one it shows.

    ``month`` is an ordinal, ``time`` local time with offset (ISO 8601).
    """

    number: int
    revision: int
    month: int
    user: str
    time: str
    note: str = ""

    @property
    def label(self) -> str:
        """Its name in choices: 第13号 2018年9月."""
        return f"第{self.number}号 {months.label(self.month)}"

    def describe(self) -> str:
        """Return it in words: 定稿第13号（2018年9月，张三，2018-10-08 09:30）."""
        when = self.time[:16].replace("T", " ")
        parts = [months.label(self.month), self.user, when, self.note]
        return f"定稿第{self.number}号（{'，'.join(part for part in parts if part)}）"


def editions(journal: Sequence[Submission]) -> list[Edition]:
    """Return the editions in force, the latest first."""
    return [
        Edition(
            seal.revision,
            int(seal.details["revision"]),
            months.parse(str(seal.details["month"])),
            seal.user,
            seal.time,
            seal.reason,
        )
        for seal in reversed(journal)
        if seal.kind == Kind.SEAL and seal.state == State.IN_FORCE
    ]


def seal(month: int, revision: int, user: str, note: str = "") -> Draft:
    """Return the draft that seals a month's figures as of ``revision``.

    It is refused (`lib.store.ConflictError`) if somebody has written since that revision: what
    is sealed is what was seen.
    """
    details = {"month": months.text(month), "revision": revision}
    return Draft(user, Changes.none(), Kind.SEAL, base=revision, reason=note, details=details)


def as_of(journal: Sequence[Submission], revision: int | None) -> list[Submission]:
    """Return the submissions up to ``revision`` in the states they had then."""
    if revision is None:
        return list(journal)
    return with_states([submission for submission in journal if submission.revision <= revision])


def corrections(sealed: Figures, now: Figures, store: Store, revision: int) -> pd.DataFrame:
    """Return what differs now from the sealed figures under the same selection.

    One row for the total and one per task that differs, as texts under `CORRECTION_COLUMNS`.
    依据 names the submissions since ``revision`` that touch the task up to the month.
    """
    before, after = (figures.tasks.set_index("task_id") for figures in (sealed, now))
    causes = _causes(store, revision, sealed.selection.month)
    rows = []
    for task in before.index.union(after.index, sort=False):
        old, new = _task_words(before, task), _task_words(after, task)
        if old != new:
            owner = now if task in after.index else sealed
            title = wording.short_title(owner.dataset.tasks.at[task, "content"], 40)
            rows.append((f"{task} {title}", old, new, causes.get(str(task), causes.get("", ""))))
    old, new = _total_words(sealed), _total_words(now)
    if rows or old != new:
        rows.insert(0, ("总体", old, new, ""))
    return pd.DataFrame(rows, columns=CORRECTION_COLUMNS, dtype="str")


def _task_words(tasks: pd.DataFrame, task: str) -> str:
    if task not in tasks.index:
        return "没有这项任务"
    row = tasks.loc[task]
    shares = _shares(row["completion"], row["planned_value"])
    return f"{mark(str(row['status']))}，{shares}"


def _total_words(figures: Figures) -> str:
    if figures.overall.empty:
        return wording.UNDEFINED
    row = figures.overall.iloc[0]
    return f"{int(row['tasks'])}项任务，{_shares(row['earned_value'], row['planned_value'])}"


def _shares(earned: float, planned: float) -> str:
    return f"完成率{wording.percent(earned)}，序时进度{wording.percent(planned)}"


def _causes(store: Store, revision: int, month: int) -> dict[str, str]:
    """Return by task (empty for the plan itself) which submissions since a revision touch it."""
    causes: dict[str, list[str]] = {}
    for submission in store.submissions:
        if submission.revision <= revision or submission.state in WAITING:
            continue
        touched: set[str] = set()
        if submission.rows:
            rows = store.changes(submission.revision)
            for frame in (rows.before, rows.after):
                early = frame[R["month"]] <= months.text(month)
                touched |= set(frame.loc[early, R["task_id"]])
        if submission.changed_files:
            touched.add("")
        for task in touched:
            causes.setdefault(task, []).append(f"第{submission.revision}号{submission.kind}")
    return {task: "、".join(names) for task, names in causes.items()}
