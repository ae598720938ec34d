"""What is said about a task itself when it is written: whether it fits the plan and its figures."""

from __future__ import annotations

from dataclasses import replace

from lib.core import months
from lib.core.dataset import Dataset
from lib.core.extensions import Extension, extensions, last_day
from lib.core.matters import Act, MatterError, Step, day
from lib.core.progress import Assessment, assess
from lib.core.status import Status
from lib.core.verification import basis


def completed(dataset: Dataset, step: Step) -> Step:
    """Return a step about a task as it is to be written; raise `MatterError` if it does not fit.

    核实 gets the check sum of the reports that were looked at (`lib.core.verification.basis`).
    """
    if step.act in (Act.OUTLOOK, Act.ASK) and step.unit:
        units = dataset.tasks.at[step.task_id, "units"]
        if step.unit not in units:
            raise MatterError("unit", f"{step.unit}不是这个任务的责任单位", "、".join(units))
    if step.act is Act.ASK:
        _check_date(dataset, step)
    if step.act in (Act.CONFIRM, Act.REJECT):
        month = _check_waits(dataset, step)
        return replace(step, basis=basis(dataset, step.task_id, step.indicator, month))
    return step


def _check_date(dataset: Dataset, step: Step) -> None:
    known = extensions(dataset.task_steps, dataset.tasks).get(step.task_id)
    end = last_day(int(dataset.tasks.at[step.task_id, "end"]))
    present = (known or Extension(end)).due or end
    if day(step.due) <= present:
        raise MatterError("due", "新的期限不晚于现在的期限", f"晚于{present:%Y-%m-%d}的日期")


def _check_waits(dataset: Dataset, step: Step) -> int:
    """Return the month (ordinal) that a 核实 is about; refuse what is not reported at 100 % then."""
    if not dataset.settings.verify:
        raise MatterError("act", "设置里没有要求核实", "settings.toml 里 [reports] verify = true")
    try:
        month = months.parse(step.month)
    except months.MonthError:
        raise MatterError("month", "不是月份", "如 2018-09") from None
    targets = dataset.targets
    known = set(targets.loc[targets["task_id"] == step.task_id, "indicator"])
    if step.indicator and step.indicator not in known:
        raise MatterError(
            "indicator", f"任务{step.task_id}没有指标「{step.indicator}」", "、".join(sorted(known))
        )
    undecided = assess(replace(dataset, task_steps=()))
    if _state(undecided, step, month) != Status.UNVERIFIED:
        raise MatterError("month", f"到{step.month}没有报到100%", "报到100%的任务或指标")
    if step.act is Act.CONFIRM and _state(assess(dataset), step, month) == Status.COMPLETED:
        raise MatterError("act", f"{step.indicator or step.task_id}已经核实", "待核实的任务或指标")
    return month


def _state(assessment: Assessment, step: Step, month: int) -> str:
    """Return the state of the task, or of its indicator, as of a month; empty where there is none."""
    rows = assessment.indicators if step.indicator else assessment.tasks
    rows = rows[(rows["task_id"] == step.task_id) & (rows["month"] == month)]
    if not step.indicator:
        return "".join(rows["status"])
    row = rows[rows["indicator"] == step.indicator]
    if row["waits"].any():
        return Status.UNVERIFIED
    return Status.COMPLETED if (row["completion"] >= 1).any() else ""
