"""The colours that all papers share; those of states come from `lib.core.status`."""

from __future__ import annotations

from lib.core.status import LOOKS, Look, Status, mark

INK, MUTED, GRID, PALE = "#1B2430", "#5B6675", "#CBD3DF", "#E3E8F0"
BLUE, PAPER, WARNING = "#1F4E9E", "#FFFFFF", "#C1272D"
SHADE = "#F3F5F9"
PLAN_BAR, WORK_BAR = "#D5DCE6", "#5D6B7E"
"""On a Gantt: a task's window, and what is done of one that is in order."""


def status_look(text: str) -> Look | None:
    """Return the look of a cell that begins with a status (× 逾期), ``None`` for any other."""
    line = text.replace("\n", "")
    return next((LOOKS[status] for status in Status if line.startswith(mark(status))), None)
