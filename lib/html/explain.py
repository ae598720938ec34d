"""怎么算的: where a figure comes from, from the total down to the reports, with the rule at each step."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import pandas as pd

from lib.core import months, schema, wording
from lib.core.figures import Figures
from lib.core.indicators import done_of_target
from lib.html.markup import Links


def total(figures: Figures, links: Links) -> str:
    """Return the total as the weighted mean of its categories' tasks."""
    row = figures.overall.iloc[0]
    rule = (
        f"总体完成率 {wording.percent(row['earned_value'])} ＝ {int(row['tasks'])}项任务的完成率按权重"
        f"（合计{wording.quantity(row['weight'])}）平均；序时进度 "
        f"{wording.percent(row['planned_value'])} 同样平均。"
    )
    cells = [
        [
            f'<a href="{links.to("explain", focus_category=group.key)}">{escape(group.key)}</a>',
            str(group.tasks),
            wording.quantity(group.weight),
            wording.percent(group.earned_value),
            wording.percent(group.planned_value),
        ]
        for group in figures.by_category.itertuples()
    ]
    return _step(rule, ["类型", "任务（项）", "权重", "完成率", "序时进度"], cells, first=1)


def category(figures: Figures, links: Links) -> str:
    """Return the tasks of the view, whose weighted mean is the category's figure."""
    row = figures.overall.iloc[0]
    tasks = figures.dataset.tasks
    rule = (
        f"{escape(figures.selection.category or '')}完成率 {wording.percent(row['earned_value'])} ＝ "
        f"下列{int(row['tasks'])}项任务的完成率按权重平均。"
    )
    cells = [
        [
            f'<a href="{links.to("explain", task=task.task_id)}">'
            f"{escape(task.task_id)} {escape(wording.short_title(tasks.at[task.task_id, 'content'], 36))}</a>",
            escape("、".join(tasks.at[task.task_id, "units"])),
            wording.quantity(task.weight),
            wording.percent(task.completion),
            wording.percent(task.planned_value),
        ]
        for task in figures.tasks.itertuples()
    ]
    return _step(rule, ["任务", "责任单位", "权重", "完成率", "序时进度"], cells, first=2)


def task(figures: Figures) -> str:
    """Return one task's figure from its indicators, or from its units' latest reports."""
    row = figures.tasks.iloc[0]
    facts = figures.dataset.tasks.loc[row["task_id"]]
    done = wording.percent(row["completion"])
    indicators = figures.indicators
    planned = (
        f"序时进度 {wording.percent(row['planned_value'])}：计划完成时间{escape(facts['reading'])}，"
        f"到{months.label(figures.selection.month)}末已过的部分"
        f"{'（按进度节点）' if facts['due'] else ''}。{_verification(figures)}"
    )
    if len(indicators):
        rule = f"完成率 {done} ＝ {_mean_of(indicators)}{planned}"
        cells = [
            [
                escape(indicator.indicator),
                escape(done_of_target(indicator)),
                wording.percent(indicator.share),
                wording.percent(indicator.completion),
                wording.percent(indicator.planned_value),
            ]
            for indicator in indicators.itertuples()
        ]
        head = ["指标", "累计完成／目标值", "占任务的份额", "完成率", "序时进度"]
        return _step(rule, head, cells, first=1)
    rule = f"完成率 {done} ＝ 各责任单位最近一次填报的累计完成率的平均，未填报的按0计。{planned}"
    pairs = figures.unit_tasks
    cells = [
        [escape(pair.unit), wording.percent(pair.completion)]
        for pair in pairs[pairs["task_id"] == row["task_id"]].itertuples()
    ]
    return _step(rule, ["责任单位", "累计完成率"], cells, first=1)


def _verification(figures: Figures) -> str:
    """Return how 核实 changes what was reported, where settings ask for it."""
    if not figures.dataset.settings.verify:
        return ""
    counted = "不计入" if figures.dataset.verified_only else "计入"
    return f"报到100%、还没有核实的，最后一步{counted}；核实退回的，最后一步不计入。"


def _mean_of(indicators: pd.DataFrame) -> str:
    """Return how the indicators of a task make its completion, with the rules that it needs."""
    parts = (indicators["whole"] != "").any()
    rules = [
        f"{len(indicators)}个指标完成率{'按份额加权' if parts else '的'}平均；"
        "每个指标是累计完成量÷目标值，最多100%。"
    ]
    if parts:
        rules.append("整体和“其中”的各部分合起来算一个指标：整体占一半，各部分平分另一半。")
    for row in indicators[indicators["denominator"] != ""].itertuples():
        rules.append(f"{row.indicator}＝累计{row.numerator}÷累计{row.denominator}。")
    if (indicators["relation"] == schema.AT_MOST).any():
        rules.append("“不超过”的指标没有突破的，与序时进度相同（截至最近一次填报）；突破了的为0。")
    return escape("".join(rules))


def reports(
    rows: pd.DataFrame,
    evidence: Mapping[tuple[str, str], str],
    sources: Mapping[tuple[str, str, str, str], tuple[str, str]],
    year: int,
) -> str:
    """Return the reports that a task's figure is made of: who, when, which row, which evidence.

    ``rows`` is `lib.core.schema.ProgressModel`, its index the position in progress.csv;
    ``evidence`` names attachments by (month, unit), ``sources`` gives submission and file with row
    by (task, month, unit, indicator). What came without a submission stands in progress.csv alone.
    """
    cells = []
    for row in rows.itertuples():
        month = months.text(int(row.month))
        submission, place = sources.get((row.task_id, month, row.unit, row.indicator), ("", ""))
        cells.append(
            [
                months.label(int(row.month), year),
                escape(row.unit),
                escape(row.indicator),
                "" if pd.isna(row.quantity) else wording.quantity(row.quantity),
                "" if pd.isna(row.cumulative_percent) else f"{row.cumulative_percent:g}%",
                escape(row.reporter),
                "" if pd.isna(row.reported_at) else f"{row.reported_at:%Y-%m-%d}",
                escape(submission),
                escape(place or f"{schema.PROGRESS.file} 第{row.Index + 2}行"),
                escape(evidence.get((month, row.unit), "")),
                escape(row.origin),
            ]
        )
    head = [
        "月份",
        "填报单位",
        "指标",
        "本月完成",
        "累计完成率",
        "填报人",
        "填报时间",
        "提交",
        "文件和行",
        "佐证材料",
        "数据来源",
    ]
    return _step(f"以上数字来自下列{len(cells)}条填报。", head, cells, first=3)


def _step(rule: str, head: list[str], rows: list[list[str]], first: int) -> str:
    """Return a rule and the table it speaks of; columns from ``first`` on are numbers."""
    numbers = {place for place in range(first, len(head)) if head[place] not in _WORDS}

    def cell(tag: str, place: int, text: str) -> str:
        number = ' class="number"' if place in numbers else ""
        return f'<{tag}{number} data-head="{head[place]}">{text}</{tag}>'

    lines = "".join(
        f"<tr>{''.join(cell('td', place, text) for place, text in enumerate(row))}</tr>"
        for row in rows
    )
    wide = " wide" if len(head) > 6 else ""
    top = "".join(cell("th", place, text) for place, text in enumerate(head))
    return (
        f'<p class="rule">{rule}</p><table class="explained{wide}"><thead><tr>{top}</tr></thead>'
        f"<tbody>{lines}</tbody></table>"
    )


_WORDS = {"责任单位", "填报人", "填报时间", "提交", "文件和行", "佐证材料", "数据来源"}
