"""The slides of a meeting: which there are, what each says, and how much fits on one.

`lib.report.slide_drawing` draws a slide, with `lib.report.pptx_deck` as .pptx and with
`lib.report.svg_deck` as SVG for full-screen mode: the same slides in the same order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from lib.core import findings, months, schema, wording
from lib.core.figures import flag_lists
from lib.core.status import Flag, Status, look, mark
from lib.report.colours import MUTED
from lib.report.material import DEMO_SENTENCE, EVIDENCE_HEADERS, Material
from lib.report.slide_page import BOTTOM, LEFT, RIGHT, TOP
from lib.report.slides import (
    Content,
    Cover,
    Curve,
    Gantt,
    GroupBars,
    Part,
    Slide,
    Table,
    Tile,
    Tiles,
)

P = schema.PLAN.headers
GROUP_ROWS, TASK_ROWS = 16, 22
DEFAULT_PARTS = tuple(Part)
Titled = tuple[str, list[Content]]
"""A part's title with the contents of its slides."""


def deck(
    material: Material,
    parts: Sequence[Part] = DEFAULT_PARTS,
    notes: Mapping[Part, str] | None = None,
) -> list[Slide]:
    """Return the slides of ``parts`` in that order; ``notes`` are the speaker's own words.

    更正 and 佐证材料 are left out where there is nothing to show; so is every part but the
    first two if the selection holds no task.
    """
    slides = []
    for part in parts:
        if material.figures.tasks.empty and part not in (Part.COVER, Part.HEADLINE):
            continue
        title, contents = _PARTS[part](material)
        words = [(notes or {}).get(part, "").strip(), _spoken(material, part), material.source]
        words += [DEMO_SENTENCE] * material.demo
        spoken = "\n".join(text for text in words if text)
        slides += [
            Slide(part, title, content, spoken, number, len(contents))
            for number, content in enumerate(contents, start=1)
        ]
    return slides


def _cover(material: Material) -> Titled:
    settings = material.figures.dataset.settings
    title = ("与".join(settings.parties), f"{settings.title}进展情况")
    lines = (f"截至{material.month}末", material.scope, material.date_words, material.edition)
    cover = Cover(tuple(filter(None, lines)), tuple(filter(None, title)))
    return f"{material.title}进展情况", [cover]


def _headline(material: Material) -> Titled:
    figures = material.figures
    if figures.overall.empty:
        cover = Cover((material.scope, f"截至{material.month}末"), (findings.NOTHING,))
        return findings.NOTHING, [cover]
    now = figures.overall.iloc[0]
    before = None if figures.previous is None else figures.previous.overall.iloc[0]

    def change(name: str, *, share: bool = False) -> str:
        if before is None:
            return ""
        if share:
            return wording.signed_points(now[name] - before[name])
        gain = int(now[name] - before[name])
        return f"{gain:+d}项" if gain else "持平"

    tiles = [
        Tile(label, wording.percent(now[name]), change(name, share=True), colour)
        for label, name, colour in (
            ("总体完成率", "earned_value", look(Flag.DUE_NEXT).colour),
            ("序时进度", "planned_value", MUTED),
        )
    ]
    tiles.append(Tile("SPI", wording.ratio(now["spi"]), "大于1为领先", MUTED))
    tiles += [
        Tile(mark(status), f"{int(now[name])}项", change(name), look(status).colour)
        for status, name in (
            (Status.COMPLETED, "completed"),
            (Status.BEHIND, "behind"),
            (Status.OVERDUE, "overdue"),
        )
    ]
    sentences = [
        findings.changed(figures),
        findings.groups(figures.by_category, "类型"),
        findings.attention(figures),
        findings.due(figures),
        findings.missing(figures),
    ]
    return findings.headline(figures), [Tiles(tuple(tiles), tuple(sentences))]


