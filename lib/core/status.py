"""The states of a task and the flags beside them: one word, colour and icon for each.

The words are those of 督查督办 practice: blue for what falls due soon (近期限), yellow for what
is behind the planned value (未达序时进度), red for what is past its date (逾期). The colours
differ in lightness as well as hue, and every use shows word and icon too, so that a viewer who
cannot tell the hues apart reads the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """What a task is as of the end of a month; exactly one applies."""

    COMPLETED = "已完成"
    NOT_DUE = "未到期"
    OVERDUE = "逾期"
    BEHIND = "滞后"
    ON_TRACK = "正常"
    UNVERIFIED = "已报完成、待核实"


class Flag(StrEnum):
    """What is said beside a status; any number applies."""

    AHEAD = "提前"
    DUE_NEXT = "临期"
    UNREPORTED = "未报"


@dataclass(frozen=True)
class Look:
    """How a state is shown: ``colour`` fills, ``ink`` is text upon it, ``icon`` is one glyph.

    ``badge`` is the colour's name in Streamlit, which takes it from the theme: there, in
    ``.streamlit/config.toml``, the light theme repeats these colours (a test compares them).
    """

    colour: str
    ink: str
    icon: str
    badge: str


LOOKS: dict[Status | Flag, Look] = {
    Status.COMPLETED: Look("#0B6E4F", "#FFFFFF", "√", "green"),
    Status.ON_TRACK: Look("#3F9480", "#0E1B16", "●", "orange"),
    Status.BEHIND: Look("#E0A100", "#1F1600", "▲", "yellow"),
    Status.OVERDUE: Look("#C1272D", "#FFFFFF", "×", "red"),
    Status.NOT_DUE: Look("#8A94A6", "#12161C", "○", "gray"),
    Status.UNVERIFIED: Look("#2F6FDE", "#FFFFFF", "◎", "blue"),
    Flag.AHEAD: Look("#0B6E4F", "#FFFFFF", "↑", "green"),
    Flag.DUE_NEXT: Look("#2F6FDE", "#FFFFFF", "◆", "blue"),
    Flag.UNREPORTED: Look("#6C4FB3", "#FFFFFF", "？", "violet"),
}

REPORTED_DONE = (Status.COMPLETED, Status.UNVERIFIED)
"""Reported at 100 %, verified (or not to be) and not verified yet: nothing is left to report."""
SEVERITY = (
    *(Status.OVERDUE, Status.BEHIND, Status.ON_TRACK, Status.NOT_DUE),
    *(Status.UNVERIFIED, Status.COMPLETED),
)
"""The states from what needs attention first to what needs none."""
RANK = {status.value: rank for rank, status in enumerate(SEVERITY)}
"""The place of each state's word in `SEVERITY`, for sorting."""


def look(state: Status | Flag | str) -> Look:
    """Return how a state or flag, given as itself or as its word, is shown."""
    return LOOKS[Flag(state) if state in set(Flag) else Status(state)]


def mark(state: Status | Flag | str) -> str:
    """Return a state as it is written everywhere: icon and word, such as ``× 逾期``."""
    return f"{look(state).icon} {state}"
