"""Which light when: the state of each task or unit month by month, how far it is, what moved last."""

from __future__ import annotations

from html import escape

import pandas as pd

from lib.core import months, wording
from lib.core.answers import urgent_first, worst_first
from lib.core.figures import Figures
from lib.core.status import RANK, SEVERITY, look
from lib.html.markup import CLASSES, FOCUS_UNIT, Links, percent, points


def task_lights(figures: Figures, links: Links) -> str:
    """Return the selected tasks by month, each with its unit, the most urgent first."""
    tasks = figures.dataset.tasks
    rows = urgent_first(figures.tasks)
    titles = [wording.short_title(tasks.at[task, "content"], 24) for task in rows["task_id"]]
    lead = [tasks.at[task, "units"][0] for task in rows["task_id"]]
    rows = pd.DataFrame(
        {
            "key": rows["task_id"],
            "name": titles,
            "unit": lead,
            "earned_value": rows["completion"],
            "planned_value": rows["planned_value"],
        }
    )
    history = figures.history.assign(key=figures.history["task_id"])
    return _lights(figures, history, rows, links, "task", "task")


def unit_lights(figures: Figures, links: Links) -> str:
    """Return the responsible units by month, the worst first: the worst state among the tasks of each."""
    history = figures.unit_history.assign(key=figures.unit_history["unit"])
    rows = worst_first(figures.by_unit)
    rows = rows.assign(name=rows["key"], unit="")
    return _lights(figures, history, rows, links, "units", FOCUS_UNIT)


def _lights(
    figures: Figures,
    history: pd.DataFrame,
    rows: pd.DataFrame,
    links: Links,
    page: str,
    parameter: str,
) -> str:
    """Draw ``rows`` (``key``, ``name``, ``unit``, ``earned_value``, ``planned_value``) in their order.

    Months after the last report have no light: nobody said how it is.
    """
    dataset = figures.dataset
    last = -1 if dataset.progress.empty else min(figures.selection.month, dataset.latest_month)
    ranks = history.assign(rank=history["status"].astype("str").map(RANK))
    worst = ranks[ranks["month"] <= last].pivot_table(
        index="key", columns="month", values="rank", aggfunc="min"
    )
    axis = list(worst.columns)
    head = "".join(
        f'<th scope="col">{months.number_of(month)}'
        f"{'月' if month in (axis[0], axis[-1]) else ''}</th>"
        for month in axis
    )
    lines = []
    for row in rows.itertuples():
        lamps = worst.loc[row.key] if row.key in worst.index else pd.Series(dtype="float64")
        cells = "".join(map(_cell, lamps))
        address = links.to(page, **{parameter: str(row.key)})
        unit = f"<b>{escape(row.unit)}</b> " if row.unit else ""
        lines.append(
            f'<tr><th scope="row">{unit}<a href="{address}">{escape(str(row.name))}</a></th>{cells}'
            f'<td class="number">{percent(row.earned_value)}</td>'
            f'<td class="number">{points(row.earned_value - row.planned_value)}</td>'
            f'<td class="moved">{_moved(lamps)}</td></tr>'
        )
    legend = "".join(
        f'<span><i class="lamp {CLASSES[status]}">{look(status).icon}</i>{status}</span>'
        for status in SEVERITY
        if status in dataset.settings.states
    )
    return (
        f'<table class="lights" style="--months:{len(axis)}"><thead><tr><td></td>{head}'
        '<th scope="col" class="number">完成</th><th scope="col" class="number">差</th>'
        f'<th scope="col" class="moved">比上月</th></tr></thead><tbody>{"".join(lines)}</tbody></table>'
        f'<p class="lights-legend">{legend}<span>完成：%，差：与序时进度相差的百分点</span></p>'
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
