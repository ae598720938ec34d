"""A running plan amended: what changes, which reports no longer fit, and the baseline kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from lib.core import schema
from lib.core.dataset import Dataset
from lib.core.problems import DataError
from lib.core.settings import SETTINGS_FILE, edited_settings
from lib.files.plan_folder import BASELINE_FILE, BASELINE_TARGETS_FILE
from lib.planning.files import plan_file, target_file
from lib.planning.proposal import Proposal
from lib.store import Changes
from lib.store.changes import KEY, keyed

P, T, R = schema.PLAN.headers, schema.TARGETS.headers, schema.PROGRESS.headers
ADDED, DROPPED, CHANGED, SETTING = "新增", "取消", "调整", "设置"
_COMPARED = (
    "category",
    "content",
    "units_text",
    "window_text",
    "weight",
    "start_month",
    "end_month",
)


@dataclass(frozen=True, eq=False)
class Amendment:
    """What a change of a running plan does.

    ``table`` is for people: 变化 (新增, 取消, 调整; 设置 for title, parties and rules, which are of
    no task), 任务编号, 内容. ``settings`` names the settings that change. ``misfits`` are the reports that
    no longer fit the plan (texts under the file's headers). ``changes`` moves or removes them.
    ``files`` are the plan's files to write, the baseline among them if it is the first amendment.
    """

    table: pd.DataFrame
    misfits: pd.DataFrame
    changes: Changes
    files: Mapping[str, bytes]
    after: Dataset
    settings: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all would become different."""
        return self.table.empty and not len(self.changes) and SETTINGS_FILE not in self.files

    @property
    def sentence(self) -> str:
        """Return the changes in words: 调整1项，取消1项，新增2项任务；标题、双方有变化."""
        counts = [
            (word, int((self.table["变化"] == word).sum())) for word in (CHANGED, DROPPED, ADDED)
        ]
        tasks = "，".join(f"{word}{number}项" for word, number in counts if number)
        settings = f"；{'、'.join(self.settings)}有变化" if self.settings else ""
        return (f"{tasks}任务" if tasks else "任务没有变化") + settings


def amend(
    current: Dataset,
    plan: pd.DataFrame,
    targets: pd.DataFrame,
    proposal: Proposal,
    *,
    settings: bytes | None,
    moves: Mapping[str, str] | None = None,
) -> Amendment:
    """Return what adopting ``proposal`` in place of a running plan does.

    ``plan`` and ``targets`` are the present tables (typed, as the store gives them), ``settings``
    is the present settings file, of which all stays that does not change. ``moves``
    gives the reports of a task to another one, which a task that is split or renumbered needs;
    reports that still do not fit are removed (the journal keeps them, 撤销 brings them back).
    Raises `DataError` if the new tables do not make a plan or moved reports do not fit it.
    """
    old_plan, old_targets = schema.PLAN.texts(plan), schema.TARGETS.texts(targets)
    bare = proposal.dataset()
    reports = current.progress
    moved = reports.assign(
        task_id=reports["task_id"].map(lambda task: (moves or {}).get(task, task)).astype("str")
    )
    problems = bare.rule_problems(moved)
    wrong = pd.Series(False, index=reports.index)
    for problem in problems:
        wrong[problem.row] = True
    is_moved = moved["task_id"] != reports["task_id"]
    if (wrong & is_moved).any():
        raise DataError(problem for problem in problems if is_moved[problem.row])
    old = keyed(schema.PROGRESS.texts(reports))
    fitting = moved[~wrong]
    repeated = fitting.duplicated(schema.REPORT_KEY, keep=False)
    if repeated.any():
        raise DataError(
            problem
            for problem in bare.report_problems(fitting[repeated])
            if "重复" in problem.message
        )
    after = bare.with_progress(fitting)
    changes = Changes.between(old, keyed(schema.PROGRESS.texts(after.progress)))
    files = {
        schema.PLAN.file: plan_file(proposal.plan),
        schema.TARGETS.file: target_file(proposal.targets),
    }
    differences = current.settings.differences(proposal.settings)
    if proposal.settings != current.settings:
        files[SETTINGS_FILE] = edited_settings(settings, proposal.settings)
    if current.baseline_tasks is None:
        files[BASELINE_FILE] = plan_file(old_plan)
        files[BASELINE_TARGETS_FILE] = target_file(old_targets)
    table = changes_table(old_plan, old_targets, proposal.plan, proposal.targets)
    lines = [(SETTING, "", f"{name}：{old} → {new}") for name, old, new in differences]
    return Amendment(
        pd.concat([table, pd.DataFrame(lines, columns=table.columns)], ignore_index=True),
        schema.PROGRESS.texts(reports[wrong])[[*KEY, R["quantity"], R["cumulative_percent"]]],
        changes,
        files,
        after,
        tuple(name for name, _, _ in differences),
    )


def changes_table(
    old_plan: pd.DataFrame, old_targets: pd.DataFrame, plan: pd.DataFrame, targets: pd.DataFrame
) -> pd.DataFrame:
    """Return what becomes different, one line per task: 变化, 任务编号, 内容."""
    before, after = (frame.set_index(P["task_id"]) for frame in (old_plan, plan))
    lines = []
    for task in [*before.index, *after.index[~after.index.isin(before.index)]]:
        if task not in after.index:
            lines.append((DROPPED, task, before.at[task, P["content"]]))
            continue
        if task not in before.index:
            row = after.loc[task]
            text = f"{row[P['content']]}（{row[P['units_text']]}，{row[P['window_text']]}）"
            lines.append((ADDED, task, text))
            continue
        parts = [
            f"{P[name]}：{before.at[task, P[name]] or '（空）'} → {after.at[task, P[name]] or '（空）'}"
            for name in _COMPARED
            if _differs(before.at[task, P[name]], after.at[task, P[name]], name)
        ]
        was, is_ = _indicators(old_targets, task), _indicators(targets, task)
        if was != is_:
            parts.append(f"指标：{was or '（无）'} → {is_ or '（无）'}")
        if parts:
            lines.append((CHANGED, task, "；".join(parts)))
    return pd.DataFrame(lines, columns=["变化", P["task_id"], "内容"])


def _differs(before: str, after: str, name: str) -> bool:
    if name == "weight":
        return (before or "1") != (after or "1")
    return before != after


def _indicators(targets: pd.DataFrame, task: str) -> str:
    return "、".join(
        f"{row[T['indicator']]}{row[T['relation']]}{row[T['target']]}"
        f"{'～' + row[T['upper']] if row[T['upper']] else ''}{row[T['measure']]}"
        for row in targets[targets[T["task_id"]] == task].to_dict("records")
    )
