"""What is added to the head of Streamlit's own page: looks and scripts."""

from __future__ import annotations

from pathlib import Path

VENDOR = Path(__file__).parent / "vendor"
POLYFILLS = VENDOR / "core-js-bundle"
"""The folder of what old browsers lack, served under ``/polyfills``."""
TRANSPILED = "transpiled_for"
"""The file beside Streamlit's front end that says its scripts are in older syntax."""
_CANNOT_OPEN = Path(__file__).parent / "cannot_open.js"

# The front end looks for its server below the page's own address first, fails, and waits before it
# tries the folder that its scripts came from: a seventh of a second on every page but the first.
_SERVER_ADDRESS = """window.__streamlit = {
  BACKEND_BASE_URL: location.origin + location.pathname.replace(/[^/]*$/, ""),
};"""


def html_head(style: str, script: str, base: str, *, transpiled: bool = False) -> str:
    """Return HTML for the end of the page's head, with CSS and JavaScript put in as they are.

    ``base`` is the path that everything stands under, such as ``/plan``, or empty. ``transpiled``:
    Streamlit's scripts are in the syntax of 2020 (`scripts/transpile_front.py`).
    """
    cannot_open = _CANNOT_OPEN.read_text(encoding="utf-8")
    cannot_open = cannot_open.replace("__BASE__", base)
    cannot_open = cannot_open.replace("__TRANSPILED__", str(transpiled).lower())
    return (
        f"<script>{cannot_open}</script>\n"
        f"<script>{_SERVER_ADDRESS}</script>\n"
        f"<style>{style}</style>\n"
        f"<script>{{\n{script}}}</script>"
    )
