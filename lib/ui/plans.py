"""Several plans: the switcher in the sidebar, the portfolio, two plans by category."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from lib import months, portfolio
from lib.charts.plans import comparison_bars, portfolio_bars
from lib.figures import Figures, Selection
from lib.problems import DataError, Problem
from lib.ui import cards, data, filters, reporting, shell

_OPEN = "_open_plan"


def choose() -> None:
    """Draw the switcher once there is a second plan, and use the plan that is chosen.

    The default plan is written by its year, as 2018（默认）: brackets cannot be part of a name.
    """
    names = data.names()
    if not names:
        data.use("")
        return
    labels = options()
    asked = st.session_state.get(filters.PLAN)
    if asked is not None and asked not in labels:
        st.session_state[filters.PLAN] = labels[0]
    with st.sidebar:
        chosen = st.selectbox(
            "计划",
            labels,
            key=filters.PLAN,
            bind="query-params",
            on_change=_forget_filters,
            help="切换到另一个计划；全部页面随之变化",
        )
    data.use(name_of(chosen))


def options() -> list[str]:
    """Return the plans as they are shown, the default plan first."""
    return [label_of(""), *data.names()]


def label_of(name: str) -> str:
    """Return how a plan is shown: its name, the default plan by its year."""
    if name:
        return name
    try:
        return f"{data.load(name='').settings.year}（默认）"
    except DataError:
        return "默认"


def name_of(label: str | None) -> str:
    """Return the plan that a label of `options` means."""
    return label if label in data.names() else ""


def _forget_filters() -> None:
    filters.forget()
    reporting.forget()


def open_plan(name: str) -> None:
    """Look at a plan and go to its overview; call it from a widget's callback."""
    if data.names():
        st.session_state[filters.PLAN] = label_of(name)
    _forget_filters()
    st.session_state[_OPEN] = True


def follow() -> None:
    """Go where `open_plan` asked to go."""
    if st.session_state.pop(_OPEN, False):
        shell.go("overview")


def all_figures() -> tuple[dict[str, Figures], list[Problem]]:
    """Return every plan's figures as of its latest reported month, by label; and faults."""
    found: dict[str, Figures] = {}
    faults: list[Problem] = []
    for label in options():
        name = name_of(label)
        try:
            dataset = data.load(name=name)
        except DataError as error:
            faults.append(
                Problem(label, 0, "", "", f"计划数据有错误：{error.problems[0]}", "改正后刷新")
            )
            continue
        with_narrative = bool(st.session_state.get(filters.NARRATIVE, False))
        selection = Selection(dataset.latest_month, with_narrative=with_narrative)
        found[label] = data.figures(selection, name=name)
    return found, faults


def banner(plans: dict[str, Figures]) -> None:
    """Say which plans show synthetic progress."""
    demo = [label for label, figures in plans.items() if figures.dataset.has_demo]
    if demo:
        st.warning(
            f"演示数据：{cards.plain('、'.join(demo))}的进展为虚构示例，不是真实进展。",
            icon=":material/science:",
        )


def overview(plans: dict[str, Figures]) -> None:
    """Draw the portfolio: chart and table; a click opens a plan."""
    rows = portfolio.portfolio(plans)
    table = portfolio.portfolio_table(rows)
    chart = portfolio_bars(rows, shell.palette())

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
        shell.note("点击条形，或选择下表的一行，打开这个计划")
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


def comparison(plans: dict[str, Figures], labels: Sequence[str]) -> None:
    """Draw two plans by category, each as of the same month of its own year."""
    left, middle, right = st.columns(3)
    one = left.selectbox("计划一", labels, index=0, key="compare_one")
    other = middle.selectbox("计划二", labels, index=len(labels) - 1, key="compare_other")
    reported = [
        months.number_of(plans[label].selection.month)
        for label in (one, other)
        if len(plans[label].dataset.progress)
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
        shell.empty("请选择两个不同的计划。")
        return
    sides = []
    for label in (one, other):
        year = plans[label].dataset.settings.year
        sides.append(plans[label].at(months.from_parts(year, number)))
    rows = portfolio.compare(*sides)
    chart = comparison_bars(rows, one, other, shell.palette())
    cards.chart(chart)
