"""Search over a plan: its tasks, units and what was reported."""

from __future__ import annotations

from dataclasses import dataclass

from lib.core import months, wording
from lib.core.dataset import Dataset

AROUND = 18
"""Characters shown on either side of what was found."""


@dataclass(frozen=True)
class Hit:
    """A task in which every searched word was found, and where: a short passage around the first."""

    task_id: str
    title: str
    units: tuple[str, ...]
    where: str
    passage: str


def search(dataset: Dataset, text: str) -> list[Hit]:
    """Return the tasks that hold every word of ``text``, in the plan's order.

    Looked through are 任务编号, 类型, 责任单位, the task's text and its reports, the latest first.
    """
    words = text.split()
    if not words:
        return []
    texts: dict[str, list[tuple[str, str]]] = {}
    for task_id, task in dataset.tasks.iterrows():
        texts[str(task_id)] = [
            ("任务", f"{task_id} {task['content']}"),
            ("责任单位", "、".join(task["units"])),
            ("类型", task["category"]),
        ]
    for report in dataset.progress.sort_values(
        "month", ascending=False, kind="stable"
    ).itertuples():
        texts_of_report = "；".join(
            part
            for part in (report.note, report.issues, report.next_steps, report.coordination)
            if part
        )
        if texts_of_report:
            label = f"{months.label(int(report.month), dataset.settings.year)}{report.unit}填报"
            texts[report.task_id].append((label, texts_of_report))
    hits = []
    for task_id, parts in texts.items():
        places = {word: next(((w, t) for w, t in parts if word in t), None) for word in words}
        if None in places.values():
            continue
        where, passage = places[words[-1]] or parts[0]
        task = dataset.tasks.loc[task_id]
        title = wording.short_title(task["content"], 40)
        hits.append(Hit(task_id, title, task["units"], where, _around(passage, words[-1])))
    return hits


def _around(text: str, word: str) -> str:
    place = text.index(word)
    start, end = max(0, place - AROUND), place + len(word) + AROUND
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"
