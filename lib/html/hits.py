"""What a search has found as HTML."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from lib.core.search import Hit
from lib.html.markup import Links, units


def hit_list(hits: Sequence[Hit], links: Links) -> str:
    """Return the tasks found, each with its units and the passage that holds the words."""
    rows = "".join(
        f'<a class="task-row request" href="{links.to("task", task=hit.task_id)}">'
        f'<b class="unit">{units(hit.units)}</b><span class="what">'
        f"<span>{escape(hit.title)}</span><small>{escape(hit.where)}：{escape(hit.passage)}</small>"
        f"</span></a>"
        for hit in hits
    )
    return f'<div class="task-list">{rows}</div>'
