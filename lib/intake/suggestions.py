"""What a wrong name in a report was probably meant to be."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rapidfuzz import fuzz, process
from rapidfuzz.distance import JaroWinkler

from lib.core import wording
from lib.core.dataset import Dataset
from lib.intake import cells

NEAR = 55.0
"""Likeness (rapidfuzz, 0 to 100) from which a name is offered as what was meant."""


def suggestion(dataset: Dataset, name: str, written: str, task: str, expected: str) -> str:
    """Return how to put the field ``name`` of a row right: the nearest value there is.

    ``task`` is the row's task as read, ``expected`` what the rule asks for.
    """
    tasks = dataset.tasks
    if name == "task_id":
        near = _nearest_task(written, dataset)
        if near is None:
            return f"填写计划表中的任务编号，如 {tasks.index[0]}"
        title = wording.short_title(str(tasks.at[near, "content"]), 18)
        return f"是不是「{near}」（{title}）？"
    if name == "unit" and task in tasks.index:
        return _choice("该任务的责任单位", written, tasks.at[task, "units"])
    if name == "indicator":
        targets = dataset.targets
        indicators = targets.loc[targets["task_id"] == task, "indicator"]
        if indicators.empty:
            return "定性任务不填指标，只填累计完成率"
        return _choice("该任务的指标", written, indicators)
    return "清空这一格" if expected == "不填" else f"填写{expected}"


def _choice(title: str, written: str, names: Iterable[str]) -> str:
    names = list(names)
    choice = f"{title}：{'、'.join(names)}"
    near = process.extractOne(cells.plain(written), names, scorer=fuzz.WRatio, score_cutoff=NEAR)
    return f"是不是「{near[0]}」？{choice}" if near and near[0] != written else choice


def _likeness(written: str, name: str, **_: Any) -> float:
    """Return how alike two ids are, 0 to 100; a common beginning counts more."""
    return 100 * JaroWinkler.normalized_similarity(written, name)


def _nearest_task(written: str, dataset: Dataset) -> str | None:
    """Return the task whose id, or whose text, is most like what was written."""
    text = cells.identifier(written)
    if not text:
        return None
    by_text = process.extractOne(
        text, dataset.tasks["content"].to_dict(), scorer=fuzz.partial_ratio, score_cutoff=80
    )
    if by_text and len(text) >= 4:
        return str(by_text[2])
    by_id = process.extractOne(text, list(dataset.tasks.index), scorer=_likeness)
    return str(by_id[0]) if by_id and by_id[1] >= NEAR else None
