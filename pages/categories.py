"""分类: the categories against plan, the worst first; one category's tasks and indicators beside."""

import streamlit as st

from lib.core import findings, views
from lib.core.answers import Answers
from lib.html.answers import gap_bars
from lib.html.lights import task_lights
from lib.ui.kit import data, navigation, state
from lib.ui.kit.charts import table_view
from lib.ui.kit.elements import empty, head, nothing_selected
from lib.ui.kit.links import figures_html, links
from lib.ui.kit.tables import indicator_frame, task_frame

figures = data.figures(navigation.view())
answers = Answers(figures)
head(figures, answers.worst_title("类型", answers.categories))
if nothing_selected(figures):
    navigation.stop()

left, right = st.columns([2, 3], gap="large")
with left:
    figures_html(gap_bars(answers.categories, links(), "categories", state.FOCUS_CATEGORY))
    table_view(views.group_table(answers.categories, "类型"), "类型完成率")
with right:
    category = st.selectbox(
        "查看一个类型（也可点击左边的一行）",
        figures.by_category["key"],
        index=None,
        placeholder="全部类型",
        key=state.FOCUS_CATEGORY,
        bind="query-params",
    )
    chosen = figures if category is None else figures.of_category(category)
    st.subheader(f"{category or '全部类型'}：{findings.counts(chosen)}", anchor=False)
    figures_html(task_lights(chosen, links()))
task_frame(views.task_table(chosen), "分类任务")
indicators = views.indicator_table(chosen)
if indicators.empty:
    empty("这个类型的任务都是定性任务，没有量化指标，按各单位填报的累计完成率计算。")
else:
    st.subheader(findings.indicators(chosen), anchor=False)
    indicator_frame(indicators)
