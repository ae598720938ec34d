"""月度: the S-curve, what changed, what starts and what falls due by name and unit."""

import streamlit as st

from lib.charts.curve import s_curve
from lib.core import findings, views
from lib.core.answers import Answers
from lib.html.answers import change_list
from lib.html.calendar import calendar
from lib.ui.kit import data, navigation
from lib.ui.kit.charts import chart_card, table_view
from lib.ui.kit.elements import head, heading, nothing_selected, palette
from lib.ui.kit.links import figures_html, links
from lib.ui.kit.tables import download

figures = data.figures(navigation.view())
answers = Answers.of(figures)
head(figures, findings.curve(figures) + answers.silence_note)
if nothing_selected(figures):
    navigation.stop()

left, right = st.columns(2, gap="large")
with left:
    chart_card(s_curve(figures, palette(), height=360), title="完成率与序时进度")
    heading(answers.change_title)
    figures_html(change_list(answers, links(), limit=None))
    if len(figures.changes):
        table_view(views.changes_table(figures), "与上月相比")
with right:
    heading(answers.due_title)
    figures_html(calendar(figures, links()))
    download(views.calendar_table(figures), "启动和到期任务", "下载 CSV")
