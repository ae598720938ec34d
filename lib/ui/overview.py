"""The parts of the 总览 page: tiles, the tasks that need attention, changes, indicators."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from lib.core import wording
from lib.core.figures import Figures, flag_lists
from lib.core.status import Flag, Status, mark
from lib.ui.kit import navigation
from lib.ui.kit.elements import badges, lines, markdown_table, note, plain


def tiles(figures: Figures) -> None:
    """Draw the tiles of the overview, each with its change since the month before.

    One table, a row per tile, that `screen.css` lays out: an element each, with its box, takes
    the browser longer than all that it says.
    """
    now = figures.overall.iloc[0]
    before = None if figures.previous is None else figures.previous.overall.iloc[0]

    def tile(label: str, name: str, value: str, unit: str, good: int) -> list[str]:
        """Return one tile; ``good`` is 1 where more is better, -1 where worse, 0 for neither."""
        return [label, f"**{value}**", change(name, unit, good)]

    def change(name: str, unit: str, good: int) -> str:
        if before is None:
            return ""
        scale, digits = {"个百分点": (100, 1), "项": (1, 0)}.get(unit, (1, 2))
        gain = round((now[name] - before[name]) * scale, digits)
        if pd.isna(gain):
            return ""
        if not gain:
            return ":gray-badge[持平]"
        colour = {1: "green", -1: "red", 0: "gray"}[good * (1 if gain > 0 else -1)]
        return f":{colour}-badge[{'↑' if gain > 0 else '↓'} {gain:+.{digits}f}{unit}]"

    points, items = "个百分点", "项"
    done = f"{int(now['completed'])}／{int(now['tasks'])}项"
    rows = [
        ["指标", "本月", "" if before is None else "较上月"],
        tile("总体完成率", "earned_value", wording.percent(now["earned_value"]), points, 1),
        tile("序时进度", "planned_value", wording.percent(now["planned_value"]), points, 0),
        tile("SPI　完成率÷序时进度", "spi", wording.ratio(now["spi"]), "", 1),
        tile(mark(Status.COMPLETED), "completed", done, items, 1),
        tile(mark(Status.BEHIND), "behind", f"{int(now['behind'])}项", items, -1),
        tile(mark(Status.OVERDUE), "overdue", f"{int(now['overdue'])}项", items, -1),
    ]
    with st.container(key="tiles"):
        explained = "" if before is None else "\n\n:small[箭头为较上月的变化]"
        st.markdown(markdown_table(rows) + explained)


def task_list(figures: Figures, rows: pd.DataFrame, reasons: Sequence[str]) -> None:
    """Draw tasks as a list of links to them: state, task, and why it is here."""
    contents = figures.dataset.tasks["content"]
    with st.container(key="task-list", gap="xxsmall"):
        for row, flags, reason in zip(rows.itertuples(), flag_lists(rows), reasons, strict=True):
            states = [str(row.status), *(flag for flag in flags if flag == Flag.DUE_NEXT)]
            title = wording.short_title(contents[row.task_id], 15)
            label = (
                f"{badges(states)} **{plain(row.task_id)}** {plain(title)} :small[{plain(reason)}]"
            )
            navigation.link("task", label, icon="", task=row.task_id)


def indicator_lines(nearest: pd.DataFrame, furthest: pd.DataFrame) -> None:
    """Draw the indicators nearest to and furthest from target: done over target, with unit."""
    if nearest.empty and furthest.empty:
        note("没有未完成的指标。")
    lines(
        f":gray[{label}]　**{wording.quantity(row.done)}／{wording.quantity(row.target)}"
        f"{plain(row.measure)}**　{plain(row.task_id)} {plain(row.indicator)}"
        for label, rows in (("最近", nearest), ("最远", furthest))
        for row in rows.itertuples()
    )


def change_lines(figures: Figures, limit: int = 4) -> None:
    """Draw the greatest changes since the month before as lines of text."""
    rows = figures.changes.sort_values("gain", ascending=False, kind="stable")
    if rows.empty:
        note("选择有上报的月份可以看到变化。")
        return
    contents = figures.dataset.tasks["content"]
    texts = []
    for row in rows.head(limit).itertuples():
        moved = "" if row.status == row.status_before else f"　{mark(str(row.status))}"
        title = wording.short_title(contents[row.task_id], 16)
        texts.append(
            f"**{plain(row.task_id)}** {plain(title)}　"
            f"{wording.percent(row.completion_before, 0)}\u00a0→\u00a0"
            f"**{wording.percent(row.completion, 0)}**{moved}"
        )
    lines(texts)
    if len(rows) > limit:
        navigation.link("months", f"全部{len(rows)}项变化")
