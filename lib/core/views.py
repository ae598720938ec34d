"""Tables for people: figures with Chinese headers and units, as pages and exports show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import pandas as pd

from lib.core import months, schema, wording
from lib.core.figures import UNVERIFIED, Figures, flag_lists
from lib.core.indicators import done_of_target
from lib.core.matters import (
    OUTLOOKS,
    Act,
    Matter,
    UnitCount,
    disagreement,
    origin_words,
    outlooks,
)
from lib.core.status import Status, mark

P, T, R = schema.PLAN.headers, schema.TARGETS.headers, schema.PROGRESS.headers
M = schema.MATTERS.headers
GROUP_HEADERS = {
    "tasks": "任务数（项）",
    "completed": "已完成（项）",
    "on_track": "正常（项）",
    "behind": "滞后（项）",
    "overdue": "逾期（项）",
    "not_due": "未到期（项）",
    "planned_value": "序时进度（%）",
    "earned_value": "完成率（%）",
    "spi": "SPI",
}
PLANNED, EARNED = GROUP_HEADERS["planned_value"], GROUP_HEADERS["earned_value"]


def group_table(rows: pd.DataFrame, key: str) -> pd.DataFrame:
    """Return a roll-up as a table for people: Chinese headers, percent, two decimals."""
    headers = {"key": key, **GROUP_HEADERS}
    if rows[UNVERIFIED].any():
        headers[UNVERIFIED] = f"{Status.UNVERIFIED}（项）"
    return group_cells(rows, headers)


def group_cells(rows: pd.DataFrame, headers: Mapping[str, str]) -> pd.DataFrame:
    """Return the columns of a roll-up that ``headers`` names, in percent and two decimals."""
    return rows.assign(
        planned_value=in_percent(rows["planned_value"]),
        earned_value=in_percent(rows["earned_value"]),
        spi=rows["spi"].round(2),
    )[list(headers)].rename(columns=headers)


def in_percent(shares: pd.Series[float]) -> pd.Series[float]:
    """Return fractions of 1 in percent, to the decimal that is shown."""
    return (shares * 100).round(1)


def indicator_table(figures: Figures) -> pd.DataFrame:
    """Return the selected tasks' indicators, the furthest from its target first, parts below their whole."""
    rows = figures.indicators
    wholes = rows["whole"].where(rows["whole"] != "", rows["indicator"])
    of_whole = rows.set_index(["task_id", "indicator"])["completion"]
    places = pd.MultiIndex.from_arrays([rows["task_id"], wholes])
    rows = rows.assign(
        furthest=of_whole.reindex(places).to_numpy(), of=wholes, part=wholes != rows["indicator"]
    )
    rows = rows.sort_values(["furthest", "task_id", "of", "part"], kind="stable", ignore_index=True)
    return pd.DataFrame(
        {
            P["task_id"]: rows["task_id"],
            T["indicator"]: rows["indicator"],
            "完成／目标": [done_of_target(row) for row in rows.itertuples()],
            EARNED: in_percent(rows["completion"]),
            PLANNED: in_percent(rows["planned_value"]),
        }
    )


def missing_table(figures: Figures) -> pd.DataFrame:
    """Return the 催报清单: who has not reported what for the month."""
    rows = figures.missing_reports
    facts = figures.dataset.tasks.loc[rows["task_id"]]
    return pd.DataFrame(
        {
            P["units_text"]: rows["unit"],
            P["task_id"]: rows["task_id"],
            P["content"]: facts["content"].to_numpy(),
            P["window_text"]: facts["window_text"].to_numpy(),
            "未报月份": months.text(figures.selection.month),
            "目前完成率（%）": in_percent(rows["completion"]),
            "状态": _marks(rows["status"]),
        }
    ).sort_values(P["units_text"], kind="stable", ignore_index=True)


def _marks(states: pd.Series[str]) -> pd.Series[str]:
    return states.astype("str").map(mark).astype("str")


def changes_table(figures: Figures) -> pd.DataFrame:
    """Return what changed since the month before, the greatest gain first."""
    rows = figures.changes.sort_values("gain", ascending=False, kind="stable")
    contents = figures.dataset.tasks.loc[rows["task_id"], "content"]
    before, after = (_marks(rows[name]) for name in ("status_before", "status"))
    return pd.DataFrame(
        {
            P["task_id"]: rows["task_id"],
            "任务": [wording.short_title(text) for text in contents],
            "上月（%）": in_percent(rows["completion_before"]),
            "本月（%）": in_percent(rows["completion"]),
            "变化（百分点）": in_percent(rows["gain"]),
            "状态": after.where(before == after, before + " → " + after),
        }
    ).reset_index(drop=True)


def calendar_table(figures: Figures) -> pd.DataFrame:
    """Return which tasks start and which fall due in each month of the axis."""
    rows = figures.tasks
    year = figures.dataset.settings.year

    def named(month: int, column: str) -> str:
        return "、".join(rows.loc[rows[column] == month, "task_id"])

    axis = figures.dataset.axis
    return pd.DataFrame(
        {
            R["month"]: [months.label(month, year) for month in axis],
            "启动任务": [named(month, "start") for month in axis],
            "到期任务": [named(month, "end") for month in axis],
        }
    )


