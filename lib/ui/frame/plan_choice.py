"""The switcher between plans in the sidebar."""

from __future__ import annotations

import streamlit as st

from lib.ui.frame.filters import Control
from lib.ui.kit import data, navigation, state
from lib.ui.kit.plan_labels import label_of


def choose_plan() -> Control | None:
    """Use the plan that is chosen; return the switcher once there is a second plan.

    Goes to the overview where a callback asked for it (`lib.ui.kit.plan_labels.open_plan`).
    """
    names = data.plan_names()
    labels = [label_of(""), *names] if names else []
    chosen = state.one_of(state.PLAN, labels)
    st.session_state[state.PLAN_NAME] = chosen if chosen in names else ""
    if labels and st.session_state.get(state.PLAN, labels[0]) not in labels:
        st.session_state[state.PLAN] = labels[0]
    if st.session_state.pop(state.GO_TO_OVERVIEW, False):
        navigation.go("overview")
    if not labels:
        return None

    def draw() -> str:
        return st.selectbox(
            "计划",
            labels,
            key=state.PLAN,
            bind="query-params",
            on_change=state.forget_plan,
            help="切换到另一个计划；全部页面随之变化",
        )

    return Control(chosen or labels[0], draw)
