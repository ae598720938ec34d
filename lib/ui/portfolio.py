"""Several plans: the switcher in the sidebar, the portfolio, two plans by category."""

from __future__ import annotations

import time
from collections.abc import Mapping

import pandas as pd
import streamlit as st

from lib.charts.plans import comparison_bars, portfolio_bars
from lib.core import months, portfolio, wording
from lib.core.figures import Figures, Selection
from lib.core.portfolio import PlanSummary
from lib.core.problems import DataError, Problem
from lib.ui.frame import filters
from lib.ui.frame import run as frame
from lib.ui.kit import charts as cards
from lib.ui.kit import data
from lib.ui.report import entry

_OPEN = "_open_plan"
PATIENCE = 1.0
"""Seconds after which reading plans shows how far it is."""


def choose() -> filters.Control | None:
    """Use the plan that is chosen; return the switcher once there is a second plan.

    The default plan is written by its year, as 2018（默认）: brackets cannot be part of a name.
    """
    names = data.names()
    if not names:
        data.use("")
        return None
    labels = [label_of(""), *names]
    wanted = st.session_state.get(filters.PLAN)
    if wanted is not None and wanted not in labels:
        st.session_state[filters.PLAN] = labels[0]

    def draw() -> str:
        return st.selectbox(
            "计划",
            labels,
            key=filters.PLAN,
            bind="query-params",
            on_change=_forget_filters,
            help="切换到另一个计划；全部页面随之变化",
        )

    chosen = filters.one_of(filters.PLAN, labels) or labels[0]
    data.use(chosen if chosen in names else "")
    return filters.Control(chosen, draw)


def label_of(name: str) -> str:
    """Return how a plan is shown: its name, the default plan by its year.

    The default plan's stands in brackets, which cannot be part of a name.
    """
    if name:
        return name
    try:
        return f"{data.load(name='').settings.year}（默认）"
    except DataError:
        return "默认"


def name_of(label: str | None) -> str:
    """Return the plan that a label means."""
    return label if label in data.names() else ""


def _forget_filters() -> None:
    filters.forget()
    entry.forget()


def open_plan(name: str) -> None:
    """Look at a plan and go to its overview; call it from a widget's callback."""
    if data.names():
        st.session_state[filters.PLAN] = label_of(name)
    _forget_filters()
    st.session_state[_OPEN] = True


def follow() -> None:
    """Go where `open_plan` asked to go."""
    if st.session_state.pop(_OPEN, False):
        frame.go("overview")


def summaries() -> tuple[dict[str, PlanSummary], list[Problem]]:
    """Return how every plan stands as of its latest reported month, by label; and faults.

    A bar shows how far it is where many plans have to be read for the first time.
    """
    found: dict[str, PlanSummary] = {}
    faults: list[Problem] = []
    names = ["", *data.names()]
    labels = [label_of(""), *names[1:]]
    started, bar = time.monotonic(), None
    for number, (label, name) in enumerate(zip(labels, names, strict=True)):
        try:
            found[label] = data.plan_summary(name, label, _with_narrative())
        except DataError as error:
            faults.append(
                Problem(label, 0, "", "", f"计划数据有错误：{error.problems[0]}", "改正后刷新")
            )
        if bar is None and time.monotonic() - started > PATIENCE:
            bar = st.progress(0.0)
        if bar is not None:
            bar.progress((number + 1) / len(names), f"正在读取各计划：{number + 1}／{len(names)}")
    if bar is not None:
        bar.empty()
    return found, faults


def _with_narrative() -> bool:
    return filters.is_on(filters.NARRATIVE)


def banner(plans: Mapping[str, PlanSummary]) -> None:
    """Say which plans show synthetic progress."""
    demo = [label for label, one in plans.items() if one.demo]
    if demo:
        st.warning(
            f"演示数据：{cards.plain(wording.listing(demo))}的进展为虚构示例，不是真实进展。",
            icon=":material/science:",
        )


def overview(rows: pd.DataFrame) -> None:
    """Draw the portfolio: chart and table; a click opens a plan."""
    table = portfolio.portfolio_table(rows)
    chart = portfolio_bars(portfolio.furthest_behind(rows), frame.palette())
    if len(rows) > portfolio.SHOWN:
        frame.note(f"图中是落后最多的{portfolio.SHOWN}个计划，全部{len(rows)}个见下表。")

    def clicked() -> None:
        point = cards.clicked(st.session_state["chart-portfolio"])
        if point is not None:
            open_plan(name_of(point))

    def chosen() -> None:
        picked = st.session_state["portfolio"]["selection"]["rows"]
        if picked:
            open_plan(name_of(str(table["计划"].iloc[picked[0]])))

    with st.container(border=True):
        st.subheader(chart.title, anchor=False)
        cards.figure(chart, "chart-portfolio", clicked)
        frame.note("点击条形，或选择下表的一行，打开这个计划")
        st.dataframe(
            table,
            hide_index=True,
            key="portfolio",
            on_select=chosen,
            selection_mode="single-row",
            column_config=cards.percent_columns(),
            alt="全部计划：完成率、序时进度、SPI、逾期数；选择一行打开",
        )
        cards.download(table, "全部计划", "下载 CSV")


def _figures(label: str) -> Figures:
    name = name_of(label)
    selection = Selection(data.load(name=name).latest_month, with_narrative=_with_narrative())
    return data.figures(selection, name=name)


def comparison(plans: Mapping[str, PlanSummary]) -> None:
    """Draw two plans by category, each as of the same month of its own year."""
    labels = list(plans)
    left, middle, right = st.columns(3)
    one = left.selectbox("计划一", labels, index=0, key="compare_one")
    other = middle.selectbox("计划二", labels, index=len(labels) - 1, key="compare_other")
    reported = [
        months.number_of(int(plans[label].row["month"].iloc[0]))
        for label in (one, other)
        if plans[label].reported
    ]
    number = right.selectbox(
        "截至（各自年度的）",
        range(1, 13),
        index=min(reported, default=1) - 1,
        format_func=lambda value: f"{value}月",
        key=f"compare_month_{one}_{other}",
        help="两个计划各按自己年度的这个月比较",
    )
    if one == other:
        frame.empty("请选择两个不同的计划。")
        return
    sides = []
    for label in (one, other):
        figures = _figures(label)
        year = figures.dataset.settings.year
        sides.append(figures.at(months.from_parts(year, number)))
    rows = portfolio.compare(*sides)
    chart = comparison_bars(rows, one, other, frame.palette())
    cards.chart(chart)
