"""The 填报 page: who reports, template, upload, form; what was submitted last, what came back."""

from __future__ import annotations

import hashlib
from datetime import date
from functools import partial

import pandas as pd
import streamlit as st

from lib import intake
from lib.core import months, schema, wording
from lib.core.dataset import Dataset
from lib.core.problems import DataError
from lib.intake import Checked
from lib.intake.headers import ENTRY
from lib.intake.sheets import Sheet
from lib.store import Kind, Original, Submission, listing
from lib.ui.kit import data, navigation, session, state
from lib.ui.kit.acting import undo_button
from lib.ui.kit.elements import empty, note, plain, problems
from lib.ui.report import preview
from lib.ui.report.preview import Reporter

H = schema.PROGRESS.headers
BIG = 200_000
"""Bytes from which a file takes more than a second: then a progress bar is shown."""


def dataset_to_report() -> Dataset | None:
    """Return the dataset to report for; draw its faults and return ``None`` if it is broken."""
    try:
        dataset = data.dataset()
    except DataError as error:
        problems("计划数据有错误，改正之前不能填报", error.problems)
        return None
    if dataset.progress_problems:
        problems("进展数据有错误，改正之前不能填报", dataset.progress_problems)
        return None
    return dataset


def reporter(dataset: Dataset) -> Reporter | None:
    """Draw who reports, for which month; ``None`` until a unit is chosen."""
    own = session.reporting_units(dataset)
    left, middle, right = st.columns(3)
    with left:
        state.recall(state.REPORT_UNIT, state.asked(state.UNIT))
        if st.session_state[state.REPORT_UNIT] not in own:
            st.session_state[state.REPORT_UNIT] = own[0] if len(own) == 1 else None
        unit = st.selectbox(
            "填报单位",
            own,
            index=None,
            placeholder="请选择本单位",
            key=state.REPORT_UNIT,
            on_change=_follow_unit,
            args=(dataset,),
        )
    with middle:
        state.recall(state.REPORT_MONTH, _due_month(dataset, unit))
        month = st.selectbox(
            "填报月份", list(dataset.axis), format_func=months.text, key=state.REPORT_MONTH
        )
    with right:
        state.recall(state.REPORT_USER, "")
    user = session.signer(right, "填报人", state.REPORT_USER)
    state.keep(state.REPORT_UNIT, state.REPORT_MONTH, state.REPORT_USER)
    if unit is None:
        empty("请先选择填报单位，再下载模板、上传文件或在线填写。")
        return None
    return Reporter(unit, int(month), user)


def _follow_unit(dataset: Dataset) -> None:
    st.session_state[state.REPORT_MONTH] = _due_month(dataset, st.session_state[state.REPORT_UNIT])


def _due_month(dataset: Dataset, unit: str | None) -> int:
    """Return the month after the unit's latest report, not later than today or the plan's end."""
    own = dataset.progress.loc[dataset.progress["unit"] == unit, "month"]
    latest = dataset.latest_month if own.empty else int(own.max())
    today = date.today()
    last = min(dataset.axis[-1], months.from_parts(today.year, today.month))
    return max(dataset.axis[0], min(latest + 1, last))


