"""Next year's document laid over this year's plan: what is new, gone, changed, whatever its ids."""

from __future__ import annotations

import re

import pandas as pd
from rapidfuzz import fuzz, process

from lib.core import schema
from lib.planning.amend import ADDED, CHANGED, DROPPED, changes_table

P, T = schema.PLAN.headers, schema.TARGETS.headers
ALIKE = 60
"""From this likeness (0 to 100) two tasks are one, in other words or with other numbers."""
_YEAR = re.compile(r"(?:19|20)\d{2}年?")
_NUMBERING = re.compile(r"^\s*[（(]?\d{1,2}[)）.．、]\s*")


def laid_over(
    old_plan: pd.DataFrame, old_targets: pd.DataFrame, plan: pd.DataFrame, targets: pd.DataFrame
) -> pd.DataFrame:
    """Return what differs between the plans of two years: 变化, 任务编号, 内容.

    All four frames are texts under the files' headers. Tasks are paired by their words, the most
    alike first, each once; a pair is changed where more than its years differs. 任务编号 is that of
    the new plan, of what is gone that of the old one.
    """
    pairs = _pairs(list(old_plan[P["content"]]), list(plan[P["content"]]))
    new_ids = {old_plan[P["task_id"]].iat[a]: plan[P["task_id"]].iat[b] for a, b in pairs.items()}
    lines = changes_table(
        _renamed(_yearless(old_plan), new_ids),
        _renamed(old_targets, new_ids),
        _yearless(plan),
        targets,
    )
    was = dict(zip(old_plan[P["task_id"]].map(_gone), old_plan[P["task_id"]], strict=True))
    lines[P["task_id"]] = lines[P["task_id"]].map(lambda task: was.get(task, task))
    order = {ADDED: 0, CHANGED: 1, DROPPED: 2}
    return lines.sort_values("变化", key=lambda words: words.map(order), kind="stable").reset_index(
        drop=True
    )


def _pairs(old: list[str], new: list[str]) -> dict[int, int]:
    """Return which new text each old one has become."""
    if not old or not new:
        return {}
    scores = process.cdist(
        [_bare(text) for text in old], [_bare(text) for text in new], scorer=fuzz.ratio
    )
    pairs: dict[int, int] = {}
    best = sorted(
        ((scores[a, b], a, b) for a in range(len(old)) for b in range(len(new))),
        key=lambda scored: -scored[0],
    )
    for score, a, b in best:
        if score >= ALIKE and a not in pairs and b not in pairs.values():
            pairs[a] = b
    return pairs


def _bare(text: str) -> str:
    return _NUMBERING.sub("", _YEAR.sub("", text))


def _gone(task_id: str) -> str:
    """Return an id that no task of the new plan has."""
    return f"{task_id}（原）"


def _renamed(frame: pd.DataFrame, new_ids: dict[str, str]) -> pd.DataFrame:
    """Return a frame of the old plan under the ids of the new one."""
    return frame.assign(
        **{P["task_id"]: [new_ids.get(task, _gone(task)) for task in frame[P["task_id"]]]}
    )


def _yearless(plan: pd.DataFrame) -> pd.DataFrame:
    """Return a plan without what each year changes: years, months by year, numbers of items."""
    return plan.assign(
        **{
            P["content"]: plan[P["content"]].map(_bare),
            P["window_text"]: plan[P["window_text"]].map(lambda text: _YEAR.sub("", text)),
            P["start_month"]: plan[P["start_month"]].str[5:],
            P["end_month"]: plan[P["end_month"]].str[5:],
        }
    )