def ranked(rows: pd.DataFrame) -> pd.DataFrame:
    """Return a roll-up with the group furthest ahead of plan first."""
    gap = rows["earned_value"] - rows["planned_value"]
    return rows.assign(gap=gap).sort_values("gap", ascending=False, kind="stable")


def _categories(material: Material) -> Titled:
    rows = material.figures.by_category
    return findings.groups(rows, "类型"), [GroupBars(page) for page in _pages(rows, GROUP_ROWS)]


def _units(material: Material) -> Titled:
    rows = ranked(material.figures.by_unit)
    return findings.groups(rows, "单位"), [GroupBars(page) for page in _pages(rows, GROUP_ROWS)]


def _curve(material: Material) -> Titled:
    figures = material.figures
    rows, year = figures.by_month, figures.dataset.settings.year
    past = rows["month"] <= figures.selection.month
    content = Curve(
        tuple(months.label(month, year) for month in rows["month"]),
        tuple(rows["planned_value"]),
        tuple(rows.loc[past, "earned_value"]),
    )
    return findings.curve(figures), [content]


def _gantt(material: Material) -> Titled:
    figures = material.figures
    facts = figures.dataset.tasks.loc[figures.tasks["task_id"]]
    rows = figures.tasks.assign(
        title=[wording.short_title(text, 60) for text in facts["content"]],
        is_deadline=facts["is_deadline"].to_numpy(),
    )
    axis, month = figures.dataset.axis, figures.selection.month
    return findings.timeline(figures), [
        Gantt(page, axis, month) for page in _pages(rows, TASK_ROWS)
    ]


def _indicators(material: Material) -> Titled:
    figures = material.figures
    rows = figures.indicators.assign(gap=lambda it: it["completion"] - it["planned_value"])
    rows = rows.sort_values(["gap", "task_id"], kind="stable")
    cells = [
        (
            str(row.task_id),
            str(row.indicator),
            done_of_target(row),
            wording.percent(row.completion),
            wording.percent(row.planned_value),
            wording.signed_points(row.gap),
        )
        for row in rows.itertuples()
    ]
    headers = ("任务", "指标", "完成／目标", "完成率", "序时进度", "差距")
    widths = (140, 700, 300, 170, 170, 280)
    return findings.indicators(figures), _tables(
        headers, widths, cells, "所选任务都是定性任务，没有量化指标。"
    )


def done_of_target(indicator: Any) -> str:
    """Return an indicator's quantities with its measure word: 8／10家, 3／2～3名."""
    done, target, upper = map(wording.quantity, (indicator.done, indicator.target, indicator.upper))
    most = "" if pd.isna(indicator.upper) else f"～{upper}"
    return f"{done}／{target}{most}{indicator.measure}"


def _attention(material: Material) -> Titled:
    figures = material.figures
    rows = figures.attention
    reasons = findings.reasons(figures, rows)
    cells = [
        (*task, reason) for task, reason in zip(_task_cells(material, rows), reasons, strict=True)
    ]
    headers = ("状态", "任务", P["units_text"], "原因")
    return findings.attention(figures), _tables(
        headers, (170, 650, 360, 580), cells, "没有需要关注的任务。"
    )


def _due(material: Material) -> Titled:
    figures, month = material.figures, material.figures.selection.month + 1
    rows = figures.tasks
    open_ = rows["status"] != Status.COMPLETED
    due = rows[(rows["start"] == month) | ((rows["end"] == month) & open_)]
    cells = []
    for row, (state, title, units) in zip(
        due.itertuples(), _task_cells(material, due), strict=True
    ):
        events = ["启动"] * (row.start == month)
        events += ["到期"] * (row.end == month and row.status != Status.COMPLETED)
        cells.append(("、".join(events), title, units, wording.percent(row.completion, 0), state))
    headers = ("下月", "任务", P["units_text"], "完成率", "状态")
    return findings.due(figures), _tables(
        headers, (130, 860, 440, 140, 190), cells, "下月没有任务启动或到期。"
    )


