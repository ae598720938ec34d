"""The month and the filters, shared by all pages and kept in the address.

What they say is read before the page, which needs it; they are drawn after the page, whose words a
viewer wants first (`Control`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import streamlit as st

from lib.core import months, wording
from lib.core.dataset import Dataset
from lib.core.figures import Figures, Selection, selectable_months
from lib.report.editions import Edition

MONTH, CATEGORY, UNIT, NARRATIVE = "month", "category", "unit", "narrative"
PLAN, PENDING, BASELINE, EDITION = "plan", "pending", "baseline", "edition"
SHARED = (PLAN, MONTH, CATEGORY, UNIT, NARRATIVE, PENDING, BASELINE, EDITION)
"""What the address holds on every page."""
TASK, _CHOSEN, _SEALED = "task", "chosen_task", "sealed"


@dataclass(frozen=True)
class Control:
    """What controls of the sidebar say, and how they are drawn.

    ``draw`` returns what they say once they stand there: ``value`` again, but after the
    browser's way back, where the address has the last word.
    """

    value: Any
    draw: Callable[[], Any]


def asked(key: str) -> Any:
    """Return what a control bound to the address says: before it is first drawn, its text there."""
    return st.session_state[key] if key in st.session_state else st.query_params.get(key)


def one_of(key: str, names: Collection[str]) -> str | None:
    """Return what a control bound to the address says, ``None`` if it is not one of ``names``."""
    value = asked(key)
    return value if value in names else None


def is_on(key: str) -> bool:
    """Whether a switch bound to the address is on."""
    value = asked(key)
    return value.lower() == "true" if isinstance(value, str) else bool(value)


def choose_edition(known: list[Edition]) -> tuple[Edition | None, bool, Control | None]:
    """Return the sealed edition that is chosen, and its control, if there is an edition at all.

    The address holds the edition's number; like the task's it is written by hand, because a bound
    widget would write its label. Also says whether the address asks for an edition that does not
    exist: nobody may take the current figures for sealed ones.
    """
    by_number = {one.number: one for one in known}
    wanted = st.query_params.get(EDITION)
    unknown = wanted is not None and wanted not in map(str, by_number)
    if unknown:
        del st.query_params[EDITION]
        st.session_state[_SEALED] = None
    elif wanted is not None:
        st.session_state[_SEALED] = int(wanted)
    if not known:
        return None, unknown, None

    def remember() -> None:
        chosen = by_number.get(st.session_state[_SEALED])
        if chosen is None:
            st.query_params.pop(EDITION, None)
        else:
            st.query_params[EDITION] = str(chosen.number)
            st.session_state[MONTH] = months.text(chosen.month)

    def draw() -> int | None:
        return st.selectbox(
            "定稿",
            list(by_number),
            index=None,
            format_func=lambda one: by_number[one].label,
            placeholder="当前数据",
            key=_SEALED,
            on_change=remember,
            help="会议定稿的数字，按定稿时的填报显示；之后的更正另列",
        )

    number = st.session_state.get(_SEALED)
    edition = by_number.get(number) if number is not None else None
    if edition is not None:
        st.query_params[EDITION] = str(edition.number)
    return edition, unknown, Control(number, draw)


def forget() -> None:
    """Drop what means nothing in another plan; the month is looked at when it is drawn."""
    for key in (CATEGORY, UNIT, "focus_category", "focus_unit", _SEALED):
        if key in st.session_state:
            st.session_state[key] = None
    st.query_params.pop(EDITION, None)


def choose(data: Dataset, edition: Edition | None = None) -> tuple[Selection, Control]:
    """Return what month and filters select, and their control.

    A sealed edition ends with its month.

    The month is always written to the address, also when it is the latest reported one, so
    that a link shows the same figures after the next report.
    """
    last = data.axis[-1] if edition is None else edition.month
    options = [months.text(month) for month in selectable_months(data) if month <= last]
    wanted = st.session_state.get(MONTH), st.query_params.get(MONTH)
    if not any(month in options for month in wanted):
        latest = months.text(min(data.latest_month, last) if edition is None else last)
        if MONTH not in st.session_state:  # nothing is bound to the address yet
            st.query_params[MONTH] = latest
        st.session_state[MONTH] = latest
    for key, names in ((CATEGORY, data.categories), (UNIT, data.units)):
        if st.session_state.get(key) is not None and st.session_state[key] not in names:
            st.session_state[key] = None  # of another plan, or gone with an amendment

    def selected(
        month: str | None, category: str | None, unit: str | None, more: bool
    ) -> Selection:
        as_of = months.parse(month) if month else data.latest_month
        return Selection(as_of, category, unit, more)

    def draw() -> Selection:
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
        return selected(month, category, unit, with_narrative)

    chosen = selected(
        one_of(MONTH, options),
        one_of(CATEGORY, data.categories),
        one_of(UNIT, data.units),
        is_on(NARRATIVE),
    )
    return chosen, Control(chosen, draw)


def with_pending(data: Dataset) -> Control | None:
    """Return the switch 含待审 where reports are reviewed."""
    if not data.settings.review:
        return None
    return _switch("含待审", PENDING, "把还没有审核的填报也计入，看审核通过后会怎样")


def against_baseline(data: Dataset) -> Control | None:
    """Return the switch 对照基准 where the plan has been amended."""
    if data.baseline_tasks is None:
        return None
    return _switch("对照基准", BASELINE, "按最初下达的计划（基准）计算；关闭则按调整后的计划")


def _switch(label: str, key: str, about: str) -> Control:
    return Control(is_on(key), lambda: st.toggle(label, key=key, bind="query-params", help=about))


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