def task_table(figures: Figures) -> pd.DataFrame:
    """Return the selected tasks in the official table's words with their figures."""
    rows = figures.tasks
    facts = figures.dataset.tasks.loc[rows["task_id"]]
    year = figures.dataset.settings.year
    projected = rows["task_id"].map(figures.projected)
    return pd.DataFrame(
        {
            P["task_id"]: rows["task_id"],
            "状态": _marks(rows["status"]),
            EARNED: in_percent(rows["completion"]),
            PLANNED: in_percent(rows["planned_value"]),
            P["content"]: facts["content"].to_numpy(),
            P["units_text"]: ["、".join(units) for units in facts["units"]],
            P["window_text"]: facts["window_text"].to_numpy(),
            P["category"]: rows["category"],
            "标记": [" ".join(mark(flag) for flag in flags) for flags in flag_lists(rows)],
            "按目前进度预计完成": [
                "" if pd.isna(month) else months.label(int(month), year) for month in projected
            ],
        }
    )


def amendment_words(figures: Figures) -> str:
    """Return how the plan's tasks differ from its baseline, empty if it was never amended."""
    now, first = figures.dataset.tasks, figures.dataset.baseline_tasks
    if first is None:
        return ""
    both = now.index.intersection(first.index)
    moved = (now.loc[both, ["start", "end"]] != first.loc[both, ["start", "end"]]).any(axis=1)
    parts = [
        f"{len(names)}项{word}（{wording.listing(names)}）"
        for word, names in (
            ("时间有调整", list(both[moved])),
            ("取消", list(first.index.difference(now.index, sort=False))),
            ("新增", list(now.index.difference(first.index, sort=False))),
        )
        if names
    ]
    return "，".join(parts) or "任务和时间与基准相同"


def more_facts(figures: Figures, task: str) -> dict[str, str]:
    """Return what only some plans say of a task: 责任领导, 目标值, 备注, and a window first adopted."""
    data = figures.dataset
    row = data.tasks.loc[task]
    facts = {P[name]: row[name] for name in schema.PLAN_EXTRAS if row[name]}
    first = data.baseline_tasks
    if first is not None and task in first.index:
        before = first.loc[task]
        if (before["start"], before["end"]) != (row["start"], row["end"]):
            facts["基准时间"] = f"{before['window_text']}（{before['reading']}）"
    return facts


def matter_table(matters: Iterable[Matter], today: date) -> pd.DataFrame:
    """Return 督办事项 one a row, as lists and downloads show them."""
    rows = []
    for matter in matters:
        days = matter.days_late(today)
        rows.append(
            {
                M["number"]: matter.number,
                "状态": f"{matter.state}{f'，逾期{days}天' if days else ''}",
                M["words"]: matter.created.words,
                M["lead"]: matter.lead,
                M["support"]: "、".join(matter.support),
                M["due"]: matter.due_words(),
                M["source"]: origin_words(matter),
                M["task_id"]: matter.created.task_id,
                "最近情况": matter.latest,
            }
        )
    return pd.DataFrame(rows, dtype="str")


def matter_steps(matter: Matter) -> pd.DataFrame:
    """Return what was done about a 督办事项, the oldest first."""
    rows = [
        {
            M["time"]: step.time,
            M["act"]: str(step.act),
            M["person"]: "，".join(filter(None, [step.unit, step.person])),
            M["words"]: "；".join(
                filter(
                    None,
                    [
                        step.words,
                        step.way,
                        f"新期限{step.due}" if step.act is Act.ASK else "",
                        f"佐证：{step.evidence}" if step.evidence else "",
                    ],
                )
            ),
        }
        for step in matter.steps
    ]
    return pd.DataFrame(rows, dtype="str")


def outlook_table(figures: Figures) -> pd.DataFrame:
    """Return units' own words on the selected tasks beside the computed status.

    Those that differ from it stand first, then the worst word.
    """
    status = dict(zip(figures.tasks["task_id"], figures.tasks["status"], strict=True))
    known = [step for step in outlooks(figures.dataset.task_steps) if step.task_id in status]
    known.sort(
        key=lambda step: (
            not disagreement(status[step.task_id], step),
            -OUTLOOKS.index(step.outlook),
        )
    )
    return pd.DataFrame(
        [
            {
                M["task_id"]: step.task_id,
                M["unit"]: step.unit,
                M["outlook"]: step.outlook,
                "原因": step.words,
                "按填报计算": mark(status[step.task_id]),
                "是否一致": disagreement(status[step.task_id], step) or "一致",
                M["time"]: f"{step.time[:10]} {step.person}",
            }
            for step in known
        ],
        dtype="str",
    )


def waiting_table(figures: Figures) -> pd.DataFrame:
    """Return the selected tasks that are reported at 100 % and not verified yet; of others indicators."""
    tasks = figures.dataset.tasks
    indicators = figures.indicators[figures.indicators["waits"]]
    parts = [(task, "") for task in figures.waiting["task_id"]]
    alone = indicators[~indicators["task_id"].isin(figures.waiting["task_id"])]
    parts += list(alone[["task_id", "indicator"]].itertuples(index=False))
    return pd.DataFrame(
        [
            {
                P["task_id"]: task,
                T["indicator"]: indicator,
                P["content"]: wording.short_title(tasks.at[task, "content"], 40),
                P["units_text"]: "、".join(tasks.at[task, "units"]),
            }
            for task, indicator in parts
        ],
        dtype="str",
    )


def matter_counts(counts: Iterable[UnitCount]) -> pd.DataFrame:
    """Return the counts of each unit's 督办事项, with the on-time rate in percent."""
    return pd.DataFrame(
        [
            {
                M["lead"]: count.unit,
                "立项（件）": count.total,
                "逾期（件）": count.overdue,
                "待签收（件）": count.unsigned,
                "待反馈（件）": count.unanswered,
                "待核实（件）": count.to_verify,
                "已销号（件）": count.closed,
                "按期率（%）": None
                if count.on_time_rate is None
                else round(count.on_time_rate * 100, 1),
            }
            for count in counts
        ]
    )
