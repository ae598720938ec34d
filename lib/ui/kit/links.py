"""Figures as HTML on a page, with links that stay in the session (`links.js` follows them)."""

from __future__ import annotations

import streamlit as st

from lib.html.markup import Links
from lib.ui.kit import state


def links() -> Links:
    """Return addresses of pages with the month and filters that are looked at."""
    return Links(
        tuple((key, value) for key in state.SHARED for value in st.query_params.get_all(key))
    )


def figures_html(text: str) -> None:
    """Draw HTML of `lib.html` in the colours of the viewer's theme."""
    theme = "dark" if st.context.theme.type == "dark" else "light"
    st.html(f'<div class="figures {theme}">{text}</div>')
