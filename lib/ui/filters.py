"""The month and the filters, shared by all pages and kept in the address."""

from __future__ import annotations

import streamlit as st

from lib import months, wording
from lib.dataset import Dataset
from lib.figures import Figures, Selection, selectable_months

MONTH, CATEGORY, UNIT, NARRATIVE = "month", "category", "unit", "narrative"
PENDING, BASELINE = "pending", "baseline"
TASK, _CHOSEN = "task", "chosen_task"


def choose(data: Dataset) -> Selection:
    """Draw the filters in the sidebar and return what is selected.

    The month is always written to the address, also when it is the latest reported one, so
    that a link shows the same figures after the next report.
    """
    options = [months.text(month) for month in selectable_months(data)]
    chosen = st.session_state.get(MONTH), st.query_params.get(MONTH)
    if not any(month in options for month in chosen):
        latest = months.text(data.latest_month)
        if MONTH not in st.session_state:  # nothing is bound to the address yet
            st.query_params[MONTH] = latest
        st.session_state[MONTH] = latest
    for key, known in ((CATEGORY, data.categories), (UNIT, data.units)):
        if st.session_state.get(key) is not None and st.session_state[key] not in known:
            st.session_state[key] = None  # of another plan, or gone with an amendment
    with st.sidebar:
        month = st.selectbox(
            "截至月份",
            options,
            index=None,
            key=MONTH,
            bind="query-params",
            help="全部数字截至该月月末，默认为最近填报的月份",
        )
        category = st.selectbox(
            "类型",
            data.categories,
            index=None,
            placeholder="全部类型",
            key=CATEGORY,
            bind="query-params",
        )
        unit = st.selectbox(
            "责任单位",
            data.units,
            index=None,
            placeholder="全部单位",
            key=UNIT,
            bind="query-params",
        )
        with_narrative = st.toggle(
            "含正文承诺",
            key=NARRATIVE,
            bind="query-params",
            help="计划正文提到、分解表没有列出的任务，默认不计入",
        )
    as_of = months.parse(month) if month else data.latest_month
    return Selection(as_of, category, unit, with_narrative)


def with_pending(data: Dataset) -> bool:
    """Draw the switch 含待审 where reports are reviewed, and return whether it is on."""
    if not data.settings.review:
        return False
    with st.sidebar:
        return st.toggle(
            "含待审",
            key=PENDING,
            bind="query-params",
            help="把还没有审核的填报也计入，看审核通过后会怎样",
        )


def against_baseline(data: Dataset) -> bool:
    """Draw the switch 对照基准 where the plan has been amended, and return whether it is on."""
    if data.baseline_tasks is None:
        return False
    with st.sidebar:
        return st.toggle(
            "对照基准",
            key=BASELINE,
            bind="query-params",
            help="按最初下达的计划（基准）计算；关闭则按调整后的计划",
        )


def choose_task(figures: Figures) -> str:
    """Draw the choice of a task and return its id; ``task`` in the address holds it.

    Not bound like the filters: a bound widget writes its labels to the address, and a link is
    to name the task by its id alone.
    """
    tasks = figures.dataset.tasks
    options = list(figures.tasks["task_id"])
    wanted = st.query_params.get(TASK)
    st.session_state[_CHOSEN] = wanted if wanted in options else options[0]

    def remember() -> None:
        st.query_params[TASK] = st.session_state[_CHOSEN]

    chosen: str = st.selectbox(
        "任务",
        options,
        format_func=lambda name: f"{name} {wording.short_title(tasks.at[name, 'content'], 24)}",
        key=_CHOSEN,
        on_change=remember,
    )
    return chosen


def in_words(selection: Selection, data: Dataset) -> str:
    """Return the selection as one line of text for the page's head."""
    return " · ".join(
        [
            f"截至{months.label(selection.month)}末",
            selection.category or "全部类型",
            selection.unit or "全部单位",
            "分解表任务和正文承诺" if selection.with_narrative else "分解表任务",
        ]
    )
