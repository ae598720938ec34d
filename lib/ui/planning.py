"""The import on the 计划管理 page: a document, what was understood beside it, doubts, commit."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from lib import planning, schema
from lib.dataset import Dataset
from lib.planning import Amendment, Context, Doubt, Grid, Proposal, Reading, highlight
from lib.planning.document import Document
from lib.planning.highlight import What
from lib.planning.readers import SUFFIXES
from lib.problems import DataError
from lib.store import Draft, Original, StoreError, Submission
from lib.ui import data, plans, shell
from lib.ui.cards import plain

P, T = schema.PLAN.headers, schema.TARGETS.headers
COLOURS = {What.TARGET: "blue", What.WINDOW: "green", What.UNITS: "violet"}
HEIGHT = 560
"""Pixels of the source text and of the tables beside it."""
NEW, REPLACE = "存为新计划", "调整当前计划"
ROUND, _DONE = "_plan_round", "_plan_done"
_READ = "_plan_read"


@dataclass(frozen=True)
class Source:
    """A document as it came in."""

    name: str
    content: bytes

    @property
    def key(self) -> str:
        """What tells it from another one."""
        return hashlib.sha256(self.content).hexdigest()[:16] + self.name


def done() -> None:
    """Draw what the last commit of this session did, with the way back."""
    told: tuple[Submission, str] | None = st.session_state.get(_DONE)
    if told is None:
        return
    submission, name = told
    st.success(
        f"已记为第{submission.revision}号 {submission.kind}：{plain(submission.reason)}",
        icon=":material/check_circle:",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "看这个计划的总览",
            key="open-plan",
            icon=":material/dashboard:",
            on_click=plans.open_plan,
            args=(name,),
        )
        if st.button("撤销这次提交", key="undo-plan", icon=":material/undo:"):
            _undo(submission, name)


def _undo(submission: Submission, name: str) -> None:
    try:
        back = data.store(name).revert(submission.revision, submission.user, reason="提交后撤销")
    except (StoreError, DataError) as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    del st.session_state[_DONE]
    st.toast(f"已撤销第{submission.revision}号，记为第{back.revision}号")
    st.rerun()


def source() -> Source | None:
    """Draw the upload and the box for pasted text; return what was given."""
    number = st.session_state.setdefault(ROUND, 0)
    file = st.file_uploader(
        "上传计划文件（.docx、.xlsx、.csv、.txt）：点 Upload 选择，或拖到框里",
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


def read(given: Source) -> Reading | None:
    """Return the document understood; draw why it cannot be, and return ``None``."""
    kept = st.session_state.get(_READ)
    if kept is not None and kept[0] == given.key:
        reading: Reading = kept[1]
        return reading
    try:
        with st.spinner("正在读取…", show_time=False):
            reading = planning.understand(planning.read_document(given.content, given.name))
    except DataError as error:
        shell.problems("这个文件不能读取", error.problems)
        return None
    st.session_state[_READ] = (given.key, reading)
    return reading


@dataclass(frozen=True)
class Place:
    """Where the plan goes: its year and title, and what runs there."""

    year: int
    title: str
    where: Context


def place(reading: Reading, current: Dataset | None, user: str) -> Place | None:
    """Draw year, title and where to keep the plan; ``None`` until they are right."""
    left, middle, right = st.columns([1, 3, 2])
    year = left.number_input(
        "计划年度",
        1970,
        2999,
        value=reading.year,
        step=1,
        placeholder="如 2019",
        key=f"plan-year-{reading.document.name}",
    )
    title = middle.text_input(
        "计划名称", value=reading.title, max_chars=100, key=f"plan-title-{reading.document.name}"
    )
    if year is None:
        shell.empty("文件里没有写明年度。请先填写计划年度。")
        return None
    same_year = current is not None and current.settings.year == year
    choices = [NEW, REPLACE] if same_year else [NEW]
    with right:
        way = st.radio("怎样保存", choices, index=len(choices) - 1, horizontal=True, key="plan-way")
        name = data.plan()
        if way == NEW:
            name = st.text_input(
                "新计划的简称（汉字、字母、数字）",
                value=_free_name(str(year)),
                max_chars=60,
                key=f"plan-name-{year}",
            ).strip()
    if way == NEW and (not name or name in data.names()):
        shell.empty(f"已经有「{plain(name)}」这个计划，请换一个简称。" if name else "请写简称。")
        return None
    try:
        where = planning.context(data.address(), name)
    except (StoreError, DataError) as error:
        st.error(plain(str(error)), icon=":material/error:")
        return None
    return Place(int(year), title.strip(), where)


def _free_name(wanted: str) -> str:
    taken = set(data.names())
    if wanted not in taken:
        return wanted
    return next(name for n in range(2, 100) if (name := f"{wanted}-{n}") not in taken)


def review(reading: Reading, to: Place, given: Source, user: str) -> None:
    """Draw the source beside what was understood, the doubts, the differences, the commit."""
    proposal = planning.proposed(reading, to.where, year=to.year, title=to.title)
    left, right = st.columns([2, 3])
    with left:
        st.subheader("文件原文", anchor=False)
        shell.note(
            "　".join(f":{COLOURS[what]}-background[{what}]" for what in What) + "　为识别出的内容"
        )
        with st.container(height=HEIGHT, border=True, key="plan-source"):
            source_text(reading.document, to.year, proposal.known_units)
    with right:
        st.subheader("读出的任务和指标（可以改、可以增删行）", anchor=False)
        edited = editors(proposal, f"{given.key}-{to.where.plan}-{to.year}")
    accepted = _doubts(edited, f"{given.key}-{to.where.plan}")
    _differences(reading)
    if accepted is None:
        return
    try:
        ready = edited.adopted(accepted)
        ready.dataset()
        change = planning.amendment(ready, to.where)
    except DataError as error:
        shell.problems("表里还有错误，改正后才能提交", error.problems)
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
        shell.note("请先在上面填写操作人。")
    words = f"{len(ready.plan)}项任务、{len(ready.targets)}个指标"
    if st.button(
        f"确认导入{words}",
        key="adopt",
        type="primary",
        icon=":material/check:",
        disabled=not user or not removing,
    ):
        original = Original(given.name, given.content)
        commit(
            to.where,
            lambda: planning.draft(
                ready, to.where, user=user, original=original, remove_reports=True
            ),
        )


def editors(proposal: Proposal, key: str) -> Proposal:
    """Draw a proposal's two tables as editors and return it as edited."""
    tasks, indicators = st.tabs([f"任务{len(proposal.plan)}项", f"指标{len(proposal.targets)}个"])
    hidden = {P[name] for name in schema.PLAN_EXTRAS if (proposal.plan[P[name]] == "").all()}
    with tasks:
        plan = st.data_editor(
            proposal.plan,
            column_order=[name for name in proposal.plan.columns if name not in hidden],
            column_config=plan_columns(proposal.settings.year),
            num_rows="dynamic",
            height=HEIGHT - 60,
            key=f"tasks-{key}",
            alt="计划的任务，可以修改",
        )
    with indicators:
        targets = st.data_editor(
            proposal.targets,
            column_config=target_columns(),
            num_rows="dynamic",
            height=HEIGHT - 60,
            key=f"targets-{key}",
            alt="计划的指标，可以修改",
        )
    return proposal.edited(plan, targets)


