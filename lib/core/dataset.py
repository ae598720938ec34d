"""A plan with its targets and reports, checked against each other and ready for the rules.

`lib.files.plan_folder` reads a data folder into one. `Dataset.build` takes frames from anywhere (an
upload, a database): both end in the same checks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import pandas as pd

from lib.core import months, schema, wording
from lib.core.indicators import check_targets, reported_quantities, sums_above
from lib.core.matters import Step
from lib.core.milestones import due_months, from_text
from lib.core.pairs import pair_rows, positions
from lib.core.problems import Problem, raise_if
from lib.core.settings import Settings
from lib.core.units import DEFAULT_ALIASES, parse_units
from lib.core.windows import WindowError, parse_window


@dataclass(frozen=True, eq=False)
class Dataset:
    """One plan, immutable; nobody may change its frames in place.

    - ``tasks``: indexed by ``task_id`` in the plan's order: ``category``, ``content``,
      ``units_text``, ``window_text``, ``source`` (str), ``weight`` (float), ``start``, ``end``
      (int month ordinals, both inclusive), ``units`` (tuple of canonical units),
      ``is_deadline`` (bool), ``reading`` (how the window was understood, Chinese), ``due`` (tuple
      of month ordinals: milestones, or the times of recurring work; empty for all other tasks),
      and what only some documents have: ``leader``, ``goal``, ``remark``, ``milestones`` (str,
      empty where there is none).
    - ``task_units``: ``task_id``, ``unit``, one row per responsible unit.
    - ``targets``: `lib.core.schema.TargetModel`.
    - ``progress``: `lib.core.schema.ProgressModel` with canonical units; ``month`` is ``int32``.
    - ``progress_problems``: why the progress file could not be used; then ``progress`` is empty.
      ``cleaned_files``: the files that hold characters that were left out.
    - ``baseline_tasks``, ``baseline_targets``: the plan as first adopted, in the shape of
      ``tasks`` and ``targets``; ``None`` for a plan that was never amended.
    - ``task_steps``: what was said about tasks themselves (研判, 核实, 延期), the oldest first.
      ``step_problems``: what of ``matters.csv`` could not be read; the other rows count.
    - ``verified_only``: figures without what waits to be verified (`lib.core.verification`).
    """

    settings: Settings
    tasks: pd.DataFrame
    task_units: pd.DataFrame
    targets: pd.DataFrame
    progress: pd.DataFrame
    progress_problems: tuple[Problem, ...] = ()
    cleaned_files: tuple[str, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    baseline_tasks: pd.DataFrame | None = None
    baseline_targets: pd.DataFrame | None = None
    task_steps: tuple[Step, ...] = ()
    step_problems: tuple[Problem, ...] = ()
    verified_only: bool = False

    @classmethod
    def build(
        cls,
        settings: Settings,
        plan: pd.DataFrame,
        targets: pd.DataFrame,
        progress: pd.DataFrame,
        aliases: Mapping[str, str] | None = None,
    ) -> Dataset:
        """Return the dataset of typed frames (`lib.core.schema`); raise `DataError` for faults.

        Faults of the plan or its targets are raised: nothing can be computed without them.
        Faults of the reports alone are kept in ``progress_problems``.
        """
        spellings = dict(DEFAULT_ALIASES if aliases is None else aliases)
        tasks = _read_tasks(plan, settings.year, spellings)
        task_units = tasks["units"].explode().rename("unit").reset_index()
        _check_targets(targets, tasks)
        without_reports = cls(
            settings,
            tasks,
            task_units.astype({"unit": "str"}),
            targets.reset_index(drop=True),
            schema.PROGRESS.empty().astype({"month": "int32"}),
            aliases=spellings,
        )
        return without_reports.with_progress(progress)

    def with_progress(self, progress: pd.DataFrame) -> Dataset:
        """Return this plan with other reports, checked against the plan."""
        reports = progress.assign(unit=self.canonical(progress["unit"]))
        problems = self.report_problems(reports)
        if problems:
            return replace(self, progress=self.progress.iloc[:0], progress_problems=problems)
        reports = reports.assign(month=reports["month"].astype("int32")).reset_index(drop=True)
        return replace(self, progress=reports, progress_problems=())

    def with_baseline(
        self, plan: pd.DataFrame, targets: pd.DataFrame | None, files: tuple[str, str]
    ) -> Dataset:
        """Return this plan with its baseline: the plan and targets as first adopted.

        Without ``targets`` they are this plan's targets of the baseline's tasks. ``files`` are the
        names of both files, for messages. Raises `DataError`.
        """
        tasks = _read_tasks(plan, self.settings.year, self.aliases, files[0])
        if targets is None:
            targets = self.targets[self.targets["task_id"].isin(tasks.index)]
        _check_targets(targets, tasks, files[1])
        return replace(self, baseline_tasks=tasks, baseline_targets=targets.reset_index(drop=True))

    def canonical(self, units: pd.Series[str]) -> pd.Series[str]:
        """Return the canonical spelling of each unit name."""
        places, names = units.factorize()  # few names, in however many rows
        known = [" ".join(parse_units(name, self.aliases)) for name in names]
        return pd.Series(pd.array(known, dtype="str").take(places), index=units.index)

    def rule_problems(
        self, reports: pd.DataFrame, file: str = schema.PROGRESS.file
    ) -> list[Problem]:
        """Return what is wrong with each report in view of the plan, a `Problem` per cell.

        ``reports`` is a typed progress frame with canonical units whose index is the row number
        in the file.
        """
        known_task = positions(reports["task_id"], self.tasks.index) >= 0
        responsible = pair_rows(self.task_units, reports, "task_id", "unit") >= 0
        known_indicator = pair_rows(self.reported, reports, "task_id", "indicator") >= 0
        has_target = positions(reports["task_id"], self.targets["task_id"].unique()) >= 0
        quantified, qualitative = known_task & has_target, known_task & ~has_target
        has_quantity = reports["quantity"].notna()
        percent = "cumulative_percent"
        has_percent = reports[percent].notna()
        rules = [
            (~known_task, "task_id", "计划中没有这个任务", "计划表中的任务编号"),
            (known_task & ~responsible, "unit", "不是这个任务的责任单位", "该任务的责任单位"),
            (
                quantified & ~known_indicator,
                "indicator",
                "这个任务没有这个指标",
                "指标表中该任务的指标名称",
            ),
            (qualitative & (reports["indicator"] != ""), "indicator", "定性任务没有指标", "不填"),
            (quantified & ~has_quantity, "quantity", "缺少数量", "0或正数（本月新增数量）"),
            (quantified & has_percent, percent, "定量任务按指标计算，不填完成率", "不填"),
            (qualitative & has_quantity, "quantity", "定性任务不填数量", "不填"),
            (qualitative & ~has_percent, percent, "缺少完成率", "0到100之间的数"),
        ]
        return schema.PROGRESS.problems(reports, rules, file)

    def report_problems(
        self, reports: pd.DataFrame, file: str = schema.PROGRESS.file
    ) -> tuple[Problem, ...]:
        """Return `rule_problems` and the reports that stand there twice, ordered by row."""
        header = schema.PROGRESS.headers["unit"]
        problems = self.rule_problems(reports, file)
        repeats = reports.duplicated(schema.REPORT_KEY, keep=False)
        same = reports[repeats].groupby(schema.REPORT_KEY, sort=False) if repeats.any() else ()
        for _, rows in same:
            message = f"{wording.rows(list(rows.index))}是同一任务、月份、单位和指标的重复上报"
            expected = "同一任务、月份、单位和指标只能有一行"
            unit = str(rows["unit"].iloc[0])
            problems.append(Problem(file, int(rows.index[1]), header, unit, message, expected))
        return tuple(sorted(problems, key=lambda problem: problem.row))

    @cached_property
    def reported(self) -> pd.DataFrame:
        """What units report of the indicators (`lib.core.indicators.reported_quantities`)."""
        return reported_quantities(self.targets)

    @cached_property
    def part_problems(self) -> tuple[Problem, ...]:
        """The parts (所属指标) that are more than their whole: only a file changed by hand, or a
        whole that was withdrawn, holds such reports. The figures stand."""
        parts = self.targets.loc[self.targets["whole"] != "", ["task_id", "indicator", "whole"]]
        return tuple(
            Problem(
                schema.PROGRESS.file,
                0,
                schema.PROGRESS.headers["quantity"],
                wording.quantity(part.iloc[0]),
                f"{pair.task_id}到{months.text(int(part.index[0]))}累计「{pair.indicator}」"
                f"{wording.quantity(part.iloc[0])}，超过了「{pair.whole}」{wording.quantity(whole.iloc[0])}",
                f"不超过「{pair.whole}」的累计数",
            )
            for pair, part, whole in sums_above(self.progress, parts)
        )

    @cached_property
    def axis(self) -> range:
        """Month ordinals of the plan year, drawn out to the first and last window's month."""
        year = months.of_year(self.settings.year)
        return range(
            min(year.start, int(self.tasks["start"].min())),
            max(year.stop, int(self.tasks["end"].max()) + 1),
        )

    @property
    def latest_month(self) -> int:
        """The latest month that has a report; the plan year's first month if there is none."""
        if self.progress.empty:
            return months.of_year(self.settings.year).start
        return int(self.progress["month"].max())

    @cached_property
    def has_demo(self) -> bool:
        """Whether a synthetic report (数据来源 begins with 演示) counts in the figures."""
        return bool(self.progress["origin"].str.startswith(schema.DEMO).any())

    @cached_property
    def categories(self) -> tuple[str, ...]:
        """The 类型 of the plan, in its order."""
        return tuple(self.tasks["category"].unique())

    @cached_property
    def units(self) -> tuple[str, ...]:
        """The canonical responsible units, in the plan's order."""
        return tuple(self.task_units["unit"].unique())