def _task_cells(material: Material, rows: pd.DataFrame) -> Iterator[tuple[str, str, str]]:
    for row, flags in zip(rows.itertuples(), flag_lists(rows), strict=True):
        state = mark(str(row.status))
        if Flag.DUE_NEXT in flags:
            state += f" {look(Flag.DUE_NEXT).icon}"
        title = f"{row.task_id} {material.short_title(row.task_id, 60)}"
        yield state, title, material.units_of(row.task_id)


def _corrections(material: Material) -> Titled:
    rows = material.corrections
    if rows is None or rows.empty:
        return "定稿后没有更正", []
    cells = [tuple(str(value) for value in row) for row in rows.itertuples(index=False)]
    others = len(rows.columns) - 1
    share = (RIGHT - LEFT) // (others + 1)
    widths = (RIGHT - LEFT - share * others,) + (share,) * others
    return f"定稿后有{material.corrected}项更正", _tables(tuple(rows.columns), widths, cells)


def _evidence(material: Material) -> Titled:
    cells = material.evidence_rows
    tables = _tables(EVIDENCE_HEADERS, (140, 160, 320, 970, 170), cells) if cells else []
    return f"佐证材料{len(cells)}份", tables


_PARTS = {
    Part.COVER: _cover,
    Part.HEADLINE: _headline,
    Part.CATEGORIES: _categories,
    Part.UNITS: _units,
    Part.CURVE: _curve,
    Part.GANTT: _gantt,
    Part.INDICATORS: _indicators,
    Part.ATTENTION: _attention,
    Part.DUE: _due,
    Part.CORRECTIONS: _corrections,
    Part.EVIDENCE: _evidence,
}


def _spoken(material: Material, part: Part) -> str:
    """Return what the speaker may say beyond the slide: the reports' own words."""
    figures = material.figures
    if part == Part.ATTENTION:
        listed = set(figures.attention["task_id"])
        return "\n".join(
            f"{task}（{units}）{name}：{text}"
            for column, name in (
                ("issues", "问题"),
                ("next_steps", "下一步"),
                ("coordination", "需协调"),
            )
            for task, units, text in material.remarks(column)
            if task in listed
        )
    if part == Part.UNITS:
        return findings.missing(figures)
    if part in (Part.HEADLINE, Part.CURVE) and not figures.tasks.empty:
        return findings.changed(figures)
    return ""


def _pages(rows: pd.DataFrame, most: int) -> list[pd.DataFrame]:
    """Return rows cut into as few pages as needed, of nearly equal size."""
    count = max(1, -(-len(rows) // most))
    size = -(-len(rows) // count) if len(rows) else 1
    return [rows.iloc[start : start + size] for start in range(0, max(len(rows), 1), size)]


def _tables(
    headers: tuple[str, ...],
    widths: tuple[int, ...],
    cells: Sequence[tuple[str, ...]],
    empty: str = "",
) -> list[Content]:
    """Return a table cut into slides by the height its rows need, as evenly as that goes."""
    measured = Table(headers, widths, (), empty)
    room = BOTTOM - TOP - measured.height(headers)
    heights = [measured.height(row) for row in cells]
    cuts = _cut(heights, room)
    even = _cut(heights, min(room, sum(heights) // len(cuts) + max(heights, default=0)))
    return [
        Table(headers, widths, tuple(cells[place] for place in page), empty)
        for page in (even if len(even) == len(cuts) else cuts)
    ]


def _cut(heights: list[int], room: int) -> list[list[int]]:
    """Return the positions of rows page by page; a page holds ``room`` of height."""
    pages: list[list[int]] = [[]]
    used = 0
    for place, needed in enumerate(heights):
        if pages[-1] and used + needed > room:
            pages.append([])
            used = 0
        pages[-1].append(place)
        used += needed
    return pages
