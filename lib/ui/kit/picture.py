"""A chart as a picture: .png and .svg, made in the browser from what it shows, without a network."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from lib.charts import Palette

_HERE = Path(__file__).parent
_HTML = """
<button type="button" data-kind="png">下载图片 PNG</button>
<button type="button" data-kind="svg">下载图片 SVG</button>
"""


def buttons(
    name: str, file: str, title: str, source: str, palette: Palette, *, drawn: str = ""
) -> None:
    """Draw the two buttons; they save the nearest chart above them, or ``drawn``, an SVG.

    ``file`` is the picture's name without ending; ``title`` stands above the chart in the
    picture and ``source`` below it.
    """
    _component()(
        key=f"picture-{name}",
        data={
            "file": file,
            "title": title,
            "source": source,
            "surface": palette.surface,
            "ink": palette.ink,
            "muted": palette.muted,
            "drawn": drawn,
        },
        width="content",
    )


@st.cache_resource(show_spinner=False)
def _component() -> Callable[..., object]:
    return st.components.v2.component(
        "chart_picture",
        html=_HTML,
        css=(_HERE / "picture.css").read_text(encoding="utf-8"),
        js=(_HERE / "picture.js").read_text(encoding="utf-8"),
    )