def last_submission() -> None:
    """Draw what the last submission of this session did, with the way back."""
    submission: Submission | None = st.session_state.get(state.REPORT_SUBMITTED)
    if submission is None:
        return
    pending = "，审核通过后计入" if submission.pending else ""
    st.success(
        f"已提交为第{submission.revision}号，{submission.rows}行{pending}。",
        icon=":material/check_circle:",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        navigation.link("overview", "看总览")
        navigation.link("history", "看上报记录")
        undo_button(submission, data.plan_name(), "undo", state.REPORT_SUBMITTED)


def returned_reports(who: Reporter) -> None:
    """Draw the unit's returned reports with the reviewer's reason, until it reports anew."""
    for submission, returned in listing.unanswered_returns(data.store().submissions, who.unit):
        st.warning(
            f"{plain(submission.describe())}被{plain(returned.user)}退回："
            f"{plain(returned.reason)}。请改好后重新提交。",
            icon=":material/reply:",
        )


def templates(dataset: Dataset, who: Reporter) -> None:
    """Draw the downloads of the unit's template."""
    workbook = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    with st.container(horizontal=True):
        for label, ending, make, media_type in (
            ("Excel", "xlsx", intake.template_xlsx, workbook),
            ("CSV", "csv", intake.template_csv, "text/csv"),
        ):
            st.download_button(
                f"下载模板（{label}）",
                partial(make, dataset, who.unit, who.month),
                file_name=f"填报_{who.unit}_{months.text(who.month)}.{ending}",
                mime=media_type,
                icon=":material/download:",
                on_click="ignore",
                key=f"template-{ending}",
            )


def upload(dataset: Dataset, who: Reporter) -> None:
    """Draw the upload: every mistake by cell, the preview, and the button that writes."""
    number = st.session_state.setdefault(state.REPORT_ROUND, 0)
    file = st.file_uploader(
        "上传填好的文件（.xlsx 或 .csv，不超过20 MB）：点 Upload 选择，或拖到框里",
        key=f"upload-{number}",
        help="先检查、预览，确认之前不会写入任何数据",
    )
    if file is None:
        return
    content = file.getvalue()
    key = (hashlib.sha256(content).hexdigest(), file.name, who)

    def check(current: Dataset) -> Checked:
        return intake.check(content, file.name, current, unit=who.unit, month=who.month)

    planned = preview.planned(key, check, dataset, who, big=len(content) > BIG)
    preview.outcome(planned, who, Original(file.name, content), Kind.REPORT)


def form(dataset: Dataset, who: Reporter) -> None:
    """Draw the form: the unit's open rows in the page, through the same checks as a file."""
    rows = intake.entry_rows(dataset, who.unit, who.month)
    if rows.empty:
        empty("到上月末，本单位没有未完成的任务。要补填其他任务，请下载模板填写。")
        return
    numbers = [H["quantity"], H["cumulative_percent"]]
    table = rows.set_axis(pd.RangeIndex(1, len(rows) + 1, name="行"), axis="index")
    table = table.assign(**{name: pd.to_numeric(table[name]) for name in numbers})
    table = table.assign(**{"工作计划主要内容": table["工作计划主要内容"].map(wording.short_title)})
    table = table.assign(**{"目标值": table["目标值"] + table["计量单位"]})
    order = [H["task_id"], "工作计划主要内容", H["indicator"], "上月累计", "目标值", *ENTRY]
    edited = st.data_editor(
        table,
        column_order=order,
        disabled=[name for name in table.columns if name not in ENTRY],
        num_rows="fixed",
        key=f"form-{st.session_state.setdefault(state.REPORT_ROUND, 0)}-{who.unit}-{who.month}",
        column_config={
            H["quantity"]: st.column_config.NumberColumn(help="本月新增的数量，不是累计数"),
            H["cumulative_percent"]: st.column_config.NumberColumn(
                f"{H['cumulative_percent']}（%）", help="到本月末一共完成百分之几"
            ),
        },
        placeholder="",
        alt="在线填写",
    )
    texts = edited.assign(
        **{name: edited[name].map(lambda v: "" if pd.isna(v) else f"{v:.10g}") for name in numbers}
    ).fillna("")
    original = rows.set_axis(texts.index, axis="index")
    if (texts[ENTRY].astype("str") == original[ENTRY]).all(axis=None):
        note(
            "填写表头有铅笔标记的列：有指标的填“本月完成”，没有指标的填“累计完成率”。改动后在下面预览。"
        )
        return
    touched = (texts[ENTRY].astype("str") != original[ENTRY]).any(axis=1)
    cells = texts[touched].astype("str")
    key = (pd.util.hash_pandas_object(cells).sum(), "form", who)

    def check(current: Dataset) -> Checked:
        sheet = Sheet("csv", cells, 0, {})
        return intake.check_rows(sheet, current, unit=who.unit, month=who.month)

    planned = preview.planned(key, check, dataset, who, big=False)
    preview.outcome(planned, who, None, Kind.FORM)
