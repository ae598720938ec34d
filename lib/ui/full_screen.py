"""Full-screen mode (汇报模式): the slides on the whole screen, and the presenter's own window.

The slides are in the page as pictures; `full_screen.js` turns them. The presenter's window is the
same page with ``presenter=true`` in its address: notes are sent to it alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import streamlit as st

from lib.access import Permission
from lib.core import texts
from lib.core.matters import Act, Source, Step, step_time
from lib.core.problems import DataError
from lib.report.material import Material
from lib.report.slides import Slide
from lib.store import Changes, Draft, Kind, StoreError
from lib.ui.kit import data, deployment, navigation, session, slide_deck, state
from lib.ui.kit.acting import flash
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
            "record": _record(material),
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
        on_decision_change=lambda: None,
    )
    if shown.decision:
        _take_down(shown.decision)
    if shown.leave:
        navigation.go_back()


def _record(material: Material) -> dict[str, Any] | None:
    """Return what the line for a decision needs; ``None`` for whoever may not take one down."""
    if material.edition or not session.may(Permission.MATTER):
        return None
    return {
        "units": list(material.figures.dataset.units),
        "due": f"{date.today() + timedelta(days=30):%Y-%m-%d}",
        "ask_name": session.actor().local,
        "said": st.session_state.pop(state.FLASH, ""),
    }


def _take_down(entry: Mapping[str, Any]) -> None:
    """Take down what the meeting decides, and say so in the line; the hall sees no fault of it."""
    words, unit, due, person = (
        texts.clean(str(entry.get(name, ""))).strip() for name in ("words", "unit", "due", "person")
    )
    person = person or session.actor().name
    today = datetime.now()
    step = Step(
        "",
        Act.CREATE,
        step_time(today),
        person,
        words=words,
        due=due,
        source=Source.MEETING,
        origin=f"{today.year}年{today.month}月{today.day}日会议",
        lead=unit,
    )
    try:
        draft = Draft(person, Changes.none(), Kind.MATTER, unit, steps=[step])
        number = data.store().submit(draft).details["matters"][0]
    except (StoreError, DataError) as error:
        message = f"没有记下「{words}」：{error}"
    else:
        message = f"已记下 {number}：{unit}，{due}前，{words}"
    flash(message)
    st.rerun()


@st.cache_resource(show_spinner=False)
def _component() -> Callable[..., Any]:
    return st.components.v2.component(
        "full_screen",
        html='<div class="show"></div>',
        css=(_HERE / "full_screen_slides.css").read_text(encoding="utf-8"),
        js=(_HERE / "full_screen.js").read_text(encoding="utf-8"),
    )
