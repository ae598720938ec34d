"""Contents of slides: sentences that fit, tables in the largest type, the end of the curve."""

from __future__ import annotations

from lib.report.slide_page import BODY, BOTTOM, LARGE, LEAST, LEFT, LINE, RIGHT, TOP
from lib.report.slides import Curve, Table, Tiles, fitted

WIDTHS = (RIGHT - LEFT - 300, 300)


def table(count):
    return Table(("事项", "单位"), WIDTHS, tuple((f"第{n}项", "妇联") for n in range(count)))


def test_many_long_sentences_shrink_until_they_fit():
    tiles = Tiles((), tuple("一句很长的话" * 18 for _ in range(4)))
    top, size, lines = tiles.paragraphs(500)[-1]
    assert top + size * LINE * len(lines) <= BOTTOM + 1
    assert size >= LEAST
    assert Tiles((), ("短",)).paragraphs(500)[0][1] == LARGE


def test_a_table_takes_the_largest_type_then_more_slides_then_leaves_rows():
    (few,), left = fitted(table(4), 2)
    assert (few.size, left) == (LARGE, [])
    two, left = fitted(table(15), 2)
    assert ([len(page.rows) for page in two], left) == ([8, 7], [])
    assert {page.size for page in two} == {BODY}
    full, left = fitted(table(60), 2)
    placed = sum(len(page.rows) for page in full)
    assert len(full) == 2
    assert full[-1].note == f"另有{60 - placed}项，见附"
    assert len(left) == 60


def test_large_type_is_not_taken_where_it_breaks_a_state_or_a_date():
    narrow = Table(("状态", "事项"), (190, RIGHT - LEFT - 190), (("▲ 滞后", "一"),))
    (page,), _ = fitted(narrow, 1)
    assert page.size == BODY
    assert [len(lines) for lines in page.lines(page.rows[0])] == [1, 1]


def test_a_few_rows_share_the_height():
    heights = table(3).heights()
    assert sum(heights) > (BOTTOM - TOP) * 0.6


def test_the_curve_ends_with_both_values_of_the_month():
    curve = Curve(("1月", "2月", "3月"), (0.2, 0.5, 1.0), (0.1, 0.6))
    assert curve.at_month() == [("完成率", 0.6, True), ("序时进度", 0.5, False)]
    assert Curve(("1月",), (0.2,), ()).at_month() == []
