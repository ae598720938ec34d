"""单位: who is late first, the lights by month, one unit's tasks, and who has not reported."""

import streamlit as st

from lib.core import findings, views
from lib.core.answers import Answers
from lib.html.answers import gap_bars
from lib.html.lights import task_lights, unit_lights
from lib.ui import units
from lib.ui.kit import data, navigation, state
from lib.ui.kit.charts import table_view
from lib.ui.kit.elements import empty, head, nothing_selected
from lib.ui.kit.links import figures_html, links
from lib.ui.kit.tables import download, indicator_frame, task_frame

figures = data.figures(navigation.view())
answers = Answers(figures)
head(figures, answers.worst_title("单位", answers.units))
if nothing_selected(figures):
    navigation.stop()

left, right = st.columns([2, 3], gap="large")
with left:
    figures_html(gap_bars(answers.units, links(), "units", state.FOCUS_UNIT))
    table_view(views.group_table(answers.units, "单位"), "单位完成率")
with right:
    unit = st.selectbox(
        "查看一个单位（也可点击左边的一行）",
        answers.units["key"],
        index=None,
        placeholder="全部单位",
        key=state.FOCUS_UNIT,
        bind="query-params",
    )
    if unit is None:
        figures_html(unit_lights(figures, links()))
    else:
        chosen = figures.of_unit(unit)
        st.subheader(f"{unit}：{findings.counts(chosen)}", anchor=False)
        figures_html(task_lights(chosen, links()))
if unit is not None:
    task_frame(views.task_table(chosen), "单位任务")
    indicator_frame(views.indicator_table(chosen))

st.subheader(findings.missing(figures), anchor=False)
missing = views.missing_table(figures)
if missing.empty:
    empty("本月在计划期内的任务，责任单位都已填报，不用催报。")
else:
    units.missing_lines(figures)
    download(missing, "催报清单", "下载催报清单")
