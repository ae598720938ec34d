"""工作进展通报: the month's briefing as an official document (.docx), worded from the figures."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import cn2an
import pandas as pd

from lib.core import findings, schema, wording
from lib.core.figures import flag_lists
from lib.core.rollup import COUNTS
from lib.core.status import Flag, Status, mark
from lib.report.colours import WARNING
from lib.report.deck import done_of_target
from lib.report.docx_layout import HEAD_FONT, TEXT_FONT, TEXT_WIDTH, TITLE_FONT, Paper
from lib.report.material import DEMO_SENTENCE, EVIDENCE_HEADERS, Material, Progress, unheard

P, R = schema.PLAN.headers, schema.PROGRESS.headers


def briefing(material: Material, progress: Progress = unheard) -> bytes:
    """Return the briefing; ``progress`` hears the share done and what was written."""
    figures = material.figures
    settings = figures.dataset.settings
    paper = Paper(f"{material.month}工作进展通报", "、".join(settings.parties))
    title = ["与".join(settings.parties), settings.title, f"{material.month}进展情况通报"]
    paper.title("\n".join(line for line in title if line))
    paper.blank()
    if material.demo:
        paper.paragraph(f"（{DEMO_SENTENCE}）", align="centre", indent=False, colour=WARNING)
    if material.edition:
        paper.paragraph(f"（{material.edition}）", align="centre", indent=False)
    for share, (heading, paragraphs) in zip((0.2, 0.4, 0.5, 0.6), _sections(material), strict=True):
        paper.heading(heading)
        for lead, text in paragraphs:
            if lead.startswith("（") and not text:
                paper.subheading(lead)
            else:
                paper.paragraph(text, lead=lead)
        progress(share, heading)
    paper.blank()
    for line in (*settings.parties, material.date_words):
        paper.paragraph(line, align="right", indent=False)
    _annexes(paper, material, progress)
    return paper.content()


Paragraphs = list[tuple[str, str]]
"""Each a lead (bold; a second-level heading if it stands alone) and the text after it."""


def _sections(material: Material) -> Iterator[tuple[str, Paragraphs]]:
    yield "一、总体情况", [("", text) for text in overall_words(material)]
    yield "二、分类进展", list(_category_words(material))
    yield "三、存在问题", list(_problem_words(material))
    yield "四、下一步工作", list(_next_words(material))


def overall_words(material: Material) -> list[str]:
    """Return the paragraphs of 总体情况."""
    figures = material.figures
    if figures.overall.empty:
        return [f"截至{material.month}末，{findings.NOTHING}。"]
    total = figures.overall.iloc[0]
    spread = "，".join(
        f"{status.value}{int(total[COUNTS[status]])}项"
        for status in Status
        if total[COUNTS[status]]
    )
    scope = "" if material.scope == "分解表任务" else f"（{material.scope}）"
    texts = [
        f"截至{material.month}末，{figures.dataset.settings.title}{scope}共{int(total['tasks'])}项任务，"
        f"其中{spread}。总体完成率{wording.percent(total['earned_value'])}，"
        f"序时进度{wording.percent(total['planned_value'])}，"
        f"{wording.against_plan(total['earned_value'], total['planned_value'])}。"
    ]
    if figures.previous is not None:
        before = figures.previous.overall.iloc[0]
        gain = total["earned_value"] - before["earned_value"]
        texts.append(
            f"本月总体完成率较上月{'提高' if gain >= 0 else '下降'}{wording.points(gain)}。"
            f"{findings.changed(figures)}。"
        )
    if len(figures.indicators):
        texts.append(f"量化指标方面，{findings.indicators(figures)}。")
    if not figures.missing_reports.empty:
        units = list(figures.missing_reports["unit"].unique())
        texts.append(
            f"{findings.month_word(figures)}应报未报的单位有{len(units)}个：{'、'.join(units)}，"
            f"涉及{len(figures.missing_reports)}项填报。"
        )
    return texts


def _category_words(material: Material) -> Iterator[tuple[str, str]]:
    figures = material.figures
    notes: dict[str, dict[str, str]] = {}  # by task and units: the last of several counts
    for task, units, text in material.remarks("note", open_only=False):
        notes.setdefault(task, {})[units] = _stopped(f"{units}：{text}")
    for number, group in enumerate(figures.by_category.itertuples(), start=1):
        numeral = cn2an.an2cn(number)
        yield f"（{numeral}）{group.key}", ""
        yield (
            "",
            f"共{group.tasks}项任务，已完成{group.completed}项，完成率{wording.percent(group.earned_value)}，"
            f"{wording.against_plan(group.earned_value, group.planned_value)}。",
        )
        tasks = figures.tasks[figures.tasks["category"] == group.key]
        for place, row in enumerate(tasks.itertuples(), start=1):
            lead = f"{place}．" * (len(tasks) > 1)
            yield (
                f"{lead}{material.short_title(row.task_id, 60)}。",
                f"{P['units_text']}{material.units_of(row.task_id)}，"
                f"{completion_words(material, row)}。{''.join(notes.get(row.task_id, {}).values())}",
            )


def completion_words(material: Material, task: Any) -> str:
    """Return a task's 完成情况: its indicators with their measure words, or its percentage.

    ``task`` is a row of `lib.core.figures.Figures.tasks`.
    """
    figures, status = material.figures, Status(task.status)
    done, planned = task.completion, task.planned_value
    indicators = figures.indicators[figures.indicators["task_id"] == task.task_id]
    parts = [f"{row.indicator}{done_of_target(row)}" for row in indicators.itertuples()]
    parts.append(f"完成率{wording.percent(done)}")
    if status not in (Status.COMPLETED, Status.NOT_DUE):
        parts.append(wording.against_plan(done, planned))
    parts.append({Status.OVERDUE: "已逾期", Status.BEHIND: "进度滞后"}.get(status, status))
    return "，".join(parts)


def _problem_words(material: Material) -> Iterator[tuple[str, str]]:
    figures = material.figures
    late = figures.attention[figures.attention["status"].isin([Status.OVERDUE, Status.BEHIND])]
    if late.empty:
        yield "", f"截至{material.month}末，没有逾期或滞后的任务。"
    else:
        names = "；".join(
            f"{material.short_title(row.task_id, 40)}（{material.units_of(row.task_id)}），{reason}"
            for row, reason in zip(late.itertuples(), findings.reasons(figures, late), strict=True)
        )
        yield "", f"{len(late)}项任务未达序时进度：{names}。"
    yield from _remarks(material, "issues", "各单位没有填报存在问题。")


def _next_words(material: Material) -> Iterator[tuple[str, str]]:
    yield "", f"{findings.due(material.figures)}。"
    yield from _remarks(material, "next_steps", "各单位没有填报下一步措施。")
    asked = material.remarks("coordination")
    if asked:
        yield "", f"需协调事项{len(asked)}项："
        yield from _remarks(material, "coordination", "")


def _remarks(material: Material, column: str, none: str) -> Iterator[tuple[str, str]]:
    remarks = material.remarks(column)
    if not remarks and none:
        yield "", none
    for number, (task, units, text) in enumerate(remarks, start=1):
        yield f"{number}．{material.short_title(task, 40)}（{units}）。", _stopped(text)


def _stopped(text: str) -> str:
    """Return a sentence that ends in a full stop."""
    return text if text.endswith(("。", "！", "？")) else f"{text.rstrip('；;，,')}。"


def _annexes(paper: Paper, material: Material, progress: Progress) -> None:
    figures = material.figures
    numbers = itertools.count(1)

    def annex(name: str) -> None:
        paper.new_page()
        paper.paragraph(f"附件{next(numbers)}", font=HEAD_FONT, indent=False)
        paper.paragraph(name, align="centre", indent=False, font=TITLE_FONT, level=1)

    if len(figures.tasks):
        annex("工作任务完成情况表")
        headers = [
            P[name] for name in ("number", "category", "content", "units_text", "window_text")
        ]
        rows = list(_task_rows(material))
        widths = (9, 15, 44, 20, 15, 19, 34)
        centred = (0, 1, 3, 4, 5)
        paper.table((*headers, "状态", "完成情况"), rows, widths, lights=True, centred=centred)
        progress(0.75, "附件1")
        annex("各类型、各单位完成情况表")
        paper.table(*_group_rows(P["category"], figures.by_category))
        paper.blank()
        paper.table(*_group_rows(P["units_text"], figures.by_unit))
        progress(0.85, "附件2")
    if len(figures.missing_reports):
        annex(f"{material.month}催报单位名单")
        missing = figures.missing_reports.sort_values("unit", kind="stable")
        rows = [
            (row.unit, row.task_id, material.short_title(row.task_id, 60))
            for row in missing.itertuples()
        ]
        headers = [P["units_text"], P["task_id"], "未报任务"]
        paper.table(headers, rows, (40, 24, 92), centred=(0, 1))
    if material.corrections is not None and len(material.corrections):
        annex("定稿后的更正")
        table = material.corrections
        rows = [tuple(str(value) for value in row) for row in table.itertuples(index=False)]
        share = TEXT_WIDTH / len(table.columns)
        paper.table(list(table.columns), rows, [share] * len(table.columns))
    if material.evidence:
        annex("佐证材料目录")
        headers = [P["task_id"], *EVIDENCE_HEADERS[1:]]
        rows = material.evidence_rows
        paper.table(headers, rows, (20, 22, 34, 58, 22), centred=(0, 1, 2, 4))
    paper.blank()
    paper.paragraph(f"{material.source}。", indent=False, font=TEXT_FONT)
    progress(1.0, "附件")


def _task_rows(material: Material) -> Iterator[tuple[str, ...]]:
    facts, rows = material.figures.dataset.tasks, material.figures.tasks
    for row, flags in zip(rows.itertuples(), flag_lists(rows), strict=True):
        states = [str(row.status), *(flag for flag in flags if flag != Flag.UNREPORTED)]
        yield (
            facts.at[row.task_id, "number"],
            str(row.category),
            facts.at[row.task_id, "content"],
            material.units_of(row.task_id),
            facts.at[row.task_id, "window_text"],
            " ".join(mark(state) for state in states),
            completion_words(material, row),
        )


def _group_rows(
    kind: str, rows: pd.DataFrame
) -> tuple[tuple[str, ...], list[tuple[str, ...]], tuple[float, ...]]:
    headers = (kind, "任务", *(status.value for status in Status), "完成率", "序时进度", "差距")
    cells = [
        (
            str(row.key),
            f"{row.tasks}项",
            *(f"{getattr(row, COUNTS[status])}项" for status in Status),
            wording.percent(row.earned_value),
            wording.percent(row.planned_value),
            wording.signed_points(row.earned_value - row.planned_value).replace("个百分点", ""),
        )
        for row in rows.itertuples()
    ]
    return headers, cells, (28, 12, 13, 13, 12, 12, 12, 18, 18, 18)
