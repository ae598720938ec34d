"""The slides of a meeting: which there are, what each says, and how much fits on one.

`lib.report.slide_drawing` draws a slide, with `lib.report.pptx_deck` as .pptx and with
`lib.report.svg_deck` as SVG for full-screen mode: the same slides in the same order.

A part has one or two slides whatever the plan's size; rows they have no room for stand in the
appendix, behind all parts of `lib.report.slides.APPENDIX` that are shown.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import partial

import pandas as pd

from lib.core import findings, months, schema, wording
from lib.core.answers import LATE, LateTask
from lib.core.gantt import GanttRow, gantt
from lib.core.indicators import done_of_target
from lib.core.matters import Matter, MatterState, by_urgency, last_meeting, late
from lib.core.status import REPORTED_DONE, Flag, Status, look, mark
from lib.report.colours import MUTED
from lib.report.deck_arrangement import Arrangement, Decision
from lib.report.material import DEMO_SENTENCE, EVIDENCE_HEADERS, Material
from lib.report.slide_gantt import FINE_ROWS, HALL_ROWS
from lib.report.slide_page import LEFT, RIGHT
from lib.report.slides import (
    APPENDIX,
    DEFAULT_PARTS,
    Content,
    Cover,
    Curve,
    Gantt,
    GroupBars,
    Part,
    Picture,
    Pictures,
    Slide,
    Table,
    Tile,
    Tiles,
    appended,
    fitted,
)

P = schema.PLAN.headers
GROUPS = 10
"""Bars that a slide can bear in the hall's type."""
PROPOSED = 5
"""Lines of 提请决定 that are made of overdue tasks where the presenter wrote none."""
PICTURES = 12
"""Pictures of the evidence in the appendix, the latest; the list names all."""


@dataclass(frozen=True)
class _Made:
    """What a part says: its title, the contents of its slides, and what the appendix adds."""

    title: str
    contents: list[Content]
    rest: list[Content]


def deck(
    material: Material, arrangement: Arrangement | None = None, *, marked: bool = True
) -> list[Slide]:
    """Return the slides as arranged (default: every part in the usual order).

    ``marked``: what only stands in the appendix of a meeting's slides is marked 附.

    A part without anything to say has no slide; nothing but the cover has, if there is no task.
    """
    arrangement = arrangement or Arrangement()
    empty = material.figures.tasks.empty
    front: list[Slide] = []
    back: list[Slide] = []
    rests: list[Slide] = []
    parts = arrangement.parts
    if arrangement.order == DEFAULT_PARTS and last_meeting(material.matters):
        parts = [
            Part.COVER,
            Part.DECISIONS,
            *parts,
        ]  # the meeting opens with what the last one decided
    for part in [Part.COVER] if empty else dict.fromkeys(parts):
        made = _PARTS[part](material, arrangement)
        title = arrangement.titles.get(part, "").strip() or made.title
        words = [arrangement.notes.get(part, "").strip(), _spoken(material, part), material.source]
        words += [DEMO_SENTENCE] * material.demo
        notes = "\n".join(text for text in words if text)
        for contents, slides, behind in (
            (made.contents, back if part in APPENDIX else front, part in APPENDIX),
            (made.rest, rests, True),
        ):
            slides += [
                Slide(part, title, content, notes, number, len(contents), behind)
                for number, content in enumerate(contents, start=1)
            ]
    slides = [*front, *back, *rests]
    return [
        replace(slide, number=number, marked=marked) for number, slide in enumerate(slides, start=1)
    ]


def _cover(material: Material, _: Arrangement) -> _Made:
    settings = material.figures.dataset.settings
    title = ("与".join(settings.parties), f"{settings.title}进展情况")
    scope = "" if material.scope == "分解表任务" else material.scope
    nothing = findings.NOTHING if material.figures.tasks.empty else ""
    lines = (f"截至{material.month}末", scope, nothing, material.date_words, material.edition)
    cover = Cover(tuple(filter(None, lines)), tuple(filter(None, title)))
    return _Made(f"{material.title}进展情况", [cover], [])


