"""The parts of the 单位 page."""

from __future__ import annotations

import streamlit as st

from lib.core import wording
from lib.core.figures import Figures
from lib.core.status import mark
from lib.ui.kit.elements import plain


def missing_lines(figures: Figures) -> None:
    """Draw the 催报清单 as lines: who has not reported on which task, and how far that is."""
    contents = figures.dataset.tasks[["content", "window_text"]]
    texts = []
    for row in figures.missing_reports.itertuples():
        content, window = contents.loc[row.task_id]
        texts.append(
            f"- **{plain(row.unit)}**　{plain(row.task_id)} "
            f"{plain(wording.short_title(content, 24))}（{plain(window)}）　"
            f"完成{wording.percent(row.completion)}　{mark(str(row.status))}"
        )
    st.markdown("\n".join(texts))
