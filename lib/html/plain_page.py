"""The five answers and the Gantt of a month as a page of its own, without script."""

from __future__ import annotations

from html import escape

from lib.core import findings, months
from lib.core.answers import Answers
from lib.core.figures import Figures
from lib.core.gantt import gantt
from lib.html import answers as html
from lib.html.colours import ANSWERS_CSS, css_variables
from lib.html.gantt import gantt_html, gantt_legend
from lib.html.markup import FOCUS_UNIT, Links

PAGE = "plain"
_STYLE = """
body { margin: 0 auto; max-width: 1800px; padding: 16px; background: #fff;
  font-family: 'Microsoft YaHei','PingFang SC','Noto Sans CJK SC',sans-serif; }
h1 { font-size: 1.75rem; line-height: 1.3; margin: 0 0 .5rem; }
nav { display: flex; flex-wrap: wrap; gap: .5rem 1rem; margin-bottom: .75rem; }
nav a { color: #1f4e9e !important; } nav b, nav a { padding: .25rem 0; }
section { margin-top: 1.25rem; }
@media (min-width: 1100px) { .lists { display: grid; grid-template-columns: 1fr 1fr; gap: 0 2.5rem; } }
@media print { @page { size: A4 landscape; margin: 10mm; } nav { display: none; }
  section { break-inside: avoid; } }
"""


def answers_html(answers: Answers, links: Links) -> str:
    """Return verdict, figures and lists of 总览, in the order in which a phone shows them."""
    sections = "".join(
        f"<section><h2>{escape(title)}</h2>{text}</section>"
        for _, title, text in html.answer_lists(answers, links)
        if title
    )
    return (
        f"<h1>{escape(answers.verdict)}</h1>{html.strip(answers, links)}"
        # The class of the container on 总览: its lists stand side by side in the same places.
        f'<div class="lists st-key-answers">{sections}</div>'
    )


def plain_page(figures: Figures) -> str:
    """Return the page: the answers, the units, every task in the Gantt, the way to other months."""
    answers, chart = Answers.of(figures), gantt(figures)
    settings = figures.dataset.settings
    links = Links((("month", months.text(figures.selection.month)),), only=PAGE)
    title = "·".join(settings.parties) + settings.title
    notes = [escape(findings.selection_words(figures.selection))]
    if figures.dataset.has_demo:
        notes.append("<b>演示数据：进展为虚构示例，不是两地的真实进展</b>")
    if answers.silence:
        notes.append(escape(answers.silence))
    units = html.gap_bars(answers.units, links, "units", FOCUS_UNIT)
    return (
        '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title or '工作计划')}</title><style>{css_variables()}"
        f"{ANSWERS_CSS.read_text(encoding='utf-8')}{_STYLE}</style></head>"
        f'<body class="figures light"><nav aria-label="月份">{_months(figures)}</nav>'
        f"<main>{answers_html(answers, links)}<p>{escape(title)}　{'；'.join(notes)}</p>"
        f"<section><h2>{escape(answers.worst_title('单位', answers.units))}</h2>{units}</section>"
        f"<section><h2>{escape(answers.plan_title)}</h2>{gantt_legend(figures, chart)}"
        f"{gantt_html(figures, chart, links)}</section></main></body></html>"
    )


def _months(figures: Figures) -> str:
    """Return the months up to the latest reported one, and the way to the whole dashboard."""
    shown = [month for month in figures.dataset.axis if month <= figures.dataset.latest_month]
    items = [
        f"<b>{months.text(month)}</b>"
        if month == figures.selection.month
        else f'<a href="{PAGE}?month={months.text(month)}">{months.text(month)}</a>'
        for month in shown or [figures.selection.month]
    ]
    return "".join(items) + '<a href="./">完整看板</a>'
