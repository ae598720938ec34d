"""What is uncertain about a document, to be settled or accepted."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Doubt:
    """Something to be settled or accepted.

    ``task_ids`` are the rows it is about (none: the document). ``column`` is the Chinese header,
    ``value`` what stands there, ``problem`` what is uncertain and ``assumed`` what is taken if it
    is accepted. One with ``must`` cannot be accepted: without an answer there is no plan.
    """

    task_ids: tuple[str, ...]
    column: str
    value: str
    problem: str
    assumed: str = ""
    must: bool = False

    @property
    def key(self) -> str:
        """A text that stays the same while the doubt does."""
        return "|".join([*self.task_ids, self.column, self.value, self.problem])

    def __str__(self) -> str:
        place = f"{'、'.join(self.task_ids)}「{self.column}」" if self.task_ids else self.column
        seen = f"「{self.value}」" if self.value else ""
        assumed = f"；接受则{self.assumed}" if self.assumed else ""
        return f"{place}{seen}：{self.problem}{assumed}"
