"""What a report would do: mistakes by cell, the preview, and the button that writes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from lib import intake
from lib.core import months
from lib.core.dataset import Dataset
from lib.intake import Checked, Preview, Severity
from lib.store import Changes, Draft, Item, Kind, Original, Submission
from lib.ui.kit import data, state
from lib.ui.kit.acting import act
from lib.ui.kit.elements import download_file, empty, note, plain, subheading
from lib.ui.report import unsent
from lib.ui.report.reporter import Reporter

SHORT = 60
"""Findings up to which the list wraps its text; a longer one scrolls."""
Check = Callable[[Dataset], Checked]


@dataclass(frozen=True, eq=False)
class Planned:
    """A checked file with its preview, and the revision that was previewed."""

    checked: Checked
    preview: Preview | None
    base: int


def planned(key: Any, check: Check, dataset: Dataset, who: Reporter, *, big: bool) -> Planned:
    """Return check and preview, made once; anew only when the viewer asks for it."""
    kept = st.session_state.get(state.CHECKED)
    if kept is not None and kept[0] == key:
        unchanged: Planned = kept[1]
        return unchanged
    bar = st.progress(0.1, "正在读取和检查…") if big else None
    base = data.store().revision
    checked = check(dataset)
    if bar is not None:
        bar.progress(0.6, "正在准备预览…")
    preview = None if checked.unusable else intake.preview(dataset, checked, who.user)
    if bar is not None:
        bar.empty()
    result = Planned(checked, preview, base)
    st.session_state[state.CHECKED] = (key, result)
    return result


def outcome(
    planned: Planned,
    who: Reporter,
    original: Original | None,
    kind: Kind,
    items: list[Item],
    changed_elsewhere: bool = False,
) -> None:
    """Draw findings, preview and the button; ``items`` are the drafts that end with the sending.

    ``changed_elsewhere``: what is previewed is not what the viewer saw when the button was clicked.
    """
    checked = planned.checked
    _findings(checked, original)
    if planned.preview is None:
        return
    _preview(planned.preview, who)
    if not len(planned.preview.changes):
        empty("与已有数据相同，没有需要提交的变化。")
        return
    store = data.store()
    if store.revision != planned.base:
        since = [
            submission.describe()
            for submission in store.submissions
            if submission.revision > planned.base
        ]
        st.warning(
            f"您预览之后数据有了变化：{plain('；'.join(since))}。请重新预览后再提交。",
            icon=":material/sync_problem:",
        )
        if st.button("重新预览", key="again", type="primary"):
            del st.session_state[state.CHECKED]
            st.rerun()
        return
    _confirm(planned, who, original, kind, items, changed_elsewhere)


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
        with st.container(key="words-findings"):
            st.table(safe, border="horizontal", hide_index=True, alt=alt)  # wraps: nothing is cut
    else:
        st.dataframe(table, hide_index=True, alt=alt)
    copy = None
    if original is not None and (checked.errors or checked.of(Severity.WARNING)):
        copy = intake.corrected_copy(checked, original.content)
    if copy is not None:
        download_file("下载标出错误的文件", copy[1], copy[0], key="corrected")


def _preview(preview: Preview, who: Reporter) -> None:
    months_touched = preview.months()
    where = f"（写入{months_touched}）" if months_touched else ""
    subheading(f"预览：{preview.sentence()}{where}")
    st.dataframe(preview.table, hide_index=True, alt="预览：每一行的变化")
    month = who.month
    if len(preview.changes):
        effect = preview.effect(who.unit, month)
        note(f"提交后的完成率（截至{months.label(month)}末）")
        grid = st.grid(min(4, max(2, len(effect))), min_column_width=230, gap="xsmall")
        for name, before, after, gain in effect.itertuples(index=False):
            grid.metric(
                name,
                f"{after:.1f}%",
                f"{gain:+.1f}个百分点（原{before:.1f}%）" if gain else "持平",
                delta_color="normal" if gain else "off",
                delta_arrow="auto" if gain else "off",
                border=True,
            )


def _confirm(
    planned: Planned,
    who: Reporter,
    original: Original | None,
    kind: Kind,
    items: list[Item],
    changed_elsewhere: bool,
) -> None:
    """Draw what must be confirmed and the button; what is still missing is said at the button."""
    checked, preview = planned.checked, planned.preview
    missing = [] if who.user else ["请先在上面填写填报人"]
    if changed_elsewhere:
        missing.append("草稿刚在另一个网页里改过，上面是新的预览，请看过再提交")
    if checked.needs_consent:
        number = sum(finding.needs_consent for finding in checked.findings)
        agreed = st.checkbox(f"已核对需要确认的{number}处，其余照预览提交", key="consent")
        missing += [] if agreed else ["请核对上面的提醒，并勾选确认"]
    if checked.errors:
        good, wrong = len(checked.rows), len(checked.wrong)
        agreed = st.checkbox(f"只提交没有错误的{good}行，有错误的{wrong}行不提交", key="good-rows")
        missing += [] if agreed else ["有错误：改好后重新上传，或勾选只提交没有错误的行"]
    reason = ""
    if checked.needs_reason:
        before, reason_items = unsent.reason(who)
        items = items + reason_items
        reason = st.text_input(
            "累计完成率下降的理由（必填）",
            before,
            key="reason",
            max_chars=200,
            placeholder="如：上月填报有误",
            on_change=unsent.keep_reason,
            args=(who, "reason"),
        )
        missing += [] if reason.strip() else ["请写明累计完成率下降的理由"]
    answer = st.container()  # above the button: below it nobody would see it without scrolling
    if not st.button("确认提交", key="confirm", type="primary", icon=":material/check:"):
        return
    if missing:
        answer.error("没有提交：" + "；".join(missing) + "。", icon=":material/error:")
        return
    changes = preview.changes if preview is not None else Changes.none()
    draft = Draft(
        who.user,
        changes,
        kind,
        who.unit,
        planned.base,
        original,
        reason,
        details=checked.details,
    )
    moved = "" if preview is None else _moved(preview, who)
    submit_report(draft, who, items, moved)


def _moved(preview: Preview, who: Reporter) -> str:
    """Return what a report moves: 妇联完成率71.2%→73.0%，总体62.0%→62.3%."""
    effect = preview.effect(who.unit, who.month).itertuples(index=False)
    parts = [f"{name}{before:.1f}%→{after:.1f}%" for name, before, after, gain in effect if gain]
    return "完成率：" + "，".join(parts) if parts else "完成率没有变化"


def submit_report(draft: Draft, who: Reporter, items: list[Item], moved: str = "") -> None:
    """Submit a report and drop its drafts; the next run shows it with the way back."""

    def write() -> None:
        # Remembered before the spinner ends: there Streamlit breaks a run off for what came
        # meanwhile, such as a second click, and nobody would learn what was written.
        with st.spinner("正在提交…", show_time=False):
            remember(data.store().submit(draft))

    def remember(submission: Submission) -> None:
        st.session_state[state.REPORT_SUBMITTED] = submission
        st.session_state[state.REPORT_MOVED] = moved
        unsent.drop(items)
        unsent.forget_typed(who)
        st.session_state[state.REPORT_LEFT] = set(unsent.own(who))

    act(write, lambda _: None)