def _headline(material: Material, _: Arrangement) -> _Made:
    answers = material.answers
    total, before = answers.total, answers.before
    late = len(answers.late)
    gap = total["earned_value"] - total["planned_value"]

    def change(name: str) -> str:
        if before is None:
            return ""
        return f"较上月{wording.signed_points(total[name] - before[name])}"

    counts = [(status, sum(task.status == status for task in answers.late)) for status in LATE]
    worst = next((status for status, count in counts if count), Status.COMPLETED)
    tiles = (
        Tile(
            "完成率",
            wording.percent(total["earned_value"]),
            change("earned_value"),
            look(Flag.DUE_NEXT).colour,
        ),
        Tile(
            "按计划应完成",
            wording.percent(total["planned_value"]),
            f"实际{'低' if gap < 0 else '高'}{wording.points(gap)}"
            if round(gap, 3)
            else "与计划持平",
            MUTED,
        ),
        Tile(
            f"{int(total['tasks'])}项任务中逾期和滞后",
            f"{late}项",
            "、".join(f"{count}项{status}" for status, count in counts if count) or "没有",
            look(worst).colour,
        ),
    )
    sentences = [
        answers.worst_title("类型", answers.categories) if len(answers.categories) > 1 else "",
        answers.late_title,
        answers.due_title,
        answers.change_title if material.reported else "",
        findings.missing(material.figures) if material.reported else "",
    ]
    return _Made(answers.verdict, [Tiles(tiles, tuple(filter(None, sentences)))], [])


def _categories(material: Material, _: Arrangement) -> _Made:
    answers = material.answers
    rows = answers.categories
    if len(rows) < 2:
        return _Made("", [], [])
    rows = _placed(rows, answers.categories_before)
    return _groups("类型", answers.worst_title("类型", rows), rows, rows.head(GROUPS))


def _units(material: Material, _: Arrangement) -> _Made:
    """The units that are late, and the three furthest ahead."""
    answers = material.answers
    rows = answers.units
    if len(rows) < 2:
        return _Made("", [], [])
    rows = _placed(rows, answers.units_before)
    if len(rows) <= GROUPS:
        return _groups("单位", answers.worst_title("单位", rows), rows, rows)
    late = rows[(rows["overdue"] > 0) | (rows["behind"] > 0)]
    worst = (late if len(late) else rows).head(GROUPS - 3)
    best = rows.drop(worst.index).sort_values("gap", ascending=False, kind="stable").tail(3)
    return _groups("单位", answers.worst_title("单位", rows), rows, pd.concat([worst, best]))


def _placed(rows: pd.DataFrame, before: dict[str, int]) -> pd.DataFrame:
    """Return groups with their place (1: the worst) and that of the month before (0: none)."""
    return rows.assign(
        place=range(1, len(rows) + 1), before=[before.get(str(key), 0) for key in rows["key"]]
    )


def _groups(kind: str, title: str, rows: pd.DataFrame, shown: pd.DataFrame) -> _Made:
    """Bars of the groups shown; those left out are in a table of all in the appendix."""
    overdue, behind = shown["overdue"] > 0, shown["behind"] > 0
    legend = ["红色有逾期"] * bool(overdue.any()) + ["黄色有滞后"] * bool((behind & ~overdue).any())
    if len(shown) == len(rows):
        return _Made(title, [GroupBars(shown, "　".join(legend))], [])
    note = "　".join([*legend, f"共{len(rows)}个，其余{len(rows) - len(shown)}个见附"])
    cells = tuple(
        (
            f"{row.place}{f'（{row.before}）' if row.before not in (0, row.place) else ''}",
            str(row.key),
            f"{row.tasks}",
            f"{row.completed}",
            f"{row.overdue}",
            f"{row.behind}",
            wording.percent(row.earned_value),
            wording.percent(row.planned_value),
            wording.signed_points(-row.gap).replace("个百分点", ""),
        )
        for row in rows.itertuples()
    )
    headers = (
        *("位次（上月）", kind, "任务数", "已完成", "逾期", "滞后"),
        *("完成率", "序时进度", "差（百分点）"),
    )
    table = Table(headers, (180, 440, 130, 130, 130, 130, 200, 200, 220), cells, "clrrrrrrr")
    return _Made(title, [GroupBars(shown, note)], [*appended(table)])


def _tables(title: str, table: Table, most: int, widths: tuple[int, ...] = ()) -> _Made:
    """A table on at most ``most`` slides; all of its rows in the appendix if some have no room.

    ``widths`` are its columns' in the appendix.
    """
    if not table.rows:
        return _Made(title, [], [])
    pages, left = fitted(table, most)
    return _Made(title, [*pages], [*appended(table, widths)] if left else [])


