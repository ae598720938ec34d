"""退回: told wherever the unit looks, with the reason, until those months are reported again."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from lib.access import Role
from lib.store import StoreError, listing
from lib.ui.kit import data, session
from lib.ui.kit.elements import plain


def returned_reports(units: Iterable[str]) -> None:
    """Draw the returned reports of some units, each once."""
    try:
        journal = data.submissions()
    except StoreError:  # said above the page
        return
    answers = {
        pair[0].revision: pair for u in units for pair in listing.unanswered_returns(journal, u)
    }
    for submission, returned in answers.values():
        st.warning(
            f"{plain(submission.describe())}被{plain(returned.user)}退回："
            f"{plain(returned.reason)}。请在“填报”里改好后重新提交。",
            icon=":material/reply:",
        )


def own_returned_reports() -> None:
    """Draw what was returned to the units of a 经办人."""
    who = session.actor()
    if who.role is Role.REPORTER:
        returned_reports(who.units)
