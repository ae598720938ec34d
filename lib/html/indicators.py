"""The indicators of tasks as lines: how much of the target is done, and how much should be."""

from __future__ import annotations

from html import escape

import pandas as pd

from lib.core import wording
from lib.core.figures import Figures
from lib.core.status import Status
from lib.html.markup import Links, percent, state


def indicator_list(figures: Figures, links: Links) -> str:
    """Return the selected tasks' indicators, the furthest from its target first."""
    rows = figures.indicators.sort_values(["completion", "task_id"], kind="stable")
    lines = []
    for row in rows.itertuples():
        upper = "" if pd.isna(row.upper) else f"～{wording.quantity(row.upper)}"
        amount = f"{wording.quantity(row.done)}／{wording.quantity(row.target)}{upper}{row.measure}"
        lines.append(
            f'<a class="task-row indicator" href="{links.to("task", task=row.task_id)}">'
            f'<span>{escape(row.task_id)}</span><span class="what"><span class="whole">'
            f"{escape(row.indicator)}{f' {state(Status.UNVERIFIED)}' if row.waits else ''}"
            f'</span></span><span class="number">{escape(amount)}</span>'
            f'<b class="number">{percent(row.completion)}</b>'
            f'<span class="number">{percent(row.planned_value)}</span></a>'
        )
    return (
        '<div class="task-list"><div class="task-row indicator head"><span>任务</span>'
        '<span class="what">指标</span><span class="number">完成／目标</span>'
        '<span class="number">完成</span><span class="number">序时</span></div>'
        f"{''.join(lines)}</div>"
    )
