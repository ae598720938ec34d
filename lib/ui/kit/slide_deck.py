"""The slides of a meeting as they are arranged in this session or were last saved."""

from __future__ import annotations

import streamlit as st

from lib.core.figures import Figures
from lib.report.deck import deck
from lib.report.deck_arrangement import Arrangement, load
from lib.report.material import Material
from lib.report.slides import Part, Slide
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
