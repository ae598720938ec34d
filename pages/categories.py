"""分类: the categories against plan; one category's tasks and indicators."""

import streamlit as st

from lib.charts.groups import bars
from lib.core import findings, views
from lib.ui.frame import run as frame
from lib.ui.kit import charts as cards

figures = frame.view()
frame.head(f"分类：{findings.counts(figures)}")
if figures.tasks.empty:
    frame.empty("没有符合筛选条件的任务。请在左侧清除类型或责任单位。")
    frame.stop()

cards.chart(bars(figures, figures.by_category, "类型", frame.palette()), parameter="focus_category")
category = st.selectbox(
    "查看一个类型的任务和指标（也可点击上图的条形）",
    figures.by_category["key"],
    index=None,
    placeholder="全部类型",
    key="focus_category",
    bind="query-params",
)
chosen = figures if category is None else figures.of_category(category)
st.subheader(f"{category or '全部类型'}：{findings.counts(chosen)}", anchor=False)
cards.task_frame(views.task_table(chosen), "分类任务")
indicators = views.indicator_table(chosen)
if indicators.empty:
    frame.empty("这个类型的任务都是定性任务，没有量化指标，按各单位填报的累计完成率计算。")
else:
    st.subheader(findings.indicators(chosen), anchor=False)
    cards.indicator_frame(indicators)
