"""What stands beside a task's light: its units' own word (研判), and its 延期."""

from __future__ import annotations

from lib.core.dataset import Dataset
from lib.core.extensions import extensions
from lib.core.matters import Step, disagreement, outlooks
from lib.core.status import REPORTED_DONE, Status


class Remarks:
    """The remarks on the tasks of a dataset."""

    def __init__(self, dataset: Dataset) -> None:
        self.extensions = extensions(dataset.task_steps, dataset.tasks)
        self._outlooks: dict[str, list[Step]] = {}
        for step in outlooks(dataset.task_steps):
            self._outlooks.setdefault(step.task_id, []).append(step)

    def of(self, task_id: str, status: Status) -> tuple[str, ...]:
        """Return what to say beside a task's computed status; where a unit differs, that it does."""
        words = []
        if extension := self.extensions.get(task_id):
            words.append(extension.words)
        if status not in REPORTED_DONE:
            words += [_words(status, step) for step in self._outlooks.get(task_id, ())]
        return tuple(words)

    def sign(self, task_id: str, status: Status) -> str:
        """Return the most telling remark in a few characters: 单位称能按期, 延至12月15日."""
        steps = [] if status in REPORTED_DONE else self._outlooks.get(task_id, [])
        if differing := next((step for step in steps if disagreement(status, step)), None):
            return f"单位称{differing.outlook}"
        if extension := self.extensions.get(task_id):
            return extension.sign
        return next((f"研判{step.outlook}" for step in steps), "")


def _words(status: Status, step: Step) -> str:
    why = f"：{step.words}" if step.words else ""
    if disagreement(status, step):
        return f"{step.unit}称{step.outlook}，按填报算{status}{why}"
    return f"{step.unit}研判{step.outlook}{why}"
