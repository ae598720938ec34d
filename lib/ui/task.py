"""The parts of the 任务 page: the choice of a task, its state and facts."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from lib.core import findings, months, views, wording
from lib.core.figures import Figures, flag_lists
from lib.core.matters import Source, origin_words
from lib.core.schema import PLAN
from lib.report import editions
from lib.report.notices import Notice, issued
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


def events_of(view: View, figures: Figures, task_id: str) -> dict[int, list[str]]:
    """Return by month (ordinal) what was decided about a task besides its reports.

    督办单, steps of 督办事项 about it, 研判, 核实 and 延期. What came after the last report stands in
    the month that is looked at, if nobody has reported since.
    """
    month_looked_at = view.selection.month
    events: dict[int, list[str]] = {}

    def note(month: int, sentence: str) -> None:
        if month > month_looked_at and month_looked_at >= figures.dataset.latest_month:
            month = month_looked_at
        if month <= month_looked_at:
            events.setdefault(max(month, figures.dataset.axis[0]), []).append(sentence)

    for notice in _notices(view):
        if notice.task_id == task_id and months.parse(notice.month) <= month_looked_at:
            answer = f"，{notice.answer_by}前反馈" if notice.answer_by else ""
            note(
                months.parse(notice.month),
                f"{notice.day}发{notice.unit}督办单{notice.number}（{notice.light}）{answer}：{notice.demand}",
            )
    for matter in data.matters(view.revision):
        if matter.created.task_id != task_id:
            continue
        for step in matter.steps:
            if step is not matter.created:
                note(months.parse(step.time[:7]), f"{matter.number} {step.sentence}")
            elif step.source != Source.NOTICE:
                note(
                    months.parse(step.time[:7]),
                    f"{step.time[:10]} {origin_words(matter)}：{step.words}"
                    f"（{matter.number}，{matter.lead}，期限{matter.due_words()}，{matter.state}）",
                )
    for step in figures.dataset.task_steps:
        if step.task_id == task_id:
            note(months.parse(step.month or step.time[:7]), step.sentence)
    return events


def _notices(view: View) -> list[Notice]:
    try:
        journal = editions.as_of(data.submissions(), view.revision)
    except StoreError:
        return []  # the frame says that the journal cannot be read
    return issued([entry for entry in journal if entry.state == State.IN_FORCE])


def reports_of(figures: Figures, task_id: str) -> pd.DataFrame:
    """Return a task's reports up to the month (`lib.core.schema.ProgressModel`)."""
    reports = figures.dataset.progress
    return reports[(reports["task_id"] == task_id) & (reports["month"] <= figures.selection.month)]
