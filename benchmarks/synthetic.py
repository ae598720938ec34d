"""Synthetic plans and reports of any size, through the same checks as files."""

from __future__ import annotations

import numpy as np
import pandas as pd

from lib.core import months, schema
from lib.core.dataset import Dataset
from lib.core.settings import Settings

YEAR = 2018
UNITS_PER_TASK = 4
CATEGORIES = 9
SEED = 2018


def dataset(rows: int, *, seed: int = SEED) -> Dataset:
    """Return a plan with about ``rows`` reports: four units per task, each month, half quantified.

    Windows differ in start and end; every tenth report is missing, as in life.
    """
    chance = np.random.default_rng(seed)
    tasks = max(22, rows * 10 // (9 * UNITS_PER_TASK * 12))
    names = [f"{task % CATEGORIES + 1}-{task}" for task in range(tasks)]
    units = [f"单位{number}" for number in range(max(15, tasks // 20))]
    chosen = np.array([chance.choice(len(units), UNITS_PER_TASK, replace=False) for _ in names])
    start = chance.integers(1, 7, tasks)
    end = chance.integers(start, 13)
    plan = pd.DataFrame(
        {
            "任务编号": names,
            "类型": [f"类型{task % CATEGORIES + 1}" for task in range(tasks)],
            "工作计划主要内容": [f"任务{task}的内容" for task in range(tasks)],
            "责任单位": ["、".join(units[unit] for unit in row) for row in chosen],
            "计划完成时间": [f"{first}～{last}月" for first, last in zip(start, end, strict=True)],
            "权重": [str(weight) for weight in chance.integers(1, 4, tasks)],
        },
        index=range(2, tasks + 2),
        dtype="str",
    )
    quantified = np.arange(tasks) % 2 == 0
    targets = pd.DataFrame(
        {
            "任务编号": np.array(names)[quantified],
            "指标": "场次",
            "关系": schema.EQUAL,
            "目标值": chance.integers(5, 60, int(quantified.sum())).astype("str"),
            "计量单位": "场次",
        },
        dtype="str",
    )
    targets.index = targets.index + 2
    return Dataset.build(
        Settings(YEAR),
        schema.PLAN.check(plan, schema.PLAN.file),
        schema.TARGETS.check(targets, schema.TARGETS.file),
        _reports(chance, names, units, chosen, quantified),
        {},
    )


def _reports(
    chance: np.random.Generator,
    names: list[str],
    units: list[str],
    chosen: np.ndarray,
    quantified: np.ndarray,
) -> pd.DataFrame:
    axis = np.array(months.of_year(YEAR))
    task = np.repeat(np.arange(len(names)), UNITS_PER_TASK * len(axis))
    unit = np.repeat(chosen.ravel(), len(axis))
    month = np.tile(axis, len(names) * UNITS_PER_TASK)
    kept = chance.random(len(task)) > 0.1
    task, unit, month = task[kept], unit[kept], month[kept]
    counted = quantified[task]
    order = chance.permutation(len(task))  # reports come in as they come, not by task
    return (
        pd.DataFrame(
            {
                "task_id": np.array(names, dtype=object)[task],
                "month": month,
                "unit": np.array(units, dtype=object)[unit],
                "indicator": np.where(counted, "场次", ""),
                "quantity": np.where(counted, chance.integers(0, 3, len(task)), np.nan),
                "cumulative_percent": np.where(counted, np.nan, chance.integers(0, 101, len(task))),
                **dict.fromkeys(
                    ("note", "issues", "next_steps", "coordination", "reporter", "origin"), ""
                ),
                "reported_at": pd.Series(pd.NaT, index=range(len(task)), dtype="datetime64[ns]"),
            }
        )
        .astype(
            {
                **dict.fromkeys(
                    (
                        "task_id",
                        "unit",
                        "indicator",
                        "note",
                        "issues",
                        "next_steps",
                        "coordination",
                        "reporter",
                        "origin",
                    ),
                    "str",
                ),
                "month": "Int32",
            }
        )
        .iloc[order]
        .reset_index(drop=True)[list(schema.PROGRESS.columns)]
    )
