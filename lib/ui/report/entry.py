"""The 填报 page: who reports, template, upload, form; what was submitted last, what came back."""

from __future__ import annotations

import hashlib
from datetime import date
from functools import partial

import streamlit as st

from lib import intake
from lib.core import months, wording
from lib.core.dataset import Dataset
from lib.core.problems import DataError
from lib.intake import Checked
from lib.intake.headers import H
from lib.store import ItemKind, Kind, Submission, listing
from lib.ui.kit import data, navigation, session, state
from lib.ui.kit.acting import undo_button
from lib.ui.kit.elements import download_file, empty, plain, problems
from lib.ui.kit.returns import returned_reports
from lib.ui.report import preview, unsent
from lib.ui.report.reporter import Reporter

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


def reporter(dataset: Dataset) -> Reporter:
    """Draw who reports, for which month; the unit is empty until one is chosen."""
    own = session.reporting_units(dataset)
    begun = next((item.place for item in unsent.items() if item.place.unit in ("", *own)), None)
    left, middle, right = st.columns(3)
    with left:
        latest = None if begun is None else begun.unit or None
        state.recall(state.REPORT_UNIT, state.asked(state.UNIT) or latest)
        if st.session_state[state.REPORT_UNIT] not in own:
            st.session_state[state.REPORT_UNIT] = own[0] if len(own) == 1 else None
        unit = st.selectbox(
            "填报单位",
            own,
            # The only unit cannot be cleared: Escape did, and the month due was then another one.
            index=0 if len(own) == 1 else None,
            placeholder="请选择本单位",
            key=state.REPORT_UNIT,
            on_change=_follow_unit,
            args=(dataset,),
        )
    with middle:
        state.recall(state.REPORT_MONTH, _month_to_report(dataset, unit))
        month = st.selectbox(
            "填报月份", list(dataset.axis), format_func=months.text, key=state.REPORT_MONTH
        )
    with right:
        state.recall(state.REPORT_USER, "" if begun is None else begun.signature)
    user = session.signer(right, "填报人", state.REPORT_USER)
    state.keep(state.REPORT_UNIT, state.REPORT_MONTH, state.REPORT_USER)
    if unit is None:
        empty("请先选择填报单位，再下载模板、上传文件或在线填写。")
    return Reporter(unit or "", int(month), user)


def may_collect(dataset: Dataset) -> bool:
    """Whether the viewer may report for every unit, and so collect their files."""
    return session.reporting_units(dataset) == dataset.units


def _follow_unit(dataset: Dataset) -> None:
    unit = st.session_state[state.REPORT_UNIT]
    st.session_state[state.REPORT_MONTH] = _month_to_report(dataset, unit)


def _month_to_report(dataset: Dataset, unit: str | None) -> int:
    """Return the month of the unit's latest unsent work, else the one that is due."""
    begun = (item.place.month for item in unsent.items() if item.place.unit == (unit or ""))
    return next((month for month in begun if month in dataset.axis), _due_month(dataset, unit))


def _due_month(dataset: Dataset, unit: str | None) -> int:
    """Return the month after the unit's latest report, not later than today or the plan's end."""
    own = dataset.progress.loc[dataset.progress["unit"] == unit, "month"]
    latest = dataset.latest_month if own.empty else int(own.max())
    today = date.today()
    last = min(dataset.axis[-1], months.from_parts(today.year, today.month))
    return max(dataset.axis[0], min(latest + 1, last))


def last_submission(dataset: Dataset, who: Reporter) -> None:
    """Draw what the last submission of this session did, with the way on and the way back.

    It goes with the next step: another unit or month, a file that is chosen, a field typed in.
    """
    submission: Submission | None = st.session_state.get(state.REPORT_SUBMITTED)
    if submission is None:
        return
    begun = set(unsent.own(who)) - st.session_state.get(state.REPORT_LEFT, set())
    if submission.unit != who.unit or begun:
        st.session_state.pop(state.REPORT_SUBMITTED)
        return
    changes = data.store().changes(submission.revision)
    touched = sorted(changes.after.index.get_level_values(H["month"]).unique())
    pending = "，审核通过后计入" if submission.pending else ""
    st.success(
        f"{plain(who.unit)}{'、'.join(touched)}已提交为第{submission.revision}号，"
        f"{submission.rows}行{pending}。{plain(_moved())}{plain(_unreported(dataset, who))}",
        icon=":material/check_circle:",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        navigation.link("overview", "看总览", **({state.MONTH: touched[-1]} if touched else {}))
        navigation.link("history", "看上报记录")
        undo_button(submission, data.plan_name(), "undo", state.REPORT_SUBMITTED)


def _moved() -> str:
    moved = st.session_state.get(state.REPORT_MOVED, "")
    return f"{moved}。" if moved else ""


def _unreported(dataset: Dataset, who: Reporter) -> str:
    """Return which tasks the unit has still to report for the month: what waits is reported."""
    month = months.text(who.month)
    rows = intake.entry_rows(dataset, who.unit, who.month)
    missing = rows[(rows[H["quantity"]] == "") & (rows[H["cumulative_percent"]] == "")]
    sent = {
        (task, indicator)
        for submission in listing.waiting(data.submissions(), who.unit)
        for task, of, _, indicator in data.store().changes(submission.revision).after.index
        if of == month
    }
    keys = zip(missing[H["task_id"]], missing[H["indicator"]], strict=True)
    missing = missing[[key not in sent for key in keys]]
    if missing.empty:
        return f"{month}应报的任务都报了。"
    names = wording.listing(list(missing[H["task_id"]].unique()), 5)
    return f"{month}还没有报：{names}。"


def under_review(who: Reporter) -> None:
    """Draw what was returned to the unit, and what waits for review."""
    returned_reports([who.unit])
    for submission in listing.waiting(data.submissions(), who.unit):
        st.info(
            f"{plain(submission.describe())}{submission.state}，还没有计入；"
            "同样的任务再报一次，就更正这一次。",
            icon=":material/pending:",
        )


def templates(dataset: Dataset, who: Reporter) -> None:
    """Draw the downloads of the unit's template."""
    workbook = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    with st.container(horizontal=True):
        for label, ending, make, media_type in (
            ("Excel", "xlsx", intake.template_xlsx, workbook),
            ("CSV", "csv", intake.template_csv, "text/csv"),
        ):
            download_file(
                f"下载模板（{label}）",
                partial(make, dataset, who.unit, who.month),
                f"填报_{who.unit}_{months.text(who.month)}.{ending}",
                media_type,
                key=f"template-{ending}",
            )


def upload(dataset: Dataset, who: Reporter) -> None:
    """Draw the upload: every mistake by cell, the preview, and the button that writes."""
    number = st.session_state.setdefault(state.REPORT_ROUND, 0)
    key = f"upload-{number}"
    uploaded = st.file_uploader(
        "上传填好的文件（.xlsx 或 .csv，不超过20 MB）：点“选择文件”，或拖到框里",
        key=key,
        on_change=unsent.drop_removed,
        args=(key,),
        help="先检查、预览，确认之前不会写入任何数据",
    )
    files = unsent.keep_uploads(who, ItemKind.FILE, key, [] if uploaded is None else [uploaded])
    if not files:
        return
    file, item = files[0]
    digest = hashlib.sha256(file.content).hexdigest()

    def check(current: Dataset) -> Checked:
        return intake.check(file.content, file.name, current, unit=who.unit, month=who.month)

    planned = preview.planned(
        (digest, file.name, who), check, dataset, who, big=len(file.content) > BIG
    )
    preview.outcome(planned, who, file, Kind.REPORT, [] if item is None else [item])
