"""The frame around every page: the page list, the filters, the banners, and moving about."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import NoReturn

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from lib.charts import DARK, LIGHT, Palette
from lib.dataset import Dataset
from lib.figures import Figures
from lib.problems import DataError, Problem
from lib.ui import data, filters

FOLLOW_SECONDS = 3
"""An open page sees a new submission after this long at most, plus its own drawing."""
_SHOWN, _FRAMED = "_view", "_framed"
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
    "portfolio": Entry(
        "portfolio.py", "全部计划", "portfolio", ":material/stacks:", needs_figures=False
    ),
    "report": Entry("report.py", "填报", "report", ":material/upload_file:", needs_figures=False),
    "history": Entry(
        "history.py", "上报记录", "history", ":material/history:", needs_figures=False
    ),
    "plan": Entry("plan.py", "计划管理", "plan", ":material/edit_document:", needs_figures=False),
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
    from lib.ui import plans  # it draws cards, which stand in this frame

    st.set_page_config(page_title="工作计划看板", page_icon=str(ICON), layout="wide")
    st.session_state[_FRAMED] = True
    pages = {name: page(name) for name in ENTRIES}
    current = st.navigation(list(pages.values()))
    entry = next(entry for entry in ENTRIES.values() if entry.title == current.title)
    plans.choose()
    plans.follow()
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
        baseline = filters.against_baseline(dataset)
        st.session_state[_SHOWN] = data.figures(
            selection, with_pending=with_pending, baseline=baseline
        )
        if entry.needs_figures:
            _banners(st.session_state[_SHOWN], with_pending=with_pending, baseline=baseline)
    _follow(data.stamp())
    current.run()


@st.fragment(run_every=FOLLOW_SECONDS)
def _follow(seen: Hashable) -> None:
    """Run the page again when somebody has changed the data: a look at a few files' times."""
    if data.stamp() != seen:
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


def view_or_none() -> Figures | None:
    """Return the figures that are looked at, ``None`` if the plan cannot be read."""
    shown: Figures | None = st.session_state.get(_SHOWN)
    return shown


def plan_or_none() -> Dataset | None:
    """Return the plan that is looked at, ``None`` if it cannot be read."""
    try:
        return data.load()
    except DataError:
        return None


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


def _banners(figures: Figures, *, with_pending: bool, baseline: bool) -> None:
    dataset = figures.dataset
    if baseline:
        st.info("对照基准：按最初下达的计划计算，没有计入后来的调整。", icon=":material/flag:")
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
