"""The frame around every page: the page list, the filters, the banners, and moving about."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import NoReturn

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from lib.charts import DARK, LIGHT, Palette
from lib.figures import Figures
from lib.problems import DataError, Problem
from lib.store import StoreError
from lib.ui import data, filters

FOLLOW_SECONDS = 3
"""An open page sees a new submission after this long at most, plus its own drawing."""
_SHOWN, _FRAMED, _TRIED = "_view", "_framed", "_tried"
ICON = data.ROOT / "lib" / "ui" / "icon.png"
"""A local picture: Streamlit takes emoji and Material page icons from the network."""


@dataclass(frozen=True)
class Entry:
    """One page: its file in ``pages/``, its name in the navigation, address and icon."""

    file: str
    title: str
    path: str
    icon: str
    needs_figures: bool = True


ENTRIES = {
    "overview": Entry("overview.py", "总览", "", ":material/dashboard:"),
    "categories": Entry("categories.py", "分类", "categories", ":material/category:"),
    "units": Entry("units.py", "单位", "units", ":material/groups:"),
    "months": Entry("months.py", "月度", "months", ":material/calendar_month:"),
    "gantt": Entry("gantt.py", "甘特图", "gantt", ":material/view_timeline:"),
    "task": Entry("task.py", "任务", "task", ":material/task:"),
    "report": Entry("report.py", "填报", "report", ":material/upload_file:", needs_figures=False),
    "history": Entry(
        "history.py", "上报记录", "history", ":material/history:", needs_figures=False
    ),
    "help": Entry("help.py", "使用说明", "help", ":material/help:", needs_figures=False),
}


def page(name: str) -> StreamlitPage:
    """Return the page of an entry, as `st.navigation` and links take it."""
    entry = ENTRIES[name]
    return st.Page(
        f"pages/{entry.file}",
        title=entry.title,
        icon=entry.icon,
        url_path=entry.path,
        default=not entry.path,
    )


def run() -> None:
    """Run the app: navigation, filters and banners, then the chosen page."""
    st.set_page_config(page_title="工作计划看板", page_icon=str(ICON), layout="wide")
    st.session_state[_FRAMED] = True
    pages = {name: page(name) for name in ENTRIES}
    current = st.navigation(list(pages.values()))
    entry = next(entry for entry in ENTRIES.values() if entry.title == current.title)
    try:
        _run(entry, current)
    except StoreError as error:
        st.session_state.pop(_SHOWN, None)
        if entry is ENTRIES["help"]:
            current.run()
            return
        st.title("数据暂时读不到")
        st.error(f"{error}。恢复后本页会自动更新。")
        st.session_state[_TRIED] = False
        _retry()


def _run(entry: Entry, current: StreamlitPage) -> None:
    """Run a page over the data, or say what is wrong with them."""
    try:
        dataset = data.load()
    except DataError as error:
        st.session_state.pop(_SHOWN, None)
        if entry.needs_figures:
            st.title("计划数据有错误，暂时不能计算")
            problems("请改正下列位置后刷新网页", error.problems)
            return
    else:
        selection = filters.choose(dataset)
        with_pending = filters.with_pending(dataset)
        st.session_state[_SHOWN] = data.figures(selection, with_pending=with_pending)
        if entry.needs_figures:
            _banners(st.session_state[_SHOWN], with_pending=with_pending)
    seen = data.stamp()
    try:
        current.run()
    finally:
        # At the end, also of a page that stops early: a fragment that draws nothing shares its
        # place with the next element. In front of the page that was its title, which a page that
        # came back on another server then lost.
        _follow(seen)


@st.fragment(run_every=FOLLOW_SECONDS)
def _follow(seen: Hashable) -> None:
    """Run the page again when somebody has changed the data: a look at a few files' times.

    While the store cannot be reached the page stays as it is.
    """
    try:
        now = data.stamp()
    except StoreError:
        return
    if now != seen:
        st.rerun()


@st.fragment(run_every=FOLLOW_SECONDS)
def _retry() -> None:
    """Run a page that could not read its data again: not at once, and only if the store answers."""
    if not st.session_state.get(_TRIED):
        st.session_state[_TRIED] = True
        return
    try:
        data.stamp()
    except StoreError:
        return
    st.rerun()


def framed() -> None:
    """Make sure that the page stands in its frame.

    With a ``pages/`` folder beside ``app.py`` Streamlit's very first run of a server takes a
    link to a page for an old-style page and runs that file alone. Declaring the navigation
    ends this for good; then the page is run again, in its frame.
    """
    if _FRAMED not in st.session_state:
        st.session_state[_FRAMED] = True
        st.navigation([page(name) for name in ENTRIES])
        st.rerun()


def view() -> Figures:
    """Return the figures that the current page shows."""
    framed()
    shown: Figures = st.session_state[_SHOWN]
    return shown


def palette() -> Palette:
    """Return the chart colours of the viewer's theme."""
    return DARK if st.context.theme.type == "dark" else LIGHT


def head(finding: str) -> None:
    """Draw the page's title, a finding in words, with the selection beneath."""
    st.title(finding, anchor=False)
    figures = view()
    settings = figures.dataset.settings
    parties = "·".join(settings.parties)
    where = f"{parties}{settings.title}　" if settings.title else ""
    note(f"{where}{filters.in_words(figures.selection, figures.dataset)}")


def note(text: str) -> None:
    """Draw small text; Streamlit's own caption is too pale to read (WCAG AA asks 4.5:1)."""
    st.markdown(f":small[{text}]")


def link(name: str, label: str, **more: str) -> None:
    """Draw a link to a page; the month and the filters are bound to the address and go along."""
    st.page_link(page(name), label=label, query_params=more)


def go(name: str, **more: str) -> NoReturn:
    """Move to a page; the month and the filters are bound to the address and go along."""
    st.switch_page(page(name), query_params=more)


def empty(message: str) -> None:
    """Draw an empty state that says what to do."""
    st.info(message, icon=":material/info:")


def _banners(figures: Figures, *, with_pending: bool) -> None:
    dataset = figures.dataset
    if with_pending:
        st.info("含待审：待审核的填报也计入了以下数字。", icon=":material/pending:")
    if dataset.progress_problems:
        problems(
            "进展数据有错误，未计入任何上报；以下只显示计划。请改正后刷新网页",
            dataset.progress_problems,
        )
    elif dataset.progress.empty:
        st.info("还没有任何上报。各单位填报后，这里会显示完成情况。", icon=":material/info:")
    elif dataset.has_demo:
        st.warning("演示数据：进展为虚构示例，不是两地的真实进展。", icon=":material/science:")


def problems(message: str, faults: tuple[Problem, ...]) -> None:
    """Draw faults of data as a table."""
    st.error(message, icon=":material/error:")
    st.dataframe(
        [
            {
                "文件": problem.file,
                "行": problem.row or None,
                "列": problem.column,
                "填写的是": problem.value,
                "问题": problem.message,
                "应为": problem.expected,
            }
            for problem in faults
        ],
        hide_index=True,
        alt="数据错误清单",
    )
