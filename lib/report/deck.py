"""The slides of a meeting: which there are, what each says, and how much fits on one.

A deck is laid out on a stage of 1920 × 1080 points. `lib.report.pptx_deck` draws it as
.pptx, `lib.report.svg_deck` as SVG for 汇报模式; both show the same slides in the same order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from lib.core import findings, months, wording
from lib.core.figures import Figures, flag_lists
from lib.core.status import Flag, Status, look, mark
from lib.report.material import DEMO_SENTENCE, Material
from lib.report.slides import (
    BOTTOM,
    LEFT,
    RIGHT,
    TOP,
    Content,
    Cover,
    Curve,
    Grid,
    Groups,
    Part,
    Slide,
    Tile,
    Tiles,
    Timeline,
)

GROUP_ROWS, TASK_ROWS = 16, 22

DEFAULT_PARTS = tuple(Part)


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
        title, contents = _PARTS[part](material)
        pages = [content for content in contents if content is not None]
        if material.figures.tasks.empty and part not in (Part.COVER, Part.HEADLINE):
            continue
        words = [(notes or {}).get(part, "").strip(), _spoken(material, part), material.source]
        if material.demo:
            words.append(DEMO_SENTENCE)
        said = "\n".join(text for text in words if text)
        for number, content in enumerate(pages, start=1):
            slides.append(Slide(part, title, content, said, number, len(pages)))
    return slides


Made = tuple[str, list[Content]]


def _cover(material: Material) -> Made:
    settings = material.figures.dataset.settings
    named = ("与".join(settings.parties), f"{settings.title}进展情况")
    lines = (f"截至{material.month}末", material.scope, material.date_words, material.edition)
    cover = Cover(tuple(filter(None, lines)), tuple(filter(None, named)))
    return f"{material.title}进展情况", [cover]


def _headline(material: Material) -> Made:
    figures = material.figures
    if figures.overall.empty:
        return findings.NOTHING, [
            Cover((material.scope, f"截至{material.month}末"), (findings.NOTHING,))
        ]
    now = figures.overall.iloc[0]
    before = None if figures.previous is None else figures.previous.overall.iloc[0]

    def change(name: str, *, share: bool = False) -> str:
        if before is None:
            return ""
        if share:
            return wording.signed_points(now[name] - before[name])
        gain = int(now[name] - before[name])
        return f"{gain:+d}项" if gain else "持平"

    blue = look(Flag.DUE_NEXT).colour
    tiles = [
        Tile(
            "总体完成率",
            wording.percent(now["earned_value"]),
            change("earned_value", share=True),
            blue,
        ),
        Tile(
            "序时进度",
            wording.percent(now["planned_value"]),
            change("planned_value", share=True),
            "#5B6675",
        ),
        Tile("SPI", wording.ratio(now["spi"]), "大于1为领先", "#5B6675"),
    ]
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


def against(row: object) -> str:
    """Return a group's completion against plan as its bar's label: 39.7%／65.0%."""
    earned, planned = row.earned_value, row.planned_value  # type: ignore[attr-defined]
    return f"{wording.percent(earned)}／{wording.percent(planned)}"


def ranked(rows: pd.DataFrame) -> pd.DataFrame:
    """Return a roll-up with the group furthest ahead of plan first."""
    gap = rows["earned_value"] - rows["planned_value"]
    return rows.assign(gap=gap).sort_values("gap", ascending=False, kind="stable")


def _categories(material: Material) -> Made:
    rows = material.figures.by_category
    return findings.groups(rows, "类型"), [
        Groups(page, "类型") for page in _pages(rows, GROUP_ROWS)
    ]


def _units(material: Material) -> Made:
    rows = ranked(material.figures.by_unit)
    return findings.groups(rows, "单位"), [
        Groups(page, "单位") for page in _pages(rows, GROUP_ROWS)
    ]


def _curve(material: Material) -> Made:
    figures = material.figures
    rows, year = figures.by_month, figures.dataset.settings.year
    past = rows["month"] <= figures.selection.month
    content = Curve(
        tuple(months.label(month, year) for month in rows["month"]),
        tuple(rows["planned_value"]),
        tuple(rows.loc[past, "earned_value"]),
    )
    return findings.curve(figures), [content]


def _gantt(material: Material) -> Made:
    figures = material.figures
    facts = figures.dataset.tasks.loc[figures.tasks["task_id"]]
    rows = figures.tasks.assign(
        title=[wording.short_title(text, 60) for text in facts["content"]],
        is_deadline=facts["is_deadline"].to_numpy(),
    )
    axis, month = figures.dataset.axis, figures.selection.month
    return findings.timeline(figures), [
        Timeline(page, axis, month) for page in _pages(rows, TASK_ROWS)
    ]


def _indicators(material: Material) -> Made:
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
    return findings.indicators(figures), _grids(
        headers, widths, cells, "所选任务都是定性任务，没有量化指标。"
    )


def done_of_target(row: object) -> str:
    """Return an indicator's quantities with its measure word: 8／10家, 3／2～3名."""
    upper = row.upper  # type: ignore[attr-defined]
    most = "" if pd.isna(upper) else f"～{wording.quantity(upper)}"
    done, target = wording.quantity(row.done), wording.quantity(row.target)  # type: ignore[attr-defined]
    return f"{done}／{target}{most}{row.measure}"  # type: ignore[attr-defined]


