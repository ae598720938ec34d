"""The figures of ``python -m lib.cli figures``, which pages and papers are held against."""

from __future__ import annotations

import contextlib
import io
import json
from dataclasses import dataclass
from typing import Any

from lib.cli.__main__ import main as run
from lib.core import wording
from lib.core.status import Flag, Status


def records(data: str, month: str, by: str = "overall") -> list[dict[str, Any]]:
    """What the command prints for a month, read back."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = run(["figures", "--data", data, "--month", month, "--by", by])
    assert code == 0
    return json.loads(out.getvalue())


@dataclass(frozen=True)
class Figures:
    """The month's total in words and counts, as people read it."""

    completion: str
    planned: str
    tasks: int
    completed: int
    behind: int
    overdue: int
    unreported: int

    @property
    def late(self) -> int:
        return self.behind + self.overdue


def figures(data: str, month: str) -> Figures:
    """The total of a month; ``unreported`` counts the open tasks with a report missing."""
    (total,) = records(data, month)
    silent = [
        row
        for row in records(data, month, "task")
        if Flag.UNREPORTED in row["flags"] and row["status"] != Status.COMPLETED
    ]
    return Figures(
        wording.percent(total["earned_value"]),
        wording.percent(total["planned_value"]),
        total["tasks"],
        total["completed"],
        total["behind"],
        total["overdue"],
        len(silent),
    )
