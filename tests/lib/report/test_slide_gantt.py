"""The Gantt on a slide: months that can be read, tasks under their categories."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from lib.report import Material, measure
from lib.report.deck import deck
from lib.report.slide_gantt import GanttFrame
from lib.report.slide_page import RIGHT, TEXT
from lib.report.slides import Part
from tests.small_plans import as_of, plan, task


def test_months_of_several_years_do_not_run_into_each_other():
    data = plan([task("1", "2018年3月—2020年5月")])
    material = Material(as_of(data, 5), made=date(2018, 10, 8))
    (slide,) = deck(material, [Part.GANTT])
    labels = [(x, label) for x, label, _ in GanttFrame(slide.content).months() if label]
    assert "5月" in [label for _, label in labels]
    for (x, label), (after, _) in pairwise(labels):
        assert after - x >= measure.width(label, TEXT)


def test_a_year_names_each_of_its_months(official):
    (slide,) = deck(official, [Part.GANTT])
    labels = [label for _, label, _ in GanttFrame(slide.content).months()]
    assert labels == [f"{number}月" for number in range(1, 13)]


def test_every_task_has_a_bar_within_the_page_under_its_category(material):
    listed = []
    for slide in deck(material, [Part.GANTT]):
        frame = GanttFrame(slide.content)
        bars = frame.bars()
        listed += [bar.task_id for bar in bars]
        assert all(frame.axis_x <= bar.x < bar.x + bar.width <= RIGHT for bar in bars)
        assert [bar.y for bar in bars] == sorted(bar.y for bar in bars)
        tops = [y for y, _ in frame.categories()]
        assert len(tops) == slide.content.rows["category"].nunique()
    assert listed == list(material.figures.tasks["task_id"])
