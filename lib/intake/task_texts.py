"""A row's text of its task held against the plan's: numbers that were swapped, sorted or renumbered."""

from __future__ import annotations

import re
import unicodedata

from rapidfuzz import fuzz, process

from lib.core.dataset import Dataset

SAME = 85.0
"""Likeness (rapidfuzz, 0 to 100) from which two texts are of one task, however shortened."""
OTHER = 55.0
"""Likeness under which a text is not the task's own, though it is no other task's either."""
LONGEST = 300
"""Characters that are compared."""
SEARCHES = 200
"""Distinct texts for which the whole plan is searched: a file that is wrong throughout is told by these."""

_NUMBER = re.compile(r"^\s*[（(]?\d+[)）]?\s*[．.、]?\s*")
_SPOKEN = re.compile(r"[^\w]|_")


def essence(text: str) -> str:
    """Return a task's text without its number, spaces and punctuation, in half-width forms."""
    plain = unicodedata.normalize("NFKC", text[: 2 * LONGEST])
    return _SPOKEN.sub("", _NUMBER.sub("", plain))[:LONGEST]


class TaskTexts:
    """The texts of a plan's tasks, to be looked up by what a row says."""

    def __init__(self, dataset: Dataset) -> None:
        self._texts = {str(task): essence(text) for task, text in dataset.tasks["content"].items()}
        self._tasks = {text: task for task, text in self._texts.items()}
        self._searches = 0

    def task_of(self, text: str) -> str | None:
        """Return the task whose text this is, ``None`` if it is none's or none is to be told."""
        words = essence(text)
        if words in self._tasks:
            return self._tasks[words]
        if len(words) < 4 or self._searches >= SEARCHES:
            return None
        self._searches += 1
        match = process.extractOne(words, self._texts, scorer=_likeness, score_cutoff=SAME)
        return str(match[2]) if match else None

    def is_of(self, task: str, text: str) -> bool:
        """Whether a row's text can be the task's: shortened, wrapped, other punctuation."""
        words = essence(text)
        own = self._texts.get(task, "")
        return len(words) < 4 or words == own or _likeness(words, own) >= SAME

    def is_near(self, task: str, text: str) -> bool:
        """Whether a row's text is at least like the task's: rewritten, or a part of it."""
        return _likeness(essence(text), self._texts.get(task, "")) >= OTHER


def _likeness(written: str, own: str, **_: object) -> float:
    """Return how much of the shorter text stands in the longer one, 0 to 100."""
    return fuzz.partial_ratio(written, own) if len(written) >= 4 else 0.0
