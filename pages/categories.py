"""分类: the categories against plan; one category's tasks and indicators."""

import streamlit as st

from lib.charts.groups import bars
from lib.core import findings, views
from lib.ui.kit import data, navigation, state
from lib.ui.kit.charts import chart_card
from lib.ui.kit.elements import empty, head, nothing_selected, palette
from lib.ui.kit.tables import indicator_frame, task_frame

figures = data.figures(navigation.view())
head(figures, f"分类：{findings.counts(figures)}")
if nothing_selected(figures):
    navigation.stop()

chart_card(bars(figures, "category", palette()), parameter=state.FOCUS_CATEGORY)
category = st.selectbox(
    "查看一个类型的任务和指标（也可点击上图的条形）",
    figures.by_category["key"],
    index=None,
    placeholder="全部类型",
    key=state.FOCUS_CATEGORY,
    bind="query-params",
)
chosen = figures if category is None else figures.of_category(category)
st.subheader(f"{category or '全部类型'}：{findings.counts(chosen)}", anchor=False)
task_frame(views.task_table(chosen), "分类任务")
indicators = views.indicator_table(chosen)
if indicators.empty:
    empty("这个类型的任务都是定性任务，没有量化指标，按各单位填报的累计完成率计算。")
else:
    st.subheader(findings.indicators(chosen), anchor=False)
    indicator_frame(indicators)
