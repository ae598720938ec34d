"""What a meeting paper is made of: figures, the revision behind them, evidence, the sealed edition."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd

from lib.core import months, schema, texts, wording
from lib.core.answers import Answers
from lib.core.figures import Figures
from lib.core.matters import Matter
from lib.core.status import REPORTED_DONE
from lib.report.editions import as_of
from lib.store import Attachment, State, Store, Submission

Progress = Callable[[float, str], None]
"""What is called while a paper is written, with the share done and what was written."""
DEMO_MARK = "演示数据"
DEMO_SENTENCE = "演示数据：进展为虚构示例，不是两地的真实进展。"
_R = schema.PROGRESS.headers
EVIDENCE_HEADERS = ("任务", _R["month"], _R["unit"], "佐证材料", "上报记录")
"""Of `Material.evidence_rows`."""


def unheard(share: float, name: str) -> None:
    """Hear progress for nobody."""


_TEXTS = ("note", "issues", "next_steps", "coordination")


@dataclass(frozen=True, eq=False)
class Material:
    """Figures with what a paper says of their source.

    ``revision`` is the journal's number up to which reports count. ``evidence`` holds the
    attachments of the selected tasks up to the month. ``made`` is the paper's date. ``edition``
    names a sealed edition in words, empty for the current figures; ``corrections`` says what has
    been corrected since it was sealed (`lib.report.editions.corrections`). ``with_pending``: reports
    that still wait for 审核 count too. ``matters`` are the 督办事项 that the reader may see.
    ``read_file`` gives a piece of evidence by its hash; without
    it pictures are only listed.
    """

    figures: Figures
    revision: int = 0
    evidence: tuple[tuple[Submission, Attachment], ...] = ()
    made: date | None = None
    edition: str = ""
    corrections: pd.DataFrame | None = None
    with_pending: bool = False
    read_file: Callable[[str], bytes] | None = None
    matters: tuple[Matter, ...] = ()

    @property
    def title(self) -> str:
        """The plan's name with the two parties, such as 常州市新北区与安康市紫阳县2018年……工作计划."""
        settings = self.figures.dataset.settings
        return f"{'与'.join(settings.parties)}{settings.title}"

    @property
    def month(self) -> str:
        """The month in full: 2018年9月."""
        return months.label(self.figures.selection.month)

    @property
    def demo(self) -> bool:
        """Whether synthetic reports count: the paper must say so on every page."""
        return self.figures.dataset.has_demo

    @property
    def scope(self) -> str:
        """What is counted, in words: 分解表任务 · 产业帮扶 · 区农业局."""
        selection = self.figures.selection
        parts = [
            "分解表任务和正文承诺" if selection.with_narrative else "分解表任务",
            selection.category,
            selection.unit,
            "含待审核的填报" if self.with_pending else None,
            "不含待核实" if self.figures.dataset.verified_only else None,
        ]
        return " · ".join(part for part in parts if part)

    @property
    def source(self) -> str:
        """Where the figures come from: who reported, up to which revision and month."""
        revision = f"（截至上报记录第{self.revision}号）" if self.revision else "（起始数据）"
        words = [
            f"数据来源：各责任单位填报{revision}",
            f"截至{self.month}末",
            self.scope,
        ]
        if self.edition:
            words.insert(0, self.edition)
        return "，".join(words)

    @property
    def foot(self) -> str:
        """What each slide is of: 截至2018年9月末, and whatever narrows it."""
        scope = "" if self.scope == "分解表任务" else self.scope
        return "　".join(filter(None, (f"截至{self.month}末", scope, self.edition)))

    @cached_property
    def answers(self) -> Answers:
        """The leader's five answers, the same as the pages'."""
        return Answers.of(self.figures)

    @property
    def reported(self) -> bool:
        """Whether anything has been reported at all up to the month."""
        return not self.reports.empty

    @staticmethod
    def stated(text: str) -> str:
        """Return what a unit wrote, empty where it only wrote that there is nothing (无)."""
        return "" if texts.says_nothing(text) else text.strip()

    @property
    def evidence_rows(self) -> list[tuple[str, ...]]:
        """The evidence as papers list it: task, month, unit, name and number of the submission."""
        return [
            (item.task_id, item.month, item.unit, item.name, f"第{submission.revision}号")
            for submission, item in self.evidence
        ]

    @property
    def corrected(self) -> int:
        """How many tasks have been corrected since the edition was sealed (one row is the total)."""
        return 0 if self.corrections is None else max(len(self.corrections) - 1, 0)

    @property
    def file_stem(self) -> str:
        """What the names of exported files begin with."""
        return months.text(self.figures.selection.month)

    @property
    def today(self) -> date:
        """The paper's date: what is overdue by then."""
        return self.made or date.today()

    @property
    def date_words(self) -> str:
        """The paper's date in words (`date_words`)."""
        return date_words(self.today)

    def short_title(self, task: str, limit: int) -> str:
        """Return the first clause of a task's text, cut to ``limit`` characters."""
        return wording.short_title(self.figures.dataset.tasks.at[task, "content"], limit)

    def units_of(self, task: str) -> str:
        """Return the responsible units of a task as one text."""
        return "、".join(self.figures.dataset.tasks.at[task, "units"])

    @cached_property
    def reports(self) -> pd.DataFrame:
        """The reports on the selected tasks up to the month: `lib.core.schema.ProgressModel` rows.

        A text that only says that there is nothing (无) is empty: no paper prints it as a problem.
        """
        figures, selection = self.figures, self.figures.selection
        rows = figures.dataset.progress
        rows = rows[
            (rows["month"] <= selection.month) & rows["task_id"].isin(figures.tasks["task_id"])
        ]
        rows = rows if selection.unit is None else rows[rows["unit"] == selection.unit]
        nothing = {name: rows[name].map(texts.says_nothing).astype("bool") for name in _TEXTS}
        return rows.assign(**{name: rows[name].mask(says, "") for name, says in nothing.items()})

    @cached_property
    def indicators(self) -> dict[str, list[Any]]:
        """The rows of `lib.core.figures.Figures.indicators` by task."""
        rows: dict[str, list[Any]] = {}
        for row in self.figures.indicators.itertuples():
            rows.setdefault(str(row.task_id), []).append(row)
        return rows

    @cached_property
    def latest_reports(self) -> pd.DataFrame:
        """The selected tasks' latest reports: the rows of each (task, unit)'s last month so far.

        Rows of `reports` in the plan's order.
        """
        rows = self.reports
        rows = rows[rows["month"] == rows.groupby(["task_id", "unit"])["month"].transform("max")]
        order = {task: place for place, task in enumerate(self.figures.tasks["task_id"])}
        return rows.assign(place=rows["task_id"].map(order)).sort_values(
            "place", kind="stable", ignore_index=True
        )

    def remarks(self, column: str, *, open_only: bool = True) -> list[tuple[str, str, str]]:
        """Return (task, units, text) of one text column of the latest reports, without repeats.

        ``column`` is a field of the reports (``issues``, ``next_steps``, ``coordination``,
        ``note``). ``open_only`` leaves out what has been completed.
        """
        rows = self.latest_reports
        rows = rows[rows[column] != ""]
        if open_only:
            tasks = self.figures.tasks
            done = tasks.loc[tasks["status"].isin(REPORTED_DONE), "task_id"]
            rows = rows[~rows["task_id"].isin(done)]
        grouped = rows.groupby(["task_id", column], sort=False)["unit"].unique()
        return [(str(task), "、".join(units), str(text)) for (task, text), units in grouped.items()]


def date_words(day: date) -> str:
    """Return a date as documents write it: 2018年10月8日 (GB/T 9704: Arabic numerals)."""
    return f"{day.year}年{day.month}月{day.day}日"


def collect(
    store: Store,
    figures: Figures,
    *,
    made: date | None = None,
    revision: int | None = None,
    edition: str = "",
    corrections: pd.DataFrame | None = None,
    with_pending: bool = False,
) -> Material:
    """Return the material for papers about ``figures`` of a store.

    ``revision`` is the one the figures are of (default: the latest); evidence is what was in
    force then.
    """
    journal = as_of(store.submissions, revision)
    latest = max((submission.revision for submission in journal), default=0)
    tasks, month = set(figures.tasks["task_id"]), months.text(figures.selection.month)
    unit = figures.selection.unit
    evidence = tuple(
        (submission, item)
        for submission in journal
        if submission.state == State.IN_FORCE
        for item in submission.attachments
        if item.task_id in tasks and item.month <= month and unit in (None, item.unit)
    )
    return Material(
        figures,
        latest,
        evidence,
        made,
        edition,
        corrections,
        with_pending,
        store.content,
        tuple(store.matters(revision=revision)),
    )
