"""Who reports for which month."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Reporter:
    """Who reports for which unit (empty: none chosen) and month (ordinal)."""

    unit: str
    month: int
    user: str
