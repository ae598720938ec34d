"""The parts of the 督办事项 page: the list, one matter and what can be done about it, 立项, 催办."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import streamlit as st

from lib.access import Permission
from lib.core import matters as rules
from lib.core import months, texts, views, wording
from lib.core.matters import WAYS, Act, Matter, MatterState, Source, Step, step_time
from lib.report.matter_papers import calendar, reminder
from lib.store import Changes, Draft, Kind
from lib.ui.kit import data, navigation, session, state
from lib.ui.kit.acting import submit, submit_step
from lib.ui.kit.elements import download_file, empty, lines, note, plain, text_table
from lib.ui.kit.evidence import evidence_list, evidence_upload
from lib.ui.kit.tables import download

NONE_YET = "还没有督办事项。会议议定、领导批示、督办单和自查发现的事项立项后列在这里。"
_WORDS = {
    Act.NOTE: "办理情况",
    Act.ANSWER: "办理结果",
    Act.ASK: "为什么要延期",
    Act.GRANT: "批复意见",
    Act.REFUSE: "不同意的理由",
    Act.RETURN: "退回的理由",
    Act.CLOSE: "核实情况",
    Act.URGE: "催办内容",
    Act.INSTRUCT: "批示内容",
}
"""What the words of an act are called; acts that are not here take none."""
_WHOLE = "整个计划"
_COLOURS = {
    MatterState.UNSIGNED: "orange",
    MatterState.RETURNED: "orange",
    MatterState.EXTENSION: "orange",
    MatterState.TO_VERIFY: "blue",
    MatterState.CLOSED: "green",
}


def title(matters: Sequence[Matter], *, own: bool) -> str:
    """Return the page's title: what is most urgent."""
    return f"{'我的事项' if own else '督办事项'}：{rules.summary(matters, date.today())}"


# -- the list and one matter ---------------------------------------------------------------------


def list_and_act(matters: Sequence[Matter]) -> None:
    """Draw a group of matters, and one of them with what can be done about it."""
    today = date.today()
    listed = rules.groups(matters, today)
    name = st.segmented_control(
        "看哪些",
        list(listed),
        format_func=lambda group: f"{group} {len(listed[group])}",
        default=next(iter(listed)),
        required=True,
        key="matters-group",
        label_visibility="collapsed",
    )
    group = listed.get(name or "", list(matters))
    with st.container(border=True):
        lines(_line(matter, today) for matter in group)
    with st.container(horizontal=True):
        download(views.matter_table(group, today), "督办事项", "下载清单", with_month=False)
        download_file(
            "下载期限日历（.ics）",
            calendar(matters),
            "督办事项期限.ics",
            "text/calendar",
            key="matters-calendar",
            icon=":material/event:",
        )
    _chosen(group)


def _line(matter: Matter, today: date) -> str:
    """Return a matter in the list: what state, which unit, what; small: when, from where, news."""
    days = matter.days_late(today)
    late = f":red-badge[逾期{days}天] " if days else ""
    colour = _COLOURS.get(matter.state, "gray")
    small = "　".join(
        [
            f"期限{matter.due_words()}",
            rules.origin_words(matter),
            f"最近：{matter.latest}",
            matter.number,
        ]
    )
    words = plain(f"{matter.created.words}")
    return (
        f"{late}:{colour}-badge[{matter.state}] **{plain(matter.lead)}**　{words}  \n"
        f":small[{plain(small)}]"
    )


def _chosen(group: Sequence[Matter]) -> None:
    by_number = {matter.number: matter for matter in group}
    number = st.selectbox(
        "办理哪一件",
        list(by_number),
        format_func=lambda number: f"{number} {by_number[number].short(30)}",
        key="matter-number",
    )
    if number is None:
        return
    matter = by_number[number]
    support = f"，配合{'、'.join(matter.support)}" if matter.support else ""
    lines(
        [
            f"**{plain(matter.created.words)}**",
            plain(
                f"{matter.state}　牵头{matter.lead}{support}　期限{matter.due_words()}　"
                f"{rules.origin_words(matter)}"
            ),
        ]
    )
    if matter.created.task_id:
        navigation.link("task", f"任务{matter.created.task_id}", task=matter.created.task_id)
    text_table(views.matter_steps(matter), "matter-steps")
    evidence_list(data.store().evidence(matter.number))
    acts = data.store().acts(matter)
    if acts:
        _act(matter, acts)


def _act(matter: Matter, acts: list[Act]) -> None:
    """Draw the choice of what to do, its fields and its button."""
    act = Act(
        st.segmented_control(
            "要做什么",
            acts,
            default=acts[0],
            required=True,
            key=f"matter-act-{matter.number}-{matter.state}",
        )
    )
    key = f"{matter.number}-{len(matter.steps)}-{act}"
    with st.container(border=True):
        row = st.container(horizontal=True, vertical_alignment="bottom")
        user = session.signer(row, "姓名", "matter-user", width=200)
        way, due = "", ""
        with row:
            if act is Act.CLOSE:
                way = st.segmented_control("怎样核实", WAYS, key=f"way-{key}") or ""
            if act is Act.ASK:
                later = max(matter.due, date.today()) + timedelta(days=30)
                chosen = st.date_input("新的期限", later, key=f"due-{key}", width=160)
                due = f"{chosen:%Y-%m-%d}"
        words = ""
        if act in _WORDS:
            words = st.text_area(_WORDS[act], key=f"words-{key}", height=80, max_chars=2000)
        if matter.asked and act in (Act.GRANT, Act.REFUSE):
            note(f"申请延到{plain(matter.asked.due)}：{plain(matter.asked.words)}")
        evidence = []
        if act in (Act.NOTE, Act.ANSWER, Act.CLOSE):
            month = months.parse(f"{date.today():%Y-%m}")
            evidence = evidence_upload(
                "佐证材料", f"files-{key}", task_id=matter.number, month=month, unit=matter.lead
            )
        sent = st.button(str(act), key=f"do-{key}", type="primary")
    if not sent:
        return
    step = Step(
        matter.number,
        act,
        step_time(datetime.now()),
        user,
        words=texts.clean(words).strip(),
        way=way,
        due=due,
        evidence="、".join(item.name for item, _ in evidence),
    )
    submit_step(step, matter.lead, f"{matter.number}{act}", evidence)


