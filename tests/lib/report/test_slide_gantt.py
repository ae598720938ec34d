"""The Gantt on a slide: months that can be read, tasks under their categories."""

from __future__ import annotations

import re
from datetime import date
from html import escape
from itertools import pairwise

from lib.report import Material, measure
from lib.report.deck import deck
from lib.report.deck_arrangement import Arrangement
from lib.report.slide_gantt import GanttFrame
from lib.report.slide_page import BOTTOM, FINE, RIGHT
from lib.report.slides import Part
from lib.report.svg_deck import svg
from tests.small_plans import as_of, plan, task

WHOLE = Arrangement().only(Part.GANTT)


def test_months_of_several_years_do_not_run_into_each_other():
    data = plan([task("1", "2018年3月—2020年5月")])
    material = Material(as_of(data, 5), made=date(2018, 10, 8))
    (slide,) = deck(material, WHOLE)
    labels = [(x, label) for x, label, _ in GanttFrame(slide.content).months() if label]
    assert "5月" in [label for _, label in labels]
    for (x, label), (after, _) in pairwise(labels):
        assert after - x >= measure.width(label, FINE)


def test_a_year_names_each_of_its_months(official):
    slide = deck(official, WHOLE)[0]
    labels = [label for _, label, _ in GanttFrame(slide.content).months()]
    assert labels == [f"{number}月" for number in range(1, 13)]


def test_every_task_has_a_row_within_the_page(material):
    listed = []
    for slide in deck(material, WHOLE):
        frame = GanttFrame(slide.content)
        listed += [row.task_id for row in slide.content.rows]
        for row in slide.content.rows:
            assert frame.axis_x <= frame.x(row.start) < frame.x(row.end) <= frame.end_x <= RIGHT
        assert frame.bottom <= BOTTOM + 0.01
    assert listed == list(material.figures.tasks["task_id"])


def test_no_name_of_a_task_is_cut(official):
    slides = deck(official, Arrangement().only(Part.NEXT, Part.GANTT))
    for slide in slides:
        drawn = "".join(
            re.findall(r"<text [^>]*>([^<]*)</text>", svg(official, slide, len(slides)))
        )
        for row in slide.content.rows:
            assert escape(row.title) in drawn
            assert not row.title.endswith("…")
