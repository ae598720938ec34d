"""The S-curve: planned and earned value over the plan's months."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from lib.charts.base import SMALL, Chart, Palette, built_once, layout, month_axis
from lib.core import findings, months, schema, wording
from lib.core.figures import Figures
from lib.core.views import group_table

LABEL_HEIGHT = 0.16
"""Share of the axis that a label takes: so much stands free below nought, for the lower label."""
EARLY = 3
"""Months from the first whose label has no room on its left: it stands higher, above the curve."""
LABEL_MONTHS = 5
"""Months that such a label covers."""


@built_once
def s_curve(figures: Figures, palette: Palette, height: int = 340) -> Chart:
    """Return planned value (dotted, hollow) for all months and earned value up to the last report.

    Between the last report and the month looked at the line is grey and dashed: nobody reported.
    """
    rows = figures.by_month
    year, month = figures.dataset.settings.year, figures.selection.month
    past = rows["month"] <= month
    figure = go.Figure()
    if len(rows):
        ring = {"color": palette.ink, "width": 1.5}
        plan = {"line": {**ring, "dash": "dot"}}
        plan["marker"] = {"color": palette.surface, "size": 8, "line": ring}
        actual = {"line": {"color": palette.actual, "width": 3}}
        actual["marker"] = {"color": palette.actual, "size": 8}
        _add_line(figure, rows, "planned_value", "序时进度", year, plan)
        reported = min(figures.dataset.latest_month, month)
        silent = {"line": {"color": palette.muted, "width": 2, "dash": "dash"}}
        silent["marker"] = {
            "color": palette.surface,
            "size": 7,
            "line": {**ring, "color": palette.muted},
        }
        if reported < month:
            beyond = rows[past & (rows["month"] >= reported)]
            _add_line(figure, beyond, "earned_value", "没有填报", year, silent)
        _add_line(figure, rows[rows["month"] <= reported], "earned_value", "完成率", year, actual)
        here = rows[past].iloc[-1]
        earned, planned = here["earned_value"], here["planned_value"]
        for value, text, upper, colour in (
            (earned, f"<b>完成率 {wording.percent(earned)}</b>", earned >= planned, palette.actual),
            (planned, f"序时进度 {wording.percent(planned)}", earned < planned, palette.ink),
        ):
            label = {
                "text": text,
                "font": {"color": colour},
                "xanchor": "left",
                "yanchor": "bottom",
            }
            if upper and past.sum() <= EARLY:
                top = rows["planned_value"].iloc[: past.sum() + LABEL_MONTHS].max()
                figure.add_annotation(
                    x=here["month"],
                    y=value,
                    ax=here["month"],
                    ay=max(value, top),
                    axref="x",
                    ayref="y",
                    arrowhead=0,
                    arrowwidth=1,
                    arrowcolor=palette.muted,
                    **label,
                )
                continue
            label |= {"xanchor": "right"} if upper else {"yanchor": "top"}
            figure.add_annotation(
                x=here["month"],
                y=value,
                showarrow=False,
                yshift=6 if upper else -6,
                xshift=-4 if upper else 4,
                **label,
            )
    layout(figure, palette, height=height, hovermode="closest", margin_l=44)
    figure.update_yaxes(
        range=[-LABEL_HEIGHT, 1.08],
        tickformat=".0%",
        tickvals=[0, 0.25, 0.5, 0.75, 1],
        tickfont={"size": SMALL, "color": palette.muted},
    )
    month_axis(figure, list(rows["month"]), list(rows["month"]), month)
    figure.update_xaxes(showgrid=False)
    title = findings.curve(figures)
    return Chart(
        name="进度曲线",
        title=title,
        alt=f"序时进度与完成率的S曲线：{title}",
        figure=figure,
        table=group_table(rows[past], schema.PROGRESS.headers["month"]),
    )


def _add_line(
    figure: go.Figure, rows: pd.DataFrame, field: str, name: str, year: int, look: dict[str, Any]
) -> None:
    figure.add_scatter(
        x=rows["month"],
        y=rows[field],
        name=name,
        mode="lines+markers",
        customdata=rows["key"],
        hovertext=[
            f"{months.label(month, year)}末 {name} {wording.percent(value)}"
            for month, value in zip(rows["month"], rows[field], strict=True)
        ],
        hoverinfo="text",
        **look,
    )
