"""Which light when: the state of each task or unit month by month, and what moved last."""

from __future__ import annotations

from html import escape

import pandas as pd

from lib.core import months, wording
from lib.core.figures import Figures
from lib.core.status import RANK, SEVERITY, look
from lib.html.markup import CLASSES, Links


def task_lights(figures: Figures, links: Links) -> str:
    """Return the selected tasks by month, each with its unit, in the order of urgency now."""
    tasks = figures.dataset.tasks
    history = figures.history.assign(key=figures.history["task_id"])
    names = {
        task: (wording.short_title(tasks.at[task, "content"], 24), tasks.at[task, "units"][0])
        for task in figures.tasks["task_id"]
    }
    return _lights(
        figures, history, {k: f"{t}（{u}）" for k, (t, u) in names.items()}, links, "task", "task"
    )


def unit_lights(figures: Figures, links: Links) -> str:
    """Return the responsible units by month: the worst state among the tasks of each."""
    history = figures.unit_history.assign(key=figures.unit_history["unit"])
    names = {unit: unit for unit in figures.by_unit["key"]}
    return _lights(figures, history, names, links, "units", "focus_unit")


def _lights(
    figures: Figures,
    history: pd.DataFrame,
    names: dict[str, str],
    links: Links,
    page: str,
    parameter: str,
) -> str:
    last = min(figures.selection.month, max(figures.dataset.latest_month, figures.dataset.axis[0]))
    ranks = history.assign(rank=history["status"].astype("str").map(RANK))
    worst = ranks[ranks["month"] <= last].pivot_table(
        index="key", columns="month", values="rank", aggfunc="min"
    )
    if worst.empty:
        return ""
    axis = list(worst.columns)
    order = worst.sort_values(axis[-1], kind="stable").index
    head = "".join(
        f"<th>{months.number_of(month)}{'月' if month in (axis[0], axis[-1]) else ''}</th>"
        for month in axis
    )
    lines = []
    for key in order:
        cells = "".join(_cell(rank) for rank in worst.loc[key])
        lines.append(
            f'<tr><th><a href="{links.to(page, **{parameter: str(key)})}">{escape(names[key])}</a>'
            f'</th>{cells}<td class="moved">{_moved(worst.loc[key])}</td></tr>'
        )
    legend = "".join(
        f'<span><i class="lamp {CLASSES[status]}">{look(status).icon}</i>{status}</span>'
        for status in SEVERITY
    )
    return (
        f'<table class="lights"><thead><tr><th></th>{head}<th>比上月</th></tr></thead>'
        f'<tbody>{"".join(lines)}</tbody></table><p class="lights-legend">{legend}</p>'
    )


def _cell(rank: float) -> str:
    if pd.isna(rank):
        return "<td></td>"
    status = SEVERITY[int(rank)]
    return f'<td><i class="lamp {CLASSES[status]}" title="{status}">{look(status).icon}</i></td>'


def _moved(ranks: pd.Series[float]) -> str:
    """Return what became of the light since the month before: 正常 → 滞后."""
    if len(ranks) < 2 or ranks.iloc[-2:].isna().any() or ranks.iloc[-1] == ranks.iloc[-2]:
        return ""
    before, after = (SEVERITY[int(rank)] for rank in ranks.iloc[-2:])
    return f"{before}→{after}"
