"""核实: what is reported at 100 % reads 已报完成、待核实 until the office has verified or returned it.

Source: 督查督办 practice (办结、核实、销号). What is verified is an indicator, or a qualitative task as
a whole; a decision about a quantified task is one about each of its indicators. A decision rules the
months at 100 % around its month, without a break (the *run*):

    completion   80  100  100 │ 90 │ 100  100          verified in the third month: both months of
    reads        正常 已完成 已完成│ …  │ 待核实 待核实        the run are; the next run waits anew

- Verified (核实通过): the whole run reads 已完成.
- Returned (核实退回): the last step counts as not done (completion as before the run), until the next
  month with a report, from which on it waits again.
- A decision holds for the reports that it looked at (`basis`): if a figure or its words are corrected
  later, it waits again.

``verified_only`` of a dataset also counts the last step of what waits as not done.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.core import months, schema
from lib.core.dataset import Dataset
from lib.core.matters import Act, Step

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

_BASIS_FIELDS = ["month", "unit", "indicator", "quantity", "cumulative_percent", "note"]


@dataclass(frozen=True)
class Decision:
    """What the office decided about a part (row of an array) as of a month (its column)."""

    row: int
    column: int
    confirmed: bool


def judge(
    complete: Bools, reported: Bools, decisions: Iterable[Decision]
) -> tuple[Bools, Bools, Bools]:
    """Return where parts wait, are verified, and are returned; each part and month is one at most.

    ``complete`` says where a part is reported at 100 %, ``reported`` where anything was reported of
    it, shape (parts, months). Later decisions overrule earlier ones. A decision about a month that
    is not complete (any more) decides nothing.
    """
    verified, returned = np.zeros_like(complete), np.zeros_like(complete)
    for decision in decisions:
        row, column = decision.row, decision.column
        if not complete[row, column]:
            continue
        start = column  # back to where the run begins, or a return that was answered ends
        while (
            start > 0
            and complete[row, start - 1]
            and returned[row, start - 1] == returned[row, column]
        ):
            start -= 1
        breaks = np.flatnonzero(~complete[row, column:])
        end = column + int(breaks[0]) if len(breaks) else complete.shape[1]
        verified[row, start:end] = returned[row, start:end] = False
        if decision.confirmed:
            verified[row, start:end] = True
        else:
            answers = np.flatnonzero(reported[row, column + 1 : end])
            returned[row, start : column + 1 + int(answers[0]) if len(answers) else end] = True
    return complete & ~verified & ~returned, verified, returned


def before_run(values: Floats, complete: Bools) -> Floats:
    """Return in each month at 100 % the value before the run began (0 from the first month on)."""
    places = np.arange(complete.shape[1])
    last_open = np.maximum.accumulate(np.where(complete, -1, places), axis=1)
    earlier = np.take_along_axis(values, np.maximum(last_open, 0), axis=1)
    return np.where(last_open >= 0, earlier, 0.0)


def basis(dataset: Dataset, task_id: str, indicator: str, month: int) -> str:
    """Return a check sum of the reports of a task (or indicator) up to a month (ordinal)."""
    reports = dataset.progress
    return _basis(dataset, reports[reports["task_id"] == task_id], task_id, indicator, month)


def _basis(
    dataset: Dataset, reports: pd.DataFrame, task_id: str, indicator: str, month: int
) -> str:
    rows = reports[reports["month"] <= month]
    if indicator:
        targets = dataset.targets
        target = targets[(targets["task_id"] == task_id) & (targets["indicator"] == indicator)]
        names = {
            str(name) for name in target[["indicator", "numerator", "denominator"]].to_numpy().flat
        }
        rows = rows[rows["indicator"].isin(names)]
    texts = schema.PROGRESS.texts(rows)[[schema.PROGRESS.headers[name] for name in _BASIS_FIELDS]]
    lines = sorted("\t".join(line) for line in texts.itertuples(index=False, name=None))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]


def decisions(dataset: Dataset) -> Iterator[tuple[Step, int]]:
    """Yield the decisions that hold for the reports as they are, each with its month (ordinal)."""
    steps = [step for step in dataset.task_steps if step.act in (Act.CONFIRM, Act.REJECT)]
    decided = {step.task_id for step in steps}
    if not decided:
        return
    reports = dataset.progress[dataset.progress["task_id"].isin(decided)]
    of_task = dict(iter(reports.groupby("task_id")))
    for step in steps:
        month = months.parse(step.month)
        rows = of_task.get(step.task_id, reports.iloc[:0])
        if step.basis in ("", _basis(dataset, rows, step.task_id, step.indicator, month)):
            yield step, month
