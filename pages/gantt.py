"""甘特图: every task on one line: window, what is done, where it should be, how long overdue."""

import streamlit as st

from lib.core import views
from lib.core.answers import Answers
from lib.core.gantt import Order, gantt
from lib.core.status import Status
from lib.html.gantt import gantt_html, gantt_legend
from lib.ui.kit import data, navigation
from lib.ui.kit.charts import table_view
from lib.ui.kit.elements import empty, head, note, nothing_selected
from lib.ui.kit.links import figures_html, links

figures = data.figures(navigation.view())
with st.container(key="gantt-head"):
    head(figures, Answers.of(figures).plan_title)
if nothing_selected(figures):
    navigation.stop()
orders: dict[Order, str] = {"category": "按类型", "urgency": "最急的在前", "unit": "按单位"}
with st.container(key="gantt-controls", horizontal=True, vertical_alignment="center"):
    order = st.segmented_control(
        "顺序",
        list(orders),
        format_func=orders.__getitem__,
        default="category",
        required=True,
        key="order",
        label_visibility="collapsed",
    )
    if st.toggle("只看未完成", key="open", bind="query-params"):
        figures = figures.of_states([state for state in Status if state is not Status.COMPLETED])
    chart = gantt(figures, order)
    figures_html(gantt_legend(figures, chart))
if figures.tasks.empty:
    empty("没有未完成的任务：全部已完成。")
    navigation.stop()
figures_html(gantt_html(figures, chart, links()))
amended = views.amendment_words(figures)
if amended:
    note(f"与基准（最初下达的计划）相比：{amended}")
table_view(views.task_table(figures), "甘特图")
