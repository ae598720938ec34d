"""What a viewer looks at: one value that the frame makes and everything on a page is drawn from."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from lib.core.figures import Selection
from lib.report.editions import Edition
from lib.ui.kit import state


@dataclass(frozen=True)
class View:
    """What is looked at, and in which way.

    ``plan`` is the plan's name (empty: the folder's own), ``selection`` month and filters.
    ``edition`` shows the figures as they were sealed. ``with_pending`` counts reports that wait
    for 审核 as well, ``against_baseline`` holds the reports against the plan as first adopted;
    both mean nothing for a sealed edition, and are never set where the plan does not offer them.
    ``verified_only`` leaves out what waits to be verified (核实).
    """

    plan: str
    selection: Selection
    edition: Edition | None = None
    with_pending: bool = False
    against_baseline: bool = False
    verified_only: bool = False

    @property
    def revision(self) -> int | None:
        """The revision of the sealed edition; ``None`` for what is in force now."""
        return None if self.edition is None else self.edition.revision


def view_or_none() -> View | None:
    """Return what is looked at, ``None`` while the plan cannot be read."""
    view: View | None = st.session_state.get(state.VIEW)
    return view
