"""Slides as SVG: readable from the last row, within the stage, and never markup from data."""

from __future__ import annotations

import re
from datetime import date
from xml.etree import ElementTree

import pytest

from lib.core import wording
from lib.report import Material
from lib.report.deck import deck
from lib.report.slides import Part
from lib.report.svg_deck import address, svg
from tests.small_plans import as_of, plan, task

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def pictures(material):
    slides = deck(material)
    return [(slide, ElementTree.fromstring(svg(material, slide, len(slides)))) for slide in slides]  # noqa: S314


def words(picture):
    return [text.text or "" for text in picture.iter(f"{SVG}text")]


def test_the_headline_and_the_figures_stand_on_it(material, pictures):
    slide, picture = next(pair for pair in pictures if pair[0].part == Part.HEADLINE)
    assert "".join(words(picture)).startswith(material.answers.verdict)
    total = material.figures.overall.iloc[0]
    assert wording.percent(total["earned_value"]) in words(picture)
    assert slide.pages == 1


def test_every_task_is_on_the_whole_gantt_with_its_completion(material, pictures):
    shown = [
        text for slide, picture in pictures if slide.part == Part.GANTT for text in words(picture)
    ]
    states = [text for text in shown if re.search(r"\d+%$", text)]
    rows = material.figures.tasks
    assert states == [wording.percent(value, 0) for value in rows["completion"]]


def test_synthetic_data_is_marked(official):
    for slide in deck(official):
        assert "演示数据" in svg(official, slide, 1)


def test_text_of_data_is_never_markup():
    data = plan([task("1", "2018年3月", content='<script>alert(1)</script>"&', units="<b>局</b>")])
    material = Material(as_of(data, 4), made=date(2018, 5, 1))
    for slide in deck(material):
        drawn = svg(material, slide, 1)
        assert "<script" not in drawn
        assert "<b>" not in drawn
        ElementTree.fromstring(drawn)  # noqa: S314
        assert re.fullmatch(
            r"data:image/svg\+xml;base64,[A-Za-z0-9+/=]+", address(material, slide, 1)
        )
