"""Warnings about reports that are right by the rules, but to be looked at."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pandas as pd

from lib.core import months, schema, wording
from lib.core.dataset import Dataset
from lib.core.indicators import sums_above
from lib.intake.findings import Finding, Severity
from lib.intake.headers import H

JUMP = 50.0
"""Percentage points in one month above which a report is asked about."""
PART = "其中"
"""How the name of an indicator begins that is a part of another one."""
FAR_OVER = 2.0
"""Times the target above which a total is asked about."""
FAR_OUT, FEWEST = 100.0, 5000.0
"""Times the target, and what part of it, from which a month's sum looks a thousandfold wrong."""

_WHOLE = re.compile("[个家所次场名人户镇村项件期批座份条对]|场次|人次|社区")
"""Measures of what there is no half of."""

CONFIRM, REASON, LOOK = "confirm", "reason", "look"
"""What an oddity asks for: that it is confirmed, that a reason is given, or only to be looked at."""
_FIXES = {
    CONFIRM: "核对后改正；无误的，确认后提交",
    REASON: "核对后改正；确实下降的，提交时写明理由",
    LOOK: "请核对；无误可以提交",
}
Oddity = tuple[int, str, str]
"""Row, what is odd there, and what it asks for."""


def oddities(rows: pd.DataFrame, texts: pd.DataFrame, dataset: Dataset) -> list[Finding]:
    """Return the warnings about typed rows, beside what is already reported.

    ``texts`` are the same rows as written, by field.
    """
    if rows.empty:
        return []
    columns = [*schema.REPORT_KEY, "quantity", "cumulative_percent"]
    stored, new = dataset.progress[columns].assign(row=0), rows[columns].assign(row=rows.index)
    reports = pd.concat([stored, new], ignore_index=True).astype({"month": "int64"})
    reports = reports.drop_duplicates(schema.REPORT_KEY, keep="last", ignore_index=True)
    odd = {
        "cumulative_percent": _percent_oddities(reports),
        "quantity": [
            *_quantity_oddities(reports, dataset),
            *_sums_typed_as_months(reports),
            *_parts_over_the_whole(reports, dataset),
        ],
    }
    written = {name: dict(zip(texts.index, texts[name].tolist(), strict=True)) for name in odd}
    return [
        Finding(
            row,
            H[name],
            str(written[name][row]),
            problem,
            _FIXES[asks],
            Severity.WARNING,
            needs_reason=asks == REASON,
            needs_consent=asks == CONFIRM,
        )
        for name, oddities_of_field in odd.items()
        for row, problem, asks in oddities_of_field
    ]


def _percent_oddities(reports: pd.DataFrame) -> Iterator[Oddity]:
    """Return where a completion falls or jumps; ``row`` is 0 for what is already reported."""
    series = reports[reports["cumulative_percent"].notna()].sort_values("month", kind="stable")
    series = series.rename(columns={"cumulative_percent": "percent"})
    earlier = series.groupby(["task_id", "unit"], sort=False)[["month", "percent", "row"]].shift(1)
    for report in series.join(earlier.add_prefix("before_")).itertuples():
        before = 0.0 if pd.isna(report.before_percent) else report.before_percent
        if report.row and before > report.percent:
            yield int(report.row), _falls("低于", report.before_month, before), REASON
        elif report.before_row and before > report.percent:
            yield int(report.before_row), _falls("高于", report.month, report.percent), REASON
        if report.row and report.percent - before > JUMP:
            yield int(report.row), f"比上次的{before:g}%增加超过{JUMP:g}个百分点", LOOK


def _falls(word: str, month: Any, percent: float) -> str:
    reported = f"{months.text(int(month))}已报的{percent:g}%"
    return f"{word}{reported}，累计完成率一般不会下降"


def _quantity_oddities(reports: pd.DataFrame, dataset: Dataset) -> Iterator[Oddity]:
    """Return where a month or a sum is large, or two units may have counted the same event."""
    keys = ["task_id", "indicator"]
    targets = dataset.reported.set_index(keys)[["target", "measure", "relation"]]
    counted = reports[reports["quantity"] > 0].join(targets, on=keys)
    counted = counted.assign(total=counted.groupby(keys)["quantity"].transform("sum"))
    units = defaultdict(list)
    for event in zip(*(counted[name].tolist() for name in [*keys, "month", "unit"]), strict=True):
        units[event[:3]].append(event[3])
    for report in counted[counted["row"] > 0].itertuples():
        row, target = int(report.row), f"目标{report.target:g}{report.measure}"
        is_limit = report.relation == schema.AT_MOST
        if _WHOLE.fullmatch(report.measure) and not report.quantity.is_integer():
            yield row, f"{report.quantity:g}{report.measure}不是整数，是不是填错了？", CONFIRM
        if slip := _slip(report.quantity, report.target, report.measure):
            yield row, slip, CONFIRM
        elif is_limit and report.total > report.target:
            yield row, f"累计{report.total:g}{report.measure}，超过了上限{report.target:g}", CONFIRM
        elif not is_limit and report.quantity > 1 and report.quantity / report.target * 100 > JUMP:
            yield row, f"一个月完成{target}的{JUMP:g}%以上", LOOK
        if not is_limit and report.total > FAR_OVER * report.target:
            yield row, f"累计{report.total:g}{report.measure}，超过{target}的两倍", LOOK
        same_month = units[report.task_id, report.indicator, report.month]
        if others := "、".join(unit for unit in same_month if unit != report.unit):
            problem = "已填报同一任务同一月份的这个指标，可能是同一次活动重复计数"
            yield row, f"{others}{problem}", LOOK


