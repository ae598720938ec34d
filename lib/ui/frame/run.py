"""The frame around every page: the page list, the filters, the banners, and moving about."""

from __future__ import annotations

import time
from collections.abc import Hashable
from dataclasses import dataclass
from typing import NoReturn

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from lib.access import Actor, Because, ConfigError, Permission
from lib.charts import DARK, LIGHT, Palette
from lib.core import findings
from lib.core.dataset import Dataset
from lib.core.figures import Figures
from lib.core.problems import DataError, Problem
from lib.report.editions import Edition, editions
from lib.store import StoreError
from lib.ui.frame import filters, signing
from lib.ui.kit import data, deployment, session
from lib.ui.kit.markdown import plain

FOLLOW_SECONDS = 3
"""An open page sees a new submission after this long at most, plus its own drawing."""
_SHOWN, _FRAMED, _CAME_FROM = "_view", "_framed", "_came_from"
_EDITION, _TRIED, _REFUSED = "_edition", "_tried", "_refused_write"
_OPEN, _UNSEEN, _AGAIN = "_open_page", "_page_unseen", "_run_again"
PAUSE_SECONDS = 0.04
"""Long enough for the browser to take up what it has got, short enough not to be noticed."""
_PRESENTING = ("slide",)
"""What only 汇报模式 writes to the address."""
ICON = data.ROOT / "lib" / "ui" / "frame" / "icon.png"
"""A local picture: Streamlit takes emoji and Material page icons from the network."""


@dataclass(frozen=True)
class PageEntry:
    """One page: its file in ``pages/``, its name in the navigation, address and icon.

    ``full_screen``: without frame. ``needs`` is what one has to be permitted to see it;
    ``for_accounts``: only for people who have signed in.
    """

    file: str
    title: str
    path: str
    icon: str
    needs_figures: bool = True
    full_screen: bool = False
    needs: Permission = Permission.READ
    for_accounts: bool = False


PAGES = {
    "overview": PageEntry("overview.py", "总览", "", ":material/dashboard:"),
    "categories": PageEntry("categories.py", "分类", "categories", ":material/category:"),
    "units": PageEntry("units.py", "单位", "units", ":material/groups:"),
    "months": PageEntry("months.py", "月度", "months", ":material/calendar_month:"),
    "gantt": PageEntry("gantt.py", "甘特图", "gantt", ":material/view_timeline:"),
    "task": PageEntry("task.py", "任务", "task", ":material/task:"),
    "papers": PageEntry("papers.py", "汇报材料", "papers", ":material/folder_open:"),
    "present": PageEntry(
        "full_screen.py", "汇报模式", "present", ":material/co_present:", full_screen=True
    ),
    "portfolio": PageEntry(
        "portfolio.py", "全部计划", "portfolio", ":material/stacks:", needs_figures=False
    ),
    "report": PageEntry(
        "report.py",
        "填报",
        "report",
        ":material/upload_file:",
        needs_figures=False,
        needs=Permission.REPORT,
    ),
    "history": PageEntry(
        "history.py", "上报记录", "history", ":material/history:", needs_figures=False
    ),
    "plan": PageEntry(
        "plan.py",
        "计划管理",
        "plan",
        ":material/edit_document:",
        needs_figures=False,
        needs=Permission.PLAN,
    ),
    "accounts": PageEntry(
        "accounts.py",
        "账号管理",
        "accounts",
        ":material/manage_accounts:",
        needs_figures=False,
        needs=Permission.ACCOUNTS,
        for_accounts=True,
    ),
    "account": PageEntry(
        "account.py",
        "我的账号",
        "account",
        ":material/person:",
        needs_figures=False,
        for_accounts=True,
    ),
    "help": PageEntry("help.py", "使用说明", "help", ":material/help:", needs_figures=False),
}


def page(name: str, *, shown: bool = True) -> StreamlitPage:
    """Return the page of an entry, as `st.navigation` and links take it."""
    entry = PAGES[name]
    return st.Page(
        f"pages/{entry.file}",
        title=entry.title,
        icon=entry.icon,
        url_path=entry.path,
        default=not entry.path,
        visibility="visible" if shown else "hidden",
    )


def _configure() -> None:
    st.set_page_config(page_title="工作计划看板", page_icon=str(ICON), layout="wide")