def plan_columns(year: int) -> dict[str, Any]:
    """Return how the plan's columns are edited."""
    return {
        P["task_id"]: st.column_config.TextColumn(pinned=True, width=105),
        P["content"]: st.column_config.TextColumn(width="large"),
        P["window_text"]: st.column_config.TextColumn(help="如 全年、4～11月、8月前"),
        P["start_month"]: st.column_config.TextColumn(help=f"不填则按计划完成时间；如 {year}-04"),
        P["end_month"]: st.column_config.TextColumn(help=f"不填则按计划完成时间；如 {year}-11"),
        P["source"]: st.column_config.SelectboxColumn(
            options=[schema.OFFICIAL, schema.NARRATIVE], default=schema.OFFICIAL
        ),
    }


def target_columns() -> dict[str, Any]:
    """Return how the targets' columns are edited."""
    relations = [schema.AT_LEAST, schema.EQUAL, schema.RANGE]
    return {
        T["task_id"]: st.column_config.TextColumn(pinned=True, width=105),
        T["relation"]: st.column_config.SelectboxColumn(options=relations, default=schema.EQUAL),
        T["upper"]: st.column_config.TextColumn(help="只有区间填写"),
    }


def _doubts(proposal: Proposal, key: str) -> Collection[str] | None:
    """Draw the doubts; return those accepted, ``None`` while one is open."""
    doubts = proposal.doubts
    if not doubts:
        st.success("没有疑问：时间、单位和指标都已读懂。", icon=":material/check_circle:")
        return []
    must = [one for one in doubts if one.must]
    st.subheader(f"疑问{len(doubts)}处：请在上面的表里改正，或勾选接受", anchor=False)
    every = st.checkbox(
        f"全部接受（{len(doubts) - len(must)}处），按“接受则”一列处理", key=f"doubts-all-{key}"
    )
    table = doubt_table(doubts, accepted=every)
    shown = st.data_editor(
        table,
        hide_index=True,
        disabled=[name for name in table.columns if name != "接受"],
        column_config={
            "疑问": st.column_config.TextColumn(width="large"),
            "接受": st.column_config.CheckboxColumn(width="small"),
        },
        # The editor keeps its ticks by row: other doubts make it another editor.
        key=f"doubts-{key}-{every}-{hash(tuple(one.key for one in doubts))}",
        alt="疑问清单：任务、列、内容、疑问、接受则怎样",
    )
    ticked = [one.key for one, tick in zip(doubts, shown["接受"], strict=True) if tick]
    left = [one for one in doubts if one.must or one.key not in ticked]
    if left:
        hint = f"其中{len(must)}处必须改正" if must else ""
        shell.note(f"还有{len(left)}处疑问没有改正或接受，{hint or '处理后'}才能提交。")
        return None
    return ticked