def read_aliases(table: pd.DataFrame, file: str = schema.ALIASES.file) -> dict[str, str]:
    """Return the canonical unit by alias of a typed frame (`lib.core.schema.AliasModel`).

    Raises `DataError` for an alias of two units, and for one that is a unit itself.
    """
    header, units = schema.ALIASES.headers["alias"], set(table["unit"])
    aliases: dict[str, str] = {}
    problems = []
    for row, unit, alias in table.itertuples():
        if aliases.setdefault(alias, unit) != unit:
            message, expected = f"已经是「{aliases[alias]}」的别名", "一个别名只属于一个单位"
            problems.append(Problem(file, row, header, alias, message, expected))
        if alias in units and alias != unit:
            message = f"「{alias}」本身是单位，不能又是「{unit}」的别名"
            problems.append(Problem(file, row, header, alias, message, "别的写法"))
    raise_if(problems)
    return aliases


def _read_tasks(
    plan: pd.DataFrame, year: int, aliases: Mapping[str, str], file: str = schema.PLAN.file
) -> pd.DataFrame:
    """Return the tasks with windows and units read; ``plan``'s index is the row number."""
    headers = schema.PLAN.headers
    by_hand = plan[["start_month", "end_month"]].notna()
    problems, windows = [], {}
    for row, text in plan["window_text"].items():
        try:
            windows[row] = parse_window(text, year)
        except WindowError as error:
            if not by_hand.loc[row].all():  # else the wording need not be understood
                expected = "能看懂的时间，或填写开始月和截止月"
                header = headers["window_text"]
                problems.append(Problem(file, int(str(row)), header, text, str(error), expected))
    read = {text: parse_units(text, aliases) for text in plan["units_text"].unique()}
    units = pd.Series([read[text] for text in plan["units_text"]], plan.index, dtype=object)
    no_unit = units.map(len) == 0
    rules = [(no_unit, "units_text", "没有单位", "至少一个单位")]
    problems += schema.PLAN.problems(plan, rules, file)
    if plan.empty:
        problems.append(Problem(file, 0, "", "", "没有任务", "至少一行任务"))
    raise_if(problems)
    tasks = plan.assign(
        start=_override(plan["start_month"], {row: w.start.ordinal for row, w in windows.items()}),
        end=_override(plan["end_month"], {row: w.end.ordinal for row, w in windows.items()}),
        is_deadline=[row in windows and windows[row].is_deadline for row in plan.index],
        reading=[windows[row].describe() if row in windows else "" for row in plan.index],
        units=units,
    )
    tasks["due"] = [
        due_months(from_text(text), windows.get(row), year, int(end))
        for row, text, end in zip(tasks.index, tasks["milestones"], tasks["end"], strict=True)
    ]
    tasks.loc[by_hand.any(axis=1), "reading"] = "按计划表填写的开始月、截止月"
    ends = tasks.assign(end_month=tasks["end"].map(months.text))
    backwards = (tasks["start"] > tasks["end"], "end_month", "截止月早于开始月", "不早于开始月")
    raise_if(schema.PLAN.problems(ends, [backwards], file))
    return tasks.drop(columns=["start_month", "end_month"]).set_index("task_id")


def _override(by_hand: pd.Series[int], read: Mapping[object, int]) -> pd.Series[int]:
    return by_hand.fillna(pd.Series(read, dtype="Int32").reindex(by_hand.index)).astype("int32")


def _check_targets(
    targets: pd.DataFrame, tasks: pd.DataFrame, file: str = schema.TARGETS.file
) -> None:
    known = targets["task_id"].isin(tasks.index)
    rule = (~known, "task_id", "计划中没有这个任务", "计划表的任务编号")
    raise_if(schema.TARGETS.problems(targets, [rule], file))
    check_targets(targets, file)