def _slip(quantity: float, target: float, measure: str) -> str:
    """Return why a sum of money looks as if it were in another measure, empty if it does not."""
    if not measure.endswith("元"):
        return ""
    times = quantity / target
    if times >= FAR_OUT or times * FEWEST < 1:
        much = "大" if times > 1 else "小"
        goal = f"目标{wording.quantity(target)}{measure}"
        return f"{wording.quantity(quantity)}{measure}与{goal}相比太{much}，是不是单位填错了？这里按{measure}填"
    return ""


def _sums_typed_as_months(reports: pd.DataFrame) -> Iterator[Oddity]:
    """Return where a month's number is at least all that was reported before: a sum, it seems.

    Only after two reported months: the second month is often more than the first.
    """
    keys = ["task_id", "indicator"]
    counted = reports[reports["quantity"] > 0]
    by_month = counted.groupby([*keys, "month"], sort=True)["quantity"].sum().reset_index()
    by_month["before"] = by_month.groupby(keys)["quantity"].cumsum() - by_month["quantity"]
    by_month["earlier"] = by_month.groupby(keys).cumcount()
    counted = counted.merge(by_month[[*keys, "month", "before", "earlier"]], on=[*keys, "month"])
    suspect = (counted["row"] > 0) & (counted["earlier"] >= 2)
    for report in counted[suspect & (counted["quantity"] >= counted["before"])].itertuples():
        yield (
            int(report.row),
            f"到上月累计{report.before:g}，是不是累计数？这里填本月新增的",
            CONFIRM,
        )


def _parts_over_the_whole(reports: pd.DataFrame, dataset: Dataset) -> Iterator[Oddity]:
    """Return where a month's 其中… is more than what it is a part of."""
    parts = reports[reports["indicator"].str.startswith(PART) & (reports["quantity"] > 0)]
    if parts.empty:
        return
    wholes = pd.DataFrame(_wholes(dataset), columns=["task_id", "indicator", "whole"])
    pairs = parts.merge(wholes, on=["task_id", "indicator"]).merge(
        reports.rename(columns={"indicator": "whole"}),
        on=["task_id", "month", "unit", "whole"],
        suffixes=("", "_whole"),
    )
    for pair in pairs[pairs["quantity"] > pairs["quantity_whole"]].itertuples():
        if row := int(pair.row or pair.row_whole):
            whole, part = f"「{pair.whole}」{pair.quantity_whole:g}", f"「{pair.indicator}」"
            yield row, f"{part}{pair.quantity:g}超过了总数{whole}", CONFIRM


def _wholes(dataset: Dataset) -> Iterator[tuple[str, str, str]]:
    """Return task, indicator and what it is a part of: named in it, else the one before it.

    Of plans that do not say it themselves (所属指标); those that do are held to it by
    `parts_over_their_whole`.
    """
    for task, targets in dataset.targets.groupby("task_id", sort=False):
        if (targets["whole"] != "").any():
            continue
        before: list[str] = []
        last_measure = ""
        for indicator, measure in targets[["indicator", "measure"]].itertuples(index=False):
            if not indicator.startswith(PART):
                before.append(indicator)
                last_measure = measure
            elif named := [name for name in before if name in indicator]:
                yield str(task), indicator, max(named, key=len)
            elif before and measure == last_measure:
                yield str(task), indicator, before[-1]


def parts_over_their_whole(
    rows: pd.DataFrame, texts: pd.DataFrame, dataset: Dataset
) -> list[Finding]:
    """Return the rows by which a part (所属指标) is more than its whole, summed up to a month.

    A rate's 分子 that is more than its 分母 is asked about: money may be paid before it arrives.
    """
    targets = dataset.targets
    parts = targets.loc[targets["whole"] != "", ["task_id", "indicator", "whole"]]
    rates = targets.loc[targets["denominator"] != "", ["task_id", "numerator", "denominator"]]
    pairs = pd.concat(
        [parts.assign(is_part=True), rates.set_axis(parts.columns, axis=1).assign(is_part=False)]
    )
    if rows.empty or pairs.empty:
        return []
    columns = [*schema.REPORT_KEY, "quantity"]
    reports = pd.concat(
        [dataset.progress[columns].assign(row=0), rows[columns].assign(row=rows.index)]
    )
    reports = reports.drop_duplicates(schema.REPORT_KEY, keep="last").fillna({"quantity": 0.0})
    findings = []
    for pair, part, whole in sums_above(reports, pairs):
        is_of = (reports["task_id"] == pair.task_id) & (reports["row"] > 0)
        new = reports[is_of & reports["indicator"].isin([pair.indicator, pair.whole])]
        later = part.index[part.index >= new["month"].min()]
        if new.empty or later.empty:
            continue
        month = later[0]
        row = int(
            new.sort_values(["indicator"], key=lambda names: names != pair.indicator)["row"].iloc[0]
        )
        findings.append(
            Finding(
                row,
                H["quantity"],
                str(texts.at[row, "quantity"]),
                f"到{months.text(int(month))}累计「{pair.indicator}」{part[month]:g}，"
                f"超过了「{pair.whole}」{whole[month]:g}",
                "核对两个数；先报总数，或在同一个文件里一起报" if pair.is_part else _FIXES[CONFIRM],
                Severity.ERROR if pair.is_part else Severity.WARNING,
                needs_consent=not pair.is_part,
            )
        )
    return findings
