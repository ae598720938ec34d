"""The amendment on the 计划管理 page: a running plan's tables edited, the baseline kept."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from lib import planning
from lib.core import schema
from lib.core.dataset import Dataset
from lib.core.problems import DataError
from lib.planning import Context, Proposal
from lib.planning.amend import amend
from lib.planning.proposal import of_running_plan
from lib.store import StoreError
from lib.ui.kit import data, deployment, state
from lib.ui.kit.elements import empty, note, plain, problems
from lib.ui.plan.importing import commit
from lib.ui.plan.tables import amendment_preview, editors

P = schema.PLAN.headers
REMOVE = "删除填报"


def amending(current: Dataset, user: str) -> None:
    """Draw the running plan as two editors, what changes, and the commit."""
    where = _where()
    if where is None or where.tables is None:
        return
    proposal = of_running_plan(current, *where.tables)
    had = "已有基准，继续保留最初下达的计划。" if current.baseline_tasks is not None else ""
    note(
        "改时间、改内容、增删行（一项拆成几项：删去原来的，加上新的）。"
        f"第一次调整时，现在的计划会作为基准保存，甘特图和“对照基准”可以对照。{had}"
    )
    edited = editors(
        proposal, f"{data.plan_name()}-{st.session_state.setdefault(state.PLAN_ROUND, 0)}"
    )
    if edited.plan.equals(proposal.plan) and edited.targets.equals(proposal.targets):
        empty("还没有改动。改动后，这里列出变化并可以提交。")
        return
    try:
        moves = _moves(current, edited)
        change = amend(current, *where.tables, edited, settings=where.settings_file, moves=moves)
    except DataError as error:
        problems("表里还有错误，改正后才能提交", error.problems)
        return
    going_on = amendment_preview(change)
    if going_on is None:
        return
    reason = st.text_input(
        "调整的依据或理由（必填）",
        key="amend-reason",
        max_chars=200,
        placeholder="如：经两地协商，合作对接会推迟到10月",
    )
    if not user:
        note("请先在上面填写操作人。")
    if st.button(
        "确认调整",
        key="amend",
        type="primary",
        icon=":material/check:",
        disabled=not (user and reason.strip() and going_on),
    ):
        commit(
            where,
            lambda: planning.draft(
                edited, where, user=user, reason=reason, moves=moves, remove_reports=True
            ),
        )


def _where() -> Context | None:
    try:
        return planning.context(deployment.address(), data.plan_name())
    except (StoreError, DataError) as error:
        st.error(plain(str(error)), icon=":material/error:")
        return None


def _moves(current: Dataset, edited: Proposal) -> Mapping[str, str]:
    """Draw, for each task that goes and has reports, where its reports go."""
    tasks = set(edited.plan[P["task_id"]])
    reports = current.progress.groupby("task_id").size()
    gone = [task for task in reports.index if task not in tasks]
    moves: dict[str, str] = {}
    for task in gone:
        target = st.selectbox(
            f"{task} 取消了，它的{reports[task]}条填报",
            [REMOVE, *edited.plan[P["task_id"]]],
            format_func=lambda name: name if name == REMOVE else f"转给 {name}",
            key=f"move-{task}",
        )
        if target != REMOVE:
            moves[task] = target
    return moves
