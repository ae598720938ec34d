"""我的待办: the first section of 填报 for a 经办人: returned, overdue, drafts, due."""

from __future__ import annotations

from datetime import date

import streamlit as st

from lib.access import Role
from lib.core.dataset import Dataset
from lib.core.figures import Figures, Selection
from lib.core.months import from_parts
from lib.core.punctuality import reporting_calendar
from lib.intake.to_do import ToDo, to_do
from lib.ui.kit import data, session, state
from lib.ui.kit.elements import plain
from lib.ui.report import unsent

SHOWN = 6
"""Entries that are listed; more are counted."""


def own_to_do(dataset: Dataset) -> list[ToDo]:
    """Return what a 经办人 has to do; whoever collects for all units has no list of the own."""
    if session.actor().role is not Role.REPORTER:
        return []
    today = date.today()
    month = min(max(dataset.axis.start, from_parts(today.year, today.month)), dataset.axis[-1])
    figures = Figures(dataset, Selection(month, with_narrative=True))
    units = session.reporting_units(dataset)
    return to_do(units, reporting_calendar(figures, today), data.submissions(), unsent.items())


def draw_to_do(dataset: Dataset) -> None:
    """Draw the list; a click chooses unit and month."""
    entries = own_to_do(dataset)
    if not entries:
        return
    with st.expander(f"我的待办：{len(entries)}件", expanded=True, icon=":material/checklist:"):
        for number, entry in enumerate(entries[:SHOWN]):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"**{entry.kind}**　{plain(entry.unit)}　{plain(entry.text)}")
                if entry.month is not None:
                    st.button("去填", key=f"to-do-{number}", on_click=_choose, args=(entry,))
        if len(entries) > SHOWN:
            st.markdown(f"还有{len(entries) - SHOWN}件，做完上面的再看。")


def _choose(entry: ToDo) -> None:
    st.session_state[state.REPORT_UNIT] = entry.unit or None
    st.session_state[state.REPORT_MONTH] = entry.month
