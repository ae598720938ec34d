"""What is said about one task itself on its page, with a form for who may: 研判, 核实, 延期."""

from __future__ import annotations

from datetime import datetime, timedelta

import pandas as pd
import streamlit as st

from lib.access import Permission
from lib.core import months, texts, views
from lib.core.extensions import Extension, extensions, last_day
from lib.core.figures import Figures
from lib.core.matters import OUTLOOKS, WAYS, Act, Step, day, step_time
from lib.core.status import Status
from lib.ui.kit import data, session
from lib.ui.kit.acting import submit_step
from lib.ui.kit.elements import empty, heading, lines, note, plain, text_table
from lib.ui.kit.evidence import evidence_upload
from lib.ui.kit.links import figures_html, links
from lib.ui.kit.view import View

_WHOLE = "整项任务"


def _own_units(figures: Figures, task_id: str) -> list[str]:
    units = figures.dataset.tasks.at[task_id, "units"]
    return [unit for unit in session.reporting_units(figures.dataset) if unit in units]


def _step(act: Act, task_id: str, user: str, *, words: str = "", **facts: str) -> Step:
    now = step_time(datetime.now())
    return Step("", act, now, user, words=texts.clean(words).strip(), task_id=task_id, **facts)


# -- 研判 ----------------------------------------------------------------------------------------


def outlook(figures: Figures, task_id: str, revision: int | None) -> None:
    """Draw the units' own words on a task beside its status, and the form for the own one."""
    table = views.outlook_table(figures)
    units = _own_units(figures, task_id)
    may_write = revision is None and session.may(Permission.ANSWER) and units
    if table.empty and not may_write:
        return
    heading(_outlook_title(table))
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
    step = _step(Act.OUTLOOK, task_id, user, unit=str(unit), words=words, outlook=str(way))
    submit_step(step, step.unit, f"{unit}研判{way}已提交")


# -- 核实 ----------------------------------------------------------------------------------------


def verification(figures: Figures, task_id: str, view: View) -> None:
    """Draw the form with which the office verifies or returns what a task reported at 100 %."""
    waiting = figures.indicators.loc[figures.indicators["waits"], "indicator"]
    waits = bool((figures.tasks["status"] == Status.UNVERIFIED).any())
    office = view.revision is None and session.may(Permission.MATTER)
    if not office or not (waits or len(waiting)):
        return
    parts = [_WHOLE] * waits + list(waiting)
    with st.expander(plain(f"核实：{'、'.join(parts)}{Status.UNVERIFIED}"), icon=":material/rule:"):
        _verification_form(figures, task_id, parts)


def _verification_form(figures: Figures, task_id: str, parts: list[str]) -> None:
    row = st.container(horizontal=True, vertical_alignment="bottom")
    with row:
        part = parts[0]
        if len(parts) > 1:
            part = st.selectbox("核实什么", parts, key=f"verify-part-{task_id}", width=260)
        act = st.segmented_control(
            "结果",
            [Act.CONFIRM, Act.REJECT],
            default=Act.CONFIRM,
            required=True,
            key=f"verify-act-{task_id}",
        )
        way = st.segmented_control("怎样核实", WAYS, key=f"verify-way-{task_id}")
        user = session.signer(row, "核实人", "matter-user", width=160)
    words = st.text_input("核实情况，或退回的理由", key=f"verify-words-{task_id}", max_chars=500)
    month = months.text(min(figures.selection.month, figures.dataset.latest_month))
    evidence = evidence_upload(
        "核实材料",
        f"verify-files-{task_id}",
        task_id=task_id,
        month=months.parse(month),
        unit="核实",
    )
    if not st.button("提交核实", key=f"verify-send-{task_id}", type="primary"):
        return
    step = _step(
        Act(act),
        task_id,
        user,
        words=words,
        way=way or "",
        indicator="" if part == _WHOLE else part,
        month=month,
        evidence="、".join(item.name for item, _ in evidence),
    )
    submit_step(step, step.unit, f"{task_id}{act}", evidence)


