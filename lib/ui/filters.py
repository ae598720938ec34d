"""The month and the filters, shared by all pages and kept in the address."""

from __future__ import annotations

import streamlit as st

from lib import months, wording
from lib.dataset import Dataset
from lib.editions import Edition
from lib.figures import Figures, Selection, selectable_months

MONTH, CATEGORY, UNIT, NARRATIVE = "month", "category", "unit", "narrative"
PLAN, PENDING, BASELINE, EDITION = "plan", "pending", "baseline", "edition"
SHARED = (PLAN, MONTH, CATEGORY, UNIT, NARRATIVE, PENDING, BASELINE, EDITION)
"""What the address holds on every page."""
TASK, _CHOSEN, _SEALED = "task", "chosen_task", "sealed"


def choose_edition(known: list[Edition]) -> tuple[Edition | None, bool]:
    """Draw the choice of a sealed edition, if there is one, and return it.

    The address holds the edition's number; like the task's it is written by hand, because a bound
    widget would write its label. Also says whether the address asks for an edition that does not
    exist: nobody may take the current figures for sealed ones.
    """
    by_number = {one.number: one for one in known}
    asked = st.query_params.get(EDITION)
    unknown = asked is not None and asked not in map(str, by_number)
    if unknown:
        del st.query_params[EDITION]
        st.session_state[_SEALED] = None
    elif asked is not None:
        st.session_state[_SEALED] = int(asked)
    if not known:
        return None, unknown

    def remember() -> None:
        chosen = by_number.get(st.session_state[_SEALED])
        if chosen is None:
            st.query_params.pop(EDITION, None)
        else:
            st.query_params[EDITION] = str(chosen.number)
            st.session_state[MONTH] = months.text(chosen.month)

    with st.sidebar:
        number = st.selectbox(
            "定稿",
            list(by_number),
            index=None,
            format_func=lambda one: by_number[one].label,
            placeholder="当前数据",
            key=_SEALED,
            on_change=remember,
            help="会议定稿的数字，按定稿时的填报显示；之后的更正另列",
        )
    edition = by_number.get(number) if number is not None else None
    if edition is not None:
        st.query_params[EDITION] = str(edition.number)
    return edition, unknown


def forget() -> None:
    """Drop what means nothing in another plan; the month is looked at when it is drawn."""
    for key in (CATEGORY, UNIT, "focus_category", "focus_unit", _SEALED):
        if key in st.session_state:
            st.session_state[key] = None
    st.query_params.pop(EDITION, None)


def choose(data: Dataset, edition: Edition | None = None) -> Selection:
    """Draw the filters in the sidebar and return what is selected.

    A sealed edition ends with its month.

    The month is always written to the address, also when it is the latest reported one, so
    that a link shows the same figures after the next report.
    """
    last = data.axis[-1] if edition is None else edition.month
    options = [months.text(month) for month in selectable_months(data) if month <= last]
    chosen = st.session_state.get(MONTH), st.query_params.get(MONTH)
    if not any(month in options for month in chosen):
        latest = months.text(min(data.latest_month, last) if edition is None else last)
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
