"""The month and the filters, shared by all pages and kept in the address.

A viewer wants a page's words first, and the page needs to know what the filters say. So what they
say is read before the page, from the address or the session, and they are drawn after it:

    read values ──> run the page ──> draw the controls ──> one says something else? run again, once

The last step happens after the browser's way back, where the address has the last word. A control
belongs to the script that draws it, which must be app.py: drawn by a page, it would be another
control on each page.

Streamlit binds a control to the address only while the browser draws it. Those folded behind a
button mostly are not drawn, so what they say is written to the address by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import streamlit as st

from lib.core import months
from lib.core.dataset import Dataset
from lib.core.figures import Selection
from lib.report.editions import Edition
from lib.ui.kit.state import (
    BASELINE,
    CATEGORY,
    CHOSEN_EDITION,
    EDITION,
    MONTH,
    NARRATIVE,
    PENDING,
    UNIT,
    VERIFIED,
    is_on,
    one_of,
)


@dataclass(frozen=True)
class Control:
    """What controls say, and how they are drawn.

    ``draw`` returns what they say once they stand there: ``value`` again, but after the
    browser's way back.
    """

    value: Any
    draw: Callable[[], Any]


def choose_edition(editions: list[Edition]) -> tuple[Edition | None, bool, Control | None]:
    """Return the sealed edition that is chosen, and its control, if there is an edition at all.

    The address holds the edition's number; it is written by hand, because a bound widget would
    write its label. Also says whether the address asks for an edition that does not exist:
    nobody may take the current figures for sealed ones.
    """
    by_number = {edition.number: edition for edition in editions}
    number_asked = st.query_params.get(EDITION)
    unknown = number_asked is not None and number_asked not in map(str, by_number)
    if unknown:
        del st.query_params[EDITION]
        st.session_state[CHOSEN_EDITION] = None
    elif number_asked is not None:
        st.session_state[CHOSEN_EDITION] = int(number_asked)
    if not editions:
        return None, unknown, None

    def remember() -> None:
        chosen = by_number.get(st.session_state[CHOSEN_EDITION])
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
            format_func=lambda number: by_number[number].label,
            placeholder="当前数据",
            key=CHOSEN_EDITION,
            on_change=remember,
            help="会议定稿的数字，按定稿时的填报显示；之后的更正另列",
        )

    number = st.session_state.get(CHOSEN_EDITION)
    edition = by_number.get(number) if number is not None else None
    if edition is not None:
        st.query_params[EDITION] = str(edition.number)
    return edition, unknown, Control(number, draw)


def choose_selection(
    dataset: Dataset, edition: Edition | None
) -> tuple[Selection, Control, Control]:
    """Return what month and filters select, and the controls of both.

    A sealed edition ends with its month.

    The month is always written to the address, also when it is the latest reported one, so
    that a link shows the same figures after the next report.
    """
    last = dataset.axis[-1] if edition is None else edition.month
    options = [months.text(month) for month in dataset.axis if month <= last]
    asked_months = st.session_state.get(MONTH), st.query_params.get(MONTH)
    if not any(month in options for month in asked_months):
        latest = months.text(min(dataset.latest_month, last) if edition is None else last)
        if MONTH not in st.session_state:  # nothing is bound to the address yet
            st.query_params[MONTH] = latest
        st.session_state[MONTH] = latest
    _agree_with_address(CATEGORY, dataset.categories)
    _agree_with_address(UNIT, dataset.units)
    _agree_with_address(NARRATIVE)

    def step(places: int) -> None:
        st.session_state[MONTH] = options[options.index(st.session_state[MONTH]) + places]

    def step_button(label: str, places: int, stop: int, help_text: str) -> None:
        here = options.index(one_of(MONTH, options) or options[-1])
        st.button(
            label,
            key=f"month-{'back' if places < 0 else 'on'}",
            help=help_text,
            type="tertiary",
            disabled=here == stop,
            on_click=step,
            args=(places,),
        )

    def draw_month() -> str | None:
        step_button("◀", -1, 0, "上个月")
        month = st.selectbox(
            "截至月份",
            options,
            index=None,
            key=MONTH,
            bind="query-params",
            label_visibility="collapsed",
            width=140,
        )
        step_button("▶", 1, len(options) - 1, "下个月")
        return month

    def draw_filters() -> tuple[str | None, str | None, bool]:
        category, unit = (
            st.selectbox(
                label,
                names,
                index=None,
                placeholder=f"全部{word}",
                key=key,
                on_change=_write_to_address,
                args=(key,),
            )
            for label, word, names, key in (
                ("类型", "类型", dataset.categories, CATEGORY),
                ("责任单位", "单位", dataset.units, UNIT),
            )
        )
        with_narrative = st.toggle(
            "含正文承诺",
            key=NARRATIVE,
            on_change=_write_to_address,
            args=(NARRATIVE,),
            help="计划正文提到、分解表没有列出的任务，默认不计入",
        )
        return category, unit, with_narrative

    month = one_of(MONTH, options)
    filters = (
        one_of(CATEGORY, dataset.categories),
        one_of(UNIT, dataset.units),
        is_on(NARRATIVE),
    )
    as_of = months.parse(month) if month else dataset.latest_month
    return (
        Selection(as_of, *filters),
        Control(month, draw_month),
        Control(filters, draw_filters),
    )


def with_pending(dataset: Dataset) -> Control | None:
    """Return the switch 含待审 where reports are reviewed."""
    if not dataset.settings.review:
        return None
    return _switch("含待审", PENDING, "把还没有审核的填报也计入，看审核通过后会怎样")


def verified_only(dataset: Dataset) -> Control | None:
    """Return the switch 不含待核实 where what is reported at 100 % is to be verified."""
    if not dataset.settings.verify:
        return None
    return _switch(
        "不含待核实", VERIFIED, "已报完成、还没有核实的，最后一步不计入；关闭则按填报计入"
    )


def against_baseline(dataset: Dataset) -> Control | None:
    """Return the switch 对照基准 where the plan has been amended."""
    if dataset.baseline_tasks is None:
        return None
    return _switch("对照基准", BASELINE, "按最初下达的计划（基准）计算；关闭则按调整后的计划")


def _switch(label: str, key: str, help_text: str) -> Control:
    _agree_with_address(key)
    return Control(
        is_on(key),
        lambda: st.toggle(label, key=key, on_change=_write_to_address, args=(key,), help=help_text),
    )


def _agree_with_address(key: str, names: Collection[str] | None = None) -> None:
    """Let a folded control say what the address says; else write to the address what it says.

    ``names`` are what there is to choose, ``None`` for a switch; another name is of another plan,
    or gone with an amendment.
    """
    asked = st.query_params.get(key)
    if names is None:
        if asked is not None:
            st.session_state[key] = asked.lower() == "true"
    elif asked in names:
        st.session_state[key] = asked
    elif st.session_state.get(key) not in names:
        st.session_state[key] = None
    _write_to_address(key)


def _write_to_address(key: str) -> None:
    value = st.session_state.get(key)
    if value:
        st.query_params[key] = "true" if value is True else value
    else:
        st.query_params.pop(key, None)