# -- 延期 ----------------------------------------------------------------------------------------


def extension(figures: Figures, task_id: str, view: View) -> None:
    """Draw what became of a task's date, with the unit's application or the office's decision."""
    known = extensions(figures.dataset.task_steps, figures.dataset.tasks).get(task_id)
    if known is not None:
        note(plain(f"{known.words}。完成率、序时进度和状态按原定时间计算。"))
    if view.revision is not None:
        return
    if known is not None and known.waits is not None:
        if session.may(Permission.MATTER):
            with st.expander(plain(f"批复延期：{known.waits.unit}申请延至{known.waits.due}")):
                _decision_form(task_id, known.waits)
        return
    units = _own_units(figures, task_id)
    done = figures.tasks["status"].iloc[0] in (Status.COMPLETED, Status.UNVERIFIED)
    if units and not done and session.may(Permission.ANSWER):
        with st.expander("申请延期"):
            end = last_day(int(figures.dataset.tasks.at[task_id, "end"]))
            _application_form(task_id, units, known or Extension(end))


def _application_form(task_id: str, units: list[str], known: Extension) -> None:
    row = st.container(horizontal=True, vertical_alignment="bottom")
    with row:
        unit = st.selectbox("单位", units, key=f"extend-unit-{task_id}", width=220)
        later = (known.due or known.first_due) + timedelta(days=30)
        due = st.date_input("延到哪天", later, key=f"extend-due-{task_id}", width=160)
        user = session.signer(row, "姓名", "extend-user", width=160)
    words = st.text_input("为什么要延期", key=f"extend-words-{task_id}", max_chars=500)
    if st.button("提交延期申请", key=f"extend-send-{task_id}"):
        step = _step(Act.ASK, task_id, user, unit=str(unit), words=words, due=f"{due:%Y-%m-%d}")
        submit_step(step, step.unit, f"{unit}申请延期已提交，等待批复")


def _decision_form(task_id: str, asked: Step) -> None:
    note(plain(f"{asked.sentence}"))
    row = st.container(horizontal=True, vertical_alignment="bottom")
    with row:
        act = st.segmented_control(
            "批复",
            [Act.GRANT, Act.REFUSE],
            default=Act.GRANT,
            required=True,
            key=f"extend-act-{task_id}",
        )
        user = session.signer(row, "批复人", "matter-user", width=160)
    words = st.text_input("批复意见", key=f"extend-answer-{task_id}", max_chars=500)
    if st.button("提交批复", key=f"extend-decide-{task_id}", type="primary"):
        step = _step(Act(act), task_id, user, words=words)
        submit_step(step, step.unit, f"{task_id}{act}")


# -- the office's lists --------------------------------------------------------------------------


def waiting_list() -> None:
    """Draw the tasks that wait to be verified, and the 延期 that were applied for or granted."""
    figures = data.latest_figures()
    table = views.waiting_table(figures)
    if len(table):
        heading(f"{len(table)}项{Status.UNVERIFIED}")
        text_table(table, "waiting")
    elif figures.dataset.settings.verify:
        empty("没有待核实的任务和指标。")
    else:
        empty(
            "没有要求核实：settings.toml 里 [reports] 写 verify = true 后，报到100%的要经过核实。"
        )
    dates = extensions(figures.dataset.task_steps, figures.dataset.tasks)
    asked = sum(extension.waits is not None for extension in dates.values())
    granted = [extension for extension in dates.values() if extension.granted]
    if dates:
        times = sum(len(extension.granted) for extension in granted)
        days = sum((day(e.granted[-1].due) - e.first_due).days for e in granted)
        heading(f"任务延期：{asked}项待批，已批准{len(granted)}项{times}次共{days}天")
        lines(f"**{task}**　{plain(extension.words)}" for task, extension in dates.items())
    tasks = [*dict.fromkeys([*table.get(views.P["task_id"], ()), *dates])]
    for task in tasks:
        figures_html(f'<a class="more" href="{links().to("task", task=task)}">去任务{task}</a>')