def run() -> None:
    """Run the app: navigation, filters and banners, then the chosen page if it is permitted."""
    _configure()
    st.session_state[_FRAMED] = True
    try:
        who = session.actor(touch=True)
    except ConfigError as error:
        st.title("访问设置有错误，看板暂时不能使用", anchor=False)
        st.error(plain(str(error)), icon=":material/error:")
        _retry()
        return
    except StoreError as error:
        current = st.navigation([page(name, shown=name == "help") for name in PAGES])
        _out_of_reach(error, current)
        return
    reads = who.may(Permission.READ)
    pages = {name: page(name, shown=_listed(entry, who)) for name, entry in PAGES.items()}
    current = st.navigation(
        list(pages.values()), position="sidebar" if reads else "hidden", expanded=True
    )
    if not reads:
        signing.prompt(who)
        return
    name, entry = next(
        (name, entry) for name, entry in PAGES.items() if entry.title == current.title
    )
    st.session_state[_UNSEEN] = st.session_state.get(_OPEN) != name
    st.session_state[_OPEN] = name
    if not entry.full_screen:
        _remember(name)
    permitted = who.may(entry.needs) and (who.signed_in or not entry.for_accounts)
    try:
        seen = data.stamp()
        controls: list[filters.Control] = []
        drawable = permitted and _frame(entry, controls)
        controls.append(filters.Control(None, lambda: signing.corner(who)))
        try:
            if not permitted:
                signing.refused(who, entry.needs)
            elif drawable:
                _run(current, controls)
            _draw(controls)
        finally:
            # At the end, also of a page that stops early: a fragment that draws nothing shares its
            # place with the next element. In front of the page that was its title, which a page
            # that came back on another server then lost.
            if st.session_state.pop(_REFUSED, False):
                seen = data.stamp()
            _follow(seen, who)
    except StoreError as error:
        _out_of_reach(error, current)


def _out_of_reach(error: StoreError, current: StreamlitPage) -> None:
    """Say that the store cannot be reached, and try again by itself; the help needs no data."""
    st.session_state.pop(_SHOWN, None)
    if current.title == PAGES["help"].title:
        current.run()
        return
    st.title("数据暂时读不到", anchor=False)
    st.error(f"{plain(str(error))}。恢复后本页会自动更新。", icon=":material/error:")
    st.session_state[_TRIED] = False
    _retry()


class _PageEndsError(Exception):
    """Ends a page early; `st.stop` would end the frame as well."""


def stop() -> NoReturn:
    """End a page early."""
    raise _PageEndsError


def _run(current: StreamlitPage, controls: list[filters.Control]) -> None:
    """Run a page; one that breaks leaves the way to another month or plan."""
    try:
        current.run()
    except _PageEndsError:
        pass
    except Exception:
        _draw(controls)
        raise


def _draw(controls: list[filters.Control]) -> None:
    """Draw the sidebar below the list of pages.

    Run the page again, once, if a control says something else than the page was told. A control
    belongs to the script that draws it: drawn by a page, it would be another one on each.
    """
    with st.sidebar:
        agreed = [control.draw() == control.value for control in controls]
    again = st.session_state.pop(_AGAIN, False)
    if not all(agreed) and not again:
        st.session_state[_AGAIN] = True
        st.rerun()


def _listed(entry: PageEntry, who: Actor) -> bool:
    """Whether a page stands in the navigation.

    填报 does before there is an administrator: it says how to set one up.
    """
    if entry.for_accounts and not who.signed_in:
        return False
    return who.may(entry.needs) or (
        who.because is Because.SETUP and entry.needs is Permission.REPORT
    )


def _frame(entry: PageEntry, controls: list[filters.Control]) -> bool:
    """Read the filters and draw banners; where the plan is broken, say so in the page's place.

    Return whether the page itself can be drawn; ``controls`` take what belongs in the sidebar.
    """
    from lib.ui import portfolio  # it draws cards, which stand in this frame

    def said(control: filters.Control | None) -> bool:
        if control is not None:
            controls.append(control)
        return control is not None and bool(control.value)

    try:
        said(portfolio.choose())
        portfolio.follow()
        edition, unknown, sealed = filters.choose_edition(editions(data.submissions()))
        said(sealed)
        dataset = data.load(revision=None if edition is None else edition.revision)
    except DataError as error:
        st.session_state.pop(_SHOWN, None)
        if entry.needs_figures:
            st.title("计划数据有错误，暂时不能计算")
            problems("请改正下列位置后刷新网页", error.problems)
        return not entry.needs_figures
    selection, control = filters.choose(dataset, edition)
    said(control)
    with_pending = edition is None and said(filters.with_pending(dataset))
    baseline = edition is None and said(filters.against_baseline(dataset))
    st.session_state[_EDITION] = edition
    st.session_state[_SHOWN] = data.figures(
        selection, with_pending=with_pending, revision=revision(), baseline=baseline
    )
    if unknown:
        st.error("网址中的定稿不存在或已撤销，显示的是当前数据。", icon=":material/error:")
    if entry.needs_figures and (not entry.full_screen or dataset.progress_problems):
        _banners(st.session_state[_SHOWN], with_pending=with_pending, baseline=baseline)
    return True


