"""Late 督办事项 as HTML for 总览."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape

from lib.core.matters import Matter
from lib.html.markup import Links

SHOWN = 3
"""Matters that are named in the line; the rest are counted."""


def late_matters(overdue: Sequence[Matter], today: date, links: Links) -> str:
    """Return overdue matters in one line: how many, whose, what, by how long."""
    address = links.to("matters")
    named = [
        f"<span><b>{escape(matter.lead)}</b> "
        f"{escape(matter.short(16))} "
        f'<span class="overdue-text">{matter.days_late(today)}天</span></span>'
        for matter in overdue[:SHOWN]
    ]
    more = f"另{len(overdue) - SHOWN}件" if len(overdue) > SHOWN else "去办理"
    return (
        f'<p class="strip"><span class="overdue-text">督办事项逾期 <b>{len(overdue)}</b>件</span>'
        f'{"".join(named)}<span><a class="more" href="{address}">{more}</a></span></p>'
    )
