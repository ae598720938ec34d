"""One run of the app for a viewer: who looks, at what; then the page, then the sidebar around it."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import streamlit as st

from lib.access import Actor, Because, ConfigError, Permission, Role
from lib.core.problems import DataError
from lib.report.editions import editions
from lib.store import StoreError
from lib.ui.frame import filters, signing
from lib.ui.frame.banners import banners, demo_tag
from lib.ui.frame.filters import Control
from lib.ui.frame.logo import draw_logo
from lib.ui.frame.news import Followed, news
from lib.ui.frame.plan_choice import choose_plan
from lib.ui.kit import data, deployment, session, state
from lib.ui.kit.elements import page_title, plain, problems, say_error
from lib.ui.kit.links import is_dark, links
from lib.ui.kit.navigation import PAGES, PageEndError, PageEntry, configure, go, page, remember_page
from lib.ui.kit.streamlit_private import open_page, say_uncaught_errors, words_sent
from lib.ui.kit.view import View, view_or_none

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator
    from streamlit.navigation.page import StreamlitPage

    from lib.ui.kit.streamlit_private import Words

FOLLOW_SECONDS = 3
"""An open page sees a new submission after this long at most, plus its own drawing."""


@dataclass
class Controls:
    """The controls of a page: those in its bar, and those folded behind one button."""

    bar: list[Control] = field(default_factory=list)
    folded: list[Control] = field(default_factory=list)
    label: str = "筛选"
    """What the button says: what is filtered."""


def run() -> None:
    """Run the app: navigation, filters and banners, then the chosen page if it is permitted."""
    configure()
    say_uncaught_errors("这里出错了，没有显示出来。出错的详情在服务器的日志里。")
    st.session_state[state.FRAMED] = True
    if (running := open_page()) is not None:
        news().forget(running)
    try:
        with session.run_as_actor() as actor:
            _run_for(actor)
    except ConfigError as error:
        page_title("访问设置有错误，看板暂时不能使用")
        st.error(plain(str(error)), icon=":material/error:")
        _retry()
    except StoreError as error:  # the accounts cannot be read
        current = st.navigation([page(name, listed=name == "help") for name in PAGES])
        _out_of_reach(error, current)


def _run_for(actor: Actor) -> None:
    reads = actor.may(Permission.READ)
    newcomer = state.OPEN_PAGE not in st.session_state and not st.query_params
    pages = {name: page(name, listed=_listed(entry, actor)) for name, entry in PAGES.items()}
    groups: dict[str, list[StreamlitPage]] = {}
    for name, entry in PAGES.items():
        groups.setdefault(entry.group, []).append(pages[name])
    current = st.navigation(groups, position="top" if reads else "hidden")
    if not reads:
        signing.prompt(actor)
        return
    configure(current.title)
    name = next(name for name, entry in PAGES.items() if entry.title == current.title)
    if name == "overview" and newcomer and actor.role is Role.REPORTER:
        go("report")  # where the work of a 经办人 is
    entry = PAGES[name]
    st.session_state[state.PAGE_IS_NEW] = st.session_state.get(state.OPEN_PAGE) != name
    st.session_state[state.OPEN_PAGE] = name
    if not entry.full_screen:
        remember_page(name)
    try:
        _run_in_frame(entry, current, actor)
    except StoreError as error:
        _out_of_reach(error, current)


def _run_in_frame(entry: PageEntry, current: StreamlitPage, actor: Actor) -> None:
    """Run a page between what the filters say and their drawing, see `lib.ui.frame.filters`."""
    stamp, sight = data.stamp(), None
    words: Words = {}
    bar = st.container(key="filter-bar", horizontal=True, vertical_alignment="center", gap="small")
    controls = Controls()
    permitted = actor.may(entry.needs) and (actor.signed_in or not entry.for_accounts)
    can_be_drawn = permitted and _look(entry, controls)
    controls.bar.append(Control(None, lambda: signing.corner(actor)))
    try:
        if not permitted:
            signing.refused(actor, entry.needs)
        elif can_be_drawn:
            sight = _sight(entry, actor)
            with words_sent() as words:
                _run_page(current, bar, controls)
        _draw_bar(bar, controls)
    finally:
        # At the end, also of a page that stops early: a fragment that draws nothing shares its
        # place with the next element. In front of the page that was its title, which a page
        # that came back on another server then lost.
        if st.session_state.pop(state.WRITE_REFUSED, False):
            stamp = data.stamp()
        _follow(stamp, actor, sight, words)


def _sight(entry: PageEntry, actor: Actor) -> Hashable:
    """Return what the words of a page depend on besides the data; ``None`` where there is more."""
    if not entry.same_for_all:
        return None
    rights = replace(actor, name="", account="", address="")
    return entry.path, view_or_none(), links(), is_dark(), rights


def _listed(entry: PageEntry, actor: Actor) -> bool:
    """Whether a page stands in the navigation.

    填报 does before there is an administrator: it says how to set one up; 全部计划 does once there
    is a second plan.
    """
    if entry.for_accounts and not actor.signed_in:
        return False
    if entry is PAGES["portfolio"] and not data.plan_names():
        return False
    return actor.may(entry.needs) or (
        actor.because is Because.SETUP and entry.needs is Permission.REPORT
    )


def _look(entry: PageEntry, controls: Controls) -> bool:
    """Read the filters into the `View` of this run and draw the banners.

    Return whether the page can be drawn: where the plan is broken, that is said in its place.
    ``controls`` take what belongs in the sidebar.
    """

    def is_on(control: Control | None) -> bool:
        if control is not None:
            controls.folded.append(control)
        return control is not None and bool(control.value)

    st.session_state.pop(state.VIEW, None)
    try:
        plan_control = choose_plan()
        if plan_control is not None:
            controls.bar.append(plan_control)
        fault = data.fault()
        sealed = [] if fault else editions(data.submissions())
        edition, unknown, control = filters.choose_edition(sealed)
        is_on(control)
        dataset = data.dataset(revision=None if edition is None else edition.revision)
    except DataError as error:
        if entry.needs_figures:
            page_title("计划数据有错误，暂时不能计算")
            problems("请改正下列位置后刷新网页", error.problems)
        return not entry.needs_figures
    selection, month_control, filter_control = filters.choose_selection(dataset, edition)
    if entry.needs_figures:
        controls.bar.append(month_control)
        controls.folded.insert(0, filter_control)
        controls.bar.append(Control(None, lambda: demo_tag(dataset)))
    view = View(
        data.plan_name(),
        selection,
        edition,
        with_pending=edition is None and is_on(filters.with_pending(dataset)),
        against_baseline=edition is None and is_on(filters.against_baseline(dataset)),
        verified_only=is_on(filters.verified_only(dataset)),
    )
    st.session_state[state.VIEW] = view
    draw_logo(dataset.settings.parties)
    controls.label = _filter_words(view)
    if fault:
        words = f"上报记录读不出来，以下按 CSV 文件计算，不能填报：{plain(fault)}"
        st.error(words, icon=":material/error:")
    elif unknown:
        st.error("网址中的定稿不存在或已撤销，显示的是当前数据。", icon=":material/error:")
    if entry.needs_figures and (
        not entry.full_screen or dataset.progress_problems or dataset.step_problems
    ):
        banners(view, data.figures(view).dataset)
    return True


def _filter_words(view: View) -> str:
    """Return what the folded controls say: 全部类型、全部单位, or what is chosen."""
    selection = view.selection
    words = [selection.category or "全部类型", selection.unit or "全部单位"]
    words += ["含正文承诺"] * selection.with_narrative + ["定稿"] * (view.edition is not None)
    words += ["含待审"] * view.with_pending + ["对照基准"] * view.against_baseline
    words += ["不含待核实"] * view.verified_only
    return "、".join(words)


def _run_page(current: StreamlitPage, bar: DeltaGenerator, controls: Controls) -> None:
    """Run a page; one that breaks leaves the way to another month or plan."""
    try:
        current.run()
    except PageEndError:
        pass
    except (ConfigError, StoreError):  # said by whoever called, in their own words
        _draw_bar(bar, controls)
        raise
    except Exception as error:
        _draw_bar(bar, controls)
        say_error(error, "本页")
        raise


def _draw_bar(bar: DeltaGenerator, controls: Controls) -> None:
    """Draw the controls above the page; run again, once, if one says something else."""
    agreed = []
    with bar:
        for control in controls.bar:
            agreed.append(control.draw() == control.value)
        if controls.folded:
            with st.popover(controls.label, key="filters"):
                agreed += [control.draw() == control.value for control in controls.folded]
    again = st.session_state.pop(state.RUN_AGAIN, False)
    if not all(agreed) and not again:
        st.session_state[state.RUN_AGAIN] = True
        st.rerun()


def _out_of_reach(error: StoreError, current: StreamlitPage) -> None:
    """Say that the store cannot be reached, and try again by itself; the help needs no data."""
    st.session_state.pop(state.VIEW, None)
    if current.title == PAGES["help"].title:
        current.run()
        return
    page_title("数据暂时读不到")
    st.error(f"{plain(str(error))}。恢复后本页会自动更新。", icon=":material/error:")
    st.session_state[state.RETRYING] = False
    _retry()


def _follow(stamp: Hashable, actor: Actor, sight: Hashable, words: Words) -> None:
    """Have the page run again when somebody has changed the data since ``stamp``.

    Also when the viewer is somebody else by now: signed out elsewhere, or given another role.
    While the store cannot be reached the page stays as it is.
    """
    page = open_page()
    if page is None:
        _ask_for_news(stamp, actor)
    else:
        visitor = session.visitor()
        hashes = {place: message.hash for place, message in words.items()}
        news().follow(Followed(page, data.plan_name(), stamp, visitor, actor, sight, hashes), words)
        news().start()
        _have_a_timer()


@st.fragment(run_every=86_400)
def _have_a_timer() -> None:
    """Do nothing, once a day.

    Streamlit's front end runs a page anew when its line comes back only if the page has a timer; a
    page that is not run by the server it comes back to would never hear of news.
    """


@st.fragment(run_every=FOLLOW_SECONDS)
def _ask_for_news(stamp: Hashable, actor: Actor) -> None:
    """Do as `lib.ui.frame.news` does, where the server cannot run a page: by the page's own timer."""
    try:
        if session.actor() != actor:
            st.rerun()
        now = data.stamp()
    except (ConfigError, StoreError):
        return
    if now != stamp:
        st.rerun()


@st.fragment(run_every=FOLLOW_SECONDS)
def _retry() -> None:
    """Run a page that could not read its data again: not at once, and only if the store answers."""
    if not st.session_state.get(state.RETRYING):
        st.session_state[state.RETRYING] = True
        return
    try:
        session.actor()
        deployment.unguarded_store(data.plan_name()).stamp()
    except (ConfigError, StoreError):
        return
    st.rerun()
