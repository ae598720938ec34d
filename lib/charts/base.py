"""What every chart has: a finding, a text alternative, the table behind it, and one layout."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec

import pandas as pd
import plotly.graph_objects as go

from lib.core import months, wording
from lib.core.figures import Figures


@dataclass(frozen=True)
class Palette:
    """Colours that differ between the light and the dark theme; states' colours do not."""

    ink: str
    muted: str
    grid: str
    surface: str
    actual: str


LIGHT = Palette(
    ink="#1B2430",
    muted="#5B6675",
    grid="#E3E8F0",
    surface="#FFFFFF",
    actual="#1F4E9E",
)
DARK = Palette(
    ink="#E8ECF2",
    muted="#A9B4C2",
    grid="#2C3645",
    surface="#10161F",
    actual="#7FA8F0",
)

FONTS = "'Microsoft YaHei','PingFang SC','Noto Sans CJK SC','Source Han Sans SC',sans-serif"
FONT_SIZE = 14
SMALL = 12


@dataclass(frozen=True, eq=False)
class Chart:
    """A figure with everything a page needs to show it.

    ``title`` is the finding; ``alt`` a short text alternative; ``table`` what the chart shows,
    with Chinese headers and units; ``name`` the file name of its download. A point's
    ``customdata`` is the key that a click drills down to.
    """

    name: str
    title: str
    alt: str
    figure: go.Figure
    table: pd.DataFrame


P = ParamSpec("P")


def built_once(
    build: Callable[Concatenate[Figures, P], Chart],
) -> Callable[Concatenate[Figures, P], Chart]:
    """Make a chart once for the same figures and (hashable) arguments: building takes long."""

    @wraps(build)
    def build_or_recall(figures: Figures, /, *args: P.args, **options: P.kwargs) -> Chart:
        key: Hashable = (build.__name__, args, tuple(sorted(options.items())))
        return figures.once(key, lambda: build(figures, *args, **options))

    return build_or_recall


def layout(figure: go.Figure, palette: Palette, height: int, **changes: object) -> go.Figure:
    """Apply the common look to a figure and return it.

    Margins are given, not measured: plotly draws a chart a second time to measure its labels.
    """
    figure.update_layout(
        template="none",
        height=height,
        margin={"l": 8, "r": 8, "t": 8, "b": 28},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"size": FONT_SIZE, "color": palette.ink, "family": FONTS},
        hoverlabel={"align": "left", "font": {"size": FONT_SIZE}},
        showlegend=False,
        dragmode=False,
        bargap=0.35,
        clickmode="event+select",
    )
    axis = {"gridcolor": palette.grid, "zeroline": False, "fixedrange": True}
    figure.update_xaxes(**axis, automargin=False, title=None)
    figure.update_yaxes(**axis, automargin=False, title=None)
    figure.update_layout(**changes)
    return figure


def month_axis(figure: go.Figure, places: list[float], axis: list[int], selected: int) -> go.Figure:
    """Label an axis with months so that twelve fit a phone: 月 stands at the first and selected."""
    labels = []
    for position, month in enumerate(axis):
        number = str(months.number_of(month))
        if month == selected:
            number = f"<b>{number}月</b>"
        elif position == 0:
            number += "月"
        labels.append(number)
    return figure.update_xaxes(
        tickvals=places, ticktext=labels, tickfont={"size": SMALL}, tickangle=0
    )


def label_room(figure: go.Figure, labels: Iterable[str]) -> go.Figure:
    """Give Chinese row labels the room they need on the left: plotly's own guess clips them."""
    longest = max((len(label) for label in labels), default=0)
    figure.update_layout(margin_l=16 + SMALL * longest)
    return figure.update_yaxes(showgrid=False, ticks="", ticksuffix=" ", tickfont={"size": SMALL})


def texts(
    figure: go.Figure,
    palette: Palette,
    x: Sequence[Any],
    y: Sequence[Any],
    text: Sequence[str],
    *,
    position: str = "middle right",
    size: int = SMALL,
    colour: str = "",
) -> go.Figure:
    """Write texts into a figure, each beside its point; ``position`` as plotly names it.

    One trace for all: an annotation of its own for each takes plotly several times as long.
    """
    font = {"size": size, "color": colour or palette.ink}
    return figure.add_scatter(
        x=list(x),
        y=list(y),
        text=list(text),
        mode="text",
        textposition=position,
        textfont=font,
        unselected={"textfont": {"color": font["color"]}},
        cliponaxis=False,
        hoverinfo="skip",
        showlegend=False,
        name="",
    )


GAP = "\u2002"
"""Stands between the end of a bar and what is written beside it."""


def bars_against_plan(
    palette: Palette, rows: pd.DataFrame, places: Sequence[Any], hover: Sequence[str]
) -> go.Figure:
    """Return a figure with a bar per row of a roll-up: completion solid, plan hollow around it.

    A bar's ``customdata`` is the row's key; ``places`` is where the bars stand on the y axis.
    """
    figure = go.Figure()
    for field, name, width, look in (
        ("planned_value", "序时进度", 0.78, hollow(palette.ink, 1.2)),
        ("earned_value", "完成率", 0.44, {"color": palette.actual}),
    ):
        figure.add_bar(
            x=rows[field],
            y=places,
            name=name,
            width=width,
            orientation="h",
            customdata=rows["key"],
            hovertext=hover,
            hoverinfo="text",
            marker=look,
            **selected_look(),
        )
    return figure


def share_texts(
    figure: go.Figure,
    palette: Palette,
    rows: pd.DataFrame,
    places: Sequence[Any],
    more: Iterable[str] | None = None,
) -> go.Figure:
    """Write completion ／ planned value beside the bars of a roll-up's rows, and ``more`` after it."""
    ends = rows[["earned_value", "planned_value"]].max(axis="columns").clip(lower=0.0)
    words = [
        f"{GAP}<b>{wording.percent(row.earned_value, 0)}</b>"
        f" ／ {wording.percent(row.planned_value, 0)}{rest}"
        for row, rest in zip(rows.itertuples(), more or [""] * len(rows), strict=True)
    ]
    return texts(figure, palette, ends, places, words)


def share_axis(figure: go.Figure, palette: Palette, end: float, ticks: Sequence[float]) -> None:
    """Label the x axis with shares up to ``end``: behind 100 % is room for the figures."""
    figure.update_xaxes(
        range=[0, end],
        tickvals=ticks,
        tickformat=".0%",
        tickfont={"size": SMALL, "color": palette.muted},
    )


def hollow(colour: str, width: float) -> dict[str, Any]:
    """Return the look of a bar that is an outline alone."""
    return {"color": "rgba(0,0,0,0)", "line": {"color": colour, "width": width}}


def selected_look() -> dict[str, object]:
    """Return trace settings that keep a clicked chart's colours as they are."""
    return {"selected": {"marker": {"opacity": 1}}, "unselected": {"marker": {"opacity": 1}}}
