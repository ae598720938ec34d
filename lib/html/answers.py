"""The five answers of 总览 as HTML."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from datetime import date
from html import escape
from string import Template

import pandas as pd

from lib.core import months, wording
from lib.core.answers import Answers, Change, LateTask
from lib.core.gap import is_below_plan
from lib.core.punctuality import reporting_calendar
from lib.core.status import REPORTED_DONE, Status, look
from lib.html.markup import CLASSES, FOCUS_CATEGORY, Links, percent, points, state, units

SHOWN = 7
"""Rows of a list that a first screen has room for; the rest are counted."""
CATEGORIES = 10
"""Categories that it has room for."""


def answer_lists(answers: Answers, links: Links) -> list[tuple[str, str, str]]:
    """Return name, title and HTML of the answers below the verdict, as a phone shows them in turn."""
    bars = gap_bars(answers.categories, links, "categories", FOCUS_CATEGORY, limit=CATEGORIES)
    return [
        ("late", answers.late_title, late_list(answers, links)),
        ("due", answers.due_title, due_list(answers, links)),
        ("worst", answers.worst_title("类型", answers.categories), bars),
        ("changed", answers.change_title, change_list(answers, links)),
    ]


def strip(answers: Answers, links: Links) -> str:
    """Return the figures behind the verdict in one line, each with its change since last month."""
    total, before = answers.total, answers.before
    items = [
        f"已完成 <b>{int(total['completed'])}</b>／{int(total['tasks'])}项"
        f"{_step(total, before, 'completed', good=1)}",
        f'<span class="overdue-text">逾期 <b>{int(total["overdue"])}</b>项</span>'
        f"{_step(total, before, 'overdue', good=-1)}",
        f'<span class="behind-text">滞后 <b>{int(total["behind"])}</b>项</span>'
        f"{_step(total, before, 'behind', good=-1)}",
    ]
    if before is not None:
        gain = total["earned_value"] - before["earned_value"]
        step = total["planned_value"] - before["planned_value"]
        items.append(
            f"{answers.month_word()}推进 <b>{gain * 100:.1f}</b>，"
            f"计划 <b>{step * 100:.1f}</b>个百分点"
        )
    missing = list(answers.figures.missing_reports["unit"].unique())
    if missing:
        count = len(answers.figures.missing_reports)
        names = wording.listing(missing, counted="个单位", room=24)
        items.append(f"未报 <b>{count}</b>项：{escape(names)}")
    rate = reporting_calendar(answers.figures, date.today()).rate
    if rate is not None:
        items.append(f"按时率 <b>{wording.percent(rate, 0)}</b>")
    items.append(f'<a class="more" href="{links.to("explain")}">怎么算的</a>')
    return f'<p class="strip">{"".join(f"<span>{item}</span>" for item in items)}</p>'


def _step(total: pd.Series, before: pd.Series | None, name: str, good: int) -> str:
    """Return the change of a count since the month before; red and green only where it matters."""
    if before is None:
        return ""
    change = int(total[name] - before[name])
    if not change:
        return ""
    arrow, tone = ("▲", good) if change > 0 else ("▼", -good)
    return f' <small class="{"better" if tone > 0 else "worse"}">{arrow}{abs(change)}</small>'


def gap_bars(
    rows: pd.DataFrame,
    links: Links,
    page: str,
    parameter: str,
    *,
    limit: int | None = None,
    before: Mapping[str, int] | None = None,
) -> str:
    """Return groups as bars from the plan's line: left behind it, right ahead, the worst on top.

    ``rows`` is `lib.core.answers.worst_first`. A bar has a colour where the group is below plan and
    has late tasks: that of its worst state. Each row leads to ``page`` with its key as
    ``parameter``. ``before`` adds the place of each, with that of the month before where it moved.
    """
    shown = rows if limit is None else rows.head(limit)
    name = min(max((len(str(key)) for key in shown["key"]), default=0), 10)
    low = min(float((-shown["gap"]).min()), -0.05)
    high = max(float((-shown["gap"]).max()), 0.05)
    span = high - low
    zero = -low / span * 100
    lines = []
    for row in shown.itertuples():
        gap = -float(row.gap)
        left, width = (
            (zero, gap / span * 100) if gap >= 0 else (zero + gap / span * 100, -gap / span * 100)
        )
        late = "overdue" if row.overdue else "behind" if row.behind else "neutral"
        tone = late if is_below_plan(row.earned_value, row.planned_value) else "neutral"
        counts = " ".join(
            f'<span class="state {CLASSES[status]}">{look(status).icon}&nbsp;{count}</span>'
            for status, count in ((Status.OVERDUE, row.overdue), (Status.BEHIND, row.behind))
            if count
        )
        side = "right" if gap >= 0 else "left"
        place = f"left:{left + width:.2f}%" if gap >= 0 else f"right:{100 - left:.2f}%"
        lines.append(
            f'<a class="gap-row" href="{links.to(page, **{parameter: str(row.key)})}">'
            f"{'' if before is None else _place(row.Index + 1, before.get(str(row.key)))}"
            f'<span class="name" title="{escape(str(row.key))}">{escape(str(row.key))}</span>'
            f'<span class="late-count">{counts}</span>'
            f'<span class="track"><i class="zero" style="left:{zero:.2f}%"></i>'
            f'<i class="bar {tone}" style="left:{left:.2f}%;width:{width:.2f}%"></i>'
            f'<b class="{tone}-text {side}" style="{place}">{points(gap)}</b></span>'
            f'<span class="number">{percent(row.earned_value)}<small>／'
            f"{percent(row.planned_value)}</small></span></a>"
        )
    place = "" if before is None else '<span class="place">位次（上月）</span>'
    return (
        f'<div class="gap-bars{"" if before is None else " placed"}" style="--name:{name}">'
        f'<div class="gap-row head">{place}<span class="name"></span><span class="late-count"></span>'
        '<span class="track-head">差（百分点）</span>'
        f'<span class="number">完成／序时</span></div>{"".join(lines)}</div>'
        f"{_more(len(rows) - len(shown), links, page, '个')}{_bar_legend(shown)}"
    )


def _place(place: int, before: int | None) -> str:
    moved = f"<small>（{before}）</small>" if before not in (None, place) else ""
    return f'<span class="place">{place}{moved}</span>'


def _bar_legend(rows: pd.DataFrame) -> str:
    """Return what the colours of the bars mean, where any has one."""
    below = is_below_plan(rows["earned_value"], rows["planned_value"])
    marks = [
        ("overdue", "低于序时进度，有逾期", (below & (rows["overdue"] > 0)).any()),
        (
            "behind",
            "低于序时进度，有滞后",
            (below & (rows["overdue"] == 0) & (rows["behind"] > 0)).any(),
        ),
    ]
    items = [
        f'<span><i class="bar {tone}"></i>{word}</span>' for tone, word, there in marks if there
    ]
    return f'<p class="bar-legend">{"".join(items)}</p>' if items else ""


def late_list(answers: Answers, links: Links, limit: int = SHOWN) -> str:
    """Return the late tasks: state, unit, task with reason and next step, completion, gap."""
    if not answers.late:
        return ""
    lines = [
        f'<a class="task-row" href="{links.to("task", task=task.task_id)}">'
        f'{state(task.status)}<b class="unit">{units(task.units)}</b>'
        f'<span class="what"><span>{escape(task.title)}</span>'
        f"<small>{escape(_why(answers, task))}</small></span>"
        f'<span class="number">{percent(task.completion)}</span>'
        f'<b class="number {CLASSES[task.status]}-text">{points(-task.gap)}</b></a>'
        for task in answers.late[:limit]
    ]
    return _list(
        lines, len(answers.late) - limit, links, "完成", "差", "责任单位", "任务／原因和下一步"
    )


def _why(answers: Answers, task: LateTask) -> str:
    words = [text.rstrip("。；") for text in (task.reason, task.next_step) if text]
    if not words:
        word = f"{answers.month_word()}未报，没有说明" if task.unreported else "没有说明原因"
        words = [word]
    if task.status == Status.OVERDUE:
        words.insert(0, f"应于{answers.month_word(task.end)}完成")
    return "；".join([*task.remarks, *words])


def due_list(answers: Answers, links: Links, limit: int = SHOWN) -> str:
    """Return the tasks that fall due next: unit, task, completion; red where nothing is done."""
    tasks = answers.due_next
    lines = [
        f'<a class="task-row due" href="{links.to("task", task=task.task_id)}">'
        f'<b class="unit">{units(task.units)}</b><span class="what"><span>{escape(task.title)}</span>'
        f'</span><b class="number{"" if task.completion else " overdue-text"}">'
        f"{percent(task.completion)}</b></a>"
        for task in tasks[:limit]
    ]
    return _list(lines, len(tasks) - limit, links)


def change_list(answers: Answers, links: Links, limit: int | None = 5) -> str:
    """Return what changed since the month before, and which late tasks have not moved."""
    if answers.before is None:
        return ""
    lines = []
    for change in answers.changes[:limit]:
        moved = change.status != change.status_before
        what = (
            state(change.status)
            if moved and change.status in (Status.OVERDUE, Status.BEHIND, *REPORTED_DONE)
            else f'<span class="state neutral">{points(change.gain)}点</span>'
        )
        share = (
            ""
            if change.status in REPORTED_DONE
            else f"{percent(change.completion_before)}→{percent(change.completion)}"
            if change.gain
            else f"仍为{percent(change.completion)}"
        )
        lines.append(_change_row(change, what, share, links))
    for task in answers.stuck[: None if limit is None else max(1, SHOWN - len(lines))]:
        what = '<span class="state behind">■&nbsp;没有进展</span>'
        lines.append(_change_row(task, what, f"仍为{percent(task.completion)}", links))
    more = 0 if limit is None else len(answers.changes) - limit
    return _list(lines, more, links, page="months", counted="项变化")


def _change_row(task: Change | LateTask, what: str, share: str, links: Links) -> str:
    """Return one row of `change_list`; beside whatever is late stands who is responsible."""
    late = task.status in (Status.OVERDUE, Status.BEHIND)
    who = f"<small>{units(task.units)}</small>" if late else ""
    return (
        f'<a class="task-row change" href="{links.to("task", task=task.task_id)}">{what}'
        f'<span class="what"><span>{escape(task.title)}</span>{who}</span>'
        f'<span class="number">{share}</span></a>'
    )


def request_list(answers: Answers, links: Links, limit: int = SHOWN) -> str:
    """Return what units ask to be coordinated (需协调事项) this month."""
    lines = [
        f'<a class="task-row request" href="{links.to("task", task=request.task_id)}">'
        f'<b class="unit">{units((request.unit,))}</b>'
        f'<span class="what"><span class="whole">{escape(request.text)}</span></span></a>'
        for request in answers.requests[:limit]
    ]
    return _list(lines, len(answers.requests) - limit, links)


def missing_list(answers: Answers, links: Links) -> str:
    """Return the 催报清单 (`lib.core.figures.Figures.missing_reports`): unit, task, state, completion."""
    contents = answers.figures.dataset.tasks[["content", "window_text"]]
    lines = []
    for row in answers.figures.missing_reports.itertuples():
        content, window = contents.loc[row.task_id]
        lines.append(
            f'<a class="task-row missing" href="{links.to("task", task=row.task_id)}">'
            f'<b class="unit">{units((row.unit,))}</b><span class="what"><span>{escape(row.task_id)} '
            f"{escape(wording.short_title(content, 40))}（{escape(window)}）</span></span>"
            f'{state(Status(row.status))}<span class="number">{percent(row.completion)}</span></a>'
        )
    return _list(lines, 0, links)


def _list(
    lines: list[str],
    more: int,
    links: Links,
    completion: str = "",
    gap: str = "",
    unit: str = "",
    what: str = "",
    page: str = "gantt",
    counted: str = "项",
) -> str:
    head = ""
    if what:
        head = (
            f'<div class="task-row head"><span></span><span class="unit">{unit}</span>'
            f'<span class="what">{what}</span><span class="number">{completion}</span>'
            f'<span class="number">{gap}</span></div>'
        )
    return f'<div class="task-list">{head}{"".join(lines)}</div>{_more(more, links, page, counted)}'


def _more(count: int, links: Links, page: str, counted: str) -> str:
    """Return how many rows are not shown, and the way to them."""
    return f'<a class="more" href="{links.to(page)}">另{count}{counted}</a>' if count > 0 else ""


def curve(answers: Answers, *, dark: bool) -> str:
    """Return the S-curve as a picture (SVG): the plan dotted, completion solid up to the last reported month.

    Beyond the last report the completion is what it was then: grey and dashed, not a fact.
    """
    rows = answers.figures.by_month
    if rows.empty:
        return ""
    first, last = int(rows["month"].iloc[0]), int(rows["month"].iloc[-1])
    year = answers.figures.dataset.settings.year
    reported = min(answers.figures.dataset.latest_month, answers.month)
    passed = (answers.month - first) / max(last - first, 1)
    width, height, left, top, bottom = 420.0, 176.0, 16.0, 20.0, 24.0
    right = max(20.0, 96.0 - (1 - passed) * (width - left))  # room for what stands beside the point

    def x(month: float) -> float:
        return left + (month - first) / max(last - first, 1) * (width - left - right)

    def y(share: float) -> float:
        return top + (1 - share) * (height - top - bottom)

    def path(part: pd.DataFrame, column: str) -> str:
        places = [
            f"{x(m):.1f},{y(v):.1f}" for m, v in zip(part["month"], part[column], strict=True)
        ]
        return f"M{' L'.join(places)}" if places else ""

    known = rows[rows["month"] <= reported]
    silent = rows[(rows["month"] >= reported) & (rows["month"] <= answers.month)]
    here = rows[rows["month"] == answers.month].iloc[0]
    labels = "".join(
        f'<text x="{x(month):.1f}" y="{height - 6:.0f}" text-anchor="middle" '
        f'class="{"now" if month == answers.month else "muted"}">'
        f"{months.number_of(month)}{'月' if month in (first, answers.month) else ''}</text>"
        for month in rows["month"]
        if month in (first, last, answers.month) or (month - first) % 3 == 2
    )
    ahead = here["earned_value"] >= here["planned_value"] and passed > 0.3
    side, across, down = ("end", -8, -8) if ahead else ("start", 8, 16)
    done = (
        f'<text x="{x(answers.month) + across:.1f}" y="{y(here["earned_value"]) + down:.1f}" '
        f'text-anchor="{side}" class="done">完成{wording.percent(here["earned_value"])}</text>'
    )
    words = (
        f"{months.label(answers.month, year)}末完成{wording.percent(here['earned_value'])}，"
        f"序时进度{wording.percent(here['planned_value'])}"
    )
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}">'
        f"<style>{_CURVE_STYLE.substitute(_CURVE_COLOURS[dark])}</style>"
        f'<path class="plan" d="{path(rows, "planned_value")}"/>'
        f'<path class="silent" d="{path(silent, "earned_value")}"/>'
        f'<path class="earned" d="{path(known, "earned_value")}"/>'
        f'<circle class="point" cx="{x(answers.month):.1f}" cy="{y(here["earned_value"]):.1f}" r="4.5"/>'
        f"{done}{labels}</svg>"
    )
    picture = b64encode(svg.encode()).decode()
    beyond = '<span><i class="line silent"></i>没有填报</span>' if reported < answers.month else ""
    return (
        f'<p class="bar-legend"><span><i class="line"></i>完成率</span>{beyond}'
        '<span><i class="line plan"></i>序时进度</span></p>'
        f'<img class="curve" alt="{escape(words)}" src="data:image/svg+xml;base64,{picture}">'
    )


_CURVE_STYLE = Template(
    "path{fill:none}.plan{stroke:$muted;stroke-dasharray:2 4;stroke-width:1.5}"
    ".earned{stroke:$earned;stroke-width:3}"
    ".silent{stroke:$muted;stroke-dasharray:5 4;stroke-width:2}.point{fill:$earned}"
    "text{fill:$ink;font:13px 'Microsoft YaHei','PingFang SC','Noto Sans CJK SC',sans-serif}"
    "text.muted{fill:$muted}text.done{fill:$earned;font-weight:600}text.now{font-weight:600}"
)
_CURVE_COLOURS = {
    False: {"ink": "#1B2430", "muted": "#525C6D", "earned": "#1F4E9E"},
    True: {"ink": "#E6EAF0", "muted": "#A9B4C2", "earned": "#8FB6F7"},
}
