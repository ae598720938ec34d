"""The upload of evidence on the 填报 page."""

from __future__ import annotations

import streamlit as st

from lib.core import wording
from lib.core.dataset import Dataset
from lib.store import Changes, Draft, ItemKind, Kind
from lib.ui.kit import state
from lib.ui.kit.elements import note
from lib.ui.kit.evidence import checked_files
from lib.ui.report import unsent
from lib.ui.report.preview import submit_report
from lib.ui.report.reporter import Reporter


def evidence(dataset: Dataset, who: Reporter) -> None:
    """Draw the upload of evidence for one of the unit's tasks."""
    tasks = list(dataset.task_units.loc[dataset.task_units["unit"] == who.unit, "task_id"])
    contents = dataset.tasks["content"]
    task = st.selectbox(
        "任务",
        tasks,
        index=_begun(tasks, who),
        format_func=lambda name: f"{name} {wording.short_title(contents[name], 24)}",
        key="evidence-task",
    )
    key = f"evidence-{st.session_state.setdefault(state.REPORT_ROUND, 0)}"
    uploaded = st.file_uploader(
        "照片、PDF 或文档（每个不超过20 MB）：点“选择文件”，或拖到框里",
        accept_multiple_files=True,
        key=key,
        on_change=unsent.drop_removed,
        args=(key,),
    )
    files = unsent.keep_uploads(who, ItemKind.EVIDENCE, key, uploaded, task)
    if not files:
        return
    named = ((file.name, file.content) for file, _ in files)
    checked = checked_files(named, "佐证材料", task_id=task, month=who.month, unit=who.unit)
    items = [item for item in checked if item]
    drafts = [draft for (_, draft), item in zip(files, checked, strict=True) if item and draft]
    if not who.user:
        note("请先在上面填写填报人。")
    if items and st.button(
        f"提交{len(items)}份材料", key="attach", type="primary", disabled=not who.user
    ):
        attach = Draft(who.user, Changes.none(), Kind.ATTACH, who.unit, evidence=items)
        submit_report(attach, who, drafts)


def _begun(tasks: list[str], who: Reporter) -> int:
    """Return the place of the task that the latest unsent evidence is for."""
    about = [item.name.split("\t")[0] for item in unsent.own(who) if item.kind is ItemKind.EVIDENCE]
    return next((tasks.index(task) for task in about if task in tasks), 0)
