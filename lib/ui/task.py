"""The parts of the 任务 page: the choice of a task, its state and facts."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import streamlit as st

from lib.access import Permission
from lib.core import findings, months, texts, views, wording
from lib.core.figures import Figures, flag_lists
from lib.core.matters import OUTLOOKS, Act, Step
from lib.core.schema import PLAN
from lib.report import editions
from lib.report.notices import issued
from lib.store import Changes, Draft, Kind, State, StoreError
from lib.ui.kit import data, session, state
from lib.ui.kit.acting import submit
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


def outlook(figures: Figures, task_id: str, revision: int | None) -> None:
    """Draw the units' own words on a task beside its status, and the form for the own one."""
    table = views.outlook_table(figures, data.outlooks(revision))
    units = [
        unit
        for unit in session.reporting_units(figures.dataset)
        if unit in figures.dataset.tasks.at[task_id, "units"]
    ]
    may_write = revision is None and session.may(Permission.ANSWER) and units
    if table.empty and not may_write:
        return
    st.header(_outlook_title(table), anchor=False)
    if len(table):
        text_table(table.drop(columns=views.M["task_id"]), "outlooks")
    if may_write:
        with st.expander("单位研判：能不能按期"):
            _outlook_form(task_id, units)


def _outlook_title(table: pd.DataFrame) -> str:
    if table.empty:
        return "单位还没有研判能不能按期"
    differing = int((table["是否一致"] != "一致").sum())
    return "单位研判与计算一致" if not differing else f"单位研判有{differing}条与计算不一致"


def _outlook_form(task_id: str, units: list[str]) -> None:
    row = st.container(horizontal=True, vertical_alignment="bottom")
    with row:
        unit = st.selectbox("单位", units, key=f"outlook-unit-{task_id}", width=220)
        way = st.segmented_control(
            "能不能按期", OUTLOOKS, default=OUTLOOKS[0], required=True, key=f"outlook-{task_id}"
        )
        user = session.signer(row, "姓名", "outlook-user", width=160)
    words = st.text_input("原因和打算", key=f"outlook-words-{task_id}", max_chars=500)
    if not st.button("提交研判", key="outlook-send"):
        return
    if not user:
        st.error("请写明姓名", icon=":material/error:")
        return
    step = Step(
        "",
        Act.OUTLOOK,
        f"{datetime.now():%Y-%m-%d %H:%M}",
        user,
        unit=str(unit),
        words=texts.clean(words).strip(),
        way=str(way),
        task_id=task_id,
    )
    submit(
        Draft(user, Changes.none(), Kind.MATTER, str(unit), steps=[step]), f"{unit}研判{way}已提交"
    )


def reports_of(figures: Figures, task_id: str) -> pd.DataFrame:
    """Return a task's reports up to the month (`lib.core.schema.ProgressModel`)."""
    reports = figures.dataset.progress
    return reports[(reports["task_id"] == task_id) & (reports["month"] <= figures.selection.month)]
