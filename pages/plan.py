"""计划管理: next year's plan from its document, or a running plan amended."""

import streamlit as st

from lib.ui.kit import data, navigation, session
from lib.ui.kit.elements import empty, page_title
from lib.ui.plan import amending, importing

navigation.framed()
page_title("计划管理：导入新计划，或调整正在执行的计划；确认之前不写入任何数据")
importing.last_commit()
left, right = st.columns([3, 1])
way = left.segmented_control(
    "操作", ["导入计划", "调整计划"], default="导入计划", required=True, key="plan-task"
)
user = session.signer(right, "操作人", "plan-user")
current = data.dataset_or_none()
if way == "导入计划":
    document = importing.source()
    reading = importing.read(document) if document else None
    if document and reading:
        place = importing.place(reading, document, current)
        if place:
            importing.review(reading, place, document, user)
elif current is not None:
    amending.amending(current, user)
else:
    empty(
        f"计划数据有错误，不能调整：请先在“{data.plan_name() or '默认'}”的文件里改正，或重新导入。"
    )
