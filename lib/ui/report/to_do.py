"""我的待办: the first section of 填报 for a 经办人: returned, overdue, drafts, due."""

from __future__ import annotations

from collections import Counter
from datetime import date

import streamlit as st

from lib.access import Role
from lib.core.dataset import Dataset
from lib.core.figures import Figures, Selection
from lib.core.months import from_parts
from lib.core.punctuality import reporting_calendar
from lib.intake.to_do import ToDo, ToDoKind, to_do
from lib.ui.kit import data, session, state
from lib.ui.kit.elements import note, plain
from lib.ui.report import unsent

SHOWN = 3
"""Entries that are listed: the form has to stay in sight; more are counted."""
ICONS = {
    ToDoKind.RETURNED: ":material/reply:",
    ToDoKind.OVERDUE: ":material/event_busy:",
    ToDoKind.DRAFT: ":material/edit_note:",
    ToDoKind.DUE: ":material/event:",
}


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
    """Draw the list; a click on an entry chooses its unit and month."""
    entries = own_to_do(dataset)
    if not entries:
        return
    counts = Counter(entry.kind for entry in entries)
    words = "，".join(f"{kind}{counts[kind]}件" for kind in ToDoKind if counts[kind])
    with st.expander(f"我的待办：{words}", expanded=True, icon=":material/checklist:"):
        for number, entry in enumerate(entries[:SHOWN]):
            st.button(
                plain(f"{entry.kind}　{entry.unit}　{entry.text}"),
                key=f"to-do-{number}",
                type="tertiary",
                icon=ICONS[entry.kind],
                on_click=_choose,
                args=(entry,),
            )
        if len(entries) > SHOWN:
            note(f"还有{len(entries) - SHOWN}件，做完上面的再列出来。")


def _choose(entry: ToDo) -> None:
    st.session_state[state.REPORT_UNIT] = entry.unit or None
    if entry.month is not None:
        st.session_state[state.REPORT_MONTH] = entry.month
