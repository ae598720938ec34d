"""Plans against plan: bars of a portfolio, and two plans' categories side by side."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from lib.charts import base
from lib.charts.base import Chart, Palette
from lib.core import months, portfolio, wording
from lib.core.status import Status, mark


def portfolio_bars(rows: pd.DataFrame, palette: Palette) -> Chart:
    """Return each plan's completion (solid) against its planned value (hollow), overdue beside.

    ``rows`` is `lib.core.portfolio.portfolio`; a bar's ``customdata`` is the plan's name.
    """
    upwards = rows.iloc[::-1]  # as plotly draws
    places = list(range(len(upwards)))  # not the names: 2019 would become a number on the axis
    hover = [
        f"<b>{row.key}</b>　截至{months.text(row.month)}<br>{row.title}"
        f"<br>完成率 {wording.percent(row.earned_value)}，序时进度 {wording.percent(row.planned_value)}"
        f"<br>SPI {wording.ratio(row.spi)}，{row.tasks}项任务，逾期{row.overdue}项"
        for row in upwards.itertuples()
    ]
    figure = base.bars_against_plan(palette, upwards, places, hover)
    more = []
    for row in upwards.itertuples():
        late = f"　{mark(Status.OVERDUE)}{row.overdue}项" if row.overdue else ""
        more.append(f"<br>{base.GAP}SPI {wording.ratio(row.spi)}{late}")
    base.share_texts(figure, palette, upwards, places, more)
    base.layout(figure, palette, height=60 + 44 * len(rows), barmode="overlay")
    _axes(figure, palette, upwards["key"], 1.9)
    title = portfolio.portfolio_finding(rows)
    return Chart(
        "全部计划",
        "完成率（实心）对照序时进度（空心）",
        f"各计划完成率对照序时进度：{title}",
        figure,
        portfolio.portfolio_table(rows),
    )


def comparison_bars(rows: pd.DataFrame, first: str, second: str, palette: Palette) -> Chart:
    """Return two plans' completion by category: the first pale and thin, the second solid.

    ``rows`` is `lib.core.portfolio.compare`; a bar's ``customdata`` is the category.
    """
    upwards = rows.iloc[::-1]
    figure = go.Figure()
    for name, suffix, width, colour, offset in (
        (first, "a", 0.3, palette.muted, 0.2),
        (second, "b", 0.3, palette.actual, -0.2),
    ):
        share = upwards[f"earned_{suffix}"]
        figure.add_bar(
            x=share,
            y=[place + offset for place in range(len(upwards))],
            width=width,
            orientation="h",
            name=name,
            customdata=upwards["key"],
            hovertext=[
                f"<b>{row.key}</b><br>{name} 完成率 {wording.percent(value)}"
                for row, value in zip(upwards.itertuples(), share, strict=True)
            ],
            hoverinfo="text",
            marker={"color": colour},
            **base.selected_look(),
        )
        base.texts(
            figure,
            palette,
            share.fillna(0.0),
            [place + offset for place in range(len(upwards))],
            [
                base.GAP + ("没有这个类型" if pd.isna(value) else wording.percent(value, 0))
                for value in share
            ],
        )
    base.layout(figure, palette, height=80 + 52 * len(rows), barmode="overlay")
    figure.update_layout(
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "traceorder": "normal"},
        margin_t=40,
    )
    _axes(figure, palette, upwards["key"], 1.35)
    title = portfolio.comparison_finding(rows, first, second)
    return Chart(
        f"计划对比_{first}_{second}",
        title,
        f"两个计划各类型完成率：{title}",
        figure,
        portfolio.comparison_table(rows, first, second),
    )


def _axes(figure: go.Figure, palette: Palette, names: pd.Series[str], end: float) -> None:
    """Label the rows by name, and the shares up to ``end``."""
    base.share_axis(figure, palette, end, [0, 0.5, 1.0])
    figure.update_xaxes(tickangle=0)
    base.label_room(figure, names)
    figure.update_yaxes(tickvals=list(range(len(names))), ticktext=list(names))
