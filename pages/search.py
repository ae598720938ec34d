"""查找: tasks, units and reports that hold some words."""

import streamlit as st

from lib.core.search import search
from lib.html.hits import hit_list
from lib.ui.kit import data, navigation
from lib.ui.kit.elements import empty, page_title
from lib.ui.kit.links import figures_html, links

figures = data.figures(navigation.view())
title = st.container()
text = st.text_input(
    "查找任务、单位和填报内容",
    placeholder="如 招聘会、区商务局、物流成本",
    key="q",
    bind="query-params",
    max_chars=60,
    label_visibility="collapsed",  # the title says it
)
hits = search(figures.dataset, text or "")
with title:
    page_title(f"找到{len(hits)}项任务" if text else "查找任务、单位和填报内容")
if text and not hits:
    empty("没有找到。请换一个词，或少写几个字。")
figures_html(hit_list(hits, links()))
