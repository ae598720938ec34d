"""The Gantt: every task's window on the months, with the completed share drawn in the bar."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from lib.charts.base import (
    Chart,
    Palette,
    built_once,
    hollow,
    layout,
    month_axis,
    selected_look,
    texts,
)
from lib.core import findings, months, schema, views, wording
from lib.core.figures import Figures, flag_lists
from lib.core.status import LOOKS, Status, mark

P = schema.PLAN.headers
ROW = 38
"""Height of a task's row in pixels: a line of text above, its bar below."""
_BAR = 0.34
_HEADING = 0.72
_ACROSS = 0.29
_WORDS_AT, _BAR_AT = 0.26, 0.7
"""Where in a row of 1 its line of text and its bar have their middle."""


@built_once
def gantt(figures: Figures, palette: Palette) -> Chart:
    """Return the timeline of the selected tasks, grouped by category, coloured by status.

    The window is a hollow bar, its completed share is filled. A deadline (8月前) ends in ◆. The
    line marks the end of the selected month. Where a window has been moved, the one first adopted
    is a thin hollow bar beneath. A task's name stands above its bar, so that it can
    be read at any width.
    """
    data, month = figures.dataset, figures.selection.month
    axis = list(data.axis)
    bottom, tops, y = 0.0, [], {}
    for category, tasks in figures.tasks.groupby("category", sort=False)["task_id"]:
        tops.append((bottom, str(category)))
        bottom += _HEADING
        for task in tasks:
            y[task] = bottom
            bottom += 1.0
    facts = data.tasks.loc[figures.tasks["task_id"]]
    rows = figures.tasks.assign(
        flags=flag_lists(figures.tasks),
        y=[y[task] for task in figures.tasks["task_id"]],
        title=[wording.short_title(text, 16) for text in facts["content"]],
    )
    figure = go.Figure()
    for status in Status:
        _add_bars(figure, rows[rows["status"] == status], status, figures, palette)
    if data.baseline_tasks is not None:
        _add_baseline(figure, rows, data.baseline_tasks, figures, palette)
    deadlines = rows[facts["is_deadline"].to_numpy()]
    figure.add_scatter(
        x=deadlines["end"] + 1,
        y=deadlines["y"] + _BAR_AT,
        mode="markers",
        marker={"symbol": "diamond", "size": 12, "color": palette.ink},
        hovertext=[f"截止：{_month(figures, end)}底" for end in deadlines["end"]],
        hoverinfo="text",
        name="截止时间",
    )
    _label(figure, rows, tops, axis, palette)
    _month_line(figure, rows, month, palette)
    layout(
        figure,
        palette,
        height=int(44 + ROW * bottom),
        barmode="overlay",
        hovermode="closest",
        margin_t=30,
        margin_b=6,
        shapes=_lines(tops, axis, palette),
    )
    figure.update_xaxes(side="top", range=[axis[0] - 0.05, axis[-1] + 1.15], showgrid=False)
    month_axis(figure, [month + 0.5 for month in axis], axis, month)
    figure.update_yaxes(range=[bottom + 0.1, 0], visible=False)
    title = findings.timeline(figures)
    return Chart(
        name="甘特图",
        title=title,
        alt=f"各任务计划时间与完成情况甘特图：{title}",
        figure=figure,
        table=views.task_table(figures),
    )


def _label(
    figure: go.Figure,
    rows: pd.DataFrame,
    tops: list[tuple[float, str]],
    axis: list[int],
    palette: Palette,
) -> None:
    """Write each task's name and completion above its bar, and the categories."""
    height = rows["y"] + _WORDS_AT
    left, right = [axis[0]] * len(rows), [axis[-1] + 1] * len(rows)
    names = [f"<b>{row.task_id}</b> {row.title}" for row in rows.itertuples()]
    texts(figure, palette, left, height, names, size=13)
    shares = [
        f"{LOOKS[Status(row.status)].icon} <b>{wording.percent(row.completion, 0)}</b>"
        for row in rows.itertuples()
    ]
    texts(figure, palette, right, height, shares, size=13, position="middle left")
    categories = [f"<b>{category}</b>" for _, category in tops]
    y = [top + _HEADING * 0.62 for top, _ in tops]
    texts(figure, palette, left[: len(tops)], y, categories, colour=palette.muted)


