"""The office that collects: one file with many units, or many files, with one confirmation."""

from __future__ import annotations

import hashlib

import streamlit as st

from lib.core.dataset import Dataset
from lib.intake import collecting
from lib.intake.collecting import Part
from lib.intake.submission import Sent
from lib.store import Item, ItemKind
from lib.ui.kit import data, state
from lib.ui.kit.acting import act, flash
from lib.ui.kit.elements import download_file, note, plain, subheading
from lib.ui.report import unsent
from lib.ui.report.reporter import Reporter

SHOWN = 40
"""Findings of a part that are listed; its marked copy holds all."""


def collect(dataset: Dataset, who: Reporter) -> None:
    """Draw the upload for many units: a preview by unit, and one button that submits them all."""
    subheading("收各单位的文件")
    key = f"collect-{st.session_state.get(state.REPORT_ROUND, 0)}"
    uploaded = st.file_uploader(
        "一个文件里有几个单位，或者一次选几个文件（.xlsx 或 .csv）：点“选择文件”，或拖到框里",
        accept_multiple_files=True,
        key=key,
        on_change=unsent.drop_removed,
        args=(key,),
        help="按「填报单位」一列分给各单位；没有这一列的，看工作表和文件的名字",
    )
    files = unsent.keep_uploads(who, ItemKind.FILE, key, uploaded)
    if not files:
        if returned := st.session_state.get(state.RETURNED):
            note("刚才收的文件里没有提交的，退回各单位：")
            _copies(returned)
        return
    st.session_state.pop(state.RETURNED, None)
    contents = [(file.name, file.content) for file, _ in files]
    items = [item for _, item in files if item is not None]
    parts = _parts(contents, dataset, who)
    good = [part for part in parts if len(part.checked.rows) and part.unit != collecting.NO_UNIT]
    rows = sum(len(part.checked.rows) for part in good)
    units = len({part.unit for part in good})
    subheading(f"预览：{units}个单位{rows}行可以提交")
    st.dataframe(collecting.overview(parts, dataset), hide_index=True, alt="预览：每个单位的变化")
    asked = [part for part in parts if not part.is_good]
    for number, part in enumerate(asked):
        _findings(part, number)
    copies = collecting.copies(parts) if asked else b""
    if asked:
        _copies(copies)
    if good:
        _confirm(good, copies, who, items)


def _copies(content: bytes) -> None:
    name = "退回各单位.zip"
    download_file("下载退回各单位的文件（.zip）", content, name, "application/zip", key="copies")


def _parts(contents: list[tuple[str, bytes]], dataset: Dataset, who: Reporter) -> list[Part]:
    """Return the parts, split once for the same files, month and revision of the plan."""
    digests = tuple((name, hashlib.sha256(content).hexdigest()) for name, content in contents)
    key = (digests, who.month, data.store().revision)
    kept = st.session_state.get(state.COLLECTED)
    if kept is None or kept[0] != key:
        with st.spinner("正在读取和检查…", show_time=False):
            kept = (key, collecting.split(contents, dataset, who.month))
        st.session_state[state.COLLECTED] = kept
    parts: list[Part] = kept[1]
    return parts


def _findings(part: Part, number: int) -> None:
    with st.expander(f"{plain(part.unit)}：{plain(part.file)}：{plain(part.checked.summary())}"):
        table = part.checked.table().head(SHOWN)
        with st.container(key=f"words-findings-{number}"):
            st.table(
                table.map(plain), border="horizontal", hide_index=True, alt=f"{part.unit}的检查结果"
            )


def _confirm(good: list[Part], copies: bytes, who: Reporter, items: list[Item]) -> None:
    missing = [] if who.user else ["请先在上面填写填报人"]
    if copies:
        agreed = st.checkbox(
            "已看过上面的问题：没有错误的行照预览提交，其余退回", key="collect-agreed"
        )
        missing += [] if agreed else ["请看过上面的问题，并勾选确认"]
    reason = ""
    if any(part.checked.needs_reason for part in good):
        reason = st.text_input("累计完成率下降的理由（必填）", key="collect-reason", max_chars=200)
        missing += [] if reason.strip() else ["请写明累计完成率下降的理由"]
    note("每个单位各记一次提交，可以分别撤销。")
    answer = st.container()  # above the button: below it nobody would see it without scrolling
    if not st.button("确认提交", key="collect-confirm", type="primary", icon=":material/check:"):
        return
    if missing:
        answer.error("没有提交：" + "；".join(missing) + "。", icon=":material/error:")
        return

    def done(sent: list[tuple[Part, Sent]]) -> None:
        written = [
            f"{part.unit}第{result.revision}号" for part, result in sent if result.submission
        ]
        same = len(sent) - len(written)
        unchanged = f"；{same}份没有变化" if same else ""
        flash(f"已提交{len(written)}份：{'、'.join(written)}{unchanged}。")
        unsent.drop(items)
        unsent.forget_typed(who)
        st.session_state.pop(state.COLLECTED, None)
        st.session_state[state.RETURNED] = copies

    act(lambda: collecting.send_all(data.store(), good, who.user, reason), done)
