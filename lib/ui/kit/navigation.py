"""The pages of the app, and moving between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

import streamlit as st

from lib.access import Permission
from lib.ui.kit import deployment, state
from lib.ui.kit.view import View

if TYPE_CHECKING:
    from streamlit.navigation.page import StreamlitPage

ICON = deployment.ROOT / "lib" / "ui" / "frame" / "icon.png"
"""A local picture: Streamlit takes emoji and Material page icons from the network."""


@dataclass(frozen=True)
class PageEntry:
    """One page: its file in ``pages/``, its name in the navigation, address and icon.

    ``group``: where it stands in the navigation, empty for the pages to look at. ``full_screen``:
    without frame. ``needs`` is what one has to be permitted to see it;
    ``for_accounts``: only for people who have signed in. ``same_for_all``: its words depend on the
    `View` and on what one is permitted alone, not on what one has clicked or typed on it.
    """

    file: str
    title: str
    path: str
    icon: str
    group: str = ""
    needs_figures: bool = True
    full_screen: bool = False
    needs: Permission = Permission.READ
    for_accounts: bool = False
    same_for_all: bool = False


def _page(
    name: str, title: str, icon: str, *, path: str | None = None, **options: object
) -> tuple[str, PageEntry]:
    entry = PageEntry(
        f"{name}.py",
        title,
        name if path is None else path,
        f":material/{icon}:",
        **options,  # type: ignore[arg-type]
    )
    return name, entry


PAGES = dict(
    [
        _page("overview", "总览", "dashboard", path="", same_for_all=True),
        _page("categories", "分类", "category"),
        _page("units", "单位", "groups"),
        _page("months", "月度", "calendar_month", same_for_all=True),
        _page("gantt", "甘特图", "view_timeline"),
        _page("task", "任务", "task"),
        _page("search", "查找", "search"),
        _page("papers", "汇报材料", "folder_open", group="汇报"),
        _page("present", "汇报模式", "co_present", group="汇报", full_screen=True),
        _page("portfolio", "全部计划", "stacks", group="汇报", needs_figures=False),
        _page(
            "report",
            "填报",
            "upload_file",
            group="填报",
            needs_figures=False,
            needs=Permission.REPORT,
        ),
        _page(
            "matters",
            "督办事项",
            "assignment",
            group="填报",
            needs_figures=False,
            needs=Permission.MATTERS,
        ),
        _page("history", "上报记录", "history", group="填报", needs_figures=False),
        _page(
            "plan",
            "计划管理",
            "edit_document",
            group="管理",
            needs_figures=False,
            needs=Permission.PLAN,
        ),
        _page(
            "accounts",
            "账号管理",
            "manage_accounts",
            group="管理",
            needs_figures=False,
            needs=Permission.ACCOUNTS,
            for_accounts=True,
        ),
        _page(
            "account", "我的账号", "person", group="管理", needs_figures=False, for_accounts=True
        ),
        _page("explain", "怎么算的", "calculate", group="管理"),
        _page("help", "使用说明", "help", group="管理", needs_figures=False),
    ]
)


def page(name: str, *, listed: bool = True) -> StreamlitPage:
    """Return a page of `PAGES` as `st.navigation` and links take it."""
    entry = PAGES[name]
    return st.Page(
        f"pages/{entry.file}",
        title=entry.title,
        icon=entry.icon,
        url_path=entry.path,
        default=not entry.path,
        visibility="visible" if listed else "hidden",
    )


def configure(page: str = "") -> None:
    """Set the browser tab's name and icon; first of all, and again when the page is known."""
    title = " · ".join(filter(None, [page, "工作计划看板"]))
    st.set_page_config(page_title=title, page_icon=str(ICON), layout="wide")


def framed() -> None:
    """Make sure that the page stands in its frame; the first call of every page.

    With a ``pages/`` folder beside ``app.py`` Streamlit's very first run of a server takes a
    link to a page for an old-style page and runs that file alone. Declaring the navigation
    ends this for good; then the page is run again, in its frame.
    """
    if state.FRAMED not in st.session_state:
        st.session_state[state.FRAMED] = True
        configure()  # before the navigation: else the browser asks the network for its icon
        st.navigation([page(name) for name in PAGES])
        st.rerun()


def view() -> View:
    """Return what the page shows; the first call of a page that shows figures."""
    framed()
    shown: View = st.session_state[state.VIEW]
    return shown


class PageEndError(Exception):
    """Ends a page early; `st.stop` would end the frame as well."""


def stop() -> NoReturn:
    """End a page early."""
    raise PageEndError


def link(name: str, label: str, icon: str | None = None, **more: str) -> None:
    """Draw a link to a page; the month and the filters are bound to the address and go along.

    ``icon``: ``None`` for the page's own, "" for none.
    """
    st.page_link(page(name), label=label, icon=icon, query_params=more)


def go(name: str, **more: str) -> NoReturn:
    """Move to a page; the month and the filters are bound to the address and go along."""
    st.switch_page(page(name), query_params=more)


def remember_page(name: str) -> None:
    """Keep where the viewer is, with what the address says besides month and filters."""
    own = {
        key: st.query_params.get_all(key)
        for key in st.query_params
        if key not in state.SHARED and key != state.SLIDE
    }
    st.session_state[state.RETURN_TO] = (name, own)


def go_back() -> NoReturn:
    """Return to the page that was open before full-screen mode, as it was."""
    name, own = st.session_state.get(state.RETURN_TO, ("overview", {}))
    st.switch_page(page(name), query_params=own)
