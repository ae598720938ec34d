"""总览: the answer on one screen: how far, what is late, what falls due, what changed."""

import streamlit as st

from lib.charts.curve import s_curve
from lib.charts.groups import bars
from lib.core import findings
from lib.ui import overview
from lib.ui.kit import data, navigation, state
from lib.ui.kit.charts import chart_card
from lib.ui.kit.elements import head, note, nothing_selected, palette

figures = data.figures(navigation.view())
head(figures, findings.headline(figures))
if nothing_selected(figures):
    navigation.stop()

overview.tiles(figures)
left, middle, right = st.columns(3)
with left:
    chart_card(
        bars(figures, "category", palette()),
        drill="categories",
        parameter=state.FOCUS_CATEGORY,
    )
    with st.container(border=True, gap="xsmall", key="lines-indicators"):
        st.subheader("指标：离目标最近和最远", anchor=False)
        overview.indicator_lines(*findings.indicator_extremes(figures))
with middle:
    chart_card(s_curve(figures, palette(), height=220))
    with st.container(border=True, gap="xsmall", key="lines-changes"):
        st.subheader(findings.changed(figures), anchor=False)
        overview.change_lines(figures)
with right, st.container(border=True, gap="xsmall"):
    rows = figures.attention
    st.subheader(findings.attention(figures), anchor=False)
    overview.task_list(figures, rows, findings.reasons(figures, rows))
    note(findings.due(figures))
