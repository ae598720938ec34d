"""Indicators as they are judged: counts, limits, rates, parts of a whole, sums of money.

Source: 指标 of official plans and the way in which offices publish them: 支付率 is 已支付 over 到位,
转移就业500人，其中脱贫200人 names a part that is counted within its whole, 不超过3起 holds as long as it
is kept, and what is over target is published as such (协议目标的693%).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from lib.core import schema, wording
from lib.core.gap import TOLERANCE
from lib.core.problems import raise_if
from lib.core.status import Status

REPORTED = ["task_id", "indicator", "measure", "relation", "target", "upper", "whole", "rate"]


def reported_quantities(targets: pd.DataFrame) -> pd.DataFrame:
    """Return what units report of the indicators, one row each, under `REPORTED`.

    An indicator is reported under its own name; a rate by two quantities, its 分子 and its 分母
    (``rate`` names the rate, ``target`` is NaN, ``measure`` may be empty). A quantity that is an
    indicator of the same task already, or of two of its rates, stands there once.
    """
    if not (targets["denominator"] != "").any():
        return targets.assign(rate="")[REPORTED]
    rows = []
    for row in targets.to_dict("records"):
        if not row["denominator"]:
            rows.append({**row, "rate": ""})
            continue
        nothing = {"relation": "", "target": float("nan"), "upper": float("nan"), "whole": ""}
        rows += [
            {
                **row,
                **nothing,
                "indicator": row[part],
                "measure": row["counted_in"],
                "rate": row["indicator"],
            }
            for part in ("numerator", "denominator")
        ]
    frame = pd.DataFrame(rows, columns=REPORTED)
    own_first = frame.sort_values("rate", key=lambda names: names != "", kind="stable")
    return frame.loc[sorted(own_first.drop_duplicates(["task_id", "indicator"]).index)].reset_index(
        drop=True
    )


def shares_of_task(targets: pd.DataFrame) -> pd.Series[float]:
    """Return what part of its task's completion each indicator makes; they add up to 1 per task.

    Indicators count equally. A whole and its parts count as one indicator: half of it is the
    whole, the parts share the other half, so that it is complete only when the parts are as well.
    """
    is_part = targets["whole"] != ""
    tops = (~is_part).groupby(targets["task_id"]).transform("sum")
    names = targets["whole"].where(is_part, targets["indicator"])
    parts = is_part.groupby([targets["task_id"], names]).transform("sum")
    share = (0.5 / parts.where(parts > 0)).where(is_part, 0.5).where(parts > 0, 1.0)
    return (share / tops).astype("float64")


def check_targets(targets: pd.DataFrame, file: str) -> None:
    """Raise `DataError` for limits of ranges, rates and parts that do not hold together."""
    is_range, upper = targets["relation"] == schema.RANGE, targets["upper"]
    rules: list[schema.Rule] = [
        (
            is_range & ~(upper >= targets["target"]),
            "upper",
            "区间的上限缺失或小于目标值",
            "不小于目标值的数",
        ),
        (~is_range & upper.notna(), "upper", "只有区间有上限", "不填"),
    ]
    if (targets[["numerator", "denominator"]] != "").any(axis=None):
        rules += _rate_rules(targets)
    if (targets["whole"] != "").any():
        rules += _part_rules(targets)
    raise_if(schema.TARGETS.problems(targets, rules, file))


def _rate_rules(targets: pd.DataFrame) -> list[schema.Rule]:
    is_rate = (targets["numerator"] != "") & (targets["denominator"] != "")
    half = (targets["numerator"] == "") != (targets["denominator"] == "")
    rates = pd.MultiIndex.from_frame(targets.loc[is_rate, ["task_id", "indicator"]])
    circular = pd.Series(False, index=targets.index)
    for part in ("numerator", "denominator"):
        circular |= is_rate & pd.MultiIndex.from_frame(targets[["task_id", part]]).isin(rates)
    same = is_rate & (targets["numerator"] == targets["denominator"])
    return [
        (half, "denominator", "分子、分母只写了一个", "比率两个都写，其他指标都不写"),
        (circular | same, "denominator", "分子、分母是比率本身或相同", "两个不同的数量"),
        (
            is_rate & ~targets["measure"].isin(list(schema.RATES)),
            "measure",
            "有分子、分母的是比率",
            "、".join(schema.RATES),
        ),
    ]


def _part_rules(targets: pd.DataFrame) -> list[schema.Rule]:
    is_part = targets["whole"] != ""
    is_rate = (targets["numerator"] != "") & (targets["denominator"] != "")
    rows = targets.set_index(["task_id", "indicator"])
    own = pd.MultiIndex.from_frame(targets[["task_id", "whole"]])
    wholes = rows[~rows.index.duplicated()].reindex(own).set_axis(targets.index, axis="index")
    no_whole = is_part & (wholes["measure"].isna() | (targets["whole"] == targets["indicator"]))
    nested = is_part & (wholes["whole"].fillna("") != "")
    other = is_part & ~no_whole & ((wholes["measure"] != targets["measure"]) | is_rate)
    return [
        (no_whole, "whole", "这项任务没有这个指标", "同一任务的另一个指标"),
        (nested, "whole", "所属指标自己也是其中一部分", "不属于别的指标的指标"),
        (other, "whole", "计量单位与所属指标不同", "与所属指标相同的计量单位"),
        (
            is_part & (targets["target"] > wholes["target"]),
            "target",
            "大于所属指标的目标值",
            "不大于所属指标目标值的数",
        ),
    ]


def is_broken(indicator: Any) -> bool:
    """Whether a row of ``Assessment.indicators`` is a limit that has been passed."""
    return bool(indicator.relation == schema.AT_MOST and indicator.done > indicator.target)


def done_of_target(indicator: Any) -> str:
    """Return what is done of a target in words: ``3,465／500人（目标的693%）``, ``1／不超过3起``.

    ``indicator`` is a row of ``Assessment.indicators``. Sums from 1亿元 on are said both ways.
    """
    measure = indicator.measure
    upper = "" if pd.isna(indicator.upper) else f"～{wording.quantity(indicator.upper)}"
    is_rate = measure in schema.RATES
    done = f"{indicator.done:.4g}" if is_rate else wording.quantity(indicator.done)
    limit = schema.AT_MOST if indicator.relation == schema.AT_MOST else ""
    text = f"{done}／{limit}{wording.quantity(indicator.target)}{upper}{measure}"
    most = indicator.target if pd.isna(indicator.upper) else indicator.upper
    notes = []
    if is_broken(indicator):
        notes.append("已超过")
    elif not limit and not is_rate and indicator.done > most:
        notes.append(f"目标的{indicator.done / indicator.target * 100:.0f}%")
    if indicator.waits:
        notes.append(Status.UNVERIFIED)
    if other := wording.in_other_money(indicator.done, measure):
        notes.insert(0, other)
    return f"{text}（{'，'.join(notes)}）" if notes else text


def sums_above(
    reports: pd.DataFrame, pairs: pd.DataFrame
) -> Iterator[tuple[Any, pd.Series[float], pd.Series[float]]]:
    """Yield each of ``pairs`` (``task_id``, ``indicator``, ``whole``) of which the first is more
    than the second in some month, with both sums up to each month in which it is.
    """
    if reports.empty or pairs.empty:
        return
    sums = reports.pivot_table(
        index=["task_id", "indicator"], columns="month", values="quantity", aggfunc="sum"
    )
    sums = sums.fillna(0.0).cumsum(axis="columns")
    for pair in pairs.itertuples():
        names = [(pair.task_id, pair.indicator), (pair.task_id, pair.whole)]
        part, whole = (sums.loc[name] if name in sums.index else sums.sum() * 0 for name in names)
        over = part > whole + TOLERANCE
        if over.any():
            yield pair, part[over], whole[over]
