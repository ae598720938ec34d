"""The import on the 计划管理 page: a document, what was understood beside it, doubts, commit."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from lib import planning
from lib.core import schema
from lib.core.dataset import Dataset
from lib.core.problems import DataError
from lib.core.windows import from_issue
from lib.planning import Context, Document, Reading
from lib.planning.amend import DROPPED
from lib.planning.columns import Meaning
from lib.planning.highlight import What
from lib.planning.readers import SUFFIXES
from lib.store import Draft, Original, StoreError, Submission
from lib.ui.kit import data, deployment, state
from lib.ui.kit.acting import act, undo_button
from lib.ui.kit.elements import empty, note, plain, problems, subheading
from lib.ui.kit.plan_labels import open_plan
from lib.ui.plan.tables import (
    COLOURS,
    HEIGHT,
    amendment_preview,
    column_editor,
    editors,
    settle_doubts,
    show_differences,
    show_laid_over,
    show_unread,
    source_text,
)

NEW, REPLACE = "存为新计划", "调整当前计划"


@dataclass(frozen=True)
class Source:
    """A document as it came in."""

    name: str
    content: bytes

    @property
    def key(self) -> str:
        """What tells it from another one."""
        return hashlib.sha256(self.content).hexdigest()[:16] + self.name


def last_commit() -> None:
    """Draw what the last commit of this session did, with the way back."""
    kept: tuple[Submission, str] | None = st.session_state.get(state.PLAN_SUBMITTED)
    if kept is None:
        return
    submission, plan = kept
    st.success(
        f"已记为第{submission.revision}号 {submission.kind}：{plain(submission.reason)}",
        icon=":material/check_circle:",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "看这个计划的总览",
            key="open-plan",
            icon=":material/dashboard:",
            on_click=open_plan,
            args=(plan,),
        )
        undo_button(submission, plan, "undo-plan", state.PLAN_SUBMITTED)


def source() -> Source | None:
    """Draw the upload and the box for pasted text; return what was given."""
    number = st.session_state.setdefault(state.PLAN_ROUND, 0)
    file = st.file_uploader(
        "上传计划文件（.docx、.xlsx、.pdf、.csv、.txt）：点“选择文件”，或拖到框里",
        type=list(SUFFIXES),
        key=f"plan-file-{number}",
        help="先读取、核对，确认之前不会写入任何数据",
    )
    with st.expander("或者粘贴从 Word 复制的文字", icon=":material/content_paste:"):
        text = st.text_area(
            "计划全文（含任务分解表）", height=160, key=f"plan-text-{number}", max_chars=200_000
        )
    if file is not None:
        return Source(file.name, file.getvalue())
    return Source("粘贴的文字", text.encode()) if text.strip() else None


def read(document: Source) -> Reading | None:
    """Return the document understood; draw why it cannot be, and return ``None``."""
    kept = st.session_state.get(state.DOCUMENT_READ)
    try:
        with st.spinner("正在读取…", show_time=False):
            if kept is not None and kept[0] == document.key:
                source_document, reading = kept[1:]
            else:
                source_document = planning.read_document(document.content, document.name)
                reading = _understood(source_document)
                st.session_state[state.DOCUMENT_READ] = (document.key, source_document, reading)
    except DataError as error:
        problems("这个文件不能读取", error.problems)
        return None
    return _with_columns(source_document, reading, document.key)


def _chosen() -> dict[str, str]:
    """Return the meanings of headers that were chosen in this session."""
    chosen: dict[str, str] = st.session_state.get(state.COLUMNS_CHOSEN, {})
    return chosen


def _remembered() -> dict[str, str]:
    """Return the meanings of headers that the plan's settings remember from earlier imports."""
    current = data.dataset_or_none()
    return {} if current is None else dict(current.settings.columns)


def _understood(document: Document) -> Reading | DataError:
    """Return a document understood with the columns chosen in this session, or why it is not."""
    try:
        return planning.understand(document, columns={**_remembered(), **_chosen()})
    except DataError as error:
        return error


def _with_columns(document: Document, reading: Reading | DataError, key: str) -> Reading | None:
    """Draw which column is which, where there is a table; read again when that is changed."""
    if isinstance(reading, DataError):
        columns = dict.fromkeys(planning.header_texts(document), Meaning.IGNORED.value)
        problems("这个文件不能读取", reading.problems)
    else:
        columns = dict(reading.columns)
    if columns:
        unknown = isinstance(reading, DataError)
        with st.expander("各列读作什么", expanded=unknown, icon=":material/view_column:"):
            changed = column_editor(columns, f"columns-{key}-{hash(tuple(columns.items()))}")
            again = st.button("按这样重新读取", key=f"columns-again-{key}", disabled=not changed)
        if again:
            st.session_state[state.COLUMNS_CHOSEN] = {**_chosen(), **changed}
            st.session_state[state.DOCUMENT_READ] = (key, document, _understood(document))
            st.rerun()
    return None if isinstance(reading, DataError) else reading


@dataclass(frozen=True)
class Place:
    """Where the plan goes: its year and title, and what runs there."""

    year: int
    title: str
    where: Context
    issued: dt.date | None = None


