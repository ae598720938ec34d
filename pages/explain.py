"""怎么算的: the total, its categories, their tasks, their indicators and the reports behind them."""

import streamlit as st

from lib.core import wording
from lib.html import explain as html
from lib.ui import explain
from lib.ui.kit import data, navigation, state
from lib.ui.kit.elements import nothing_selected, page_title
from lib.ui.kit.evidence import evidence_list
from lib.ui.kit.links import figures_html, links
from lib.ui.task import reports_of

view = navigation.view()
figures = data.figures(view)
category = st.query_params.get(state.FOCUS_CATEGORY)
task_id = st.query_params.get(state.TASK)
tasks = figures.dataset.tasks
if task_id is not None and task_id in set(figures.tasks["task_id"]):
    title = f"{task_id} {wording.short_title(tasks.at[task_id, 'content'], 30)}是怎么算的"
elif category is not None and category in set(figures.by_category["key"]):
    title = f"{category}的完成率是怎么算的"
else:
    title = "总体完成率是怎么算的"
page_title(title)
if nothing_selected(figures):
    navigation.stop()
if task_id is not None and task_id in set(figures.tasks["task_id"]):
    chosen = figures.of_tasks([task_id])
    evidence = data.evidence(task_id, view.revision)
    names = {(item.month, item.unit): item.name for _, item in evidence}
    figures_html(html.task(chosen))
    reports = reports_of(chosen, task_id)
    year = figures.dataset.settings.year
    figures_html(html.reports(reports, names, explain.sources(view, chosen, reports), year))
    evidence_list(evidence)
    figures_html(f'<a class="more" href="{links().to("task", task=task_id)}">看这项任务</a>')
elif category is not None and category in set(figures.by_category["key"]):
    figures_html(html.category(figures.of_category(category), links()))
else:
    figures_html(html.total(figures, links()))