def _month_line(figure: go.Figure, rows: pd.DataFrame, month: int, palette: Palette) -> None:
    """Draw the end of the month across every bar; it leaves the names above the bars alone."""
    places: list[float | None] = []
    for y in rows["y"]:
        places += [y + _BAR_AT - _ACROSS, y + _BAR_AT + _ACROSS, None]
    figure.add_scatter(
        x=[month + 1] * len(places),
        y=places,
        mode="lines",
        line={"color": palette.ink, "width": 2},
        hoverinfo="skip",
        name="所选月份的月末",
    )


def _lines(
    tops: list[tuple[float, str]], axis: list[int], palette: Palette
) -> list[dict[str, Any]]:
    """Return the lines between months and categories."""
    upright = {"type": "line", "yref": "paper", "y0": 0, "y1": 1}
    across = {"type": "line", "xref": "paper", "x0": 0, "x1": 1}
    thin = {"color": palette.grid, "width": 1}
    return [
        *({**upright, "x0": m, "x1": m, "line": thin, "layer": "below"} for m in axis[1:]),
        *(
            {**across, "y0": y + 0.08, "y1": y + 0.08, "line": {**thin, "width": 1.5}}
            for y, _ in tops
            if y
        ),
    ]


def _add_bars(
    figure: go.Figure, rows: pd.DataFrame, status: Status, figures: Figures, palette: Palette
) -> None:
    colour = LOOKS[status].colour
    length = rows["end"] - rows["start"] + 1
    hover = [_hover(figures, row) for row in rows.itertuples()]
    for share, fill in ((1.0, palette.surface), (rows["completion"], colour)):
        figure.add_bar(
            base=rows["start"],
            x=length * share,
            y=rows["y"] + _BAR_AT,
            width=_BAR,
            orientation="h",
            customdata=rows["task_id"],
            hovertext=hover,
            hoverinfo="text",
            name=mark(status),
            marker={"color": fill, "line": {"color": colour, "width": 1.5}},
            **selected_look(),
        )


def _add_baseline(
    figure: go.Figure,
    rows: pd.DataFrame,
    baseline: pd.DataFrame,
    figures: Figures,
    palette: Palette,
) -> None:
    """Draw the windows that were moved as first adopted: thin, hollow, under the present bars."""
    known = rows[rows["task_id"].isin(baseline.index)]
    first = baseline.loc[known["task_id"]]
    moved = (known[["start", "end"]].to_numpy() != first[["start", "end"]].to_numpy()).any(axis=1)
    known, first = known[moved], first[moved]
    start, end = first["start"].to_numpy(), first["end"].to_numpy()
    figure.add_bar(
        base=start,
        x=end - start + 1,
        y=known["y"] + 0.96,
        width=0.12,
        orientation="h",
        customdata=known["task_id"],
        hovertext=[
            f"<b>{task}　基准</b><br>{P['window_text']}：{text}（{_month(figures, a)}—{_month(figures, b)}）"
            for task, text, a, b in zip(
                known["task_id"], first["window_text"], start, end, strict=True
            )
        ],
        hoverinfo="text",
        name="基准",
        marker=hollow(palette.ink, 1),
        **selected_look(),
    )


def _month(figures: Figures, month: int) -> str:
    return months.label(int(month), figures.dataset.settings.year)


def _hover(figures: Figures, row: Any) -> str:
    facts = figures.dataset.tasks.loc[row.task_id]
    flags = "　".join(mark(flag) for flag in row.flags)
    return (
        f"<b>{row.task_id}　{mark(str(row.status))}</b>　{flags}<br>"
        f"{wording.wrap(facts['content'], 26)}<br>"
        f"{P['units_text']}：{'、'.join(facts['units'])}<br>"
        f"{P['window_text']}：{facts['window_text']}<br>"
        f"完成率 {wording.percent(row.completion)}，序时进度 {wording.percent(row.planned_value)}"
    )