def doubt_table(doubts: list[Doubt], *, accepted: bool) -> pd.DataFrame:
    """Return doubts for people: 接受 (bool), 任务, 列, 内容, 疑问, 接受则."""
    return pd.DataFrame(
        {
            "接受": [accepted and not one.must for one in doubts],
            "任务": ["、".join(one.task_ids) or "整个文件" for one in doubts],
            "列": [one.column for one in doubts],
            "内容": [one.value for one in doubts],
            "疑问": [one.problem for one in doubts],
            "接受则": ["必须改正" if one.must else one.assumed or "照此导入" for one in doubts],
        }
    )


def _differences(reading: Reading) -> None:
    if not reading.passages:
        shell.note("文件没有分节的正文，不需要与分解表核对。")
        return
    count = len(reading.differences)
    if not count:
        st.success("正文与分解表一致。", icon=":material/check_circle:")
        return
    st.subheader(f"正文与分解表有{count}处不一致", anchor=False)
    shell.note(
        "正文有、分解表没有的，已列为来源“正文”的任务，默认不计入总数；其余请在上面的表里核对。"
    )
    with st.expander("逐条对照", expanded=count <= 10, icon=":material/compare_arrows:"):
        table = pd.DataFrame(
            {
                "差异": [str(one.kind) for one in reading.differences],
                "类型": [plain(one.category) for one in reading.differences],
                "正文": [plain(one.narrative) or "—" for one in reading.differences],
                "分解表": [plain(one.table) or "—" for one in reading.differences],
            }
        )
        st.table(table, border="horizontal", hide_index=True, alt="正文与分解表的差异")


def source_text(document: Document, year: int, known: Collection[str]) -> None:
    """Draw a document with the recognised spans highlighted; its text never becomes markup."""
    for block in document.blocks:
        if isinstance(block, Grid):
            for row in block.rows:
                cells = [marked(cell.text, year, known) for cell in row if cell.text.strip()]
                if cells:
                    st.markdown("　\\|　".join(cells))
        else:
            st.markdown(marked(block.text, year, known))


def marked(text: str, year: int, known: Collection[str]) -> str:
    """Return a text as Markdown that shows it as it is, with what was recognised highlighted."""
    flat = re.sub(r"\s", " ", text)
    parts, place_ = [], 0
    for span in highlight.spans(flat, year, known):
        parts.append(plain(flat[place_ : span.start]))
        parts.append(f":{COLOURS[span.what]}-background[{plain(flat[span.start : span.end])}]")
        place_ = span.end
    parts.append(plain(flat[place_:]))
    # A number with a point at the beginning would become a list.
    return re.sub(r"^(\d+)\.", r"\1\\.", "".join(parts).strip())


def amendment_preview(change: Amendment) -> bool | None:
    """Draw what an amendment changes; whether it may go on, ``None`` if it changes nothing."""
    if change.is_empty:
        shell.empty("与现在的计划相同，没有变化。")
        return None
    st.subheader(f"预览：{change.sentence}", anchor=False)
    st.table(
        change.table.map(plain), border="horizontal", hide_index=True, alt="计划的变化：逐项列出"
    )
    if not len(change.misfits):
        shell.note("已有填报都符合调整后的计划，全部保留。")
        return True
    st.warning(
        f"{len(change.misfits)}条填报不符合调整后的计划，提交时删除；记录里仍有，撤销可以恢复。",
        icon=":material/warning:",
    )
    with st.expander("要删除的填报", icon=":material/list:"):
        st.dataframe(change.misfits, hide_index=True, alt="要删除的填报")
    return st.checkbox(f"确认删除这{len(change.misfits)}条填报", key="remove-reports")


def commit(where: Context, make: object) -> None:
    """Write a submission and remember it; draw why it was refused."""
    try:
        draft: Draft = make()  # type: ignore[operator]
        with st.spinner("正在提交…", show_time=False):
            told = data.store(where.plan).submit(draft)
    except (StoreError, DataError) as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    st.session_state[_DONE] = (told, where.plan)
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1
    st.session_state.pop(_READ, None)
    st.rerun()
