"""A plan with its targets and reports, checked against each other and ready for the rules.

`load` reads a data folder. `Dataset.build` does the same for frames from anywhere (an upload,
a database): both end in the same checks.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from lib.core import months, schema
from lib.core.problems import DataError, Problem
from lib.core.units import default_aliases, parse_aliases, parse_units
from lib.core.windows import WindowError, parse_window
from lib.files import csv_tables, parquet_copy

SETTINGS_FILE = "settings.toml"
ALIASES_FILE = "units.csv"
BASELINE_FILE = "baseline.csv"
BASELINE_TARGETS_FILE = "baseline_targets.csv"
PLAN_FILES = (
    schema.PLAN.file,
    schema.TARGETS.file,
    SETTINGS_FILE,
    ALIASES_FILE,
    BASELINE_FILE,
    BASELINE_TARGETS_FILE,
)
"""The files that make a plan; the first two must be there. Reports are no plan file."""


@dataclass(frozen=True)
class Settings:
    """What a data folder says of its plan besides the tables.

    ``year`` is the plan's year, ``title`` its name, ``behind_threshold`` the gap to the planned
    value above which a task counts as 滞后 (a fraction of 1). ``review``: a report counts only
    after it has been accepted (审核).
    """

    year: int
    title: str = "工作计划"
    parties: tuple[str, ...] = ()
    behind_threshold: float = 0.10
    review: bool = False


@dataclass(frozen=True, eq=False)
class Dataset:
    """One plan, immutable; nobody may change its frames in place.

    - ``tasks``: indexed by ``task_id`` in the plan's order: ``category``, ``content``,
      ``units_text``, ``window_text``, ``source`` (str), ``weight`` (float), ``start``, ``end``
      (int month ordinals, both inclusive), ``units`` (tuple of canonical units),
      ``is_deadline`` (bool), ``reading`` (how the window was understood, Chinese), and what only
      some documents have: ``leader``, ``goal``, ``remark`` (str, empty where there is none).
    - ``task_units``: ``task_id``, ``unit``, one row per responsible unit.
    - ``targets``: `lib.core.schema.TargetModel`.
    - ``progress``: `lib.core.schema.ProgressModel` with canonical units; ``month`` is ``int32``.
    - ``progress_problems``: why the progress file could not be used; then ``progress`` is empty.
    - ``baseline_tasks``, ``baseline_targets``: the plan as first adopted, in the shape of
      ``tasks`` and ``targets``; ``None`` for a plan that was never amended.
    """

    settings: Settings
    tasks: pd.DataFrame
    task_units: pd.DataFrame
    targets: pd.DataFrame
    progress: pd.DataFrame
    progress_problems: tuple[Problem, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    baseline_tasks: pd.DataFrame | None = None
    baseline_targets: pd.DataFrame | None = None

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
        names = dict(default_aliases() if aliases is None else aliases)
        tasks = _read_tasks(plan, settings.year, names)
        task_units = tasks["units"].explode().rename("unit").reset_index()
        _check_targets(targets, tasks)
        bare = cls(
            settings,
            tasks,
            task_units.astype({"unit": "str"}),
            targets.reset_index(drop=True),
            schema.PROGRESS.empty().astype({"month": "int32"}),
            aliases=names,
        )
        return bare.with_progress(progress)

    def with_progress(self, progress: pd.DataFrame) -> Dataset:
        """Return this plan with other reports, checked against the plan."""
        reports = progress.assign(unit=self.canonical(progress["unit"]))
        problems = self.report_problems(reports)
        if problems:
            return replace(self, progress=self.progress.iloc[:0], progress_problems=problems)
        reports = reports.astype({"month": "int32"}).reset_index(drop=True)
        return replace(self, progress=reports, progress_problems=())

    def canonical(self, units: pd.Series[str]) -> pd.Series[str]:
        """Return the canonical spelling of each unit name."""
        known = {name: " ".join(parse_units(name, self.aliases)) for name in units.unique()}
        return units.map(known).astype("str")

    def rule_problems(
        self, reports: pd.DataFrame, file: str = schema.PROGRESS.file
    ) -> list[Problem]:
        """Return what is wrong with each report in view of the plan, a `Problem` per cell.

        ``reports`` is a typed progress frame with canonical units whose index is the row number
        in the file.
        """
        headers = schema.PROGRESS.headers
        known_task = reports["task_id"].isin(self.tasks.index)
        responsible = _pairs(reports, ["task_id", "unit"]).isin(
            _pairs(self.task_units, ["task_id", "unit"])
        )
        quantified = reports["task_id"].isin(self.targets["task_id"])
        known_indicator = _pairs(reports, ["task_id", "indicator"]).isin(
            _pairs(self.targets, ["task_id", "indicator"])
        )
        has_indicator = reports["indicator"] != ""
        has_quantity = reports["quantity"].notna()
        has_percent = reports["cumulative_percent"].notna()
        qualitative = known_task & ~quantified
        quantified &= known_task
        rules: list[tuple[pd.Series[bool], str, str, str]] = [
            (~known_task, "task_id", "计划中没有这个任务", "计划表中的任务编号"),
            (known_task & ~responsible, "unit", "不是这个任务的责任单位", "该任务的责任单位"),
            (
                quantified & ~known_indicator,
                "indicator",
                "这个任务没有这个指标",
                "指标表中该任务的指标名称",
            ),
            (qualitative & has_indicator, "indicator", "定性任务没有指标", "不填"),
            (quantified & ~has_quantity, "quantity", "缺少数量", "0或正数（本月新增数量）"),
            (
                quantified & has_percent,
                "cumulative_percent",
                "定量任务按指标计算，不填完成率",
                "不填",
            ),
            (qualitative & has_quantity, "quantity", "定性任务不填数量", "不填"),
            (
                qualitative & ~has_percent,
                "cumulative_percent",
                "缺少完成率",
                "0到100之间的数",
            ),
        ]
        return [
            Problem(file, int(row), headers[name], _seen(value), message, expected)
            for wrong, name, message, expected in rules
            for row, value in reports.loc[wrong, name].items()
        ]

    def report_problems(
        self, reports: pd.DataFrame, file: str = schema.PROGRESS.file
    ) -> tuple[Problem, ...]:
        """Return `rule_problems` and the reports that stand there twice, ordered by row."""
        headers = schema.PROGRESS.headers
        problems = self.rule_problems(reports, file)
        repeated = reports[reports.duplicated(schema.REPORT_KEY, keep=False)]
        for _, rows in repeated.groupby(schema.REPORT_KEY, sort=False):
            numbers = "、".join(str(row) for row in rows.index)
            unit = str(rows["unit"].iloc[0])
            problems.append(
                Problem(
                    file,
                    int(rows.index[1]),
                    headers["unit"],
                    unit,
                    f"第{numbers}行是同一任务、月份、单位和指标的重复上报",
                    "同一任务、月份、单位和指标只能有一行",
                )
            )
        return tuple(sorted(problems, key=lambda problem: problem.row))

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

    @property
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


def load(folder: Path) -> Dataset:
    """Return the dataset of a data folder; raise `DataError` for a broken plan or targets.

    The folder holds ``plan.csv``, ``targets.csv``, ``progress.csv`` and, optionally, the other
    `PLAN_FILES`. A broken progress file is told by ``progress_problems``.
    """
    files = {
        name: csv_tables.read_bytes(folder / name)
        for name in PLAN_FILES
        if (folder / name).exists()
    }
    broken: tuple[Problem, ...] = ()
    try:
        progress = parquet_copy.read(schema.PROGRESS, folder / schema.PROGRESS.file)
    except DataError as error:
        progress, broken = schema.PROGRESS.empty(), error.problems
    dataset = read(files, progress)
    return replace(dataset, progress_problems=broken) if broken else dataset


def read(files: Mapping[str, bytes], progress: pd.DataFrame) -> Dataset:
    """Return the dataset of plan files' contents and typed reports (`lib.core.schema.ProgressModel`).

    ``files`` holds `PLAN_FILES` by name. Without settings the plan's year is that of the first
    report, or the current one. ``baseline.csv`` makes a baseline; its targets are
    ``baseline_targets.csv`` or, without that file, the targets of its tasks. Raises `DataError`
    for a file that is missing or broken.
    """
    plan, targets = (_table(table, files) for table in (schema.PLAN, schema.TARGETS))
    aliases = None
    if ALIASES_FILE in files:
        aliases = parse_aliases(csv_tables.decode(files[ALIASES_FILE], ALIASES_FILE), ALIASES_FILE)
    settings = parse_settings(files.get(SETTINGS_FILE), progress)
    dataset = Dataset.build(settings, plan, targets, progress, aliases)
    if BASELINE_FILE not in files:
        return dataset
    first = csv_tables.parse(schema.PLAN, files[BASELINE_FILE], BASELINE_FILE)
    tasks = _read_tasks(first, settings.year, dataset.aliases, BASELINE_FILE)
    if BASELINE_TARGETS_FILE in files:
        content = files[BASELINE_TARGETS_FILE]
        targets = csv_tables.parse(schema.TARGETS, content, BASELINE_TARGETS_FILE)
        _check_targets(targets, tasks, BASELINE_TARGETS_FILE)
    else:
        targets = targets[targets["task_id"].isin(tasks.index)]
    return replace(dataset, baseline_tasks=tasks, baseline_targets=targets.reset_index(drop=True))


def _table(table: schema.Table, files: Mapping[str, bytes]) -> pd.DataFrame:
    if table.file not in files:
        raise csv_tables.missing(table.file)
    return csv_tables.parse(table, files[table.file], table.file)


def parse_settings(content: bytes | None, progress: pd.DataFrame) -> Settings:
    """Return a plan's settings (`SETTINGS_FILE`); raise `DataError` naming the key that is wrong."""
    if content is None:
        if progress.empty:
            return Settings(pd.Timestamp.now().year)
        return Settings(months.year_of(int(progress["month"].min())))

    def fault(key: str, value: object, expected: str) -> DataError:
        return DataError([Problem(SETTINGS_FILE, 0, "", "", f"{key} 是「{value}」", expected)])

    try:
        read: dict[str, Any] = tomllib.loads(content.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = f"不是有效的设置文件（{error}）"
        raise csv_tables.FileError(SETTINGS_FILE, message, "TOML 格式") from error
    for key, section in read.items():
        if not isinstance(section, dict):
            raise fault(key, section, f"[{key}] 一节，下面每行一项设置")
    plan, rules = read.get("plan", {}), read.get("rules", {})
    year = plan.get("year")
    if not isinstance(year, int) or not 1970 <= year <= 9999:
        raise fault("plan.year", year, "四位数的年份，如 2018")
    points = rules.get("behind_points", 10)
    if not isinstance(points, int | float) or not 0 <= points <= 100:
        raise fault("rules.behind_points", points, "0到100之间的百分点")
    review = read.get("reports", {}).get("review", False)
    if not isinstance(review, bool):
        raise fault("reports.review", review, "true 或 false")
    return Settings(
        year,
        str(plan.get("title", Settings.title)),
        tuple(str(party) for party in plan.get("parties", ())),
        points / 100,
        review,
    )


def _read_tasks(
    plan: pd.DataFrame, year: int, aliases: Mapping[str, str], file: str = schema.PLAN.file
) -> pd.DataFrame:
    """Return the tasks with windows and units read; ``plan``'s index is the row number."""
    headers = schema.PLAN.headers
    problems, windows = [], {}
    for row, text in plan["window_text"].items():
        try:
            windows[row] = parse_window(text, year)
        except WindowError as error:
            if plan.loc[row, ["start_month", "end_month"]].notna().all():
                continue  # both months are given by hand: the wording need not be understood
            problems.append(
                Problem(
                    file,
                    int(str(row)),
                    headers["window_text"],
                    str(text),
                    str(error),
                    "能看懂的时间，或填写开始月和截止月",
                )
            )
    units = {row: parse_units(text, aliases) for row, text in plan["units_text"].items()}
    problems += [
        Problem(
            file,
            int(str(row)),
            headers["units_text"],
            str(plan.at[row, "units_text"]),
            "没有单位",
            "至少一个单位",
        )
        for row, names in units.items()
        if not names
    ]
    if plan.empty:
        problems.append(Problem(file, 0, "", "", "没有任务", "至少一行任务"))
    if problems:
        raise DataError(problems)
    tasks = plan.assign(
        start=_override(plan["start_month"], {row: w.start.ordinal for row, w in windows.items()}),
        end=_override(plan["end_month"], {row: w.end.ordinal for row, w in windows.items()}),
        is_deadline=[row in windows and windows[row].is_deadline for row in plan.index],
        reading=[windows[row].describe() if row in windows else "" for row in plan.index],
        units=pd.Series(units),
    )
    overridden = plan["start_month"].notna() | plan["end_month"].notna()
    tasks.loc[overridden, "reading"] = "按计划表填写的开始月、截止月"
    backwards = tasks[tasks["start"] > tasks["end"]]
    if len(backwards):
        raise DataError(
            Problem(
                file,
                int(row),
                headers["end_month"],
                months.text(end),
                "截止月早于开始月",
                "不早于开始月",
            )
            for row, end in backwards["end"].items()
        )
    return tasks.drop(columns=["start_month", "end_month"]).set_index("task_id")


def _override(given: pd.Series[int], read: Mapping[object, int]) -> pd.Series[int]:
    return given.fillna(pd.Series(read, dtype="Int32").reindex(given.index)).astype("int32")


def _check_targets(
    targets: pd.DataFrame, tasks: pd.DataFrame, file: str = schema.TARGETS.file
) -> None:
    headers = schema.TARGETS.headers
    is_range = targets["relation"] == schema.RANGE
    rules = [
        (
            ~targets["task_id"].isin(tasks.index),
            "task_id",
            "计划中没有这个任务",
            "计划表的任务编号",
        ),
        (
            is_range & ~(targets["upper"] >= targets["target"]),
            "upper",
            "区间的上限缺失或小于目标值",
            "不小于目标值的数",
        ),
        (~is_range & targets["upper"].notna(), "upper", "只有区间有上限", "不填"),
    ]
    problems = [
        Problem(file, int(row), headers[name], _seen(value), message, expected)
        for wrong, name, message, expected in rules
        for row, value in targets.loc[wrong, name].items()
    ]
    if problems:
        raise DataError(problems)


def _pairs(frame: pd.DataFrame, names: list[str]) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(frame[names])


def _seen(value: object) -> str:
    if pd.isna(value):
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)
