"""A month as one HTML file that opens from a stick: figures, charts, Gantt and all tasks.

Nothing is fetched and nothing runs: styles stand in the file, charts are SVG, the policy in its head
forbids all else. Printed, each slide takes a page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from lib.core import wording
from lib.core.status import Status, look, mark
from lib.report.briefing import completion_words
from lib.report.deck import deck
from lib.report.deck_arrangement import Arrangement
from lib.report.material import DEMO_SENTENCE, Material, Progress, unheard
from lib.report.slides import Part
from lib.report.svg_deck import FONTS, svg

_STYLE = f"""
body {{ font: 16px/1.6 {FONTS}; color: #1b2430; margin: 0 auto; max-width: 1280px; padding: 16px; }}
h1 {{ font-size: 28px; line-height: 1.3; }} h2 {{ font-size: 22px; margin-top: 32px; }}
svg {{ display: block; width: 100%; height: auto; margin: 16px 0; border: 1px solid #cbd3df; }}
.table {{ overflow-x: auto; }} table {{ border-collapse: collapse; width: 100%; font-size: 14px; }}
th, td {{ border: 1px solid #cbd3df; padding: 4px 8px; text-align: left; vertical-align: top; }}
th {{ background: #1f4e9e; color: #fff; white-space: nowrap; }} td.number {{ text-align: right; }}
td.state {{ white-space: nowrap; }} .demo {{ color: #c1272d; font-weight: 700; }} footer {{ color: #5b6675; }}
@media print {{
  @page {{ size: A4 landscape; margin: 10mm; }}
  body {{ max-width: none; padding: 0; }}
  svg {{ break-inside: avoid; break-after: page; border: 0; max-height: 185mm; }}
  thead {{ display: table-header-group; }} tr {{ break-inside: avoid; }}
}}
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def html_month(
    material: Material, arrangement: Arrangement | None = None, progress: Progress = unheard
) -> bytes:
    """Return the file; ``progress`` hears the share done and what was drawn."""
    chosen = arrangement or Arrangement()
    left_out = {Part.COVER, Part.EVIDENCE}
    slides = deck(
        material, chosen.only(*(p for p in chosen.parts if p not in left_out)), marked=False
    )
    title = f"{material.title}{material.month}进展情况"
    parts = [
        f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_STYLE}</style></head><body><h1>{escape(title)}</h1>"
    ]
    if material.demo:
        parts.append(f'<p class="demo">{DEMO_SENTENCE}</p>')
    if material.edition:
        parts.append(f"<p>{escape(material.edition)}</p>")
    parts.append(f"<p><b>{escape(material.answers.verdict)}</b></p>")
    if len(material.figures.tasks):
        for slide in slides:
            words = escape(f"{slide.part}：{slide.heading}", quote=True)
            drawn = svg(material, slide, len(slides))
            parts.append(drawn.replace("<svg ", f'<svg role="img" aria-label="{words}" ', 1))
            progress(0.9 * slide.number / len(slides), slide.part)
        parts += ["<h2>全部任务</h2>", *_tasks(material)]
    parts.append(f"<footer><p>{escape(material.source)}。</p></footer></body></html>")
    progress(1.0, "全部任务")
    return "".join(parts).encode()


def _tasks(material: Material) -> Iterator[str]:
    headers = ("编号", "类型", "任务", "责任单位", "计划时间", "状态", "完成", "应完成", "完成情况")
    yield '<div class="table"><table><thead><tr>'
    yield "".join(f"<th>{header}</th>" for header in headers)
    yield "</tr></thead><tbody>"
    facts = material.figures.dataset.tasks
    for row in material.figures.tasks.itertuples():
        status = Status(row.status)
        yield _row(
            (row.task_id, row.category, facts.at[row.task_id, "content"]),
            material.units_of(row.task_id),
            facts.at[row.task_id, "window_text"],
            status,
            (wording.percent(row.completion), wording.percent(row.planned_value)),
            completion_words(material, row),
        )
    yield "</tbody></table></div>"


def _row(
    first: Sequence[str],
    units: str,
    window: str,
    status: Status,
    shares: Sequence[str],
    words: str,
) -> str:
    cells = [f"<td>{escape(str(text))}</td>" for text in (*first, units, window)]
    colours = f"background:{look(status).colour};color:{look(status).ink}"
    cells.append(f'<td class="state" style="{colours}">{escape(mark(status))}</td>')
    cells += [f'<td class="number">{share}</td>' for share in shares]
    return f"<tr>{''.join(cells)}<td>{escape(words)}</td></tr>"
