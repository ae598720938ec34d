"""单位: ranking, unit by month, one unit's tasks, and who has not reported."""

import streamlit as st

from lib.charts.groups import bars, heat_map
from lib.core import findings, views
from lib.ui.frame import run as frame
from lib.ui.kit import charts as cards

figures = frame.view()
frame.head(f"单位：{findings.counts(figures)}")
if figures.unit_tasks.empty:
    frame.empty("没有符合筛选条件的任务。请在左侧清除类型或责任单位。")
    frame.stop()

left, right = st.columns(2)
with left:
    ranking = bars(figures, figures.by_unit, "单位", frame.palette(), ranked=True)
    cards.chart(ranking, parameter="focus_unit")
with right:
    cards.chart(heat_map(figures, figures.unit_by_month, "单位", frame.palette()))

st.subheader(findings.missing(figures), anchor=False)
missing = views.missing_table(figures)
if missing.empty:
    frame.empty("本月在计划期内的任务，责任单位都已填报，不用催报。")
else:
    cards.missing_lines(figures)
    cards.download(missing, "催报清单", "下载催报清单")

unit = st.selectbox(
    "查看一个单位的任务（也可点击排名图的条形）",
    figures.by_unit["key"],
    index=None,
    placeholder="请选择单位",
    key="focus_unit",
    bind="query-params",
)
if unit is not None:
    chosen = figures.of_unit(unit)
    st.subheader(f"{unit}：{findings.counts(chosen)}", anchor=False)
    cards.task_frame(views.task_table(chosen), "单位任务")
    cards.indicator_frame(views.indicator_table(chosen))
