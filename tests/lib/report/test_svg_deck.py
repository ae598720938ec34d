"""Slides as SVG: readable from the last row, within the stage, and never markup from data."""

from __future__ import annotations

import re
from datetime import date
from xml.etree import ElementTree

import pytest

from lib.core import findings, wording
from lib.report import Material, measure
from lib.report.deck import deck
from lib.report.slide_page import HEIGHT, TEXT, WIDTH
from lib.report.slides import Part
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
    slide, picture = next(pair for pair in pictures if pair[0].part == Part.HEADLINE)
    assert "".join(words(picture)).startswith(findings.headline(material.figures))
    total = material.figures.overall.iloc[0]
    assert wording.percent(total["earned_value"]) in words(picture)
    assert slide.pages == 1


def test_every_task_is_on_a_gantt_with_its_completion(material, pictures):
    shown = [
        text for slide, picture in pictures if slide.part == Part.GANTT for text in words(picture)
    ]
    for row in material.figures.tasks.itertuples():
        assert any(text.startswith(f"{row.task_id} ") for text in shown)
    states = [text for text in shown if re.search(r"\d+%$", text)]
    assert len(states) == len(material.figures.tasks)


def test_synthetic_data_is_marked(official):
    for slide in deck(official):
        assert "演示数据" in svg(official, slide)


def test_text_of_data_is_never_markup():
    data = plan([task("1", "2018年3月", content='<script>alert(1)</script>"&', units="<b>局</b>")])
    material = Material(as_of(data, 4), made=date(2018, 5, 1))
    for slide in deck(material):
        drawn = svg(material, slide)
        assert "<script" not in drawn
        assert "<b>" not in drawn
        ElementTree.fromstring(drawn)  # noqa: S314
        assert image(material, slide).count("<") == 1
