"""The Gantt as HTML: one line per task, readable at any width, on paper and aloud.

    category │ task │ unit │ window │ ▒▒▒▒▓▓▓▓│▒▒▒  │ 80% │ +5
                                     window, done, tick where it should be, line of the month

A pale bar is the window, the solid part what is done, the black tick where it should be now, red
dashes how long it is overdue, a diamond a milestone. Colour is for the exception: late tasks have
it, completed ones are green, all others are grey.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from lib.core import months
from lib.core.figures import Figures
from lib.core.gantt import Gantt, GanttRow
from lib.core.indicators import done_of_target
from lib.core.status import REPORTED_DONE, Status, look
from lib.html.markup import CLASSES, Links, percent, points, state, units, units_text

_COLOURED = (Status.OVERDUE, Status.BEHIND, *REPORTED_DONE)


def gantt_html(figures: Figures, chart: Gantt, links: Links) -> str:
    """Return the Gantt (`lib.core.gantt.gantt`) of the figures' tasks."""
    notes = _details(figures)
    lines = []
    for place, row in enumerate(chart.rows):
        first = place == 0 or chart.rows[place - 1].category != row.category
        named = first or chart.order != "category"
        lines.append(_row(row, chart, links, notes[row.task_id], named))
    labels = "".join(
        f'<span class="{"now" if place + 1 == chart.now else ""}">'
        f"{months.number_of(month)}{'月' if place == 0 or place + 1 == chart.now else ''}</span>"
        for place, month in enumerate(chart.months)
    )
    head = (
        '<div class="gantt-row head"><span class="category">类型</span><span class="task">任务</span>'
        '<span class="unit">责任单位</span><span class="window">计划时间</span>'
        f'<span class="track">{labels}</span><span class="number">完成</span>'
        '<span class="number">差</span></div>'
    )
    category = max((len(row.category) for row in chart.rows), default=0)
    unit = max((len(units_text(row.units)) for row in chart.rows), default=0)
    size = (
        f"--rows:{len(chart.rows)};--months:{len(chart.months)};"
        f"--category:{min(max(category, 3), 8)};--unit:{min(max(unit, 4), 11)}"
    )
    return f'<div class="gantt" style="{size}">{head}{"".join(lines)}</div>'


def gantt_legend(figures: Figures, chart: Gantt) -> str:
    """Return what the marks and colours of a Gantt mean, those that there are."""
    states = {row.status for row in chart.rows}
    month = months.label(figures.selection.month, figures.dataset.settings.year)
    marks = [
        ("window", "计划时间", True),
        ("done", "已完成的部分", True),
        *((f"done {CLASSES[status]}", str(status), status in states) for status in _COLOURED),
        ("tick", "此时应到的位置", True),
        ("overdue-line", "已超期", Status.OVERDUE in states),
        ("milestone", "进度节点", any(row.steps for row in chart.rows)),
        ("baseline", "基准（最初下达的计划时间）", any(row.baseline for row in chart.rows)),
        ("extended", "批准的延期", any(row.extended is not None for row in chart.rows)),
        ("now", f"{month}末", True),
    ]
    items = (f'<span><i class="{mark}"></i>{word}</span>' for mark, word, there in marks if there)
    return f'<p class="gantt-legend">{"".join(items)}</p>'


def _row(row: GanttRow, chart: Gantt, links: Links, details: str, named: bool) -> str:
    scale = 100 / len(chart.months)

    def span(start: float, end: float) -> str:
        return f"left:{start * scale:.2f}%;width:{(end - start) * scale:.2f}%"

    marks = [f'<i class="window" style="{span(row.start, row.end)}"></i>']
    if row.completion > 0:
        marks.append(f'<i class="done" style="{span(row.start, row.done)}"></i>')
    if row.baseline:
        marks.append(f'<i class="baseline" style="{span(*row.baseline)}"></i>')
    if row.extended is not None:
        marks.append(f'<i class="extended" style="{span(row.end, row.extended)}"></i>')
    if row.late_to is not None:
        marks.append(f'<i class="overdue-line" style="{span(row.end, row.late_to)}"></i>')
    if row.status not in REPORTED_DONE and row.planned_value > 0:
        marks.append(f'<i class="tick" style="left:{row.due * scale:.2f}%"></i>')
    for place, words in row.steps:
        title = escape(f"进度节点：{words}", quote=True)
        marks.append(f'<i class="milestone" style="left:{place * scale:.2f}%" title="{title}"></i>')
    marks.append(f'<i class="now" style="left:{chart.now * scale:.2f}%"></i>')
    tone = CLASSES[row.status] if row.status in _COLOURED else "neutral"
    gap = look(row.status).icon if row.status in REPORTED_DONE else points(row.gap)
    late = tone in ("overdue", "behind")
    remarks = "".join(f'<p class="remark">{escape(remark)}</p>' for remark in row.remarks)
    return (
        f'<div class="gantt-row {tone}{" first" if named else ""}" tabindex="0">'
        f'<span class="category" title="{escape(row.category)}">'
        f"{escape(row.category) if named else ''}</span>"
        f'<a class="task" href="{links.to("task", task=row.task_id)}">'
        f"{_title(row)}</a>"
        f'<span class="unit">{units(row.units)}</span>'
        f'<span class="window">{escape(row.window_text)}</span>'
        f'<span class="track">{"".join(marks)}</span>'
        f'<b class="number{f" {tone}-text" if late else ""}">{percent(row.completion)}</b>'
        f'<span class="number{f" {tone}-text" if late else ""}">{gap}</span>'
        f'<div class="details">{state(row.status)}{remarks}{details}</div></div>'
    )


def _title(row: GanttRow) -> str:
    """Return the title, with the most telling remark as a small sign; all of them on hover."""
    title = escape(row.title)
    if not row.sign:
        return title
    hover = escape("；".join(row.remarks), quote=True)
    return f'<span>{title}</span><small class="remark" title="{hover}">{escape(row.sign)}</small>'


def _details(figures: Figures) -> Mapping[str, str]:
    """Return by task what is shown on hover and on a tap: text, units, indicators, last report."""
    tasks, progress = figures.dataset.tasks, figures.dataset.progress
    progress = progress[progress["month"] <= figures.selection.month]
    indicators = dict(iter(figures.indicators.groupby("task_id")))
    last = dict(iter(progress.groupby("task_id")))
    details = {}
    for task_id in figures.tasks["task_id"]:
        facts = tasks.loc[task_id]
        parts = [
            f"<p>{escape(facts['content'])}</p>",
            f"<p>责任单位：{escape('、'.join(facts['units']))}</p>",
            f"<p>计划完成时间：{escape(facts['window_text'])}</p>",
        ]
        if facts["milestones"]:
            parts.append(f"<p>进度节点：{escape(facts['milestones'].replace(chr(10), '；'))}</p>")
        if task_id in indicators:
            amounts = "；".join(
                f"{row.indicator} {done_of_target(row)}" for row in indicators[task_id].itertuples()
            )
            parts.append(f"<p>指标：{escape(amounts)}</p>")
        if task_id in last:
            rows = last[task_id]
            month = int(rows["month"].max())
            words = dict.fromkeys(
                text.strip()
                for column in ("note", "issues", "next_steps")
                for text in rows.loc[rows["month"] == month, column]
                if text.strip()
            )
            year = figures.dataset.settings.year
            report = (
                f"{months.label(month, year)}填报：{'；'.join(text.rstrip('。') for text in words)}"
            )
            parts.append(f"<p>{escape(report)}</p>")
        else:
            parts.append("<p>还没有填报</p>")
        details[task_id] = "".join(parts)
    return details
