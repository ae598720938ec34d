"""What is said above every page of figures: sealed, against the baseline, pending, broken, silent."""

from __future__ import annotations

import streamlit as st

from lib.core.answers import Answers
from lib.core.dataset import Dataset
from lib.report.editions import Edition
from lib.ui.kit import data, state
from lib.ui.kit.elements import part_problems, plain, problems, step_problems
from lib.ui.kit.returns import own_returned_reports
from lib.ui.kit.view import View


def banners(view: View, dataset: Dataset) -> None:
    """Draw what a viewer has to know before reading the figures."""
    own_returned_reports()
    if view.edition is not None:
        _sealed(view, view.edition)
    if view.against_baseline:
        st.info("对照基准：按最初下达的计划计算，没有计入后来的调整。", icon=":material/flag:")
    if view.with_pending:
        st.info("含待审：待审核的填报也计入了以下数字。", icon=":material/pending:")
    if view.verified_only:
        st.info("不含待核实：已报完成、还没有核实的，最后一步没有计入。", icon=":material/rule:")
    step_problems(dataset)
    part_problems(dataset)
    if dataset.cleaned_files:
        st.warning(
            f"{'、'.join(dataset.cleaned_files)} 里有不能显示的控制字符，已略去，数字不受影响。"
            "请管理员运行 python -m lib.cli rebuild 改正文件。",
            icon=":material/mop:",
        )
    if dataset.progress_problems:
        problems(
            "进展数据有错误，未计入任何上报；以下只显示计划。请改正后刷新网页",
            dataset.progress_problems,
        )
    elif silence := Answers.of(data.figures(view)).silence:
        st.info(
            f"{silence}；之后的数字按没有新进展计算，不是填报的结果。",
            icon=":material/event_busy:",
        )
    elif dataset.progress.empty and st.session_state[state.OPEN_PAGE] != "overview":
        st.info("还没有任何填报：以下按没有进展计算，不是填报的结果。", icon=":material/info:")


def demo_tag(dataset: Dataset) -> None:
    """Draw the tag that says that progress is synthetic; papers carry a mark of their own."""
    if dataset.has_demo:
        st.badge("演示数据", color="yellow", help="进展为虚构示例，不是两地的真实进展。")


def _sealed(view: View, edition: Edition) -> None:
    table = data.corrections(view, edition)
    since = f"定稿后有{len(table) - 1}项更正" if len(table) else "定稿后没有更正"
    st.info(
        f"{plain(edition.describe())}：显示定稿时的数字（截至上报记录第{edition.revision}号）。{since}。",
        icon=":material/lock:",
    )
    if len(table):
        with st.expander("更正：定稿时与现在", icon=":material/difference:"):
            st.dataframe(table, hide_index=True, alt="定稿后的更正")
