"""Full-screen mode (汇报模式): the slides on the whole screen, and the presenter's own window.

The slides are in the page as pictures; `full_screen.js` turns them. The presenter's window is the
same page with ``presenter=true`` in its address: notes are sent to it alone.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from lib.report.material import Material
from lib.report.slides import Slide
from lib.ui.kit import data, deployment, navigation, slide_deck, state
from lib.web.meeting import PATH as MEETING

_HERE = Path(__file__).parent
_CSS = _HERE / "full_screen.css"


def show_slides(material: Material, slides: list[Slide]) -> None:
    """Draw the slides, from the one that the address names."""
    st.html(_CSS)
    presenter = state.is_on(state.PRESENTER)
    pictures = slide_deck.pictures(material, slides)
    shown = _component()(
        key="present",
        data={
            "presenter": presenter,
            "meeting": f"{deployment.base_path()}{MEETING}",
            "channel": f"present/{data.plan_name()}/{material.file_stem}/{material.edition}",
            "slides": [
                {
                    "title": f"{slide.part}：{slide.heading}",
                    "image": picture,
                    "notes": slide.notes if presenter else "",
                }
                for slide, picture in zip(slides, pictures, strict=True)
            ],
        },
        on_leave_change=lambda: None,
    )
    if shown.leave:
        navigation.go_back()


@st.cache_resource(show_spinner=False)
def _component() -> Callable[..., Any]:
    return st.components.v2.component(
        "full_screen",
        html='<div class="show"></div>',
        css=(_HERE / "full_screen_slides.css").read_text(encoding="utf-8"),
        js=(_HERE / "full_screen.js").read_text(encoding="utf-8"),
    )
