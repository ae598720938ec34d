"""Contents of slides: sentences that fit, the end of the curve, the look of a state."""

from __future__ import annotations

from lib.report.slide_page import BOTTOM, TEXT
from lib.report.slides import Curve, Tiles


def test_many_long_sentences_shrink_until_they_fit():
    tiles = Tiles((), tuple("一句很长的话" * 18 for _ in range(5)))
    top, size, lines = tiles.paragraphs()[-1]
    assert top + size * 1.34 * len(lines) <= BOTTOM
    assert size >= TEXT
    assert Tiles((), ("短",)).paragraphs()[0][1] == 36


def test_the_curve_ends_with_both_values_of_the_month():
    curve = Curve(("1月", "2月", "3月"), (0.2, 0.5, 1.0), (0.1, 0.6))
    assert curve.at_month() == [("完成率", 0.6, True), ("序时进度", 0.5, False)]
    assert Curve(("1月",), (0.2,), ()).at_month() == []
