"""The parts of the 填报 page: who reports, template, upload, form, preview, confirm, evidence."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from lib import intake
from lib.core import months, schema, wording
from lib.core.dataset import Dataset
from lib.core.problems import DataError, FileError, Problem
from lib.intake import Checked, Preview, Severity
from lib.intake.evidence import SUFFIXES
from lib.intake.reader import Sheet
from lib.intake.template import ENTRY
from lib.store import Attachment, Changes, Draft, Kind, Original, StoreError, Submission, listing
from lib.ui.frame import filters, signing
from lib.ui.frame import run as frame
from lib.ui.kit import data, session
from lib.ui.kit.charts import plain

H = schema.PROGRESS.headers
SHORT = 60
"""Findings up to which the list wraps its text; a longer one scrolls."""
BIG = 200_000
"""Bytes from which a file takes more than a second: then a progress bar is shown."""
_ROUND, _DONE, _BASE, _CHECKED = "_round", "_done", "_base", "_checked"
Check = Callable[[Dataset], Checked]


@dataclass(frozen=True)
class Reporter:
    """Who reports for which month (ordinal)."""

    unit: str
    month: int
    user: str


def forget() -> None:
    """Drop what was chosen, uploaded, previewed and submitted: it belongs to another plan."""
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    for key in (_DONE, _CHECKED):
        st.session_state.pop(key, None)
    for key in ("report_unit", "report_month"):
        st.session_state.pop(key, None)
        st.session_state.pop(f"_kept_{key}", None)


def dataset_to_report() -> Dataset | None:
    """Return the dataset to report for; draw its faults and return ``None`` if it is broken."""
    try:
        dataset = data.load()
    except DataError as error:
        frame.problems("计划数据有错误，改正之前不能填报", error.problems)
        return None
    if dataset.progress_problems:
        frame.problems("进展数据有错误，改正之前不能填报", dataset.progress_problems)
        return None
    return dataset


def reporter(dataset: Dataset) -> Reporter | None:
    """Draw who reports, for which month; ``None`` until a unit is chosen."""
    own = session.reporting_units(dataset)
    left, middle, right = st.columns(3)
    with left:
        _recall("report_unit", filters.asked(filters.UNIT))
        if st.session_state["report_unit"] not in own:
            st.session_state["report_unit"] = own[0] if len(own) == 1 else None
        unit = st.selectbox(
            "填报单位",
            own,
            index=None,
            placeholder="请选择本单位",
            key="report_unit",
            on_change=_follow_unit,
            args=(dataset,),
        )
    with middle:
        _recall("report_month", _due_month(dataset, unit))
        month = st.selectbox(
            "填报月份", list(dataset.axis), format_func=months.text, key="report_month"
        )
    with right:
        _recall("report_user", "")
    user = signing.signer(right, "填报人", "report_user")
    for key in ("report_unit", "report_month", "report_user"):
        st.session_state[f"_kept_{key}"] = st.session_state[key]
    if unit is None:
        frame.empty("请先选择填报单位，再下载模板、上传文件或在线填写。")
        return None
    return Reporter(unit, int(month), user)


def _recall(key: str, default: Any) -> None:
    """Give a field what it held when the page was last left: Streamlit forgets hidden fields."""
    if key not in st.session_state:
        st.session_state[key] = st.session_state.get(f"_kept_{key}", default)


def _follow_unit(dataset: Dataset) -> None:
    st.session_state["report_month"] = _due_month(dataset, st.session_state["report_unit"])


def _due_month(dataset: Dataset, unit: str | None) -> int:
    """Return the month after the unit's latest report, not later than today or the plan's end."""
    own = dataset.progress.loc[dataset.progress["unit"] == unit, "month"]
    latest = dataset.latest_month if own.empty else int(own.max())
    today = date.today()
    last = min(dataset.axis[-1], months.from_parts(today.year, today.month))
    return max(dataset.axis[0], min(latest + 1, last))


def done() -> None:
    """Draw what the last submission of this session did, with the way back."""
    told: Submission | None = st.session_state.get(_DONE)
    if told is None:
        return
    pending = "，审核通过后计入" if told.pending else ""
    st.success(
        f"已提交为第{told.revision}号，{told.rows}行{pending}。", icon=":material/check_circle:"
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        frame.link("overview", "看总览")
        frame.link("history", "看上报记录")
        if st.button("撤销这次提交", key="undo", icon=":material/undo:"):
            _undo(told)


def _undo(told: Submission) -> None:
    try:
        back = data.store().revert(told.revision, told.user, reason="填报后撤销")
    except (StoreError, DataError) as error:
        frame.not_written(error)
        return
    del st.session_state[_DONE]
    st.toast(f"已撤销第{told.revision}号，记为第{back.revision}号")
    st.rerun()


def returns(who: Reporter) -> None:
    """Draw the unit's returned reports with the reviewer's reason, until it reports anew."""
    for one, back in listing.unanswered_returns(data.store().submissions, who.unit):
        st.warning(
            f"{plain(one.describe())}被{plain(back.user)}退回：{plain(back.reason)}。"
            "请改好后重新提交。",
            icon=":material/reply:",
        )


def templates(dataset: Dataset, who: Reporter) -> None:
    """Draw the downloads of the unit's template."""
    name = f"填报_{who.unit}_{months.text(who.month)}"
    with st.container(horizontal=True):
        st.download_button(
            "下载模板（Excel）",
            lambda: intake.template_xlsx(dataset, who.unit, who.month),
            file_name=f"{name}.xlsx",
            mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            icon=":material/download:",
            on_click="ignore",
            key="template-xlsx",
        )
        st.download_button(
            "下载模板（CSV）",
            lambda: intake.template_csv(dataset, who.unit, who.month),
            file_name=f"{name}.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
            key="template-csv",
        )


