"""Completion, planned value and status of tasks: the rules, over whole frames at once.

The words: *planned value* is 序时进度, *earned value* is completion, as in earned-value
management (ANSI/EIA-748, PMBOK). The rules are explained to leaders in ``lib/ui/help/rules.md``.
All arrays below are months wide: one row per task, indicator or (task, unit), one column per
month of the axis.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.core import schema
from lib.core.dataset import Dataset
from lib.core.gap import TOLERANCE, is_beyond
from lib.core.indicators import shares_of_task
from lib.core.matters import Act
from lib.core.pairs import pair_rows
from lib.core.status import Flag, Status
from lib.core.verification import Decision, before_run, decisions, judge

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

FLAG_COLUMNS = {Flag.AHEAD: "ahead", Flag.DUE_NEXT: "due_next", Flag.UNREPORTED: "unreported"}


@dataclass(frozen=True, eq=False)
class Assessment:
    """Every task's figures as of the end of every month of an axis.

    - ``tasks``: one row per (task, month): ``task_id``, ``month`` (int ordinal), ``category``,
      ``source`` (str), ``weight`` (float), ``start``, ``end`` (int ordinals), ``planned_value``,
      ``completion`` (fractions of 1), ``started`` (something reported so far), ``reported``
      (every responsible unit reported for the month), ``status`` (categorical of `Status`),
      ``ahead``, ``due_next``, ``unreported`` (bool flags).
    - ``units``: the same per (task, responsible unit, month), with ``unit``. A qualitative
      task has the unit's own completion, a quantified one the joint completion.
    - ``indicators``: one row per (task, indicator, month): ``done`` (sum of reports so far, in
      ``measure``; of a rate the rate), ``completion``, ``planned_value``, ``share`` (of the task's
      completion), ``waits`` (bool: to be verified), and the columns of `lib.core.schema.TargetModel`.
    """

    tasks: pd.DataFrame
    units: pd.DataFrame
    indicators: pd.DataFrame


def linear_plan(start: Ints, end: Ints, axis: Ints) -> Floats:
    """Return the share of each window that has passed by the end of each month, 0 to 1.

    Source: 序时进度 as practised in work reports: progress in step with time. A window of
    4～11月 stands at 1/8 at the end of April and at 1 at the end of November.
    """
    passed = axis[np.newaxis, :] - start[:, np.newaxis] + 1
    length = (end - start + 1)[:, np.newaxis]
    return np.clip(passed / length, 0.0, 1.0)


def planned_shares(tasks: pd.DataFrame, axis: Ints) -> Floats:
    """Return the planned share of each task at the end of each month, 0 to 1.

    In step with time, but for tasks with milestones and recurring work (``due``): there an equal
    part is due at the end of each of these months, and nothing in between. Source: 季度目标 of
    official plans, each as binding as the others.
    """
    starts, ends = tasks["start"].to_numpy(np.int64), tasks["end"].to_numpy(np.int64)
    shares = linear_plan(starts, ends, axis)
    for row, due in enumerate(tasks["due"]):
        if due:
            shares[row] = np.searchsorted(np.asarray(due), axis, side="right") / len(due)
    return shares


def indicator_plan(linear: Floats, target: Floats) -> Floats:
    """Return the planned share of indicators: the whole units that are due, over the target.

    Source: half an event cannot be due. 「不少于1次」 in 4～11月 is due only at the end of
    November; 10场次 fall due one by one. All of a target is due when its window has passed,
    also where the target is no whole number.
    """
    total = target[:, np.newaxis]
    due = np.floor(linear * total + TOLERANCE) / total
    return np.where(linear >= 1.0, 1.0, due)


def indicator_completion(done: Floats, target: Floats) -> Floats:
    """Return min(done / target, 1); a range counts its lower bound as its target."""
    return np.minimum(done / target[:, np.newaxis], 1.0)


def rate(numerator: Floats, denominator: Floats, scale: Floats) -> Floats:
    """Return rates in their measure (``scale`` 100 for %), 0 while there is no denominator.

    Source: 支付率 is 已支付 over 到位, both as sums up to the month.
    """
    there = denominator > 0
    quotient = np.divide(numerator, denominator, out=np.zeros_like(numerator), where=there)
    return quotient * scale[:, np.newaxis]


def limit_completion(done: Floats, limit: Floats, seen: Bools, linear: Floats) -> Floats:
    """Return how far limits are kept: in step with time up to the last report, 0 once passed.

    Source: 不超过3起 is no quantity to be reached. It is kept while it is kept, which only a
    report shows; when it is broken nothing of it is left.
    """
    last = np.maximum.accumulate(np.where(seen, np.arange(seen.shape[1]), -1), axis=1)
    so_far = np.take_along_axis(linear, np.maximum(last, 0), axis=1)
    kept = done <= limit[:, np.newaxis] + TOLERANCE
    return np.where(kept & (last >= 0), so_far, 0.0)


def assess(dataset: Dataset, axis: Sequence[int] | None = None) -> Assessment:
    """Return the figures of all tasks of a dataset for every month of ``axis``.

    ``axis`` holds consecutive month ordinals (default: the dataset's own axis). A month's
    figures use the reports up to that month and none later.
    """
    tasks, pairs = dataset.tasks, dataset.task_units
    months = np.asarray(dataset.axis if axis is None else axis, dtype=np.int64)
    linear = planned_shares(tasks, months)
    indicators, of_task = _indicators(dataset, linear, months)
    pair_task = tasks.index.get_indexer(pairs["task_id"])
    own, reported = _reports_by_unit(dataset, pair_task, months)
    started = np.maximum.accumulate(reported, axis=1)

    quantified = np.isin(np.arange(len(tasks)), of_task)[:, np.newaxis]
    shares = shares_of_task(dataset.targets).to_numpy(np.float64)[:, np.newaxis]
    indicators["waits"] = np.zeros_like(indicators["seen"])
    waits, own_waits = np.zeros_like(linear, dtype=bool), np.zeros_like(reported)
    if dataset.settings.verify:
        quantities = _Quantities(indicators, of_task, shares)
        own, waits, own_waits = _verify(dataset, quantities, own, reported, pair_task, months)
    of_indicators = {
        name: _count(indicators[name] * shares, of_task, len(tasks))
        for name in ("planned", "completion")
    }
    planned = np.where(quantified, of_indicators["planned"], linear)
    joint = np.where(quantified, of_indicators["completion"], _mean(own, pair_task, len(tasks)))
    any_started = _count(started, pair_task, len(tasks)) > 0
    all_reported = _count(~reported, pair_task, len(tasks)) == 0

    threshold = dataset.settings.behind_threshold
    facts = tasks.reset_index()[["task_id", "category", "source", "weight", "start", "end"]]
    task_grain = _judge(facts, months, planned, joint, any_started, all_reported, waits, threshold)
    unit_grain = _judge(
        facts.iloc[pair_task].assign(unit=pairs["unit"].to_numpy()),
        months,
        planned[pair_task],
        np.where(quantified[pair_task], joint[pair_task], own),
        np.where(quantified[pair_task], any_started[pair_task], started),
        reported,
        own_waits,
        threshold,
    )
    targets = dataset.targets.assign(share=shares[:, 0])
    return Assessment(task_grain, unit_grain, _long_indicators(targets, indicators, months))


@dataclass(frozen=True)
class _Quantities:
    """The indicators' arrays by name (see `_indicators`), the rows of their tasks, their shares."""

    arrays: dict[str, Any]
    of_task: Ints
    shares: Floats


def _verify(
    dataset: Dataset,
    quantities: _Quantities,
    own: Floats,
    reported: Bools,
    pair_task: Ints,
    months: Ints,
) -> tuple[Floats, Bools, Bools]:
    """Return the units' own completion as it counts, and where tasks and units' parts wait.

    Completion of the indicators is put in place of what was reported, with where they wait. The
    rule is `lib.core.verification`'s; a part of a qualitative task waits with its task.
    """
    arrays, of_task = quantities.arrays, quantities.of_task
    size = len(dataset.tasks)
    of_indicators, of_tasks = _decided(dataset, of_task, months)
    only = dataset.verified_only

    done = arrays["completion"]
    complete = _complete(done)
    waits, _, returned = judge(complete, arrays["seen"], of_indicators)
    before = before_run(done, complete)
    arrays["waits"] = waits
    arrays["completion"] = np.where(returned | (waits & only), before, done)
    joint = _count(np.where(returned, before, done) * quantities.shares, of_task, size)
    waiting_parts = _count(waits & (quantities.shares > 0), of_task, size)
    waits_of_quantified = _complete(joint) & (waiting_parts > 0)

    qualitative = ~np.isin(np.arange(size), of_task)[:, np.newaxis]
    complete = _complete(_mean(own, pair_task, size)) & qualitative
    waits, _, returned = judge(complete, _count(reported, pair_task, size) > 0, of_tasks)
    open_again = (returned | (waits & only))[pair_task]
    counted = np.where(open_again, before_run(own, complete[pair_task]), own)
    waits |= waits_of_quantified
    return counted, waits, waits[pair_task] & (~qualitative[pair_task] | _complete(own))


def _decided(
    dataset: Dataset, of_task: Ints, months: Ints
) -> tuple[list[Decision], list[Decision]]:
    """Return what was decided about indicators, and about qualitative tasks, by rows of either."""
    of_indicators, of_tasks = [], []
    names = dataset.targets["indicator"].to_numpy()
    for step, month in decisions(dataset):
        (task,) = dataset.tasks.index.get_indexer([step.task_id])
        column = max(month - int(months[0]), 0)
        if task < 0 or column >= len(months):  # against the baseline: a task that came later
            continue
        confirmed = step.act is Act.CONFIRM
        rows = np.flatnonzero(of_task == task)
        of_tasks += [Decision(task, column, confirmed)] * (not len(rows))
        of_indicators += [
            Decision(int(row), column, confirmed)
            for row in rows
            if step.indicator in ("", names[row])
        ]
    return of_indicators, of_tasks


def _indicators(dataset: Dataset, linear: Floats, months: Ints) -> tuple[dict[str, Any], Ints]:
    """Return done, completion and planned share per indicator, where it was reported, and its task's row."""
    targets, quantities = dataset.targets, dataset.reported
    of_task = dataset.tasks.index.get_indexer(targets["task_id"])
    linear = linear[of_task]
    target = targets["target"].to_numpy(np.float64)
    sums, seen = _sums(quantities, dataset.progress, months)

    def places(column: str) -> Ints:
        named = targets.assign(indicator=targets[column])
        return pair_rows(quantities, named, "task_id", "indicator")

    is_rate = (targets["denominator"] != "").to_numpy()
    first = np.where(is_rate, places("numerator"), places("indicator"))
    done, seen = sums[first], seen[first]
    if is_rate.any():
        scale = targets["measure"].map(schema.RATES).to_numpy(np.float64)[is_rate]
        done[is_rate] = rate(done[is_rate], sums[places("denominator")[is_rate]], scale)
    planned, completion = indicator_plan(linear, target), indicator_completion(done, target)
    is_limit = (targets["relation"] == schema.AT_MOST).to_numpy()
    planned[is_rate | is_limit] = linear[is_rate | is_limit]
    completion[is_limit] = limit_completion(done, target, seen, linear)[is_limit]
    return {"done": done, "completion": completion, "planned": planned, "seen": seen}, of_task


def _complete(completion: Floats) -> Bools:
    complete: Bools = completion >= 1.0 - TOLERANCE
    return complete


def _sums(quantities: pd.DataFrame, reports: pd.DataFrame, months: Ints) -> tuple[Floats, Bools]:
    """Return each quantity's sum up to each month, and whether it was reported in the month."""
    row, column = pair_rows(quantities, reports, "task_id", "indicator"), _columns(reports, months)
    used = (row >= 0) & (column < len(months))
    shape = len(quantities), len(months)
    monthly = np.bincount(
        row[used] * len(months) + column[used],
        weights=reports["quantity"].fillna(0.0).to_numpy(np.float64)[used],
        minlength=shape[0] * shape[1],
    ).reshape(shape)
    seen = np.zeros(shape, dtype=bool)
    seen[row[used], column[used]] = True
    return np.cumsum(monthly, axis=1, dtype=np.float64), seen


def _reports_by_unit(dataset: Dataset, pair_task: Ints, months: Ints) -> tuple[Floats, Bools]:
    """Return each (task, unit)'s latest completion, and whether it reported in each month.

    Source: a qualitative task is judged by each unit's latest 累计完成率; a unit without a
    report counts 0.
    """
    pairs, reports = dataset.task_units, dataset.progress
    row = pair_rows(pairs, reports, "task_id", "unit")
    column = _columns(reports, months)
    used = (row >= 0) & (column < len(months))
    reported = np.zeros((len(pairs), len(months)), dtype=bool)
    in_month = used & (reports["month"].to_numpy(np.int64) >= months[0])
    reported[row[in_month], column[in_month]] = True

    percent = reports["cumulative_percent"].to_numpy(np.float64)
    used &= ~np.isnan(percent)
    order = np.flatnonzero(used)[np.argsort(reports["month"].to_numpy()[used], kind="stable")]
    latest = np.full((len(pairs), len(months)), np.nan)
    latest[row[order], column[order]] = percent[order] / 100.0
    # Each cell's latest column with a figure at or before it, -1 where there is none yet:
    #   latest   .  .3  .  .5  .        reports of a unit by month
    #   last    -1   1  1   3  3
    with_figure = np.where(np.isnan(latest), -1, np.arange(len(months)))
    last = np.maximum.accumulate(with_figure, axis=1)
    filled = np.take_along_axis(latest, np.maximum(last, 0), axis=1)
    return np.where(last >= 0, filled, 0.0), reported


def _judge(
    facts: pd.DataFrame,
    months: Ints,
    planned: Floats,
    completion: Floats,
    started: Bools,
    reported: Bools,
    waits: Bools,
    threshold: float,
) -> pd.DataFrame:
    """Return the long frame of figures with status and flags.

    Source of the order: issue and 督查督办 practice. 已报完成、待核实 (``waits``); 已完成;
    未到期 (window not begun, nothing reported); 逾期 (the window's last month is over, below
    100 %); 滞后 (in the window and more than the threshold below plan); 正常. Flags: 提前 (complete
    before the window's last month, or ahead of plan by more than the threshold); 临期 (last month is
    the next one, not complete); 未报 (in the window, a responsible unit has no report for the month).
    """
    month = months[np.newaxis, :]
    start = facts["start"].to_numpy(np.int64)[:, np.newaxis]
    end = facts["end"].to_numpy(np.int64)[:, np.newaxis]
    complete = _complete(completion)
    behind = is_beyond(planned - completion, threshold)
    ahead = is_beyond(completion - planned, threshold)
    inside = (start <= month) & (month <= end)
    status = np.select(
        [waits, complete, (month < start) & ~started, end <= month, inside & behind],
        [5, 0, 1, 2, 3],
        default=4,
    )
    done = complete | waits
    wide = {
        "month": np.broadcast_to(month, planned.shape),
        "planned_value": planned,
        "completion": np.where(complete, 1.0, completion),
        "started": started,
        "reported": reported,
        "ahead": (done & (month < end)) | ahead,
        "due_next": (end == month + 1) & ~done,
        "unreported": inside & ~reported,
    }
    long = facts.iloc[np.repeat(np.arange(len(facts)), len(months))].reset_index(drop=True)
    long = long.assign(**{name: values.ravel() for name, values in wide.items()})
    return long.assign(
        status=pd.Categorical.from_codes(status.ravel(), categories=[s.value for s in Status])
    )


def _long_indicators(targets: pd.DataFrame, figures: dict[str, Any], months: Ints) -> pd.DataFrame:
    long = targets.iloc[np.repeat(np.arange(len(targets)), len(months))].reset_index(drop=True)
    return long.assign(
        month=np.tile(months, len(targets)),
        done=figures["done"].ravel(),
        completion=figures["completion"].ravel(),
        planned_value=figures["planned"].ravel(),
        waits=figures["waits"].ravel(),
    )


def _columns(reports: pd.DataFrame, months: Ints) -> Ints:
    """Return the axis position of each report's month; earlier ones count from the first."""
    offset: Ints = np.maximum(reports["month"].to_numpy(np.int64) - months[0], 0)
    return offset


def _count(values: npt.NDArray[Any], group: Ints, groups: int) -> Floats:
    """Return the sums of rows by group, shape (groups, months)."""
    width = values.shape[1]
    cells = group[:, np.newaxis] * width + np.arange(width)
    total = np.bincount(cells.ravel(), weights=values.ravel(), minlength=groups * width)
    return total.astype(np.float64).reshape(groups, width)


def _mean(values: Floats, group: Ints, groups: int) -> Floats:
    """Return the means of rows by group; 0 for a group without rows."""
    size = np.bincount(group, minlength=groups)[:, np.newaxis]
    return _count(values, group, groups) / np.maximum(size, 1)
