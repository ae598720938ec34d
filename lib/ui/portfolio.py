"""The parts of the 全部计划 page: every plan's summary, two plans by category."""

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
from lib.store import StoreError
from lib.ui.kit import data, state
from lib.ui.kit.charts import chart_card, clicked, figure
from lib.ui.kit.elements import empty, note, palette, plain, subheading
from lib.ui.kit.plan_labels import label_of, name_of, open_plan
from lib.ui.kit.tables import download, percent_columns
from lib.ui.kit.view import View

TOGETHER = 100
"""Plans that are read as one: so many that a call's own cost hardly counts, and less than a second's work."""
PATIENCE_SECONDS = 1.0
"""After this long, reading the plans shows how far it is."""


def summaries() -> tuple[dict[str, PlanSummary], list[Problem]]:
    """Return how every plan stands as of its latest reported month, by label; and faults.

    A bar shows how far it is where many plans have to be read for the first time.
    """
    names = ["", *data.plan_names()]
    labels = {name: name or label_of(name) for name in names}
    plans = data.PlanSummaries(names, with_narrative=_with_narrative())
    summaries = {name: plans.kept(name) for name in names}
    missing = [name for name, summary in summaries.items() if summary is None]
    faults: list[Problem] = []
    started, bar = time.monotonic(), None
    try:
        for number, name in enumerate(missing):
            if number % TOGETHER == 0:
                plans.compute_together(missing[number : number + TOGETHER])
            try:
                summaries[name] = plans.computed(name)
            except DataError as error:
                fault = f"计划数据有错误：{error.problems[0]}"
                faults.append(Problem(labels[name], 0, "", "", fault, "改正后刷新"))
            except StoreError as error:
                fault = f"计划读不出来：{error}"
                faults.append(Problem(labels[name], 0, "", "", fault, "请联系管理员"))
            if bar is None and time.monotonic() - started > PATIENCE_SECONDS:
                bar = st.progress(0.0)
            if bar is not None:
                progress = f"正在读取各计划：{number + 1}／{len(missing)}"
                bar.progress((number + 1) / len(missing), progress)
    finally:  # also of what was read before the viewer left
        plans.save()
    if bar is not None:
        bar.empty()
    return {labels[name]: summary for name, summary in summaries.items() if summary}, faults


def _with_narrative() -> bool:
    return state.is_on(state.NARRATIVE)


def banner(plans: Mapping[str, PlanSummary]) -> None:
    """Say which plans show synthetic progress."""
    demo = [label for label, summary in plans.items() if summary.demo]
    if demo:
        st.warning(
            f"演示数据：{plain(wording.listing(demo))}的进展为虚构示例，不是真实进展。",
            icon=":material/science:",
        )


def overview(rows: pd.DataFrame) -> None:
    """Draw the portfolio: chart and table; a click opens a plan."""
    table = portfolio.portfolio_table(rows)
    chart = portfolio_bars(portfolio.furthest_behind(rows), palette())
    if len(rows) > portfolio.SHOWN:
        note(f"图中是落后最多的{portfolio.SHOWN}个计划，全部{len(rows)}个见下表。")

    def open_clicked() -> None:
        point = clicked(st.session_state["chart-portfolio"])
        if point is not None:
            open_plan(name_of(point))

    def open_chosen() -> None:
        picked = st.session_state["portfolio"]["selection"]["rows"]
        if picked:
            open_plan(name_of(str(table["计划"].iloc[picked[0]])))

    with st.container(border=True):
        subheading(chart.title)
        figure(chart, "chart-portfolio", open_clicked)
        note("点击条形，或选择下表的一行，打开这个计划")
        st.dataframe(
            table,
            hide_index=True,
            key="portfolio",
            on_select=open_chosen,
            selection_mode="single-row",
            column_config=percent_columns(),
            alt="全部计划：完成率、序时进度、SPI、逾期数；选择一行打开",
        )
        download(table, "全部计划", "下载 CSV")


def _figures(label: str, number: int) -> Figures:
    """Return a plan's figures as of the month of that number in its own year."""
    name = name_of(label)
    month = months.from_parts(data.dataset(name).settings.year, number)
    return data.figures(View(name, Selection(month, with_narrative=_with_narrative())))


def comparison(plans: Mapping[str, PlanSummary]) -> None:
    """Draw two plans by category, each as of the same month of its own year."""
    labels = list(plans)
    left, middle, right = st.columns(3)
    first = left.selectbox("计划一", labels, index=0, key="compare_one")
    second = middle.selectbox("计划二", labels, index=len(labels) - 1, key="compare_other")
    reported = [
        months.number_of(plans[label].facts["month"])
        for label in (first, second)
        if plans[label].reported
    ]
    number = right.selectbox(
        "截至（各自年度的）",
        range(1, 13),
        index=min(reported, default=1) - 1,
        format_func=lambda value: f"{value}月",
        key=f"compare_month_{first}_{second}",
        help="两个计划各按自己年度的这个月比较",
    )
    if first == second:
        empty("请选择两个不同的计划。")
        return
    rows = portfolio.compare(_figures(first, number), _figures(second, number))
    chart_card(comparison_bars(rows, first, second, palette()))