def _late(material: Material, _: Arrangement) -> _Made:
    answers = material.answers
    cells = []
    for task in answers.late:
        reason = material.stated(task.reason)
        if not reason:
            silent = "、".join(task.unreported)
            reason = f"{answers.month_word()}未报：{silent}" if silent else "原因未填报"
        step = material.stated(task.next_step)
        cells.append(
            (
                mark(task.status),
                task.title,
                "\n".join(filter(None, (_units_text(task.units), task.sign))),
                f"{wording.percent(task.completion, 0)}\n应{wording.percent(task.planned_value, 0)}",
                f"{answers.month_word(task.end)}底".replace("年", "年\n"),
                f"{reason.rstrip('。；')}。{f'下一步：{step}' if step else ''}",
            )
        )
    headers = ("状态", "任务", "责任单位", "完成", "期限", "原因和下一步")
    table = Table(headers, (190, 465, 300, 210, 180, 415), tuple(cells), "lllrrl")
    return _tables(answers.late_title, table, 2, (120, 470, 200, 160, 110, 700))


def _requests(material: Material, _: Arrangement) -> _Made:
    answers = material.answers
    ends = material.figures.tasks.set_index("task_id")["end"]
    cells = tuple(
        (
            request.unit,
            request.text,
            request.title,
            f"{answers.month_word(ends[request.task_id])}底".replace("年", "年\n"),
        )
        for request in answers.requests
        if material.stated(request.text)
    )
    headers = ("提出单位", "请协调的事项", "涉及任务", "任务期限")
    aligns = "lllr"
    title = f"请两地协调的事项：{len(cells)}项"
    return _tables(title, Table(headers, (270, 680, 560, 250), cells, aligns), 2)


def _decisions(material: Material, arrangement: Arrangement) -> _Made:
    """What the last meeting decided, or was asked for, and what has become of it."""
    decided = last_meeting(material.matters)
    if decided:
        return _last_meeting(decided, material.today)
    if arrangement.last_month is None:
        return _Made("", [], [])
    rows = material.figures.tasks.set_index("task_id")
    cells = tuple(
        (decision.text, decision.units or "—", decision.due or "—", _became(rows, decision))
        for decision in arrangement.last
    )
    done = sum(
        decision.task_id in rows.index and rows.at[decision.task_id, "status"] == Status.COMPLETED
        for decision in arrangement.last
    )
    title = (
        f"{material.answers.month_word(arrangement.last_month)}会议提请决定的{len(cells)}项："
        f"{done}项所涉任务已完成"
    )
    headers = ("事项", "责任单位", "期限", "现在的进展")
    return _tables(title, Table(headers, (850, 330, 230, 350), cells), 1)


def _last_meeting(decided: list[Matter], today: date) -> _Made:
    """What has become of the 督办事项 of the last meeting, those that are late first."""
    cells = []
    for matter in by_urgency(decided, today):
        days = matter.days_late(today)
        state = f"{matter.state}\n逾期{days}天" if days else str(matter.state)
        news = "" if matter.state is MatterState.UNSIGNED else matter.steps[-1].paper_sentence
        due = f"{matter.due:%-m月%-d日}"
        if matter.extensions:
            due += f"\n原定{matter.first_due:%-m月%-d日}"
        words = matter.created.words.rstrip("。")
        cells.append((state, words, "、".join(matter.units), due, news or "单位还没有签收"))
    closed = sum(not matter.open for matter in decided)
    late_ones = len(late(decided, today))
    origin = decided[0].created.origin or "上次会议"
    title = f"{origin}议定的{len(decided)}件：{closed}件已销号"
    title += f"，{late_ones}件逾期" if late_ones else ""
    headers = ("状态", "议定事项", "责任单位", "期限", "办理情况")
    table = Table(headers, (190, 480, 290, 330, 470), tuple(cells), "lllrl")
    return _tables(title, table, 2)


def _became(rows: pd.DataFrame, decision: Decision) -> str:
    if decision.task_id not in rows.index:
        return "—"
    row = rows.loc[decision.task_id]
    return f"{_state(row['status'])}\n完成{wording.percent(row['completion'], 0)}"


