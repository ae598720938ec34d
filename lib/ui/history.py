"""The parts of the 上报记录 page: the journal, one submission's rows, original, undo, review."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from lib import intake
from lib.access import Permission
from lib.core.status import mark
from lib.report.notices import archive, issued
from lib.store import WAITING, Kind, State, Submission, listing
from lib.ui.kit import data, navigation, session
from lib.ui.kit.acting import act, flash_submission
from lib.ui.kit.elements import download_file, note, plain, subheading
from lib.ui.kit.evidence import evidence_list
from lib.ui.kit.tables import download


def waiting_words(journal: list[Submission]) -> str:
    """Return how many submissions wait, for the title: ，1次待审签，2次待审核."""
    counts = {state: sum(submission.state == state for submission in journal) for state in WAITING}
    return "".join(f"，{count}次{state}" for state, count in counts.items() if count)


def filter_submissions(journal: list[Submission]) -> list[Submission]:
    """Draw the filters and return the submissions that pass."""
    left, middle, right = st.columns(3)
    units = sorted({unit for submission in journal for unit in submission.unit.split("、") if unit})
    kinds = [str(kind) for kind in Kind if any(submission.kind == kind for submission in journal)]
    unit = left.selectbox("填报单位", units, index=None, placeholder="全部单位", key="journal-unit")
    kind = middle.selectbox("类别", kinds, index=None, placeholder="全部类别", key="journal-kind")
    user = right.text_input("填报人", placeholder="姓名的一部分", key="journal-user")
    return [
        submission
        for submission in journal
        if (unit is None or unit in submission.unit.split("、"))
        and (kind is None or submission.kind == kind)
        and user.strip() in submission.user
    ]


def submission_table(journal: list[Submission]) -> None:
    """Draw the submissions, the latest first, with their download."""
    rows = listing.journal_table(journal)
    st.dataframe(rows, hide_index=True, alt="上报记录")
    download(rows, "上报记录", "下载上报记录", with_month=False)


def choose_submission(journal: list[Submission]) -> Submission:
    """Draw the choice of a submission, the latest first; one that waits is chosen to begin with."""
    by_number = {submission.revision: submission for submission in reversed(journal)}
    number = st.selectbox(
        "查看一次填报",
        list(by_number),
        index=next((n for n, each in enumerate(by_number.values()) if each.state in WAITING), 0),
        format_func=lambda number: by_number[number].describe(),
        key="journal-revision",
    )
    return by_number[number]


def show_submission(submission: Submission, returned: Submission | None = None) -> None:
    """Draw what a submission changed, its original file, and what can be done with it.

    ``returned`` is its 审核退回, if there is one.
    """
    subheading(f"{submission.describe()}　{submission.state}")
    if submission.handlers:
        note(f"经手人（文件里写的）：{plain('、'.join(submission.handlers))}")
    if submission.reason:
        note(f"说明：{plain(submission.reason)}")
    if returned is not None:
        st.warning(
            f"退回理由：{plain(returned.reason)}（{plain(returned.user)}）", icon=":material/reply:"
        )
    _plan_changes(submission)
    _replaced(submission)
    rows = intake.diff_table(data.store().changes(submission.revision))
    if len(rows):
        st.dataframe(rows, hide_index=True, alt="这次填报的变化")
    elif submission.kind == Kind.SEAL:
        _seal(submission)
    elif submission.kind == Kind.NOTICE:
        _notices(submission)
    elif submission.kind == Kind.MATTER:
        note(f"督办事项：{'、'.join(submission.details['matters']) or '单位研判'}")
        navigation.link("matters", "去督办事项")
    else:
        note("这次没有改动进展数据。")
    if submission.file_sha256:
        if data.store().may_see_original(submission):
            _original(submission)
        else:
            note("原件只有本单位的经办人、领导和管理员可以下载。")
    if (
        submission.kind != Kind.MATTER
    ):  # its evidence stands with the 督办事项, for those who see it
        evidence_list([(submission, attachment) for attachment in submission.attachments])
    _actions(submission)


def _replaced(submission: Submission) -> None:
    """Draw the waiting reports that a submission takes the place of: the office sees both."""
    for revision in submission.replaces:
        note(f"更正第{revision}号（不再审核，不计入），原来报的是：")
        earlier = intake.diff_table(data.store().changes(revision))
        st.dataframe(earlier, hide_index=True, alt=f"被更正的第{revision}号")
        note("更正为：")


def _seal(submission: Submission) -> None:
    month, revision = submission.details["month"], submission.details["revision"]
    note(f"定稿月份 {month}，数字截至上报记录第{revision}号。")
    if submission.state == State.IN_FORCE:
        navigation.link("overview", "查看定稿时的数字", edition=str(submission.revision))


def _notices(submission: Submission) -> None:
    """Draw the notices of an issue, with their documents as they went out."""
    notices = issued([submission])
    st.dataframe(
        [
            {
                "督办单号": notice.number,
                "警示": mark(notice.light),
                "责任单位": notice.unit,
                "事项": notice.content,
                "反馈期限": notice.answer_by,
            }
            for notice in notices
        ],
        hide_index=True,
        alt="签发的督办单",
    )
    download_file(
        f"下载{len(notices)}份督办单",
        lambda: archive(notices),
        f"督办单_第{submission.revision}号.zip",
        "application/zip",
        key="notices",
    )


def _plan_changes(submission: Submission) -> None:
    """Draw what a 计划调整 changed of the plan: task by task where it is known, else the files."""
    changes = submission.details.get("changes")
    if changes:
        table = pd.DataFrame(changes).map(lambda text: plain(str(text)))
        st.table(table, border="horizontal", hide_index=True, alt="计划的变化：逐项列出")
    elif submission.changed_files:
        names = "、".join(f"{file.title}（{file.name}）" for file in submission.changed_files)
        note(f"改动的计划文件：{names}")


def _original(submission: Submission) -> None:
    store = session.store_later(data.plan_name())

    def content() -> bytes:
        original = store().original(submission.revision)
        return b"" if original is None else original.content

    download_file(
        f"下载原件：{submission.file_name}", content, submission.file_name, key="original"
    )
    note(f"原件校验值（SHA-256）：{submission.file_sha256}")


def _actions(submission: Submission) -> None:
    if (
        submission.state in (State.REVERTED, State.RETURNED, State.REPLACED)
        or submission.kind == Kind.RETURN
    ):
        return
    store = data.store()
    who = store.actor
    signs = submission.state == State.UNSIGNED and store.may_sign(submission)
    reviews = submission.state == State.PENDING and who.may(Permission.REVIEW)
    reverts = store.may_revert(submission)
    if not signs and not reviews and not reverts:
        return
    left, right = st.columns(2)
    user = session.signer(left, "操作人", "journal-actor")
    reason = right.text_input("理由", placeholder="退回时必填", key="journal-reason", max_chars=200)
    with st.container(horizontal=True):
        decide = store.sign if signs else store.review
        if signs or reviews:
            yes = "审签同意" if signs else "审核通过"
            for label, accept, icon in ((yes, True, "check"), ("退回", False, "reply")):
                if st.button(
                    label,
                    key="accept" if accept else "return",
                    type="primary" if accept else "secondary",
                    icon=f":material/{icon}:",
                ):
                    act(
                        lambda accept=accept: decide(  # type: ignore[misc]
                            submission.revision, user, accept=accept, reason=reason
                        ),
                        flash_submission,
                    )
        if reverts and st.button(
            "撤销", key="revert", icon=":material/undo:", help="撤销本身也会记录，可以再撤销"
        ):
            act(lambda: store.revert(submission.revision, user, reason=reason), flash_submission)
