"""Every slide measured: sizes of text, and how much of the body stays empty."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from lib.report import measure
from lib.report.deck import deck
from lib.report.slide_page import BOTTOM, HEIGHT, LEAST, TOP, WIDTH
from lib.report.slides import Cover
from lib.report.svg_deck import svg

SVG = "{http://www.w3.org/2000/svg}"
POINTS = 2  # units of the slide to a point: 1920 units are 13.333 inches


@pytest.fixture(scope="module")
def pictures(any_material):
    slides = deck(any_material)
    return [
        (slide, ElementTree.fromstring(svg(any_material, slide, len(slides))))  # noqa: S314
        for slide in slides
    ]


def test_nothing_is_under_18_points_before_the_appendix(pictures):
    for slide, picture in pictures:
        sizes = [float(text.get("font-size")) / POINTS for text in picture.iter(f"{SVG}text")]
        assert min(sizes) >= (12 if slide.appendix else 18) <= LEAST, slide.part


def test_tables_and_sentences_are_set_in_22_to_26_points(pictures):
    for slide, _ in pictures:
        if not slide.appendix and hasattr(slide.content, "size"):
            assert 22 <= slide.content.size / POINTS <= 26


def test_no_slide_is_half_empty(pictures):
    """What is drawn reaches beyond two thirds of the body, and no gap takes a third of it."""
    for slide, picture in pictures:
        if isinstance(slide.content, Cover):
            continue
        covered = sorted(span for span in spans(picture) if span[1] > TOP and span[0] < BOTTOM)
        reach = TOP
        for top, bottom in covered:
            assert top - reach < (BOTTOM - TOP) / 3, slide.part
            reach = max(reach, bottom)
        assert reach >= TOP + (BOTTOM - TOP) * 2 / 3, (slide.part, reach)


def spans(picture):
    """Where texts, boxes and pictures lie: their tops and bottoms."""
    for text in picture.iter(f"{SVG}text"):
        y, size = float(text.get("y")), float(text.get("font-size"))
        yield y - size, y
    for tag in ("rect", "image"):
        for box in list(picture.iter(f"{SVG}{tag}"))[tag == "rect" :]:  # the first is the paper
            y = float(box.get("y"))
            yield y, y + float(box.get("height"))


def test_all_text_stands_on_the_slide(pictures):
    for slide, picture in pictures:
        for text in picture.iter(f"{SVG}text"):
            x, size = float(text.get("x")), float(text.get("font-size"))
            long = measure.width(text.text or "", size)
            left = {"start": x, "middle": x - long / 2, "end": x - long}[text.get("text-anchor")]
            assert left >= 0, (slide.part, text.text)
            assert left + long <= WIDTH, (slide.part, text.text)
            assert 20 < float(text.get("y")) < HEIGHT - 10