def upload(dataset: Dataset, who: Reporter) -> None:
    """Draw the upload: every mistake by cell, the preview, and the button that writes."""
    number = st.session_state.setdefault(_ROUND, 0)
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

    planned = _planned(key, check, dataset, who, big=len(content) > BIG)
    _outcome(planned, who, Original(file.name, content), Kind.REPORT)


def form(dataset: Dataset, who: Reporter) -> None:
    """Draw the form: the unit's open rows in the page, through the same checks as a file."""
    rows = intake.entry_rows(dataset, who.unit, who.month)
    if rows.empty:
        frame.empty("到上月末，本单位没有未完成的任务。要补填其他任务，请下载模板填写。")
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
        key=f"form-{st.session_state.setdefault(_ROUND, 0)}-{who.unit}-{who.month}",
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
        frame.note(
            "填写表头有铅笔标记的列：有指标的填“本月完成”，没有指标的填“累计完成率”。改动后在下面预览。"
        )
        return
    touched = (texts[ENTRY].astype("str") != original[ENTRY]).any(axis=1)
    cells = texts[touched].astype("str")
    key = (pd.util.hash_pandas_object(cells).sum(), "form", who)

    def check(current: Dataset) -> Checked:
        sheet = Sheet("csv", cells, 0, {})
        return intake.check_rows(sheet, current, unit=who.unit, month=who.month)

    _outcome(_planned(key, check, dataset, who, big=False), who, None, Kind.FORM)


@dataclass(frozen=True, eq=False)
class Planned:
    """A checked file with its preview, and the revision that was previewed."""

    checked: Checked
    preview: Preview | None
    base: int


def _planned(key: Any, check: Check, dataset: Dataset, who: Reporter, *, big: bool) -> Planned:
    """Return check and preview, made once; anew only when the viewer asks for it."""
    kept = st.session_state.get(_CHECKED)
    if kept is not None and kept[0] == key:
        planned: Planned = kept[1]
        return planned
    bar = st.progress(0.1, "正在读取和检查…") if big else None
    base = data.store().revision
    checked = check(dataset)
    if bar is not None:
        bar.progress(0.6, "正在准备预览…")
    preview = None if checked.unusable else intake.preview(dataset, checked, who.user)
    if bar is not None:
        bar.empty()
    planned = Planned(checked, preview, base)
    st.session_state[_CHECKED] = (key, planned)
    return planned


def _outcome(planned: Planned, who: Reporter, original: Original | None, kind: Kind) -> None:
    checked = planned.checked
    _findings(checked, original)
    if planned.preview is None:
        return
    _preview(planned.preview, who)
    if not len(planned.preview.changes):
        frame.empty("与已有数据相同，没有需要提交的变化。")
        return
    store = data.store()
    if store.revision != planned.base:
        since = [one.describe() for one in store.submissions if one.revision > planned.base]
        st.warning(
            f"您预览之后数据有了变化：{plain('；'.join(since))}。请重新预览后再提交。",
            icon=":material/sync_problem:",
        )
        if st.button("重新预览", key="again", type="primary"):
            del st.session_state[_CHECKED]
            st.rerun()
        return
    _confirm(planned, who, original, kind)


