"""The parts of the 计划管理 page: source text, editors, doubts, differences, what an amendment does."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from lib.core import schema
from lib.planning import Amendment, Document, Doubt, Grid, Proposal, Reading, highlight
from lib.planning.columns import COLUMN_CHOICES
from lib.planning.highlight import What
from lib.ui.kit.elements import empty, note, plain, subheading

P, T = schema.PLAN.headers, schema.TARGETS.headers
COLOURS = {What.TARGET: "blue", What.WINDOW: "green", What.UNITS: "violet"}
HEIGHT = 560
"""Pixels of the source text and of the tables beside it."""


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
        unused = {
            T[name] for name in schema.TARGET_EXTRAS if (proposal.targets[T[name]] == "").all()
        }
        targets = st.data_editor(
            proposal.targets,
            column_order=[name for name in proposal.targets.columns if name not in unused],
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
    relations = [schema.AT_LEAST, schema.EQUAL, schema.RANGE, schema.AT_MOST]
    return {
        T["task_id"]: st.column_config.TextColumn(pinned=True, width=105),
        T["relation"]: st.column_config.SelectboxColumn(options=relations, default=schema.EQUAL),
        T["upper"]: st.column_config.TextColumn(help="只有区间填写"),
        T["whole"]: st.column_config.TextColumn(help="“其中”的指标填它所属的指标"),
        T["numerator"]: st.column_config.TextColumn(help="比率的分子，单位按月填报，如 已支付"),
        T["denominator"]: st.column_config.TextColumn(help="比率的分母，单位按月填报，如 到位"),
    }


def settle_doubts(proposal: Proposal, key: str) -> Collection[str] | None:
    """Draw the doubts; return those accepted, ``None`` while one is open."""
    doubts = proposal.doubts
    if not doubts:
        st.success("没有疑问：时间、单位和指标都已读懂。", icon=":material/check_circle:")
        return []
    must = [doubt for doubt in doubts if doubt.must]
    subheading(f"疑问{len(doubts)}处：请在上面的表里改正，或勾选接受")
    every = st.checkbox(
        f"全部接受（{len(doubts) - len(must)}处），按“接受则”一列处理", key=f"doubts-all-{key}"
    )
    table = doubt_table(doubts, accepted=every)
    edited = st.data_editor(
        table,
        hide_index=True,
        disabled=[name for name in table.columns if name != "接受"],
        column_config={
            "疑问": st.column_config.TextColumn(width="large"),
            "接受": st.column_config.CheckboxColumn(width="small"),
        },
        # The editor keeps its ticks by row: other doubts make it another editor.
        key=f"doubts-{key}-{every}-{hash(tuple(doubt.key for doubt in doubts))}",
        alt="疑问清单：任务、列、内容、疑问、接受则怎样",
    )
    ticked = [doubt.key for doubt, tick in zip(doubts, edited["接受"], strict=True) if tick]
    left = [doubt for doubt in doubts if doubt.must or doubt.key not in ticked]
    if left:
        hint = f"其中{len(must)}处必须改正" if must else ""
        note(f"还有{len(left)}处疑问没有改正或接受，{hint or '处理后'}才能提交。")
        return None
    return ticked


def doubt_table(doubts: list[Doubt], *, accepted: bool) -> pd.DataFrame:
    """Return doubts for people: 接受 (bool), 任务, 列, 内容, 疑问, 接受则."""
    return pd.DataFrame(
        {
            "接受": [accepted and not doubt.must for doubt in doubts],
            "任务": ["、".join(doubt.task_ids) or "整个文件" for doubt in doubts],
            "列": [doubt.column for doubt in doubts],
            "内容": [doubt.value for doubt in doubts],
            "疑问": [doubt.problem for doubt in doubts],
            "接受则": [
                "必须改正" if doubt.must else doubt.assumed or "照此导入" for doubt in doubts
            ],
        }
    )


def show_differences(reading: Reading) -> None:
    """Draw where the narrative and the task table of a document differ."""
    count = len(reading.differences)
    if not count and (reading.unchecked or not reading.passages):
        note(f"{reading.verdict}。")
        return
    if not count:
        st.success(f"{reading.verdict}。", icon=":material/check_circle:")
        return
    subheading(f"正文与分解表有{count}处不一致")
    note("正文有、分解表没有的，已列为来源“正文”的任务，默认不计入总数；其余请在上面的表里核对。")
    with st.expander("逐条对照", expanded=count <= 10, icon=":material/compare_arrows:"):
        table = pd.DataFrame(
            {
                "差异": [
                    plain(
                        "　".join(
                            filter(
                                None,
                                [difference.category, str(difference.kind), difference.amounts],
                            )
                        )
                    )
                    for difference in reading.differences
                ],
                "正文": [plain(difference.narrative) or "—" for difference in reading.differences],
                "分解表": [plain(difference.table) or "—" for difference in reading.differences],
            }
        )
        st.table(table, border="horizontal", hide_index=True, alt="正文与分解表的差异")


def show_unread(reading: Reading) -> None:
    """Draw the places of a document that nothing came of."""
    if not reading.unread:
        return
    subheading(f"没有读出任务的地方{len(reading.unread)}处")
    note("请看一遍：其中如有任务，在上面的表里增加一行。")
    with st.expander("逐处列出", icon=":material/list:"):
        table = pd.DataFrame(
            [(plain(each.place), plain(each.text), each.why) for each in reading.unread],
            columns=["位置", "原文", "原因"],
        )
        st.table(table, border="horizontal", hide_index=True, alt="没有读出任务的地方")


def show_laid_over(table: pd.DataFrame, year: int) -> None:
    """Draw what a plan has new, gone and changed against the plan of another year."""
    counts = table["变化"].value_counts()
    words = "，".join(f"{word}{count}项" for word, count in counts.items())
    with st.expander(f"与{year}年计划相比：{words or '没有变化'}", icon=":material/difference:"):
        note("按任务原文对应，不看编号；年份不算变化。")
        st.table(
            table.map(plain), border="horizontal", hide_index=True, alt=f"与{year}年计划相比的变化"
        )


def column_editor(columns: Mapping[str, str], key: str) -> dict[str, str]:
    """Draw what each header of the document was taken for; return what was chosen otherwise."""
    table = pd.DataFrame({"表头": list(columns), "读作": list(columns.values())})
    choices = [*COLUMN_CHOICES, *sorted(set(columns.values()) - set(COLUMN_CHOICES))]
    edited = st.data_editor(
        table,
        hide_index=True,
        disabled=["表头"],
        column_config={
            "读作": st.column_config.SelectboxColumn(options=choices, required=True, width="medium")
        },
        key=key,
        alt="各列读作什么，可以改",
    )
    chosen = zip(edited["表头"], edited["读作"], strict=True)
    return {header: word for header, word in chosen if word != columns[header]}


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
        empty("与现在的计划相同，没有变化。")
        return None
    subheading(f"预览：{change.sentence}")
    st.table(
        change.table.map(plain), border="horizontal", hide_index=True, alt="计划的变化：逐项列出"
    )
    if not len(change.misfits):
        note("已有填报都符合调整后的计划，全部保留。")
        return True
    st.warning(
        f"{len(change.misfits)}条填报不符合调整后的计划，提交时删除；记录里仍有，撤销可以恢复。",
        icon=":material/warning:",
    )
    with st.expander("要删除的填报", icon=":material/list:"):
        st.dataframe(change.misfits, hide_index=True, alt="要删除的填报")
    return st.checkbox(f"确认删除这{len(change.misfits)}条填报", key="remove-reports")
