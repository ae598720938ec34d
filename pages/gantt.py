"""甘特图: every task's window on the months, the completed share, the line of the month."""

import streamlit as st

from lib.charts.gantt import gantt
from lib.core import findings, views
from lib.core.status import Status, mark
from lib.ui.kit import data, navigation
from lib.ui.kit.charts import chart_card
from lib.ui.kit.elements import empty, head, note, palette

figures = data.figures(navigation.view())
head(figures, f"甘特图：{findings.counts(figures)}")
states = st.pills(
    "只看这些状态",
    list(Status),
    format_func=mark,
    selection_mode="multi",
    key="states",
    bind="query-params",
)
chosen = figures.of_states(states) if states else figures
if chosen.tasks.empty:
    empty("没有符合条件的任务。请取消上面的状态，或在左侧清除类型、责任单位。")
    navigation.stop()
note("空心：计划时间　实心：已完成的部分　竖线：所选月份的月末　◆：截止时间　点击条形查看任务")
amended = views.amendment_words(chosen)
if amended:
    note(f"细空心条：基准（最初下达的计划时间），没有画的与现在相同　{amended}")
chart_card(gantt(chosen, palette()), drill="task", parameter="task")
