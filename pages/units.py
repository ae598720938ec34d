"""单位: ranking, unit by month, one unit's tasks, and who has not reported."""

import streamlit as st

from lib.charts.groups import bars, heat_map
from lib.core import findings, views
from lib.ui import units
from lib.ui.kit import data, navigation, state
from lib.ui.kit.charts import chart_card
from lib.ui.kit.elements import empty, head, nothing_selected, palette
from lib.ui.kit.tables import download, indicator_frame, task_frame

figures = data.figures(navigation.view())
head(figures, f"单位：{findings.counts(figures)}")
if nothing_selected(figures):
    navigation.stop()

left, right = st.columns(2)
with left:
    ranking = bars(figures, "unit", palette())
    chart_card(ranking, parameter=state.FOCUS_UNIT)
with right:
    chart_card(heat_map(figures, "unit", palette()))

st.subheader(findings.missing(figures), anchor=False)
missing = views.missing_table(figures)
if missing.empty:
    empty("本月在计划期内的任务，责任单位都已填报，不用催报。")
else:
    units.missing_lines(figures)
    download(missing, "催报清单", "下载催报清单")

unit = st.selectbox(
    "查看一个单位的任务（也可点击排名图的条形）",
    figures.by_unit["key"],
    index=None,
    placeholder="请选择单位",
    key=state.FOCUS_UNIT,
    bind="query-params",
)
if unit is not None:
    chosen = figures.of_unit(unit)
    st.subheader(f"{unit}：{findings.counts(chosen)}", anchor=False)
    task_frame(views.task_table(chosen), "单位任务")
    indicator_frame(views.indicator_table(chosen))
