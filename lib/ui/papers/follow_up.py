"""The parts of the 汇报材料 page about what follows from the figures: 督办单, 催报, 定稿."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

import streamlit as st

from lib.access import Permission
from lib.core import findings, views
from lib.core.figures import Figures
from lib.core.status import mark
from lib.report.editions import seal
from lib.report.export import FORMATS
from lib.report.material import Material
from lib.report.notices import Notice, archive, document, issue, issued, notices, numbered
from lib.store import State
from lib.ui.kit import data, session
from lib.ui.kit.acting import submit
from lib.ui.kit.elements import download_file, note, plain, subheading
from lib.ui.kit.tables import download
from lib.ui.kit.view import View
from lib.ui.papers.papers import paper

# -- notices -------------------------------------------------------------------------------------


def notice_list(view: View, material: Material) -> None:
    """Draw what calls for a 督办单, issue those chosen, and give their documents."""
    due = notices(material)
    subheading(f"督办单：{len(due)}项需要督办" if due else "督办单：没有需要督办的任务")
    if not due:
        return
    in_force = [
        submission for submission in data.submissions() if submission.state == State.IN_FORCE
    ]
    issued_by_key = {notice.key: notice for notice in issued(in_force)}
    rows = st.dataframe(
        [
            {
                "督办单号": issued_by_key[notice.key].number
                if notice.key in issued_by_key
                else "未签发",
                "警示": mark(notice.light),
                "责任单位": notice.unit,
                "事项": notice.content,
                "序时进度与实际": notice.progress_text,
            }
            for notice in due
        ],
        hide_index=True,
        key="notice-rows",
        on_select="rerun",
        selection_mode="multi-row",
        alt="需要督办的任务：选择要签发或下载的行，不选就是全部",
    ).selection.rows
    chosen = [due[row] for row in rows] or due
    new = [notice for notice in chosen if notice.key not in issued_by_key]
    ready = [issued_by_key[notice.key] for notice in chosen if notice.key in issued_by_key]
    if view.edition is not None:
        note("正在看定稿；签发督办单请先在右上角的筛选里清除“定稿”。")
    elif new and session.may(Permission.NOTICE):
        _issue(material.figures, new)
    if len(ready) == 1:
        download_file(
            f"下载 {ready[0].number}",
            document(ready[0]),
            ready[0].file_name,
            FORMATS["docx"].media_type,
            key="get-notice",
        )
    elif ready:
        paper(
            f"打包{len(ready)}份督办单",
            "notices",
            tuple(notice.number for notice in ready),
            partial(archive, ready),
            f"督办单_{material.file_stem}.zip",
            "application/zip",
        )


def _issue(figures: Figures, new: list[Notice]) -> None:
    row = st.container(horizontal=True, vertical_alignment="bottom")
    with row:
        user = session.signer(row, "签发人", "notice-user", width=200)
        today = date.today()
        answer_by = st.date_input(
            "反馈期限", value=today + timedelta(days=7), min_value=today, key="notice-by", width=160
        )
        if not st.button(f"签发{len(new)}份督办单", key="issue", icon=":material/gavel:"):
            return
    if not user:
        st.error("请写明签发人", icon=":material/error:")
        return
    journal = data.store().submissions
    signed = numbered(
        new,
        journal,
        issuer=user,
        day=today,
        answer_by=answer_by,
        year=figures.dataset.settings.year,
    )
    base = max((submission.revision for submission in journal), default=0)
    submit(issue(signed, user, base), f"已签发{signed[0].number}等{len(signed)}份督办单")


def reminders(figures: Figures) -> None:
    """Draw the 催报 list of units that have not reported."""
    subheading(findings.missing(figures))
    table = views.missing_table(figures)
    if table.empty:
        return
    st.dataframe(table, hide_index=True, alt="催报清单")
    download(table, "催报清单", "下载催报清单")


# -- sealing -------------------------------------------------------------------------------------


def sealing(view: View, figures: Figures) -> None:
    """Draw the button that seals the month's figures."""
    subheading("定稿：会后按会上的数字留存")
    if view.edition is not None:
        note(
            f"正在看{plain(view.edition.describe())}。"
            "在右上角的筛选里清除“定稿”回到当前数据；撤销定稿在上报记录。"
        )
        return
    if not session.may(Permission.SEAL):
        note("定稿由管理员操作；已有的定稿在右上角筛选的“定稿”里选择。")
        return
    month = findings.month_word(figures)
    note(
        f"定稿记下{month}、现在的上报记录编号、姓名和时间。之后的填报照常计入当前数据；"
        "在右上角的筛选里选这次定稿，各页、幻灯片和导出都显示定稿时的数字，以后的改动列为更正。"
    )
    row = st.container(horizontal=True, vertical_alignment="bottom")
    with row:
        user = session.signer(row, "定稿人", "seal-user", width=200)
        meeting = st.text_input(
            "会议", placeholder="如 联席会议第三次会议", key="seal-note", max_chars=80, width=300
        )
        if st.button(f"{month}定稿", key="seal", icon=":material/lock:"):
            revision = max((submission.revision for submission in data.submissions()), default=0)
            draft = seal(view.selection.month, revision, user, meeting.strip())
            submit(draft, f"{month}的数字已定稿")
