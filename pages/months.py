"""月度: the S-curve, what starts and falls due, category by month, what changed."""

import streamlit as st

from lib.charts.curve import s_curve
from lib.charts.groups import heat_map
from lib.core import findings, views
from lib.ui.kit import data, navigation
from lib.ui.kit.charts import chart_card
from lib.ui.kit.elements import empty, head, nothing_selected, palette, text_table
from lib.ui.kit.tables import download, task_frame

figures = data.figures(navigation.view())
head(figures, f"月度：{findings.counts(figures)}")
if nothing_selected(figures):
    navigation.stop()

left, right = st.columns(2)
with left:
    chart_card(s_curve(figures, palette(), height=360))
with right:
    chart_card(heat_map(figures, "category", palette()))
left, right = st.columns([4, 3])
with left:
    st.subheader(findings.changed(figures), anchor=False)
    changes = views.changes_table(figures)
    if changes.empty:
        empty("没有变化。请选择有上报的月份，或放宽筛选条件。")
    else:
        task_frame(changes, "与上月相比")
        download(changes, "与上月相比", "下载 CSV")
with right:
    st.subheader(findings.due(figures), anchor=False)
    calendar = views.calendar_table(figures)
    text_table(calendar, "calendar")
    download(calendar, "启动和到期任务", "下载 CSV")
