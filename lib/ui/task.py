"""The parts of the 任务 page: the choice of a task, its state and facts."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from lib.core import findings, months, views, wording
from lib.core.figures import Figures, flag_lists
from lib.core.schema import PLAN
from lib.report import editions
from lib.report.notices import issued
from lib.store import State, StoreError
from lib.ui.kit import data, state
from lib.ui.kit.elements import badges, text_table
from lib.ui.kit.view import View


def choose_task(figures: Figures) -> str:
    """Draw the choice of a task and return its id; ``task`` in the address holds it.

    Not bound like the filters: a bound widget writes its labels to the address, and a link is
    to name the task by its id alone.
    """
    contents = figures.dataset.tasks["content"]
    options = list(figures.tasks["task_id"])
    asked = st.query_params.get(state.TASK)
    st.session_state[state.CHOSEN_TASK] = asked if asked in options else options[0]

    def remember() -> None:
        st.query_params[state.TASK] = st.session_state[state.CHOSEN_TASK]

    chosen: str = st.selectbox(
        "任务",
        options,
        format_func=lambda task: f"{task} {wording.short_title(contents[task], 24)}",
        key=state.CHOSEN_TASK,
        on_change=remember,
    )
    return chosen


def task_state(figures: Figures) -> None:
    """Draw status and flags of the one task of a view."""
    row = figures.tasks.iloc[0]
    st.markdown(badges([str(row["status"]), *flag_lists(figures.tasks)[0]]))


def task_facts(figures: Figures) -> None:
    """Draw the facts of the one task of a view as a table; its head is hidden (screen.css)."""
    row = figures.tasks.iloc[0]
    task = figures.dataset.tasks.loc[row["task_id"]]
    headers = PLAN.headers
    facts = {
        headers["category"]: task["category"],
        headers["units_text"]: "、".join(task["units"]),
        headers["window_text"]: task["window_text"],
        "时间的理解": task["reading"],
        **views.more_facts(figures, row["task_id"]),
        headers["source"]: task["source"],
        "完成率": wording.percent(row["completion"]),
        "序时进度": wording.percent(row["planned_value"]),
        "SPI": wording.ratio(figures.overall["spi"].iloc[0]),
        "预计完成": findings.projection(figures),
    }
    text_table(pd.DataFrame({"项目": list(facts), "内容": list(facts.values())}), "facts")


def events_of(view: View, task_id: str) -> dict[int, list[str]]:
    """Return by month (ordinal) what was decided about a task besides its reports: 督办单."""
    try:
        journal = editions.as_of(data.submissions(), view.revision)
    except StoreError:
        return {}  # the frame says that the journal cannot be read
    events: dict[int, list[str]] = {}
    for notice in issued([entry for entry in journal if entry.state == State.IN_FORCE]):
        month = months.parse(notice.month)
        if notice.task_id == task_id and month <= view.selection.month:
            answer = f"，{notice.answer_by}前反馈" if notice.answer_by else ""
            events.setdefault(month, []).append(
                f"{notice.day}发{notice.unit}督办单{notice.number}（{notice.light}）{answer}：{notice.demand}"
            )
    return events


def reports_of(figures: Figures, task_id: str) -> pd.DataFrame:
    """Return a task's reports up to the month (`lib.core.schema.ProgressModel`)."""
    reports = figures.dataset.progress
    return reports[(reports["task_id"] == task_id) & (reports["month"] <= figures.selection.month)]
