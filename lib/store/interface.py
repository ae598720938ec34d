"""The store's interface, what it keeps of a submission, and how it refuses.

A store holds the current reports and an append-only journal of submissions. The current
reports are always what the journal's changes add up to.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

import pandas as pd

from lib.core import schema
from lib.core.dataset import Dataset
from lib.core.matters import Matter, Step
from lib.core.settings import SETTINGS_FILE
from lib.core.texts import clean
from lib.files import plan_folder
from lib.store.changes import Changes


class Kind(StrEnum):
    """What a submission is."""

    REPORT = "填报"
    FORM = "在线填报"
    MANUAL = "手工修改"
    REVERT = "撤销"
    ATTACH = "佐证材料"
    SIGN = "审签"
    ACCEPT = "审核通过"
    RETURN = "审核退回"
    BASELINE = "起始数据"
    PLAN = "计划调整"
    SEAL = "定稿"
    NOTICE = "督办单"
    DECK = "汇报安排"
    UPPER_FORM = "上级表格"
    TEMPLATE = "通报模板"
    MATTER = "督办事项"


class State(StrEnum):
    """What has become of a submission."""

    IN_FORCE = "已生效"
    UNSIGNED = "待审签"
    PENDING = "待审核"
    RETURNED = "已退回"
    REPLACED = "已被更正"
    REVERTED = "已撤销"


WAITING = (State.UNSIGNED, State.PENDING)
"""The states of a report that does not count yet."""


class StoreError(Exception):
    """The store cannot do what was asked; the message is for the user, in Chinese."""


class JournalError(StoreError):
    """The journal cannot be read, or is not whole; the message names the file and the way out.

    Plan and reports are in the CSV files all the same.
    """


class RefusedError(StoreError):
    """What was asked is against the rules; nothing was written."""


@dataclass(frozen=True)
class Attachment:
    """One piece of evidence: its name, content hash, size (bytes), type and what it shows.

    ``task_id``, ``month`` (as files write it, ``2018-04``) and ``unit`` say which report.
    """

    name: str
    sha256: str
    size: int
    media_type: str
    task_id: str
    month: str
    unit: str


TITLES = {
    schema.PLAN.file: "计划",
    schema.TARGETS.file: "指标",
    SETTINGS_FILE: "设置",
    plan_folder.ALIASES_FILE: "单位别名",
    plan_folder.BASELINE_FILE: "基准计划",
    plan_folder.BASELINE_TARGETS_FILE: "基准指标",
    schema.MATTERS.file: "督办事项",
}
"""What users call each plan file."""


@dataclass(frozen=True)
class FileChange:
    """A plan file's content hashes before and after; empty where there was no file.

    Equal hashes tell what was found when the journal first took note of the file.
    """

    name: str
    before_sha256: str
    after_sha256: str

    @property
    def title(self) -> str:
        """What users call the file."""
        return TITLES.get(self.name, self.name)

    @property
    def changed(self) -> bool:
        """Whether the file became another one."""
        return self.before_sha256 != self.after_sha256


@dataclass(frozen=True)
class Original:
    """A file as it was uploaded."""

    name: str
    content: bytes


@dataclass(frozen=True, eq=False)
class Draft:
    """What somebody wants to submit.

    ``base`` is the revision that was previewed; ``None`` means that nobody saw a preview.
    ``evidence`` pairs attachments with their bytes. ``files`` are new contents of plan files
    (`lib.files.plan_folder.PLAN_FILES`), for a 计划调整 only; a plan that does not exist is created by it.
    ``details`` is a JSON object that the journal keeps as it is. ``steps`` are done about 督办事项,
    in this order; a 立项 without a number is given the next one.
    """

    user: str
    changes: Changes
    kind: Kind = Kind.REPORT
    unit: str = ""
    base: int | None = None
    original: Original | None = None
    reason: str = ""
    evidence: Sequence[tuple[Attachment, bytes]] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)
    steps: Sequence[Step] = ()

    def __post_init__(self) -> None:
        for name in ("user", "unit", "reason"):  # whichever door they came in by
            object.__setattr__(self, name, clean(getattr(self, name)))


HANDLERS = "handlers"
"""The detail of a report that says who filled its file in (经手人), by the file's own word."""
UNSIGNED = "unsigned"
"""The detail of a waiting report that 单位负责人 has to sign before it is reviewed."""
MONTHS = "months"
"""The detail of a waiting report that names the months it reports: 2018-05."""
REPLACES = "replaces"
"""The detail of a waiting report that names the waiting ones it takes the place of."""


