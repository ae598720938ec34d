"""The slides of a meeting as they are arranged in this session or were last saved."""

from __future__ import annotations

import streamlit as st

from lib.core.figures import Figures
from lib.report.deck import deck
from lib.report.deck_arrangement import Arrangement, load
from lib.report.material import Material
from lib.report.slides import Part, Slide
from lib.report.svg_deck import address
from lib.ui.kit import data, state


def arranged(figures: Figures) -> Arrangement:
    """Return the arrangement of the month's slides: this session's, else the one last saved."""
    own: dict[int, Arrangement] = st.session_state.setdefault(state.ARRANGEMENTS, {})
    month = figures.selection.month
    return own.get(month) or load(data.submissions(), month)


def slides(material: Material) -> list[Slide]:
    """Return the slides as arranged; the first one if none is left."""
    chosen = arranged(material.figures)
    return deck(material, chosen) or deck(material, chosen.only(Part.COVER))


def pictures(material: Material, deck: list[Slide]) -> list[str]:
    """Return the slides as pictures' addresses (``data:``), shared by sessions that see the same."""
    seen = (data.stamp(), material.figures.selection, material.edition, material.with_pending)
    matters = [matter.number for matter in material.matters]  # what this reader may see of them
    return _pictures(
        repr((seen, matters, material.today, data.plan_name(), arranged(material.figures))),
        material,
        deck,
    )


@st.cache_resource(max_entries=16, show_spinner=False)
def _pictures(key: str, _material: Material, _deck: list[Slide]) -> list[str]:
    return [address(_material, slide, len(_deck)) for slide in _deck]
