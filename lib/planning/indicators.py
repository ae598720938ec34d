"""The quantities of tasks as rows of ``targets.csv``, with the doubts about them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from lib.core import schema
from lib.core.targets import UNNAMED, Mention, Op, find_targets
from lib.planning.doubts import Doubt
from lib.planning.task_tables import Row

P, T = schema.PLAN.headers, schema.TARGETS.headers
RELATIONS: dict[Op, str] = {">=": schema.AT_LEAST, "=": schema.EQUAL, "range": schema.RANGE}
RATES = ("%", "‰", "个百分点", "百分点")
_SAME_QUANTITY = ("task_id", "relation", "target", "upper", "measure")
_SAME_MEASURE = ("task_id", "measure")

Names = Mapping[tuple[str, ...], Collection[str]]
"""The names that indicators have now: by task and quantity, and by task and measure alone."""


@dataclass
class Indicators:
    """``rows`` of targets.csv (texts under its headers) and the doubts about them.

    ``guesses`` are doubts about a row, by task, indicator and value; ``left_out`` are about
    quantities that became no row.
    """

    rows: list[dict[str, str]] = field(default_factory=list)
    guesses: dict[tuple[str, str, str], Doubt] = field(default_factory=dict)
    left_out: list[Doubt] = field(default_factory=list)


def mentions(row: Row) -> list[Mention]:
    """Return the quantities of a row's text, and those that only its 目标值 states."""
    in_text = {(mention.target.value, mention.target.unit) for mention in row.mentions}
    in_goal = find_targets(row.goal)
    more = [each for each in in_goal if (each.target.value, each.target.unit) not in in_text]
    return [*row.mentions, *more]


def indicators_of(rows: Iterable[Row], present: pd.DataFrame | None) -> Indicators:
    """Return the indicators of tasks.

    ``present`` are the targets of the plan that is replaced (texts): the same quantity of the
    same task, or else one in the same measure, keeps the name that reports know it by.
    """
    names: dict[tuple[str, ...], list[str]] = {}
    for cells in [] if present is None else present.to_dict("records"):
        for columns in (_SAME_QUANTITY, _SAME_MEASURE):
            names.setdefault(_key(cells, columns), []).append(cells[T["indicator"]])
    indicators = Indicators()
    for row in rows:
        _add(indicators, row, names)
    return indicators


def _key(cells: Mapping[str, str], columns: Iterable[str]) -> tuple[str, ...]:
    return tuple(cells[T[name]] for name in columns)


def _add(indicators: Indicators, row: Row, names: Names) -> None:
    task = (row.task_id,)
    taken: set[str] = set()
    first_mentions = {mention.target: mention for mention in reversed(mentions(row))}
    for target in dict.fromkeys(mention.target for mention in mentions(row)):
        amount = f"{target.indicator} {target.amount()}"
        if target.op == "<=" or target.unit in RATES:
            why = f"{'是上限' if target.op == '<=' else '是比率'}，不能按各月数量相加计算"
            assumed = "不列为指标，按累计完成率填报"
            indicators.left_out.append(Doubt(task, T["indicator"], amount, why, assumed))
            continue
        cells = {
            T["task_id"]: row.task_id,
            T["indicator"]: "",
            T["relation"]: RELATIONS[target.op],
            T["target"]: f"{target.value:.10g}",
            T["upper"]: "" if target.upper is None else f"{target.upper:.10g}",
            T["measure"]: target.unit,
        }
        name, why = _name(first_mentions[target], cells, names, taken)
        taken.add(name)
        cells[T["indicator"]] = name
        indicators.rows.append(cells)
        if why or name.startswith(UNNAMED):
            why, assumed = why or "名称是推断的", f"指标名称写作「{name}」"
            guess = Doubt(task, T["indicator"], amount, why, assumed)
            indicators.guesses[row.task_id, name, cells[T["target"]]] = guess
    if row.goal and not find_targets(row.goal):
        why, assumed = "没有看出带计量单位的数量", "原文保留在目标值一列，不列为指标"
        indicators.left_out.append(Doubt(task, P["goal"], row.goal[:30], why, assumed))


def _name(
    mention: Mention, cells: Mapping[str, str], names: Names, taken: Collection[str]
) -> tuple[str, str]:
    """Return the name of an indicator, and why it is doubted (empty if it is not)."""
    for columns in (_SAME_QUANTITY, _SAME_MEASURE):
        for name in names.get(_key(cells, columns), ()):
            if name not in taken:
                return name, ""
    name = mention.target.indicator
    if name in taken:
        numbered = (f"{name}（{number}）" for number in range(2, 99))
        free = next(each for each in numbered if each not in taken)
        return free, f"这项任务有两个「{name}」"
    return name, mention.doubt