def _attention(material: Material) -> Made:
    figures = material.figures
    rows = figures.attention
    cells = [
        (state, title, units, reason)
        for (state, title, units), reason in zip(
            _task_cells(figures, rows), findings.reasons(figures, rows), strict=True
        )
    ]
    headers, widths = ("状态", "任务", "责任单位", "原因"), (170, 650, 360, 580)
    return findings.attention(figures), _grids(headers, widths, cells, "没有需要关注的任务。")


def _due(material: Material) -> Made:
    figures, month = material.figures, material.figures.selection.month + 1
    rows = figures.tasks
    open_ = rows["status"] != Status.COMPLETED
    starts, ends = rows["start"] == month, (rows["end"] == month) & open_
    chosen = rows[starts | ends]
    events = [
        "、".join(word for word, on in (("启动", a), ("到期", b)) if on)
        for a, b in zip(starts[chosen.index], ends[chosen.index], strict=True)
    ]
    cells = [
        (event, title, units, f"{wording.percent(done, 0)}", state)
        for event, (state, title, units), done in zip(
            events, _task_cells(figures, chosen), chosen["completion"], strict=True
        )
    ]
    headers, widths = ("下月", "任务", "责任单位", "完成率", "状态"), (130, 860, 440, 140, 190)
    return findings.due(figures), _grids(headers, widths, cells, "下月没有任务启动或到期。")


def _task_cells(figures: Figures, rows: pd.DataFrame) -> Iterator[tuple[str, str, str]]:
    facts = figures.dataset.tasks
    for row, flags in zip(rows.itertuples(), flag_lists(rows), strict=True):
        state = mark(str(row.status))
        if Flag.DUE_NEXT in flags:
            state += f" {look(Flag.DUE_NEXT).icon}"
        title = f"{row.task_id} {wording.short_title(facts.at[row.task_id, 'content'], 60)}"
        yield state, title, "、".join(facts.at[row.task_id, "units"])


def _corrections(material: Material) -> Made:
    rows = material.corrections
    if rows is None or rows.empty:
        return "定稿后没有更正", []
    cells = [tuple(str(value) for value in row) for row in rows.itertuples(index=False)]
    share = (RIGHT - LEFT) // len(rows.columns)
    widths = (RIGHT - LEFT - share * (len(rows.columns) - 1),) + (share,) * (len(rows.columns) - 1)
    return f"定稿后有{material.corrected}项更正", _grids(tuple(rows.columns), widths, cells, "")


def _evidence(material: Material) -> Made:
    cells = [
        (item.task_id, item.month, item.unit, item.name, f"第{submission.revision}号")
        for submission, item in material.evidence
    ]
    headers, widths = (
        ("任务", "月份", "填报单位", "佐证材料", "上报记录"),
        (140, 160, 320, 970, 170),
    )
    grids = _grids(headers, widths, cells, "") if cells else []
    return f"佐证材料{len(cells)}份", grids


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
        shown = set(figures.attention["task_id"])
        said = [
            f"{task}（{units}）{name}：{text}"
            for column, name in (
                ("issues", "问题"),
                ("next_steps", "下一步"),
                ("coordination", "需协调"),
            )
            for task, units, text in material.remarks(column)
            if task in shown
        ]
        return "\n".join(said)
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


def _grids(
    headers: tuple[str, ...],
    widths: tuple[int, ...],
    cells: Sequence[tuple[str, ...]],
    empty: str,
) -> list[Content]:
    """Return a table cut into slides by the height its rows need."""
    measured = Grid(headers, widths, (), empty)
    room = BOTTOM - TOP - measured.height(headers)
    heights = [measured.height(row) for row in cells]
    count = len(_cut(heights, room))
    even = sum(heights) // count + max(heights, default=0)
    cuts = _cut(heights, min(room, even))  # pages of one table are nearly equal
    return [
        Grid(headers, widths, tuple(cells[place] for place in page), empty)
        for page in (cuts if len(cuts) == count else _cut(heights, room))
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
