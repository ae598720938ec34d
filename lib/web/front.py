"""What is added to the head of Streamlit's own page: looks, scripts, and what to fetch early."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

# The front end looks for its server below the page's own address first, fails, and waits before it
# tries the folder that its scripts came from: a seventh of a second on every page but the first.
_SERVER = """window.__streamlit = {
  BACKEND_BASE_URL: location.origin + location.pathname.replace(/[^/]*$/, ""),
};"""


def head(style: str = "", script: str = "", early: Sequence[str] = ()) -> str:
    """Return HTML for the end of the page's head.

    ``style`` (CSS) and ``script`` (JavaScript) are put in as they are. ``early`` are
    addresses, relative to the page, of scripts that nearly every page will want: the browser
    fetches them while the page's own script starts.
    """
    parts = [f"<script>{_SERVER}</script>"]
    parts += [f'<link rel="modulepreload" crossorigin href="{escape(one)}">' for one in early]
    if style:
        parts.append(f"<style>{style}</style>")
    if script:
        parts.append(f"<script>{{\n{script}}}</script>")
    return "\n".join(parts)
