"""Roll-ups of assessed tasks by category, unit, month and overall, and what changed between months.

Planned and earned value of a group are the means of its tasks, weighted by 权重.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from lib.core.gap import TOLERANCE
from lib.core.status import Status

TOTAL = "总体"
"""Key of the one row of the overall roll-up."""

COUNTS = {
    Status.COMPLETED: "completed",
    Status.ON_TRACK: "on_track",
    Status.BEHIND: "behind",
    Status.OVERDUE: "overdue",
    Status.NOT_DUE: "not_due",
    Status.UNVERIFIED: "unverified",
}


def roll_up(assessed: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return one row per group of ``keys``, in the order in which groups first appear.

    ``assessed`` is a grain of `lib.core.progress.Assessment` (any selection of its rows). Columns:
    the keys; ``tasks``, ``completed``, ``on_track``, ``behind``, ``overdue``, ``not_due``,
    ``unverified`` (int counts); ``weight`` (sum of 权重); ``planned_value``, ``earned_value`` (fractions of 1);
    ``spi`` (earned over planned value, NaN while nothing is planned).
    """
    parts = assessed[keys].assign(
        tasks=1,
        **{name: (assessed["status"] == status).astype("int64") for status, name in COUNTS.items()},
        weight=assessed["weight"],
        planned_value=assessed["planned_value"] * assessed["weight"],
        earned_value=assessed["completion"] * assessed["weight"],
    )
    groups = parts.groupby(keys, sort=False, observed=True).sum().reset_index()
    planned = groups["planned_value"] / groups["weight"]
    earned = groups["earned_value"] / groups["weight"]
    return groups.assign(
        planned_value=planned,
        earned_value=earned,
        spi=(earned / planned.where(planned > 0)).astype("float64"),
    )


def changes(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Return the tasks whose completion or status differs between two months.

    Both frames are the same grain of an assessment, each of one month. Columns: ``task_id``,
    ``category``, ``completion_before``, ``completion``, ``gain`` (fractions of 1),
    ``status_before``, ``status``.
    """
    merged = after.merge(
        before[["task_id", "completion", "status"]], on="task_id", suffixes=("", "_before")
    )
    merged["gain"] = merged["completion"] - merged["completion_before"]
    moved = (merged["gain"].abs() > TOLERANCE) | (
        merged["status"].astype("str") != merged["status_before"].astype("str")
    )
    columns = ["task_id", "category", "completion_before", "completion", "gain"]
    columns += ["status_before", "status"]
    return merged.loc[moved, columns].reset_index(drop=True)


def project(assessed: pd.DataFrame) -> pd.Series[int]:
    """Return the month in which each row would be complete by the pace so far.

    ``assessed`` is a grain of an assessment for one month. The pace is completion per month
    since the window began; the result is a month ordinal (``Int32``), ``<NA>`` where nothing is
    reported, the window has not begun, or the task is complete already.
    """
    elapsed = assessed["month"] - assessed["start"] + 1
    done = assessed["completion"]
    going = (elapsed > 0) & (done > 0) & (done < 1)
    needed = np.ceil(elapsed / done.where(going) - TOLERANCE)
    return (assessed["start"] - 1 + needed).astype("Int32")