@dataclass(frozen=True)
class Submission:
    """One entry of the journal.

    ``revision`` counts from 1 (0 is the state before the first submission). ``time`` is local
    time with offset (ISO 8601). ``added``, ``changed``, ``removed`` count rows. ``refers_to``
    is the revision that a 撤销 or a 审核 is about. ``files`` are the plan files it wrote or
    found, ``details`` what its draft gave. ``state`` follows from later submissions.
    ``replaces`` are the waiting reports that it corrects as a whole.
    """

    revision: int
    kind: Kind
    user: str
    unit: str
    time: str
    added: int
    changed: int
    removed: int
    reason: str = ""
    file_name: str = ""
    file_sha256: str = ""
    refers_to: int | None = None
    attachments: tuple[Attachment, ...] = ()
    pending: bool = False
    progress_sha256: str = ""
    files: tuple[FileChange, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict, hash=False)
    state: State = field(default=State.IN_FORCE, compare=False)

    @property
    def rows(self) -> int:
        """How many rows it adds, changes or removes."""
        return self.added + self.changed + self.removed

    @property
    def handlers(self) -> tuple[str, ...]:
        """经手人: who filled the file in by its own word; ``user`` is who reported it."""
        return tuple(self.details.get(HANDLERS, ()))

    @property
    def months(self) -> tuple[str, ...]:
        """The months of a report that waits, or waited, for review; of older ones none are known."""
        return tuple(self.details.get(MONTHS, ()))

    @property
    def replaces(self) -> tuple[int, ...]:
        """The waiting reports, all of whose rows it reports anew."""
        return tuple(self.details.get(REPLACES, ()))

    @property
    def changed_files(self) -> tuple[FileChange, ...]:
        """The plan files that it changes."""
        return tuple(file for file in self.files if file.changed)

    def describe(self) -> str:
        """Return it in words: 第3号 填报（张三，区农业局，2018-05-03 10:20，2行）."""
        amount = [file.title for file in self.changed_files]
        if self.rows or not (amount or self.details):
            amount.append(f"{self.rows}行")
        parts = [self.user, self.unit, self.time[:16].replace("T", " "), "、".join(amount)]
        return f"第{self.revision}号 {self.kind}（{'，'.join(part for part in parts if part)}）"


class ConflictError(StoreError):
    """The reports changed since the preview; ``since`` are the submissions that came between."""

    def __init__(self, since: Sequence[Submission]) -> None:
        self.since = tuple(since)
        between = "；".join(submission.describe() for submission in self.since)
        super().__init__(
            f"您预览之后数据有了变化：{between or '进展数据'}。没有写入，请重新预览后再提交"
        )


class Store(Protocol):
    """Plan, targets and reports with their journal.

    Methods that write raise `StoreError` (or one of its kinds) and `lib.core.problems.DataError`;
    after an error nothing of the submission is in force.
    """

    @property
    def plan(self) -> pd.DataFrame:
        """The plan as its file holds it: typed, `lib.core.schema.PlanModel`."""

    @property
    def targets(self) -> pd.DataFrame:
        """The targets: typed, `lib.core.schema.TargetModel`."""

    @property
    def progress(self) -> pd.DataFrame:
        """The reports in force: typed, `lib.core.schema.ProgressModel`, canonical units."""

    @property
    def submissions(self) -> list[Submission]:
        """The journal, the oldest first."""

    @property
    def revision(self) -> int:
        """The number of the latest submission, 0 before the first."""

    def stamp(self) -> Hashable:
        """Return a value that differs whenever anything in the store has changed; cheap."""

    def fault(self) -> str:
        """Return why the journal cannot be read, for a banner; empty if it can.

        `dataset` then gives what the CSV files hold; everything else of the journal raises
        `JournalError`.
        """

    def warning(self) -> str:
        """Return what is unsafe about the place where the data lie; empty if nothing is known."""

    def dataset(self, *, with_pending: bool = False, revision: int | None = None) -> Dataset:
        """Return plan and reports checked against each other.

        ``with_pending`` adds the 待审核 reports that still fit. ``revision`` asks for plan files
        and reports as they were right after that submission (0: before the first).
        """

    def plan_files(self) -> dict[str, bytes]:
        """Return the contents of the plan files that there are, by name."""

    def matters(self, *, revision: int | None = None) -> list[Matter]:
        """Return the 督办事项 in the order of their 立项, as they were after a submission if given.

        督办单 that were issued before there were such records count among them. Rows of
        ``matters.csv`` that cannot be read do not: `Dataset.step_problems` names them.
        """

    def submit(self, draft: Draft) -> Submission:
        """Write a submission: all of it or nothing. `ConflictError` if the reports have changed.

        A 计划调整 is checked as a whole: `DataError` if the plan it makes cannot be read, or if
        reports do not fit it and ``changes`` does not change or remove them.
        """

    def history(self) -> list[Submission]:
        """Return the journal, the oldest first, after taking in any hand-made change."""

    def changes(self, revision: int) -> Changes:
        """Return what a submission changes, row by row."""

    def original(self, revision: int) -> Original | None:
        """Return the uploaded file of a submission, if it had one."""

    def content(self, sha256: str) -> bytes:
        """Return a kept file's bytes, checked against its hash."""

    def evidence(self, task_id: str) -> list[tuple[Submission, Attachment]]:
        """Return a task's attachments in force, the oldest first."""

    def revert(
        self, revision: int, user: str, *, reason: str = "", base: int | None = None
    ) -> Submission:
        """Take a submission back by a new one; `RefusedError` if its rows have changed since."""

    def sign(self, revision: int, user: str, *, accept: bool, reason: str = "") -> Submission:
        """Sign a report for its unit (审签), or return it with a reason; before `review`."""

    def review(self, revision: int, user: str, *, accept: bool, reason: str = "") -> Submission:
        """Accept a pending submission, or return it with a reason."""

    def rebuild(self) -> int:
        """Write the current reports anew from the journal; return the number of rows.

        Plan files that are missing or cannot be read are restored as well.
        """
