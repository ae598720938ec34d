"""Groups against plan: bars of categories and units, and heat maps of groups by month."""

from __future__ import annotations

from typing import Literal

import numpy as np
import plotly.graph_objects as go

from lib.charts import base
from lib.charts.base import Chart, Palette, built_once
from lib.core import findings, months, wording
from lib.core.figures import Figures
from lib.core.gap import is_below_plan
from lib.core.status import LOOKS, Status
from lib.core.views import group_table

By = Literal["category", "unit"]
_WORDS: dict[By, str] = {"category": "类型", "unit": "单位"}


@built_once
def bars(figures: Figures, by: By, palette: Palette) -> Chart:
    """Return each group's completion as a solid bar against its hollow plan marker.

    Categories stand in the plan's order, units with the one furthest ahead of plan on top.
    """
    word, rows = _WORDS[by], figures.by_category
    if by == "unit":
        rows = figures.by_unit
        gap = rows["earned_value"] - rows["planned_value"]
        rows = rows.assign(gap=gap).sort_values("gap", ascending=False, kind="stable")
    upwards = rows.iloc[::-1]  # as plotly draws
    hover = [
        f"<b>{row.key}</b><br>{_shares(row.earned_value, row.planned_value)}"
        f"<br>SPI {wording.ratio(row.spi)}"
        f"<br>{row.tasks}项任务：已完成{row.completed}，正常{row.on_track}，滞后{row.behind}，"
        f"逾期{row.overdue}，未到期{row.not_due}"
        for row in upwards.itertuples()
    ]
    figure = base.bars_against_plan(palette, upwards, upwards["key"], hover)
    base.share_texts(figure, palette, upwards, upwards["key"])
    base.layout(figure, palette, height=54 + 31 * len(rows), barmode="overlay")
    base.share_axis(figure, palette, 1.62, [0, 0.25, 0.5, 0.75, 1.0])
    base.label_room(figure, rows["key"])
    title = findings.groups(rows, word)
    return Chart(
        name=f"{word}完成率",
        title=title,
        alt=f"{word}完成率与序时进度条形图：{title}",
        figure=figure,
        table=group_table(rows, word),
    )


def _shares(earned: float, planned: float) -> str:
    return (
        f"完成率 {wording.percent(earned)}<br>序时进度 {wording.percent(planned)}"
        f"<br>{wording.against_plan(earned, planned)}"
    )


def _cell(completion: float) -> str:
    """Return a share as it fits a cell on a phone: whole percent, √ for complete."""
    return LOOKS[Status.COMPLETED].icon if completion >= 1 else f"{completion * 100:.0f}"


@built_once
def heat_map(figures: Figures, by: By, palette: Palette) -> Chart:
    """Return completion of each group by month, coloured by the distance to plan.

    Months after the selected one stay empty.
    """
    word = _WORDS[by]
    rows = figures.category_by_month if by == "category" else figures.unit_by_month
    month, year = figures.selection.month, figures.dataset.settings.year
    wide = rows.pivot_table(
        index="key", columns="month", values=["earned_value", "planned_value"], sort=False
    )
    earned, planned = wide["earned_value"], wide["planned_value"]
    gap = (earned - planned) * 100
    past = earned.columns <= month
    names = [months.label(column, year) for column in earned.columns]
    cells = np.where(past, earned.map(_cell), "")
    hover = [
        [
            f"<b>{key}</b> {name}末<br>{_shares(done, plan)}"
            if known
            else f"<b>{key}</b> {name}：还没有到<br>序时进度 {wording.percent(plan)}"
            for name, done, plan, known in zip(names, done_row, plan_row, past, strict=True)
        ]
        for key, done_row, plan_row in zip(
            earned.index, earned.to_numpy(), planned.to_numpy(), strict=True
        )
    ]
    figure = go.Figure(
        go.Heatmap(
            z=np.where(past, gap, np.nan),
            x=list(range(len(names))),
            y=list(earned.index),
            text=cells,
            texttemplate="%{text}",
            textfont={"size": 11},
            customdata=[[key] * len(names) for key in earned.index],
            hovertext=hover,
            hoverinfo="text",
            colorscale=[list(stop) for stop in palette.diverging],
            zmin=-30,
            zmax=30,
            zmid=0,
            xgap=2,
            ygap=2,
            hoverongaps=True,
            showscale=False,
        )
    )
    base.layout(figure, palette, height=44 + 30 * len(earned), margin_t=30, margin_b=6)
    base.month_axis(figure, list(range(len(names))), list(earned.columns), month)
    figure.update_xaxes(side="top", showgrid=False)
    base.label_room(figure, earned.index)
    figure.update_yaxes(autorange="reversed")
    below = is_below_plan(earned, planned)
    now = below[month] if month in below else below.iloc[:, -1]
    title = (
        f"{months.label(month, year)}有{int(now.sum())}个{word}低于序时进度"
        if len(below)
        else findings.NOTHING
    )
    table = earned.loc[:, past].mul(100).round(1)
    table.columns = [f"{name}（%）" for name, known in zip(names, past, strict=True) if known]
    return Chart(
        name=f"{word}月度完成率",
        title=title,
        alt=f"{word}各月完成率热力图，颜色表示与序时进度的差距：{title}",
        figure=figure,
        table=table.rename_axis(word).reset_index(),
    )
