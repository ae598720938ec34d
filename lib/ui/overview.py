"""The parts of the 总览 page: the five answers, what is asked for, and the curve."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape

import streamlit as st

from lib.access import Permission
from lib.core.answers import Answers
from lib.core.figures import Figures
from lib.core.gantt import gantt
from lib.core.matters import Matter, late
from lib.html import answers as html
from lib.html import matters as html_matters
from lib.html.gantt import gantt_html
from lib.html.markup import Links
from lib.ui.kit import navigation, session
from lib.ui.kit.links import figures_html, is_dark


def windows(figures: Figures, links: Links) -> None:
    """Draw a plan that nobody has reported on: the way to 填报, and when its tasks are due."""
    if session.may(Permission.REPORT):
        navigation.link("report", "去填报")
    figures_html(gantt_html(figures, gantt(figures), links))


def strip(answers: Answers, links: Links) -> None:
    """Draw the figures behind the verdict. Viewers of the same share their text for the day."""
    key = ("strip", links, date.today())
    figures_html(answers.figures.once(key, lambda: html.strip(answers, links)))


def late_matters(matters: Sequence[Matter], links: Links) -> None:
    """Draw those of the 督办事项 that are overdue."""
    today = date.today()
    if overdue := late(matters, today):
        figures_html(html_matters.late_matters(overdue, today, links))


def answer_lists(answers: Answers, links: Links) -> None:
    """Draw the answers below the verdict, each a container of its own (`screen.css` places them).

    They stand in the order in which a phone shows them. Viewers of the same share their text.
    """
    dark = is_dark()
    lists = answers.figures.once(
        ("answer lists", links, dark), lambda: _answer_lists(answers, links, dark=dark)
    )
    for name, title, text in lists:
        if title:
            with st.container(key=f"answer-{name}"):
                figures_html(f"<h2>{escape(title)}</h2>{text}")


def _answer_lists(answers: Answers, links: Links, *, dark: bool) -> list[tuple[str, str, str]]:
    requests = len(answers.requests)
    return [
        *html.answer_lists(answers, links),
        ("curve", "完成率与序时进度", html.curve(answers, dark=dark)),
        (
            "requests",
            f"需要协调{requests}项" if requests else "",
            html.request_list(answers, links),
        ),
    ]
