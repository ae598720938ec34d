"""Why a paper cannot be made: the texts that no document can hold, each with its place."""

from __future__ import annotations

from collections.abc import Iterator

from lib.core import months, schema
from lib.core.problems import Problem
from lib.report.material import Material

_FORBIDDEN = r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"
"""Characters that XML, and so any Office document, refuses."""
_TEXTS = ("note", "issues", "next_steps", "coordination")


def unprintable(material: Material) -> list[Problem]:
    """Return the texts of a paper with control characters in them, as copied from other programs."""
    return [*_of_tasks(material), *_of_reports(material)]


def _of_tasks(material: Material) -> Iterator[Problem]:
    facts = material.figures.dataset.tasks.loc[material.figures.tasks["task_id"], "content"]
    for task in facts.index[facts.str.contains(_FORBIDDEN)]:
        yield _problem(schema.PLAN, "content", f"任务 {task}")


def _of_reports(material: Material) -> Iterator[Problem]:
    rows = material.reports
    for column in _TEXTS:
        for row in rows[rows[column].str.contains(_FORBIDDEN)].itertuples():
            place = f"任务 {row.task_id}、{row.unit}、{months.label(int(row.month))}"
            yield _problem(schema.PROGRESS, column, place)


def _problem(table: schema.Table, column: str, place: str) -> Problem:
    message = f"{place}的「{table.headers[column]}」里有看不见的控制字符，文件写不出来"
    return Problem(table.file, 0, "", "", message, "删去这些字符（重新输入一遍）后再报")
