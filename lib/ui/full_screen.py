"""Full-screen mode (汇报模式): one slide at a time on the whole screen, moved by keys and buttons."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from lib.report.material import Material
from lib.report.slides import Slide
from lib.report.svg_deck import image
from lib.ui.kit import navigation, state
from lib.ui.kit.elements import plain

_CSS = Path(__file__).with_name("full_screen.css")


def show_slide(material: Material, slides: list[Slide]) -> None:
    """Draw the slide that the address names, with the controls over its last line."""
    st.html(_CSS)
    count = len(slides)
    number = _number(count)
    slide = slides[number - 1]
    st.html(image(material, slide, count))
    if st.session_state.get(state.NOTES_OPEN):
        with st.container(key="present-notes"):
            st.markdown(plain(slide.notes))
    with st.container(key="present-controls", horizontal=True, gap="small", width="content"):
        st.button(
            "上一页",
            key="present-back",
            shortcut="Left",
            disabled=number == 1,
            on_click=_to,
            args=(number - 1, count),
        )
        st.markdown(f"{number}／{count}", width="content")
        st.button(
            "下一页",
            key="present-on",
            shortcut="Right",
            disabled=number == count,
            on_click=_to,
            args=(number + 1, count),
        )
        st.button("备注", key="present-notes-button", shortcut="N", on_click=_toggle_notes)
        if st.button("退出", key="present-leave", shortcut="Esc"):
            navigation.go_back()
    with st.container(key="present-keys"):
        for key, target in (
            ("PageUp", number - 1),
            ("PageDown", number + 1),
            ("Home", 1),
            ("End", count),
        ):
            st.button(key, key=f"present-{key}", shortcut=key, on_click=_to, args=(target, count))


def _number(count: int) -> int:
    """Return the slide that the address asks for, within those there are."""
    asked = st.query_params.get(state.SLIDE, "1")
    return min(max(int(asked), 1), count) if asked.isdecimal() else 1


def _to(number: int, count: int) -> None:
    st.query_params[state.SLIDE] = str(min(max(number, 1), count))


def _toggle_notes() -> None:
    st.session_state[state.NOTES_OPEN] = not st.session_state.get(state.NOTES_OPEN, False)
