"""The quantities of tasks as rows of ``targets.csv``, with the doubts about them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from lib.core import schema
from lib.core.targets import UNNAMED, Mention, Op, Target, find_targets
from lib.planning.doubts import Doubt
from lib.planning.task_tables import Row

P, T = schema.PLAN.headers, schema.TARGETS.headers
RELATIONS: dict[Op, str] = {
    ">=": schema.AT_LEAST,
    "=": schema.EQUAL,
    "range": schema.RANGE,
    "<=": schema.AT_MOST,
}
PART = "其中"
_SHARES = (*schema.RATES, "个百分点", "百分点")
_RATE = re.compile(r"(?P<of>.*?)(?P<what>[\u4e00-\u9fff]{2})率$|(?:比例|比重|占比|满意度)$")
_GROWTH = re.compile(r"增长|增速|增幅|上升|提高|下降|降低|减少|压减")
_DENOMINATORS = {
    **dict.fromkeys(("支付", "拨付", "使用", "执行"), "到位"),
    **dict.fromkeys(("到位", "筹集"), "计划数"),
    **dict.fromkeys(("开工", "完工", "竣工", "投产", "建成"), "计划数"),
}
"""What a rate is of, by what is done of it; 应 and the same word where nothing is known."""
_OF_MONEY, _OF_PROJECTS = (
    ("支付", "拨付", "到位", "筹集", "执行"),
    ("开工", "完工", "竣工", "投产", "建成"),
)
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
    named: dict[Target | None, str] = {}
    first_mentions = {mention.target: mention for mention in reversed(mentions(row))}
    for target in dict.fromkeys(mention.target for mention in mentions(row)):
        amount = f"{target.indicator} {target.amount()}"
        if target.unit in _SHARES and not _is_rate(target):
            why = "是增减幅度，没有可以逐月累加的数量"
            assumed = "不列为指标；这项任务没有其他指标的，按累计完成率填报"
            indicators.left_out.append(Doubt(task, T["indicator"], amount, why, assumed))
            continue
        cells = {
            T["task_id"]: row.task_id,
            T["indicator"]: "",
            T["relation"]: RELATIONS[target.op],
            T["target"]: f"{target.value:.10g}",
            T["upper"]: "" if target.upper is None else f"{target.upper:.10g}",
            T["measure"]: target.unit,
            **dict.fromkeys((T[name] for name in schema.TARGET_EXTRAS), ""),
        }
        mention = first_mentions[target]
        name, why = _name(mention, cells, names, taken)
        taken.add(name)
        cells[T["indicator"]] = named[target] = name
        if mention.whole in named:
            cells[T["whole"]] = named[mention.whole]
        if target.unit in schema.RATES:
            cells |= _rate(name, taken)
            why = "是比率，要填报分子和分母两个数"
        indicators.rows.append(cells)
        if why or name.startswith(UNNAMED):
            why, assumed = why or "名称是推断的", f"指标名称写作「{name}」"
            if cells[T["denominator"]]:
                measure = cells[T["counted_in"]]
                parts = f"{cells[T['numerator']]}、{cells[T['denominator']]}"
                assumed = f"分子、分母写作「{parts}」" + (f"，按{measure}计" if measure else "")
            guess = Doubt(task, T["indicator"], amount, why, assumed)
            indicators.guesses[row.task_id, name, cells[T["target"]]] = guess
    if row.goal and not find_targets(row.goal):
        why, assumed = "没有看出带计量单位的数量", "原文保留在目标值一列，不列为指标"
        indicators.left_out.append(Doubt(task, P["goal"], row.goal[:30], why, assumed))


def _is_rate(target: Target) -> bool:
    """Whether a percentage is a quotient of two quantities that can be reported: 支付率."""
    name = target.indicator
    return target.unit in schema.RATES and bool(_RATE.search(name)) and not _GROWTH.search(name)


def _rate(name: str, taken: set[str]) -> dict[str, str]:
    """Return 分子, 分母 and their measure of a rate, as far as its name tells: 已支付, 到位."""
    match = _RATE.search(name)
    what = (match["what"] if match else "") or ""
    numerator, denominator = f"{name}分子", f"{name}分母"
    if what:
        of = match["of"] if match else ""
        numerator, denominator = f"{of}已{what}", f"{of}{_DENOMINATORS.get(what, f'应{what}')}"
    if {numerator, denominator} & taken:
        numerator, denominator = f"{name}分子", f"{name}分母"
    taken |= {numerator, denominator}
    measure = "万元" if what in _OF_MONEY else "个" if what in _OF_PROJECTS else ""
    cells = {"numerator": numerator, "denominator": denominator, "counted_in": measure}
    return {T[column]: text for column, text in cells.items()}


def _name(
    mention: Mention, cells: Mapping[str, str], names: Names, taken: Collection[str]
) -> tuple[str, str]:
    """Return the name of an indicator, and why it is doubted (empty if it is not)."""
    for columns in (_SAME_QUANTITY, _SAME_MEASURE):
        for name in names.get(_key(cells, columns), ()):
            if name not in taken:
                return name, ""
    name = mention.target.indicator
    if mention.whole and not name.startswith(PART):
        name = f"{PART}{name}"
    if name in taken:
        numbered = (f"{name}（{number}）" for number in range(2, 99))
        free = next(each for each in numbered if each not in taken)
        return free, f"这项任务有两个「{name}」"
    return name, mention.doubt
