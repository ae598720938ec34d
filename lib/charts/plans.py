"""Plans against plan: bars of a portfolio, and two plans' categories side by side."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from lib import months, portfolio, wording
from lib.charts.base import SMALL, Chart, Palette, label_room, layout, selected_look
from lib.status import Status, look


def portfolio_bars(rows: pd.DataFrame, palette: Palette) -> Chart:
    """Return each plan's completion (solid) against its planned value (hollow), overdue beside.

    ``rows`` is `lib.portfolio.portfolio`; a bar's ``customdata`` is the plan's name.
    """
    shown = rows.iloc[::-1]
    hover = [
        f"<b>{row.key}</b>　截至{months.text(row.month)}<br>{row.title}"
        f"<br>完成率 {wording.percent(row.earned_value)}，序时进度 {wording.percent(row.planned_value)}"
        f"<br>SPI {wording.ratio(row.spi)}，{row.tasks}项任务，逾期{row.overdue}项"
        for row in shown.itertuples()
    ]
    common = {
        "y": shown["key"],
        "customdata": shown["key"],
        "orientation": "h",
        "hovertext": hover,
        "hoverinfo": "text",
        **selected_look(palette),
    }
    hollow = {"color": "rgba(0,0,0,0)", "line": {"color": palette.ink, "width": 1.2}}
    figure = go.Figure(
        [
            go.Bar(x=shown["planned_value"], name="序时进度", width=0.78, marker=hollow, **common),
            go.Bar(
                x=shown["earned_value"],
                name="完成率",
                width=0.44,
                marker={"color": palette.actual},
                **common,
            ),
        ]
    )
    for row in shown.itertuples():
        late = f"　{look(Status.OVERDUE).icon} 逾期{row.overdue}项" if row.overdue else ""
        figure.add_annotation(
            x=max(row.earned_value, row.planned_value, 0.0),
            y=row.key,
            text=f"<b>{wording.percent(row.earned_value, 0)}</b>"
            f" ／ {wording.percent(row.planned_value, 0)}{late}",
            showarrow=False,
            xanchor="left",
            xshift=6,
            font={"size": SMALL, "color": palette.ink},
        )
    layout(figure, palette, height=60 + 44 * len(rows), barmode="overlay")
    _percent_axis(figure, palette, 1.85)
    label_room(figure, rows["key"])
    # A name such as 2019 must not become a number on the axis.
    figure.update_yaxes(type="category")
    title = portfolio.portfolio_finding(rows)
    return Chart(
        "全部计划",
        "各计划完成率（实心）对照序时进度（空心）",
        f"各计划完成率对照序时进度：{title}",
        figure,
        portfolio.portfolio_table(rows),
    )


def comparison_bars(rows: pd.DataFrame, one: str, other: str, palette: Palette) -> Chart:
    """Return two plans' completion by category: the first pale and thin, the second solid.

    ``rows`` is `lib.portfolio.compare`; a bar's ``customdata`` is the category.
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
        for place, value in enumerate(share):
            text = "没有这个类型" if pd.isna(value) else f"{name}　{wording.percent(value, 0)}"
            figure.add_annotation(
                x=0.0 if pd.isna(value) else value,
                y=place + offset,
                text=text if not pd.isna(value) else f"{name}　{text}",
                showarrow=False,
                xanchor="left",
                xshift=6,
                font={"size": SMALL, "color": palette.ink},
            )
    layout(figure, palette, height=50 + 52 * len(rows), barmode="overlay")
    _percent_axis(figure, palette, 1.6)
    label_room(figure, rows["key"])
    figure.update_yaxes(
        tickvals=list(range(len(shown))), ticktext=[f"{key} " for key in shown["key"]]
    )
    title = portfolio.comparison_finding(rows, one, other)
    return Chart(
        f"计划对比_{one}_{other}",
        title,
        f"两个计划各类型完成率：{title}",
        figure,
        portfolio.comparison_table(rows, one, other),
    )


def _percent_axis(figure: go.Figure, palette: Palette, end: float) -> None:
    figure.update_xaxes(
        range=[0, end],
        tickvals=[0, 0.25, 0.5, 0.75, 1.0],
        tickformat=".0%",
        tickfont={"size": SMALL, "color": palette.muted},
    )
