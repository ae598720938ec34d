"""What starts and what falls due, month by month, by name and unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import pandas as pd

from lib.core import months, wording
from lib.core.figures import Figures
from lib.core.status import REPORTED_DONE, Status
from lib.html.markup import Links, percent, state, units


def calendar(figures: Figures, links: Links) -> str:
    """Return the months from the next one on, each with the tasks that start and fall due in it."""
    rows, month = figures.tasks, figures.selection.month
    year = figures.dataset.settings.year
    parts = []
    for ahead in figures.dataset.axis:
        if ahead <= month:
            continue
        starts = rows[rows["start"] == ahead]
        ends = rows[(rows["end"] == ahead) & ~rows["status"].isin(REPORTED_DONE)]
        if starts.empty and ends.empty:
            continue
        kinds = [(word, tasks) for word, tasks in (("启动", starts), ("到期", ends)) if len(tasks)]
        counts = "，".join(f"{word}{len(tasks)}项" for word, tasks in kinds)
        lines = []
        for word, tasks in kinds:
            for number, row in enumerate(tasks.itertuples()):
                # The heading says the kind where there is one; else the first row of each does.
                said = word if len(kinds) > 1 and not number else ""
                lines.append(_line(figures, row, links, said, is_due=word == "到期"))
        parts.append(
            f"<h3>{months.label(ahead, year)}：{counts}</h3>"
            f'<div class="task-list">{"".join(lines)}</div>'
        )
    return "".join(parts) or '<p class="none">以后的月份没有任务启动，也没有未完成的任务到期。</p>'


def _line(figures: Figures, row: object, links: Links, word: str, *, is_due: bool) -> str:
    task_id = str(row.task_id)  # type: ignore[attr-defined]
    facts: pd.Series[object] = figures.dataset.tasks.loc[task_id]
    share = percent(float(row.completion)) if is_due else ""  # type: ignore[attr-defined]
    return (
        f'<a class="task-row coming" href="{links.to("task", task=task_id)}"><span>{word}</span>'
        f'<b class="unit">{units(tuple(facts["units"]))}</b><span class="what"><span>'
        f"{escape(wording.short_title(str(facts['content']), 40))}</span></span>"
        f'<span class="number">{share}</span></a>'
    )


def story(
    figures: Figures, reports: pd.DataFrame, events: Mapping[int, Sequence[str]] | None = None
) -> str:
    """Return one task month by month, the latest first: its light, how far, and what was written.

    ``reports`` are the rows of `lib.core.schema.ProgressModel` of the view's one task up to the
    month; ``events`` says by month what else was decided about it (督办单 and the like).
    """
    events = events or {}
    history = figures.history.set_index("month")
    year = figures.dataset.settings.year
    parts = []
    for month in sorted({*map(int, reports["month"]), *events}, reverse=True):
        row = history.loc[month]
        lines = []
        for report in reports[reports["month"] == month].itertuples():
            amount = "" if pd.isna(report.quantity) else f"{report.indicator} +{report.quantity:g}"
            if not pd.isna(report.cumulative_percent):
                amount = f"累计{report.cumulative_percent:g}%"
            words = [
                f"{label}{text.strip()}"
                for label, text in (
                    ("", report.note),
                    ("存在问题：", report.issues),
                    ("下一步：", report.next_steps),
                    ("需协调：", report.coordination),
                )
                if text.strip()
            ]
            lines.append(
                f"<p><b>{escape(report.unit)}</b> {escape(amount)}　{escape('　'.join(words))}</p>"
            )
        lines += [f'<p class="event">{escape(event)}</p>' for event in events.get(month, ())]
        parts.append(
            f'<div class="story"><div>{months.label(month, year)}</div>'
            f"<div>{state(Status(row['status']))}</div>"
            f'<div class="number">{percent(float(row["completion"]))}</div>'
            f"<div>{''.join(lines)}</div></div>"
        )
    return "".join(parts)
