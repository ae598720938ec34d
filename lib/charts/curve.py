"""The S-curve: planned and earned value over the plan's months."""

from __future__ import annotations

import plotly.graph_objects as go

from lib.charts.base import SMALL, Chart, Palette, built_once, layout, month_axis
from lib.core import findings, months, wording
from lib.core.figures import Figures
from lib.core.views import group_table


@built_once
def s_curve(figures: Figures, palette: Palette, height: int = 340) -> Chart:
    """Return planned value (dashed, hollow) for all months and earned value up to the month."""
    rows = figures.by_month
    year, month = figures.dataset.settings.year, figures.selection.month
    names = rows["month"].map(lambda value: months.label(value, year))
    places = rows["month"]
    past = rows["month"] <= month
    figure = go.Figure()
    if len(rows):
        planned, earned = rows["planned_value"], rows["earned_value"][past]
        figure.add_scatter(
            x=places,
            y=planned,
            name="序时进度",
            mode="lines+markers",
            line={"color": palette.ink, "width": 1.5, "dash": "dot"},
            marker={
                "color": palette.surface,
                "size": 8,
                "line": {"color": palette.ink, "width": 1.5},
            },
            customdata=rows["key"],
            hovertext=[
                f"{name}末 序时进度 {wording.percent(value)}"
                for name, value in zip(names, planned, strict=True)
            ],
            hoverinfo="text",
        )
        figure.add_scatter(
            x=places[past],
            y=earned,
            name="完成率",
            mode="lines+markers",
            line={"color": palette.actual, "width": 3},
            marker={"color": palette.actual, "size": 8},
            customdata=rows["key"][past],
            hovertext=[
                f"{name}末 完成率 {wording.percent(value)}"
                for name, value in zip(names, earned, strict=False)
            ],
            hoverinfo="text",
        )
        here = rows[past].iloc[-1]
        ahead = here["earned_value"] >= here["planned_value"]
        last = places[past].iloc[-1]
        figure.add_annotation(
            x=last,
            y=here["earned_value"],
            text=f"<b>完成率 {wording.percent(here['earned_value'])}</b>",
            showarrow=False,
            xanchor="right" if ahead else "left",
            yanchor="bottom" if ahead else "top",
            yshift=6 if ahead else -6,
            xshift=-4 if ahead else 4,
            font={"color": palette.actual},
        )
        figure.add_annotation(
            x=last,
            y=here["planned_value"],
            text=f"序时进度 {wording.percent(here['planned_value'])}",
            showarrow=False,
            xanchor="left" if ahead else "right",
            yanchor="top" if ahead else "bottom",
            yshift=-6 if ahead else 6,
            xshift=4 if ahead else -4,
            font={"color": palette.ink},
        )
    layout(figure, palette, height=height, hovermode="closest", margin_l=44)
    figure.update_yaxes(
        range=[-0.04, 1.08],
        tickformat=".0%",
        tickvals=[0, 0.25, 0.5, 0.75, 1],
        tickfont={"size": SMALL, "color": palette.muted},
    )
    month_axis(figure, list(places), list(places), month)
    figure.update_xaxes(showgrid=False)
    title = findings.curve(figures)
    table = group_table(rows[past], "月份")
    return Chart(
        name="进度曲线",
        title=title,
        alt=f"序时进度与完成率的S曲线：{title}",
        figure=figure,
        table=table,
    )
