"""The parts of the 上报记录 page: the journal, one submission's rows, original, undo, review."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from lib import intake
from lib.access import Permission
from lib.core.problems import DataError
from lib.core.status import mark
from lib.report.notices import archive, issued
from lib.store import Attachment, Kind, State, StoreError, Submission, listing
from lib.ui.frame import run as frame
from lib.ui.frame import signing
from lib.ui.kit import data, session
from lib.ui.kit.charts import download, plain

_SHOWABLE = ("image/jpeg", "image/png", "image/webp")


def filtered(journal: list[Submission]) -> list[Submission]:
    """Draw the filters and return the submissions that pass."""
    left, middle, right = st.columns(3)
    units = sorted({unit for one in journal for unit in one.unit.split("、") if unit})
    kinds = [str(kind) for kind in Kind if any(one.kind == kind for one in journal)]
    unit = left.selectbox("填报单位", units, index=None, placeholder="全部单位", key="journal-unit")
    kind = middle.selectbox("类别", kinds, index=None, placeholder="全部类别", key="journal-kind")
    user = right.text_input("填报人", placeholder="姓名的一部分", key="journal-user")
    return [
        one
        for one in journal
        if (unit is None or unit in one.unit.split("、"))
        and (kind is None or one.kind == kind)
        and user.strip() in one.user
    ]


def table(journal: list[Submission]) -> None:
    """Draw the submissions, the latest first, with their download."""
    rows = listing.journal_table(journal)
    st.dataframe(rows, hide_index=True, alt="上报记录")
    download(rows, "上报记录", "下载上报记录", dated=False)


def choose(journal: list[Submission]) -> Submission:
    """Draw the choice of a submission; the latest stands first."""
    by_number = {one.revision: one for one in reversed(journal)}
    number = st.selectbox(
        "查看一次填报",
        list(by_number),
        format_func=lambda number: by_number[number].describe(),
        key="journal-revision",
    )
    return by_number[number]


def one(submission: Submission, returned: Submission | None = None) -> None:
    """Draw what a submission changed, its original file, and what can be done with it.

    ``returned`` is its 审核退回, if there is one.
    """
    st.subheader(f"{plain(submission.describe())}　{submission.state}", anchor=False)
    if submission.reason:
        frame.note(f"说明：{plain(submission.reason)}")
    if returned is not None:
        st.warning(
            f"退回理由：{plain(returned.reason)}（{plain(returned.user)}）", icon=":material/reply:"
        )
    _plan_changes(submission)
    rows = intake.diff_table(data.store().changes(submission.revision))
    if len(rows):
        st.dataframe(rows, hide_index=True, alt="这次填报的变化")
    elif submission.kind == Kind.SEAL:
        _seal(submission)
    elif submission.kind == Kind.NOTICE:
        _notices(submission)
    else:
        frame.note("这次没有改动进展数据。")
    if submission.file_sha256:
        if data.store().may_see_original(submission):
            _original(submission)
        else:
            frame.note("原件只有本单位的经办人、领导和管理员可以下载。")
    evidence_list([(submission, item) for item in submission.attachments])
    _actions(submission)


def _seal(submission: Submission) -> None:
    month, revision = submission.details["month"], submission.details["revision"]
    frame.note(f"定稿月份 {month}，数字截至上报记录第{revision}号。")
    if submission.state == State.IN_FORCE:
        frame.link("overview", "查看定稿时的数字", edition=str(submission.revision))


def _notices(submission: Submission) -> None:
    """Draw the notices of an issue, with their documents as they went out."""
    made = issued([submission])
    st.dataframe(
        [
            {
                "督办单号": one.number,
                "警示": mark(one.light),
                "责任单位": one.unit,
                "事项": one.content,
                "反馈期限": one.answer_by,
            }
            for one in made
        ],
        hide_index=True,
        alt="签发的督办单",
    )
    st.download_button(
        f"下载{len(made)}份督办单",
        lambda: archive(made),
        file_name=f"督办单_第{submission.revision}号.zip",
        mime="application/zip",
        icon=":material/download:",
        on_click="ignore",
        key="notices",
    )


def _plan_changes(submission: Submission) -> None:
    """Draw what a 计划调整 changed of the plan: task by task where it is known, else the files."""
    changes = submission.details.get("changes")
    if changes:
        table = pd.DataFrame(changes).map(lambda text: plain(str(text)))
        st.table(table, border="horizontal", hide_index=True, alt="计划的变化：逐项列出")
    elif submission.changed_files:
        names = "、".join(f"{one.title}（{one.name}）" for one in submission.changed_files)
        frame.note(f"改动的计划文件：{names}")


def _original(submission: Submission) -> None:
    store = session.later(data.plan())

    def content() -> bytes:
        original = store().original(submission.revision)
        return b"" if original is None else original.content

    st.download_button(
        f"下载原件：{submission.file_name}",
        content,
        file_name=submission.file_name,
        mime="application/octet-stream",
        icon=":material/download:",
        on_click="ignore",
        key="original",
    )
    frame.note(f"原件校验值（SHA-256）：{submission.file_sha256}")


def _actions(submission: Submission) -> None:
    if submission.state in (State.REVERTED, State.RETURNED) or submission.kind == Kind.RETURN:
        return
    store = data.store()
    who = store.actor
    reviews = submission.state == State.PENDING and who.may(Permission.REVIEW)
    reverts = store.may_revert(submission)
    if not reviews and not reverts:
        return
    left, right = st.columns(2)
    user = signing.signer(left, "操作人", "journal-actor")
    reason = right.text_input("理由", placeholder="退回时必填", key="journal-reason", max_chars=200)
    with st.container(horizontal=True):
        if reviews:
            if st.button("审核通过", key="accept", type="primary", icon=":material/check:"):
                _do(lambda: store.review(submission.revision, user, accept=True, reason=reason))
            if st.button("退回", key="return", icon=":material/reply:"):
                _do(lambda: store.review(submission.revision, user, accept=False, reason=reason))
        if reverts and st.button(
            "撤销", key="revert", icon=":material/undo:", help="撤销本身也会记录，可以再撤销"
        ):
            _do(lambda: store.revert(submission.revision, user, reason=reason))


def _do(act: object) -> None:
    try:
        told = act()  # type: ignore[operator]
    except (StoreError, DataError) as error:
        frame.not_written(error)
        return
    st.session_state["_journal_told"] = f"{told.kind}已记为第{told.revision}号。"
    st.rerun()


def told() -> None:
    """Draw what the last action did."""
    message = st.session_state.pop("_journal_told", None)
    if message:
        st.success(message, icon=":material/check_circle:")


def evidence_list(evidence: list[tuple[Submission, Attachment]]) -> None:
    """Draw evidence: name, month, unit, a small picture where it is one, and the download."""
    if not evidence:
        return
    st.subheader(f"佐证材料{len(evidence)}份", anchor=False)
    if not session.may(Permission.EVIDENCE):
        frame.note("登录后可以查看和下载。")
        return
    for number, (submission, item) in enumerate(evidence):
        with st.container(border=True, gap="xsmall"):
            st.markdown(
                f"{plain(item.name)}　{item.month}　{plain(item.unit)}　"
                f"{item.size / 1024:,.0f} KB　第{submission.revision}号"
            )
            try:
                content = data.store().content(item.sha256)
            except StoreError as error:
                st.error(plain(str(error)), icon=":material/error:")
                continue
            if item.media_type in _SHOWABLE:
                st.image(content, width=320, alt=item.name)
            st.download_button(
                f"下载 {item.name}",
                content,
                file_name=item.name,
                mime=item.media_type,
                icon=":material/download:",
                on_click="ignore",
                key=f"evidence-{number}-{item.sha256[:12]}",
            )