def _remember(name: str) -> None:
    """Keep where the viewer is, with what the address says besides month and filters."""
    own = {
        key: st.query_params.get_all(key)
        for key in st.query_params
        if key not in filters.SHARED and key not in _PRESENTING
    }
    st.session_state[_CAME_FROM] = (name, own)


def go_back() -> NoReturn:
    """Return to the page that was open before 汇报模式, as it was."""
    name, own = st.session_state.get(_CAME_FROM, ("overview", {}))
    st.switch_page(page(name), query_params=own)


@st.fragment(run_every=FOLLOW_SECONDS)
def _follow(seen: Hashable, who: Actor) -> None:
    """Run the page again when somebody has changed the data: a look at a few files' times.

    Also when the viewer is somebody else by now: signed out elsewhere, or given another role.
    While the store cannot be reached the page stays as it is.
    """
    try:
        if session.actor() != who:
            st.rerun()
        now = data.stamp()
    except (ConfigError, StoreError):
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
        session.actor()
        deployment.unguarded(data.plan()).stamp()
    except (ConfigError, StoreError):
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
        _configure()  # before the navigation: else the browser asks the network for its icon
        st.navigation([page(name) for name in PAGES])
        st.rerun()


def view() -> Figures:
    """Return the figures that the current page shows."""
    framed()
    shown: Figures = st.session_state[_SHOWN]
    return shown


def edition() -> Edition | None:
    """Return the sealed edition that is shown; ``None`` for the current figures."""
    shown: Edition | None = st.session_state.get(_EDITION)
    return shown


def revision() -> int | None:
    """Return the revision of the sealed edition that is shown; ``None`` for the current one."""
    shown = edition()
    return None if shown is None else shown.revision


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
    note(f"{where}{findings.selection_words(figures.selection)}")


def show_first() -> None:
    """Let the viewer see what stands above a page's first chart before all else is sent.

    A browser draws all that it gets at once, and reads the script of charts before it shows
    any of it. Only where a page is opened: later it stands there already.
    """
    if st.session_state.pop(_UNSEEN, False):
        time.sleep(PAUSE_SECONDS)


def note(text: str) -> None:
    """Draw small text; Streamlit's own caption is too pale to read (WCAG AA asks 4.5:1)."""
    st.markdown(f":small[{text}]")


def link(name: str, label: str, icon: str | None = None, **more: str) -> None:
    """Draw a link to a page; the month and the filters are bound to the address and go along.

    ``icon``: ``None`` for the page's own, "" for none.
    """
    st.page_link(page(name), label=label, icon=icon, query_params=more)


def go(name: str, **more: str) -> NoReturn:
    """Move to a page; the month and the filters are bound to the address and go along."""
    st.switch_page(page(name), query_params=more)


def not_written(error: Exception) -> None:
    """Draw why something was not written.

    The attempt may have touched the store (its journal is opened by the first one): that is no
    news to follow, which would draw the page anew and wipe the words away.
    """
    st.error(plain(str(error)), icon=":material/error:")
    st.session_state[_REFUSED] = True


def empty(message: str) -> None:
    """Draw an empty state that says what to do."""
    st.info(message, icon=":material/info:")


def _banners(figures: Figures, *, with_pending: bool, baseline: bool) -> None:
    dataset = figures.dataset
    _edition_banner(figures)
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


def _edition_banner(figures: Figures) -> None:
    shown = edition()
    if shown is None:
        return
    table = data.corrections(figures.selection, shown.revision)
    since = f"定稿后有{len(table) - 1}项更正" if len(table) else "定稿后没有更正"
    st.info(
        f"{shown.describe()}：显示定稿时的数字（截至上报记录第{shown.revision}号）。{since}。",
        icon=":material/lock:",
    )
    if len(table):
        with st.expander("更正：定稿时与现在", icon=":material/difference:"):
            st.dataframe(table, hide_index=True, alt="定稿后的更正")


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
