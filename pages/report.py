"""填报: a unit's report for a month: template, upload or form, every mistake by cell, preview."""

import streamlit as st

from lib.ui.kit import navigation
from lib.ui.kit.acting import show_flash
from lib.ui.kit.elements import page_title
from lib.ui.report import collecting, entry, evidence, form, to_do, unsent

navigation.framed()
page_title("填报：下载模板，填好上传；确认之前不写入任何数据")
dataset = entry.dataset_to_report()
if dataset is None:
    navigation.stop()

to_do.draw_to_do(dataset)
who = entry.reporter(dataset)
drafts = st.container()  # drawn last: an upload may move with the month that was chosen
if not who.unit:
    show_flash()
    if entry.may_collect(dataset):
        collecting.collect(dataset, who)
    with drafts:
        unsent.bar(who)
    navigation.stop()
entry.last_submission(dataset, who)
entry.under_review(who)

way = st.segmented_control(
    "填报方式",
    ["上传文件", "在线填写", "佐证材料"],
    default=unsent.way(who),
    required=True,
    key="way",
)
if way == "上传文件":
    entry.templates(dataset, who)
    entry.upload(dataset, who)
elif way == "在线填写":
    form.form(dataset, who)
else:
    evidence.evidence(dataset, who)
with drafts:
    unsent.bar(who)
