"""月度: the S-curve, what changed, what starts and what falls due by name and unit."""

import streamlit as st

from lib.charts.curve import s_curve
from lib.core import findings, views
from lib.core.answers import Answers
from lib.html.calendar import calendar
from lib.ui.kit import data, navigation
from lib.ui.kit.charts import chart_card
from lib.ui.kit.elements import empty, head, nothing_selected, palette
from lib.ui.kit.links import figures_html, links
from lib.ui.kit.tables import download, task_frame

figures = data.figures(navigation.view())
head(figures, findings.curve(figures))
if nothing_selected(figures):
    navigation.stop()

left, right = st.columns(2, gap="large")
with left:
    chart_card(s_curve(figures, palette(), height=360), title="完成率与序时进度")
    st.subheader(Answers(figures).change_title, anchor=False)
    changes = views.changes_table(figures)
    if changes.empty:
        empty("没有变化。请选择有上报的月份，或放宽筛选条件。")
    else:
        task_frame(changes, "与上月相比")
        download(changes, "与上月相比", "下载 CSV")
with right:
    st.subheader(findings.due(figures), anchor=False)
    figures_html(calendar(figures, links()))
    download(views.calendar_table(figures), "启动和到期任务", "下载 CSV")