def _findings(checked: Checked, original: Original | None) -> None:
    if checked.errors:
        st.error(plain(checked.summary()), icon=":material/error:")
    elif checked.of(Severity.WARNING):
        st.warning(plain(checked.summary()), icon=":material/warning:")
    else:
        st.success(plain(checked.summary()), icon=":material/check_circle:")
    if not checked.findings:
        return
    table = checked.table()
    alt = "检查结果：哪一行哪一列，什么问题，如何改"
    if len(table) <= SHORT:
        safe = table.map(plain)
        st.table(safe, border="horizontal", hide_index=True, alt=alt)  # wraps: nothing is cut
    else:
        st.dataframe(table, hide_index=True, alt=alt)
    copy = None
    if original is not None and (checked.errors or checked.of(Severity.WARNING)):
        copy = intake.corrected_copy(checked, original.content)
    if copy is not None:
        st.download_button(
            "下载标出错误的文件",
            copy[1],
            file_name=copy[0],
            icon=":material/download:",
            on_click="ignore",
            key="corrected",
        )


def _preview(preview: Preview, who: Reporter) -> None:
    st.subheader(f"预览：{preview.sentence()}", anchor=False)
    st.dataframe(preview.table, hide_index=True, alt="预览：每一行的变化")
    month = who.month
    if len(preview.changes):
        effect = preview.effect(who.unit, month)
        frame.note(f"提交后的完成率（截至{months.label(month)}末）")
        grid = st.grid(min(4, max(2, len(effect))), min_column_width=150, gap="xsmall")
        for name, before, after, gain in effect.itertuples(index=False):
            grid.metric(
                name,
                f"{after:.1f}%",
                f"{gain:+.1f}个百分点（原{before:.1f}%）" if gain else "持平",
                delta_color="normal" if gain else "off",
                delta_arrow="auto" if gain else "off",
                border=True,
            )


def _confirm(planned: Planned, who: Reporter, original: Original | None, kind: Kind) -> None:
    checked, preview = planned.checked, planned.preview
    ready = bool(who.user)
    if not who.user:
        frame.note("请先在上面填写填报人。")
    if checked.errors:
        ready &= st.checkbox(
            f"只提交没有错误的{len(checked.rows)}行，有错误的{len(checked.wrong)}行不提交",
            key="good-rows",
        )
    reason = ""
    if checked.needs_reason:
        reason = st.text_input(
            "累计完成率下降的理由（必填）",
            key="reason",
            max_chars=200,
            placeholder="如：上月填报有误",
        )
        ready &= bool(reason.strip())
    if not st.button(
        "确认提交", key="confirm", type="primary", disabled=not ready, icon=":material/check:"
    ):
        return
    changes = preview.changes if preview is not None else Changes.none()
    changes = Changes(
        changes.before, changes.after.assign(**{H["reporter"]: _signed(changes, who)})
    )
    draft = Draft(who.user, changes, kind, who.unit, planned.base, original, reason)
    with st.spinner("正在提交…", show_time=False):
        _write(draft)


def _signed(changes: Changes, who: Reporter) -> pd.Series[str]:
    """Return the rows' 填报人: the file's own, else the one named on the page."""
    named = changes.after[H["reporter"]]
    return named.where(named != "", who.user)


def _write(draft: Draft) -> None:
    try:
        told = data.store().submit(draft)
    except (StoreError, DataError) as error:
        frame.not_written(error)
        return
    st.session_state[_DONE] = told
    st.session_state[_ROUND] += 1
    st.session_state.pop(_CHECKED, None)
    st.rerun()


def evidence(dataset: Dataset, who: Reporter) -> None:
    """Draw the upload of evidence for one of the unit's tasks."""
    tasks = dataset.task_units.loc[dataset.task_units["unit"] == who.unit, "task_id"]
    contents = dataset.tasks["content"]
    task = st.selectbox(
        "任务",
        list(tasks),
        format_func=lambda name: f"{name} {wording.short_title(contents[name], 24)}",
        key="evidence-task",
    )
    files = st.file_uploader(
        "照片、PDF 或文档（每个不超过20 MB）：点 Upload 选择，或拖到框里",
        type=SUFFIXES,
        accept_multiple_files=True,
        key=f"evidence-{st.session_state.setdefault(_ROUND, 0)}",
    )
    if not files:
        return
    items: list[tuple[Attachment, bytes]] = []
    faults: list[Problem] = []
    for file in files:
        content = file.getvalue()
        try:
            item = intake.attachment(
                file.name, content, task_id=task, month=who.month, unit=who.unit
            )
        except FileError as error:
            faults += error.problems
        else:
            items.append((item, content))
    if faults:
        frame.problems("下列文件不能作为佐证材料", tuple(faults))
    if not who.user:
        frame.note("请先在上面填写填报人。")
    if items and st.button(
        f"提交{len(items)}份材料", key="attach", type="primary", disabled=not who.user
    ):
        _write(Draft(who.user, Changes.none(), Kind.ATTACH, who.unit, evidence=items))
