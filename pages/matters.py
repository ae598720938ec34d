"""督办事项: what units have to sign for, answer and finish; the office's list, counts and reminders."""

import streamlit as st

from lib.access import Permission, Role
from lib.ui import matters, task_steps
from lib.ui.kit import data, navigation, session
from lib.ui.kit.acting import show_flash
from lib.ui.kit.elements import empty, page_title, step_problems

navigation.framed()
data.store().history()  # takes in what was edited by hand
listed = data.matters()
if plan := data.dataset_or_none():
    step_problems(plan)
page_title(matters.title(listed, own=session.actor().role is Role.REPORTER))
show_flash()
parts = ["清单"]
if session.may(Permission.INSTRUCT):
    parts.append("立项")
if session.may(Permission.MATTER):
    parts += ["各单位", "催办", "任务核实和延期", "单位研判"]
part = parts[0]
if len(parts) > 1:
    part = st.segmented_control(
        "督办事项",
        parts,
        default=parts[0],
        required=True,
        key="matters-part",
        label_visibility="collapsed",
    )
if part == "立项":
    matters.create()
elif part == "任务核实和延期":
    task_steps.waiting_list()
elif part == "单位研判":
    matters.outlooks()
elif not listed:
    empty(matters.NONE_YET)
elif part == "清单":
    matters.list_and_act(listed)
elif part == "各单位":
    matters.counts(listed)
else:
    matters.reminders(listed)