# -- a new one -----------------------------------------------------------------------------------


def create() -> None:
    """Draw the form that takes a matter down."""
    dataset = data.dataset()
    sources = [str(source) for source in Source if source is not Source.NOTICE]
    if not session.may(Permission.MATTER):
        sources = [str(Source.INSTRUCTION)]
    turn = st.session_state.setdefault(state.MATTER_ROUND, 0)
    with st.container(border=True):
        left, right = st.columns(2)
        source = left.segmented_control(
            "来源", sources, default=sources[0], required=True, key="matter-source"
        )
        origin = right.text_input(
            "哪次会议、哪位领导",
            placeholder="如 联席会议第三次会议",
            key="matter-origin",
            max_chars=80,
        )
        words = st.text_area("要办什么", key=f"matter-words-{turn}", height=80, max_chars=1000)
        left, right = st.columns(2)
        lead = left.selectbox(
            "牵头单位", dataset.units, index=None, placeholder="请选择", key=f"matter-lead-{turn}"
        )
        support = right.multiselect(
            "配合单位", dataset.units, placeholder="可以不选", key=f"matter-support-{turn}"
        )
        contents = dataset.tasks["content"]
        task = left.selectbox(
            "任务",
            [_WHOLE, *dataset.tasks.index],
            format_func=lambda name: (
                name if name == _WHOLE else f"{name} {wording.short_title(contents[name], 24)}"
            ),
            key=f"matter-task-{turn}",
        )
        due = right.date_input("期限", date.today() + timedelta(days=30), key=f"matter-due-{turn}")
        row = st.container(horizontal=True, vertical_alignment="bottom")
        user = session.signer(row, "立项人", "matter-user", width=200)
        sent = row.button("立项", key="matter-create", type="primary", icon=":material/add_task:")
    if not sent:
        return
    step = Step(
        "",
        Act.CREATE,
        step_time(datetime.now()),
        user,
        words=texts.clean(words).strip(),
        due=f"{due:%Y-%m-%d}",
        source=str(source),
        origin=texts.clean(origin).strip(),
        task_id="" if task == _WHOLE else str(task),
        lead=lead or "",
        support="、".join(unit for unit in support if unit != lead),
    )
    st.session_state[state.MATTER_ROUND] = turn + 1
    submit_step(step, step.lead, f"已立项，交办{step.lead}")
    st.session_state[state.MATTER_ROUND] = turn  # refused: what was typed stays


def outlooks() -> None:
    """Draw the units' own words on all tasks, those first that differ from the computed status."""
    table = views.outlook_table(data.latest_figures())
    if table.empty:
        empty("还没有单位研判。各单位在“任务”页写明能按期、有风险或不能按期。")
        return
    text_table(table, "outlooks")
    note("研判是单位自己的判断，不改变按填报计算的状态。")
    download(table, "单位研判", "下载单位研判", with_month=False)


# -- counts and reminders ------------------------------------------------------------------------


def counts(matters: Sequence[Matter]) -> None:
    """Draw the counts by unit with their on-time rate."""
    table = views.matter_counts(rules.by_unit(matters, date.today()))
    st.dataframe(table, hide_index=True, height="content", alt="各单位督办事项")
    note("按期率：应办结的（已销号的和已逾期的）里，在期限内反馈并核实的占多少；期限按批准的延期。")
    download(table, "督办事项_各单位", "下载各单位情况", with_month=False)


def reminders(matters: Sequence[Matter]) -> None:
    """Draw a text per unit to paste, and the note that units were reminded."""
    today = date.today()
    units = [count.unit for count in rules.by_unit(matters, today)]
    written = {unit: text for unit in units if (text := reminder(unit, matters, today))}
    if not written:
        empty("没有要催办的事项：各单位都已反馈。")
        return
    unit = st.selectbox("催办哪个单位", list(written), key="matters-remind")
    st.code(written[unit], language=None, wrap_lines=True)
    row = st.container(horizontal=True, vertical_alignment="bottom")
    user = session.signer(row, "姓名", "matter-user", width=200)
    if row.button("记下已催办", key="matters-urged", icon=":material/notifications_active:"):
        _urged([m for m in matters if m.lead == unit and m.number in written[unit]], user, unit)


def _urged(matters: Sequence[Matter], user: str, unit: str) -> None:
    if not user:
        st.error("请写明姓名", icon=":material/error:")
        return
    step = Step("", Act.URGE, step_time(datetime.now()), user)
    steps = [replace(step, number=matter.number) for matter in matters]
    draft = Draft(user, Changes.none(), Kind.MATTER, unit, steps=steps)
    submit(draft, f"已记下催办{unit}{len(steps)}件")
