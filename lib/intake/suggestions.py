"""What a wrong name in a report was probably meant to be."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from rapidfuzz import fuzz, process
from rapidfuzz.distance import JaroWinkler

from lib.core import wording
from lib.core.dataset import Dataset
from lib.intake import cells
from lib.intake.task_texts import TaskTexts

NEAR = 55.0
"""Likeness (rapidfuzz, 0 to 100) from which a name is offered as what was meant."""


SEARCHES = 200
"""Different wrong names of tasks that are looked up: a file that is wrong throughout is told by these."""

_NUMERALS = re.compile("[〇零一二三四五六七八九十壹贰叁肆伍陆柒捌玖拾]+")
_ARABIC = str.maketrans("〇零一二三四五六七八九壹贰叁肆伍陆柒捌玖", "00123456789123456789")


class Suggestions:
    """How to put a field of a row right, in view of a plan."""

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset
        self._plan = TaskTexts(dataset)
        self._numbers = {_arabic(task): task for task in map(str, dataset.tasks.index)}
        self._searches = 0
        self._task = cache(self._nearest_task)

    def __call__(self, name: str, written: str, task: str, expected: str, content: str = "") -> str:
        """Return how to put the field ``name`` right: the nearest value there is.

        ``task`` is the row's task as read, ``expected`` what the rule asks for, ``content`` the
        row's own text of its task.
        """
        tasks = self._dataset.tasks
        if name == "task_id":
            near = self._task(written, content)
            if near is None:
                return f"填写计划表中的任务编号，如 {tasks.index[0]}"
            title = wording.short_title(str(tasks.at[near, "content"]), 18)
            return f"是不是「{near}」（{title}）？"
        if name == "unit" and task in tasks.index:
            return _choice("该任务的责任单位", written, tasks.at[task, "units"])
        if name == "indicator":
            reported = self._dataset.reported
            indicators = reported.loc[reported["task_id"] == task, "indicator"]
            if indicators.empty:
                return "定性任务不填指标，只填累计完成率"
            return _choice("该任务的指标", written, indicators)
        return "清空这一格" if expected == "不填" else f"填写{expected}"

    def _nearest_task(self, written: str, content: str) -> str | None:
        """Return the task by the row's text, by another spelling of its number, or the likest."""
        if (by_content := self._plan.task_of(content)) is not None:
            return by_content
        text = cells.identifier(written[: cells.LONGEST])
        if not text or self._searches >= SEARCHES:
            return None
        self._searches += 1
        if (same := self._numbers.get(_arabic(text))) is not None:
            return same
        if (by_text := self._plan.task_of(written)) is not None:
            return by_text
        by_id = process.extractOne(text, list(self._dataset.tasks.index), scorer=_likeness)
        return str(by_id[0]) if by_id and by_id[1] >= NEAR else None


def _arabic(task: str) -> str:
    """Return a task's id with Arabic numerals: 七-1 and 柒-1 are 7-1, 十一-2 is 11-2."""

    def number(match: re.Match[str]) -> str:
        word = match[0].translate(_ARABIC).replace("拾", "十")
        tens, ten, units = word.partition("十")
        if not (tens or "1").isdecimal() or not (units or "0").isdecimal():
            return word
        return str(int(tens or 1) * 10 + int(units or 0)) if ten else tens

    return _NUMERALS.sub(number, cells.identifier(task))


def _choice(title: str, written: str, names: Iterable[str]) -> str:
    names = list(names)
    choice = f"{title}：{'、'.join(names)}"
    written = written[: cells.LONGEST]
    near = process.extractOne(cells.plain(written), names, scorer=fuzz.WRatio, score_cutoff=NEAR)
    return f"是不是「{near[0]}」？{choice}" if near and near[0] != written else choice


def _likeness(written: str, name: str, **_: Any) -> float:
    """Return how alike two ids are, 0 to 100; a common beginning counts more."""
    return 100 * JaroWinkler.normalized_similarity(written, name)
