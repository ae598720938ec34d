"""How plans are called in choices, and opening one of them."""

from __future__ import annotations

import streamlit as st

from lib.core.problems import DataError
from lib.ui.kit import data, state


def label_of(name: str) -> str:
    """Return how a plan is shown: its name, the folder's own plan by its year: 2018（默认）.

    Brackets cannot be part of a name.
    """
    if name:
        return name
    try:
        return f"{data.dataset('').settings.year}（默认）"
    except DataError:
        return "默认"


def name_of(label: str | None) -> str:
    """Return the plan that a label means."""
    return label if label in data.plan_names() else ""


def open_plan(name: str) -> None:
    """Look at a plan and go to its overview; call it from a widget's callback."""
    if data.plan_names():
        st.session_state[state.PLAN] = label_of(name)
    state.forget_plan()
    st.session_state[state.GO_TO_OVERVIEW] = True
