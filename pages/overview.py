"""总览: the answer on one screen: how far, what is late, what falls due, what changed."""

import streamlit as st

from lib.charts.curve import s_curve
from lib.charts.groups import bars
from lib.core import findings
from lib.ui.frame import run as frame
from lib.ui.kit import charts as cards

figures = frame.view()
frame.head(findings.headline(figures))
if figures.tasks.empty:
    frame.empty("没有符合筛选条件的任务。请在左侧清除类型或责任单位。")
    frame.stop()

cards.tiles(figures)
left, middle, right = st.columns(3)
with left:
    cards.chart(
        bars(figures, figures.by_category, "类型", frame.palette()),
        drill="categories",
        parameter="focus_category",
    )
    with st.container(border=True, gap="xsmall", key="lines-indicators"):
        st.subheader("指标：离目标最近和最远", anchor=False)
        cards.indicator_lines(*findings.indicator_extremes(figures))
with middle:
    cards.chart(s_curve(figures, frame.palette(), height=220))
    with st.container(border=True, gap="xsmall", key="lines-changes"):
        st.subheader(findings.changed(figures), anchor=False)
        cards.change_lines(figures)
with right, st.container(border=True, gap="xsmall"):
    rows = figures.attention
    st.subheader(findings.attention(figures), anchor=False)
    cards.task_list(figures, rows, findings.reasons(figures, rows))
    frame.note(findings.due(figures))
