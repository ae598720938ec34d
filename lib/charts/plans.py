"""Plans against plan: bars of a portfolio, and two plans' categories side by side."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from lib.charts.base import (
    GAP,
    SMALL,
    Chart,
    Palette,
    label_room,
    layout,
    selected_look,
    shares,
    texts,
)
from lib.core import months, portfolio, wording
from lib.core.status import Status, mark


def portfolio_bars(rows: pd.DataFrame, palette: Palette) -> Chart:
    """Return each plan's completion (solid) against its planned value (hollow), overdue beside.

    ``rows`` is `lib.core.portfolio.portfolio`; a bar's ``customdata`` is the plan's name.
    """
    shown = rows.iloc[::-1]
    places = list(range(len(shown)))  # not the names: 2019 would become a number on the axis
    hover = [
        f"<b>{row.key}</b>　截至{months.text(row.month)}<br>{row.title}"
        f"<br>完成率 {wording.percent(row.earned_value)}，序时进度 {wording.percent(row.planned_value)}"
        f"<br>SPI {wording.ratio(row.spi)}，{row.tasks}项任务，逾期{row.overdue}项"
        for row in shown.itertuples()
    ]
    common = {
        "y": places,
        "customdata": shown["key"],
        "orientation": "h",
        "hovertext": hover,
        "hoverinfo": "text",
        **selected_look(palette),
    }
    hollow = {"color": "rgba(0,0,0,0)", "line": {"color": palette.ink, "width": 1.2}}
    solid = {"color": palette.actual}
    figure = go.Figure(
        [
            go.Bar(x=shown["planned_value"], name="序时进度", width=0.78, marker=hollow, **common),
            go.Bar(x=shown["earned_value"], name="完成率", width=0.44, marker=solid, **common),
        ]
    )
    more = []
    for row in shown.itertuples():
        late = f"　{mark(Status.OVERDUE)}{row.overdue}项" if row.overdue else ""
        more.append(f"<br>{GAP}SPI {wording.ratio(row.spi)}{late}")
    shares(figure, palette, shown, places, more)
    layout(figure, palette, height=60 + 44 * len(rows), barmode="overlay")
    _axes(figure, palette, shown["key"], 1.9)
    title = portfolio.portfolio_finding(rows)
    return Chart(
        "全部计划",
        "完成率（实心）对照序时进度（空心）",
        f"各计划完成率对照序时进度：{title}",
        figure,
        portfolio.portfolio_table(rows),
    )


def comparison_bars(rows: pd.DataFrame, one: str, other: str, palette: Palette) -> Chart:
    """Return two plans' completion by category: the first pale and thin, the second solid.

    ``rows`` is `lib.core.portfolio.compare`; a bar's ``customdata`` is the category.
    """
    shown = rows.iloc[::-1]
    figure = go.Figure()
    for name, suffix, width, colour, offset in (
        (one, "a", 0.3, palette.muted, 0.2),
        (other, "b", 0.3, palette.actual, -0.2),
    ):
        share = shown[f"earned_{suffix}"]
        figure.add_bar(
            x=share,
            y=[place + offset for place in range(len(shown))],
            width=width,
            orientation="h",
            name=name,
            customdata=shown["key"],
            hovertext=[
                f"<b>{row.key}</b><br>{name} 完成率 {wording.percent(value)}"
                for row, value in zip(shown.itertuples(), share, strict=True)
            ],
            hoverinfo="text",
            marker={"color": colour},
            **selected_look(palette),
        )
        texts(
            figure,
            palette,
            share.fillna(0.0),
            [place + offset for place in range(len(shown))],
            [
                GAP + ("没有这个类型" if pd.isna(value) else wording.percent(value, 0))
                for value in share
            ],
        )
    layout(figure, palette, height=80 + 52 * len(rows), barmode="overlay")
    figure.update_layout(
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "traceorder": "normal"},
        margin_t=40,
    )
    _axes(figure, palette, shown["key"], 1.35)
    title = portfolio.comparison_finding(rows, one, other)
    return Chart(
        f"计划对比_{one}_{other}",
        title,
        f"两个计划各类型完成率：{title}",
        figure,
        portfolio.comparison_table(rows, one, other),
    )


def _axes(figure: go.Figure, palette: Palette, names: pd.Series[str], end: float) -> None:
    """Label the rows, and the shares up to ``end``: behind 100 % is room for the figures."""
    figure.update_xaxes(
        range=[0, end],
        tickvals=[0, 0.5, 1.0],
        tickformat=".0%",
        tickangle=0,
        tickfont={"size": SMALL, "color": palette.muted},
    )
    label_room(figure, names)
    figure.update_yaxes(tickvals=list(range(len(names))), ticktext=list(names))
