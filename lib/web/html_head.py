"""What is added to the head of Streamlit's own page: looks and scripts."""

from __future__ import annotations

from pathlib import Path

VENDOR = Path(__file__).parent / "vendor"
POLYFILLS = VENDOR / "core-js-bundle"
"""The folder of what old browsers lack, served under ``/polyfills``."""
_CANNOT_OPEN = Path(__file__).parent / "cannot_open.js"

# The front end looks for its server below the page's own address first, fails, and waits before it
# tries the folder that its scripts came from: a seventh of a second on every page but the first.
_SERVER_ADDRESS = """window.__streamlit = {
  BACKEND_BASE_URL: location.origin + location.pathname.replace(/[^/]*$/, ""),
};"""


def html_head(style: str, script: str, base: str) -> str:
    """Return HTML for the end of the page's head, with CSS and JavaScript put in as they are.

    ``base`` is the path that everything stands under, such as ``/plan``, or empty.
    """
    cannot_open = _CANNOT_OPEN.read_text(encoding="utf-8").replace("__BASE__", base)
    return (
        f"<script>{cannot_open}</script>\n"
        f"<script>{_SERVER_ADDRESS}</script>\n"
        f"<style>{style}</style>\n"
        f"<script>{{\n{script}}}</script>"
    )
