"""A chart on a page: its finding as title, the figure, its table and downloads."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from lib.charts import Chart
from lib.core import findings
from lib.report.material import DEMO_MARK
from lib.ui.kit import data, picture, state
from lib.ui.kit.elements import heading, palette, say_error
from lib.ui.kit.tables import dated, download
from lib.ui.kit.view import view_or_none

PAUSE_SECONDS = 0.04
"""Long enough for the browser to take up what it has got, short enough not to be noticed."""
_PLOTLY = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False, "locale": "zh-CN"}


def chart_card(chart: Chart, *, title: str = "") -> None:
    """Draw a chart card: finding, figure, table view and download.

    ``title`` stands in the place of the finding where the page itself says it.
    """
    with st.container(border=True):
        heading(title or chart.title)
        figure(chart, f"chart-{chart.name}")
        table_view(chart.table, chart.name, chart.title)


def figure(chart: Chart, key: str, on_click: str | Callable[[], None] = "ignore") -> Any:
    """Draw a chart's figure alone and return its selection event."""
    _show_words_first()
    return st.plotly_chart(
        chart.figure,
        key=key,
        config=_PLOTLY,
        theme=None,  # Streamlit's own would put its pale greys in place of ours
        alt=chart.alt,
        selection_mode="points",
        on_select=on_click,  # type: ignore[arg-type]
    )


def _show_words_first() -> None:
    """Let the viewer see what stands above a page's first chart before all else is sent.

    A browser draws all that it gets at once, and reads the script of charts before it shows
    any of it. Only where a page is opened: later it stands there already.
    """
    if st.session_state.pop(state.PAGE_IS_NEW, False):
        time.sleep(PAUSE_SECONDS)


def clicked(event: Any) -> str | None:
    """Return the key of the point that was clicked, ``None`` if none was."""
    points = event["selection"]["points"]
    if not points:
        return None
    key = points[0].get("customdata")
    if isinstance(key, list | tuple):
        key = key[0] if key else None
    return None if key is None else str(key)


@st.fragment
def table_view(
    table: pd.DataFrame, name: str, title: str = "", drawn: Callable[[], str] | None = None
) -> None:
    """Draw a closed table view of what a chart shows, with its download.

    With ``title``, the finding of a plotly chart above it, that can be saved as a picture too;
    ``drawn`` gives the picture (SVG) where there is no such chart.

    The rows are sent to the browser only when it is opened.
    """
    expander = st.expander(
        "数据表与下载", icon=":material/table:", on_change="rerun", key=f"table-{name}"
    )
    if not expander.open:
        return
    with expander:
        try:
            _open_table(table, name, title, drawn)
        except Exception as error:  # noqa: BLE001 - said with a number, the rest of the page stands
            say_error(error, "这张表")


def _open_table(
    table: pd.DataFrame, name: str, title: str, drawn: Callable[[], str] | None
) -> None:
    st.dataframe(table, hide_index=True, alt=f"{name}数据表")
    with st.container(horizontal=True, vertical_alignment="center"):
        download(table, name, "下载 CSV")
        if title or drawn is not None:
            svg = "" if drawn is None else drawn()
            picture.buttons(name, dated(name), title, _source(), palette(), drawn=svg)


def _source() -> str:
    """Return the line under a saved picture: plan, month and filters, and whether it is 演示."""
    view = view_or_none()
    if view is None:
        return ""
    dataset = data.figures(view).dataset
    words = [dataset.settings.title, findings.selection_words(view.selection)]
    if view.edition is not None:
        words.append(view.edition.describe())
    if dataset.has_demo:
        words.append(DEMO_MARK)
    return "　".join(words)
