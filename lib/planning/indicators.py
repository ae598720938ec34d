"""The quantities of tasks as rows of ``targets.csv``, with the doubts about them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from lib.core import schema
from lib.core.targets import UNNAMED, Mention, Op, Target, find_targets
from lib.planning.doubts import Doubt
from lib.planning.interpret import Row

T = schema.TARGETS.headers
RELATIONS: dict[Op, str] = {">=": schema.AT_LEAST, "=": schema.EQUAL, "range": schema.RANGE}
RATES = ("%", "‰", "个百分点", "百分点")
QUANTITY = ("task_id", "relation", "target", "upper", "measure")
COUNTED = ("task_id", "measure")


def mentions(row: Row) -> list[Mention]:
    """Return the quantities of a row's text, and those that only its 目标值 states."""
    stated = [(one.target.value, one.target.unit) for one in row.mentions]
    more = [
        one for one in find_targets(row.goal) if (one.target.value, one.target.unit) not in stated
    ]
    return [*row.mentions, *more]


@dataclass(frozen=True)
class Names:
    """The names that indicators have now, by task and quantity, and by task and unit alone."""

    exact: Mapping[tuple[str, ...], list[str]]
    near: Mapping[tuple[str, ...], list[str]]

    @classmethod
    def of(cls, present: pd.DataFrame | None) -> Names:
        exact: dict[tuple[str, ...], list[str]] = {}
        near: dict[tuple[str, ...], list[str]] = {}
        for row in [] if present is None else present.to_dict("records"):
            exact.setdefault(_key(row, QUANTITY), []).append(row[T["indicator"]])
            near.setdefault(_key(row, COUNTED), []).append(row[T["indicator"]])
        return cls(exact, near)

    def name(self, cells: Mapping[str, str], taken: Collection[str]) -> str:
        """Return the name of a quantity, or of another one of its task and unit; else empty."""
        for names, columns in ((self.exact, QUANTITY), (self.near, COUNTED)):
            free = [one for one in names.get(_key(cells, columns), ()) if one not in taken]
            if free:
                return free[0]
        return ""


def _key(row: Mapping[str, str], columns: Collection[str]) -> tuple[str, ...]:
    return tuple(row[T[name]] for name in columns)


def target_rows(
    row: Row,
    guesses: dict[tuple[str, str, str], Doubt],
    left_out: list[Doubt],
    names: Names,
) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = []
    taken: set[str] = set()
    seen: set[Target] = set()
    for mention in mentions(row):
        target = mention.target
        if target in seen:
            continue
        seen.add(target)
        said = f"{target.indicator} {target.amount()}"
        if target.op == "<=" or target.unit in RATES:
            why = "是上限" if target.op == "<=" else "是比率"
            left_out.append(
                Doubt(
                    (row.task_id,),
                    "指标",
                    said,
                    f"{why}，不能按各月数量相加计算",
                    "不列为指标，按累计完成率填报",
                )
            )
            continue
        cells = {
            T["task_id"]: row.task_id,
            T["indicator"]: "",
            T["relation"]: RELATIONS[target.op],
            T["target"]: f"{target.value:.10g}",
            T["upper"]: "" if target.upper is None else f"{target.upper:.10g}",
            T["measure"]: target.unit,
        }
        name, doubt = target.indicator, mention.doubt
        if known := names.name(cells, taken):
            name, doubt = known, ""
        elif name in taken:
            doubt = f"这项任务有两个「{name}」"
            name = next(n for k in range(2, 99) if (n := f"{name}（{k}）") not in taken)
        taken.add(name)
        cells[T["indicator"]] = name
        if doubt or name.startswith(UNNAMED):
            guesses[row.task_id, name, cells[T["target"]]] = Doubt(
                (row.task_id,), "指标", said, doubt or "名称是推断的", f"指标名称写作「{name}」"
            )
        rows.append(cells)
    if row.goal and not any(find_targets(row.goal)):
        left_out.append(
            Doubt(
                (row.task_id,),
                "目标值",
                row.goal[:30],
                "没有看出带计量单位的数量",
                "原文保留在目标值一列，不列为指标",
            )
        )
    return rows


def target_record(target: Target) -> dict[str, Any]:
    return {
        "indicator": target.indicator,
        "op": target.op,
        "value": target.value,
        "upper": target.upper,
        "unit": target.unit,
    }
