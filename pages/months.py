"""月度: the S-curve, what starts and falls due, category by month, what changed."""

import streamlit as st

from lib.charts.curve import s_curve
from lib.charts.groups import heat_map
from lib.core import findings, views
from lib.ui.frame import run as frame
from lib.ui.kit import charts as cards

figures = frame.view()
frame.head(f"月度：{findings.counts(figures)}")
if figures.tasks.empty:
    frame.empty("没有符合筛选条件的任务。请在左侧清除类型或责任单位。")
    frame.stop()

left, right = st.columns(2)
with left:
    cards.chart(s_curve(figures, frame.palette(), height=360))
with right:
    cards.chart(heat_map(figures, figures.category_by_month, "类型", frame.palette()))
left, right = st.columns([4, 3])
with left:
    st.subheader(findings.changed(figures), anchor=False)
    changes = views.changes_table(figures)
    if changes.empty:
        frame.empty("没有变化。请选择有上报的月份，或放宽筛选条件。")
    else:
        cards.task_frame(changes, "与上月相比")
        cards.download(changes, "与上月相比", "下载 CSV")
with right:
    st.subheader(findings.due(figures), anchor=False)
    calendar = views.calendar_table(figures)
    cards.words(calendar, "calendar")
    cards.download(calendar, "启动和到期任务", "下载 CSV")