def _next(material: Material, _: Arrangement) -> _Made:
    """What is late or falls due within three months, on the months around the one looked at."""
    figures, month = material.figures, material.figures.selection.month
    chart = gantt(figures, "urgency")
    start = figures.dataset.axis[0]
    rows = [row for row in chart.rows if _is_next(row, start, month)]
    if not rows:
        return _Made("", [], [])
    late = [row for row in rows if row.status in LATE]
    due = sorted((row for row in rows if row.status not in LATE), key=lambda row: row.end)
    shown = [*late, *due][: 2 * HALL_ROWS]
    note = f"另有{len(rows) - len(shown)}项见附" if len(rows) > len(shown) else ""
    year = figures.dataset.settings.year
    size = -(-len(shown) // -(-len(shown) // HALL_ROWS))  # spread evenly
    contents: list[Content] = [
        Gantt(
            tuple(shown[first : first + size]),
            start,
            max(start, month - 2),
            month + 3,
            month,
            year,
            False,
            note if first + size >= len(shown) else "",
        )
        for first in range(0, len(shown), size)
    ]
    parts = [f"{len(late)}项逾期和滞后待赶上"] * bool(late)
    parts += [f"{len(due)}项到期"] * bool(due)
    return _Made(f"未来三个月：{'，'.join(parts)}", contents, [])


def _is_next(row: GanttRow, start: int, month: int) -> bool:
    due = row.status not in REPORTED_DONE and row.end <= month + 4 - start
    return due or row.status in LATE


def _changes(material: Material, _: Arrangement) -> _Made:
    answers = material.answers
    if answers.before is None:
        return _Made("", [], [])
    cells = tuple(
        (
            _state(change.status),
            change.title,
            _units_text(change.units),
            wording.percent(change.completion_before, 0),
            wording.percent(change.completion, 0),
            "新增" if change.status in LATE and change.status != change.status_before else "",
        )
        for change in answers.changes
    )
    headers = ("状态", "任务", "责任单位", "上月", "本月", "变化")
    aligns = "lllrrc"
    # 已报完成、待核实 takes two lines, no more.
    more = any("\n" in row[0] for row in cells)
    table = Table(headers, (226 + 120 * more, 780 - 120 * more, 340, 152, 152, 110), cells, aligns)
    fine = (140 + 70 * more, 900 - 70 * more, 350, 130, 130, 110)
    return _tables(answers.change_title, table, 1, fine)


def _asked(material: Material, arrangement: Arrangement) -> _Made:
    """What the presenter asks the meeting for; else that overdue tasks get a new date."""
    answers = material.answers
    decisions = arrangement.decisions
    if not decisions:
        overdue = [task for task in answers.late if task.status == Status.OVERDUE]
        named = overdue if len(overdue) <= PROPOSED else overdue[: PROPOSED - 1]
        decisions = tuple(
            Decision(f"明确完成时间和措施：{task.title}", _units_text(task.units)) for task in named
        )
        if more := len(overdue) - len(named):
            decisions += (Decision(f"其余{more}项逾期任务逐项明确完成时间和措施", "各责任单位"),)
    cells = tuple(
        (str(number), decision.text, decision.units or "—", decision.due or "请会议确定")
        for number, decision in enumerate(decisions, start=1)
    )
    headers = ("", "事项", "责任单位", "完成时限")
    table = Table(headers, (80, 990, 390, 300), cells, "rlll")
    return _tables(f"提请会议决定的事项：{len(cells)}项", table, 1)


# -- the appendix ---------------------------------------------------------------------------------


def _gantt(material: Material, _: Arrangement) -> _Made:
    figures = material.figures
    chart = gantt(figures)
    pages = -(-len(chart.rows) // FINE_ROWS)
    size = -(-len(chart.rows) // pages)
    axis, month = figures.dataset.axis, figures.selection.month
    year = figures.dataset.settings.year
    contents: list[Content] = [
        Gantt(chart.rows[start : start + size], axis[0], axis[0], axis[-1], month, year, True)
        for start in range(0, len(chart.rows), size)
    ]
    return _Made(f"{len(chart.rows)}项任务的计划与进展", contents, [])


def _indicators(material: Material, _: Arrangement) -> _Made:
    figures = material.figures
    rows = figures.indicators.assign(gap=lambda it: it["completion"] - it["planned_value"])
    rows = rows.sort_values(["gap", "task_id"], kind="stable")
    cells = tuple(
        (
            material.short_title(row.task_id, 60),
            str(row.indicator),
            done_of_target(row),
            wording.percent(row.completion),
            wording.percent(row.planned_value),
            wording.signed_points(row.gap).replace("个百分点", ""),
        )
        for row in rows.itertuples()
    )
    if not cells:
        return _Made("", [], [])
    headers = ("任务", "指标", "完成／目标", "完成率", "序时进度", "差（百分点）")
    aligns = "llrrrr"
    table = Table(headers, (590, 460, 230, 140, 150, 190), cells, aligns)
    return _Made(findings.indicators(figures), [*appended(table)], [])


def _curve(material: Material, _: Arrangement) -> _Made:
    figures = material.figures
    rows, year = figures.by_month, figures.dataset.settings.year
    past = rows["month"] <= figures.selection.month
    content = Curve(
        tuple(months.label(month, year) for month in rows["month"]),
        tuple(rows["planned_value"]),
        tuple(rows.loc[past, "earned_value"]),
    )
    return _Made(findings.curve(figures), [content], [])


def _evidence(material: Material, _: Arrangement) -> _Made:
    """The latest pictures, then the list of everything."""
    rows = material.evidence_rows
    if not rows:
        return _Made("", [], [])
    pictures = [
        Picture(
            f"{item.unit}，{item.month}：{material.short_title(item.task_id, 30)}",
            partial(material.read_file, item.sha256),
        )
        for _, item in reversed(material.evidence)
        if item.media_type.startswith("image/") and material.read_file is not None
    ][:PICTURES]
    contents: list[Content] = [
        Pictures(tuple(pictures[start : start + 4])) for start in range(0, len(pictures), 4)
    ]
    table = Table(EVIDENCE_HEADERS, (160, 170, 330, 900, 200), tuple(rows))
    return _Made(f"佐证材料{len(rows)}份", [*contents, *appended(table)], [])


def _corrections(material: Material, _: Arrangement) -> _Made:
    rows = material.corrections
    if rows is None or rows.empty:
        return _Made("", [], [])
    cells = tuple(tuple(str(value) for value in row) for row in rows.itertuples(index=False))
    others = len(rows.columns) - 1
    share = (RIGHT - LEFT) // (others + 1)
    widths = (RIGHT - LEFT - share * others,) + (share,) * others
    table = Table(tuple(rows.columns), widths, cells)
    return _Made(f"定稿后有{material.corrected}项更正", [*appended(table)], [])


_PARTS = {
    Part.COVER: _cover,
    Part.HEADLINE: _headline,
    Part.CATEGORIES: _categories,
    Part.UNITS: _units,
    Part.LATE: _late,
    Part.REQUESTS: _requests,
    Part.DECISIONS: _decisions,
    Part.NEXT: _next,
    Part.CHANGES: _changes,
    Part.ASKED: _asked,
    Part.GANTT: _gantt,
    Part.INDICATORS: _indicators,
    Part.CURVE: _curve,
    Part.EVIDENCE: _evidence,
    Part.CORRECTIONS: _corrections,
}


def _state(status: str) -> str:
    """Return a state in the cell of a table; the long one breaks where it may."""
    return mark(str(status)).replace("、", "、\n")


def _units_text(units: tuple[str, ...]) -> str:
    """Return units as a slide names them: the lead alone, the others counted."""
    return units[0] if len(units) == 1 else f"{units[0]}等{len(units)}家"


def _spoken(material: Material, part: Part) -> str:
    """Return what the speaker may say beyond the slide: the reports' own words."""
    if part == Part.LATE:
        return "\n".join(
            f"{task.title}（{'、'.join(task.units)}）{words}"
            for task in material.answers.late
            if (words := _own_words(material, task))
        )
    if part == Part.UNITS:
        return findings.missing(material.figures)
    if part in (Part.HEADLINE, Part.CURVE) and not material.figures.tasks.empty:
        return findings.changed(material.figures)
    return ""


def _own_words(material: Material, task: LateTask) -> str:
    words = (("问题", task.reason), ("下一步", task.next_step))
    stated = [f"{name}：{text}" for name, text in words if material.stated(text)]
    return "".join(stated + [f"（{remark}）" for remark in task.remarks])