def place(reading: Reading, document: Source, current: Dataset | None) -> Place | None:
    """Draw year, title and where to keep the plan; ``None`` until they are right."""
    left, middle, right = st.columns([1, 3, 2])
    year = left.number_input(
        "计划年度",
        1970,
        2999,
        value=reading.year,
        step=1,
        placeholder="如 2019",
        key=f"plan-year-{document.key}",
    )
    title = middle.text_input(
        "计划名称", value=reading.title, max_chars=100, key=f"plan-title-{document.key}"
    )
    if year is None:
        empty("文件里没有写明年度。请先填写计划年度。")
        return None
    # A plan that cannot be read is put right by the document it came from.
    same_year = current is None or current.settings.year == year
    choices = [NEW, REPLACE] if same_year else [NEW]
    with right:
        way = st.radio(
            "怎样保存",
            choices,
            index=len(choices) - 1,
            horizontal=True,
            key=f"plan-way-{same_year}",
        )
        name = data.plan_name()
        if way == NEW:
            name = st.text_input(
                "新计划的简称（汉字、字母、数字）",
                value=_free_name(str(year)),
                max_chars=60,
                key=f"plan-name-{year}",
            ).strip()
    if way == NEW and (not name or name in data.plan_names()):
        empty(f"已经有「{plain(name)}」这个计划，请换一个简称。" if name else "请写简称。")
        return None
    try:
        where = planning.context(deployment.address(), name)
    except (StoreError, DataError) as error:
        st.error(plain(str(error)), icon=":material/error:")
        return None
    issued = None
    any_day = reading.issued or dt.date(int(year), 1, 1)
    if any(from_issue(row.window_text, any_day) for row in reading.rows):
        issued = st.date_input(
            "发文日期",
            value=reading.issued,
            min_value=dt.date(1970, 1, 1),
            max_value=dt.date(2999, 12, 31),
            format="YYYY-MM-DD",
            key=f"plan-issued-{document.key}",
            help="“自发文之日起三个月内”这样的时间从这一天算起；不填则从1月算起",
        )
    return Place(int(year), title.strip(), where, issued)


def _free_name(name: str) -> str:
    taken = set(data.plan_names())
    if name not in taken:
        return name
    return next(candidate for n in range(2, 100) if (candidate := f"{name}-{n}") not in taken)


def review(reading: Reading, to: Place, document: Source, user: str) -> None:
    """Draw the source beside what was understood, the doubts, the differences, the commit."""
    proposal = planning.proposed(
        reading, to.where, year=to.year, title=to.title, issued=to.issued, columns=_chosen()
    )
    left, right = st.columns([2, 3])
    with left:
        subheading("文件原文")
        note(
            "　".join(f":{COLOURS[what]}-background[{what}]" for what in What) + "　为识别出的内容"
        )
        with st.container(height=HEIGHT, border=True, key="plan-source"):
            source_text(reading.document, to.year, proposal.units_seen)
    with right:
        subheading("读出的任务和指标（可以改、可以增删行）")
        edited = editors(proposal, f"{document.key}-{to.where.plan}-{to.year}-{to.issued}")
    accepted = settle_doubts(edited, f"{document.key}-{to.where.plan}")
    show_differences(reading)
    show_unread(reading)
    current = data.dataset_or_none()
    if current is not None and current.settings.year != to.year:
        store = data.store(data.plan_name())
        before = schema.PLAN.texts(store.plan), schema.TARGETS.texts(store.targets)
        table = planning.laid_over(*before, edited.plan, edited.targets)
        if (table["变化"] == DROPPED).sum() < len(before[0]):  # else it is no plan of ours
            show_laid_over(table, current.settings.year)
    if accepted is None:
        return
    try:
        ready = edited.adopted(accepted)
        ready.dataset()
        change = planning.amendment(ready, to.where)
    except DataError as error:
        problems("表里还有错误，改正后才能提交", error.problems)
        return
    except StoreError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    removing: bool | None = True
    if change is not None:
        removing = amendment_preview(change)
        if removing is None:
            return
    if not user:
        note("请先在上面填写操作人。")
    words = f"{len(ready.plan)}项任务、{len(ready.targets)}个指标"
    if st.button(
        f"确认导入{words}",
        key="adopt",
        type="primary",
        icon=":material/check:",
        disabled=not user or not removing,
    ):
        original = Original(document.name, document.content)
        commit(
            to.where,
            lambda: planning.draft(
                ready, to.where, user=user, original=original, remove_reports=True
            ),
        )


def commit(where: Context, make: Callable[[], Draft]) -> None:
    """Write a submission and remember it; draw why it was refused."""

    def write() -> Submission:
        with st.spinner("正在提交…", show_time=False):
            return data.store(where.plan).submit(make())

    def remember(submission: Submission) -> None:
        st.session_state[state.PLAN_SUBMITTED] = (submission, where.plan)
        st.session_state[state.PLAN_ROUND] = st.session_state.get(state.PLAN_ROUND, 0) + 1
        st.session_state.pop(state.DOCUMENT_READ, None)

    act(write, remember)
