"""What is added to the head of Streamlit's own page: looks and scripts."""

from __future__ import annotations

# The front end looks for its server below the page's own address first, fails, and waits before it
# tries the folder that its scripts came from: a seventh of a second on every page but the first.
_SERVER = """window.__streamlit = {
  BACKEND_BASE_URL: location.origin + location.pathname.replace(/[^/]*$/, ""),
};"""


def head(style: str = "", script: str = "") -> str:
    """Return HTML for the end of the page's head.

    ``style`` (CSS) and ``script`` (JavaScript) are put in as they are.
    """
    parts = [f"<script>{_SERVER}</script>"]
    if style:
        parts.append(f"<style>{style}</style>")
    if script:
        parts.append(f"<script>{{\n{script}}}</script>")
    return "\n".join(parts)
