"""Slides as SVG: readable from the last row, within the stage, and never markup from data."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.core import findings, wording
from lib.report import Material, measure
from lib.report.deck import deck
from lib.report.slide_gantt import GanttFrame
from lib.report.slide_page import BOTTOM, HEIGHT, TEXT, WIDTH
from lib.report.slides import Part, Tiles
from lib.report.svg_deck import image, svg
from tests.small_plans import as_of, plan, task

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def pictures(material):
    return [(slide, ElementTree.fromstring(svg(material, slide))) for slide in deck(material)]  # noqa: S314


def words(picture):
    return [text.text or "" for text in picture.iter(f"{SVG}text")]


def test_nothing_is_smaller_than_the_last_row_can_read(pictures):
    for _, picture in pictures:
        assert picture.get("viewBox") == f"0 0 {WIDTH} {HEIGHT}"
        for text in picture.iter(f"{SVG}text"):
            assert float(text.get("font-size")) >= TEXT >= 24


def test_all_text_stands_on_the_stage(pictures):
    for slide, picture in pictures:
        for text in picture.iter(f"{SVG}text"):
            x, size = float(text.get("x")), float(text.get("font-size"))
            long = measure.width(text.text or "", size)
            left = {"start": x, "middle": x - long / 2, "end": x - long}[text.get("text-anchor")]
            assert left >= 0, (slide.part, text.text)
            assert left + long <= WIDTH, (slide.part, text.text)
            assert 20 < float(text.get("y")) < HEIGHT - 20


def test_the_headline_and_the_figures_stand_on_it(material, pictures):
    slide, picture = next(one for one in pictures if one[0].part == Part.HEADLINE)
    assert "".join(words(picture)).startswith(findings.headline(material.figures))
    total = material.figures.overall.iloc[0]
    assert wording.percent(total["earned_value"]) in words(picture)
    assert slide.pages == 1


def test_every_task_is_on_a_gantt_with_its_completion(material, pictures):
    shown = [text for slide, one in pictures if slide.part == Part.GANTT for text in words(one)]
    for row in material.figures.tasks.itertuples():
        assert any(text.startswith(f"{row.task_id} ") for text in shown)
    states = [text for text in shown if re.search(r"\d+%$", text)]
    assert len(states) == len(material.figures.tasks)


def test_synthetic_data_is_marked(official):
    for slide in deck(official):
        assert "演示数据" in svg(official, slide)


def test_text_of_data_is_never_markup():
    data = plan([task("1", "2018年3月", content='<script>alert(1)</script>"&', units="<b>局</b>")])
    made = Material(as_of(data, 4), made=date(2018, 5, 1))
    for slide in deck(made):
        drawn = svg(made, slide)
        assert "<script" not in drawn
        assert "<b>" not in drawn
        ElementTree.fromstring(drawn)  # noqa: S314
        assert image(made, slide).count("<") == 1


@given(st.text(max_size=200), st.floats(24, 64), st.floats(100, 2000))
def test_wrapping_loses_nothing_and_keeps_the_width(text, size, room):
    lines = measure.wrap(text, size, room)
    assert "\n".join(lines).replace("\n", "") == text.replace("\n", "")
    for line in lines:
        assert (
            measure.width(line.rstrip("，。；：、！？）》”’％%,.;:!?)"), size) <= room + 1e-6
            or len(line) == 1
        )


@given(st.text(max_size=60), st.floats(60, 600))
def test_fitting_never_exceeds_the_room(text, room):
    assert measure.width(measure.fit(text, 24, room), 24) <= room


def test_months_of_several_years_do_not_run_into_each_other():
    data = plan([task("1", "2018年3月—2020年5月")])
    made = Material(as_of(data, 5), made=date(2018, 10, 8))
    (slide,) = deck(made, [Part.GANTT])
    labels = [(x, label) for x, label, _ in GanttFrame(slide.content).months() if label]
    assert "5月" in [label for _, label in labels]
    for (x, label), (after, _) in pairwise(labels):
        assert after - x >= measure.width(label, TEXT)


def test_a_year_names_each_of_its_months(official):
    (slide,) = deck(official, [Part.GANTT])
    labels = [label for _, label, _ in GanttFrame(slide.content).months()]
    assert labels == [f"{number}月" for number in range(1, 13)]


def test_many_long_sentences_shrink_until_they_fit():
    tiles = Tiles((), tuple("一句很长的话" * 18 for _ in range(5)))
    top, size, lines = tiles.paragraphs()[-1]
    assert top + size * 1.34 * len(lines) <= BOTTOM
    assert size >= TEXT
    assert Tiles((), ("短",)).paragraphs()[0][1] == 36
