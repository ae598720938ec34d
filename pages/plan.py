"""计划管理: next year's plan from its document, or a running plan amended."""

import streamlit as st

from lib.ui.frame import run as frame
from lib.ui.frame import signing
from lib.ui.kit import data
from lib.ui.plan import amending, importing

frame.framed()
st.title("计划管理：导入新计划，或调整正在执行的计划；确认之前不写入任何数据", anchor=False)
importing.done()
left, right = st.columns([3, 1])
way = left.segmented_control(
    "操作", ["导入计划", "调整计划"], default="导入计划", required=True, key="plan-task"
)
user = signing.signer(right, "操作人", "plan-user")
current = frame.plan_or_none()
if way == "导入计划":
    given = importing.source()
    reading = importing.read(given) if given else None
    if given and reading:
        place = importing.place(reading, given, current)
        if place:
            importing.review(reading, place, given, user)
elif current is not None:
    amending.amending(current, user)
else:
    frame.empty(
        f"计划数据有错误，不能调整：请先在“{data.plan() or '默认'}”的文件里改正，或重新导入。"
    )
