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


def is_dark() -> bool:
    """Return whether the viewer's theme is the dark one."""
    return bool(st.context.theme.type == "dark")


def figures_html(text: str) -> None:
    """Draw HTML of `lib.html` in the colours of the viewer's theme."""
    st.html(f'<div class="figures {"dark" if is_dark() else "light"}">{text}</div>')
