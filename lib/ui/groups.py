"""What 分类 and 单位 begin with: the groups against plan, the worst first, and the choice of one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from lib.core import views
from lib.core.answers import Answers
from lib.core.figures import Figures
from lib.html.answers import gap_bars
from lib.report.deck import deck
from lib.report.deck_arrangement import Arrangement
from lib.report.slides import Part
from lib.report.svg_deck import svg
from lib.ui.kit import data, navigation, state
from lib.ui.kit.charts import table_view
from lib.ui.kit.elements import head, nothing_selected
from lib.ui.kit.links import figures_html, links

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator


@dataclass(frozen=True)
class _Grouping:
    page: str
    focus: str
    part: Part


_GROUPINGS = {
    "类型": _Grouping("categories", state.FOCUS_CATEGORY, Part.CATEGORIES),
    "单位": _Grouping("units", state.FOCUS_UNIT, Part.UNITS),
}


def _slide(part: Part) -> str:
    """Return the slide of a part as SVG: a picture that stands by itself, with its source."""
    material = data.material(navigation.view())
    slides = deck(material, Arrangement().only(part))
    return svg(material, slides[0], 1)


def worst_and_choice(figures: Figures, kind: str) -> tuple[DeltaGenerator, str | None]:
    """Draw title, bars and the choice of a 类型 or 单位; return the place beside the bars, and the choice."""
    answers, grouping = Answers.of(figures), _GROUPINGS[kind]
    rows, before = (
        (answers.categories, answers.categories_before)
        if kind == "类型"
        else (answers.units, answers.units_before)
    )
    head(figures, answers.worst_title(kind, rows) + answers.silence_note)
    if nothing_selected(figures):
        navigation.stop()
    left, right = st.columns([2, 3], gap="large")
    with left:
        figures_html(gap_bars(rows, links(), grouping.page, grouping.focus, before=before))
        # The picture is the slide of the same bars; a single group has none.
        drawn = partial(_slide, grouping.part) if len(rows) > 1 else None
        table_view(views.group_table(rows, kind), f"{kind}完成率", drawn=drawn)
    with right:
        chosen: str | None = st.selectbox(
            f"查看一个{kind}（也可点击左边的一行）",
            rows["key"],
            index=None,
            placeholder=f"全部{kind}",
            key=grouping.focus,
            bind="query-params",
        )
    return right, chosen
