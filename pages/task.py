"""任务: one task: its text, window, units, indicators and reports."""

import streamlit as st

from lib.charts.curve import s_curve
from lib.core import findings
from lib.html.calendar import story
from lib.html.indicators import indicator_list
from lib.store import listing
from lib.ui import task, task_steps
from lib.ui.kit import data, navigation
from lib.ui.kit.acting import show_flash
from lib.ui.kit.charts import chart_card, table_view
from lib.ui.kit.elements import empty, head, heading, note, nothing_selected, palette, plain
from lib.ui.kit.evidence import evidence_list
from lib.ui.kit.links import figures_html, links
from lib.ui.kit.tables import download

view = navigation.view()
figures = data.figures(view)
if figures.tasks.empty:
    head(figures, findings.NOTHING)
if nothing_selected(figures):
    navigation.stop()

task_id = task.choose_task(figures)
chosen = figures.of_tasks([task_id])
head(figures, findings.task(chosen))
task.task_state(chosen)
left, right = st.columns([2, 3])
with left, st.container(border=True):
    st.markdown(plain(figures.dataset.tasks.at[task_id, "content"]))
    task.task_facts(chosen)
    figures_html(f'<a class="more" href="{links().to("explain", task=task_id)}">怎么算的</a>')
with right:
    chart_card(s_curve(chosen, palette(), height=300), title="完成率与序时进度")
show_flash()
task_steps.verification(chosen, task_id, view)
task_steps.outlook(chosen, task_id, view.revision)
task_steps.extension(chosen, task_id, view)
if len(chosen.indicators):
    heading(findings.indicators(chosen))
    figures_html(indicator_list(chosen, links()))
else:
    note("定性任务：按各责任单位最近一次填报的累计完成率取平均，未填报的按0计。")
evidence = data.evidence(task_id, view.revision)
reports = listing.report_table(chosen, task_id, evidence)
heading(f"截至{findings.month_word(figures)}共{len(reports)}条填报")
events = task.events_of(view, chosen, task_id)
if reports.empty:
    empty("还没有填报。责任单位填报后，这里按月列出进展、问题和下一步措施。")
if events or len(reports):
    figures_html(story(chosen, task.reports_of(chosen, task_id), events))
if len(reports):
    table_view(reports, "填报记录")
    download(reports, f"填报记录_{task_id}", "下载填报记录")
evidence_list(evidence)
