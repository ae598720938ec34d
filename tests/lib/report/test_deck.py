"""Which slides there are and what they say, whatever draws them."""

from __future__ import annotations

from datetime import date

from lib.core import findings
from lib.report import Material
from lib.report.deck import deck
from lib.report.slide_page import BOTTOM, LEFT, RIGHT, TOP
from lib.report.slides import GroupBars, Part, Table
from tests.small_plans import as_of, plan, task

DAY = date(2018, 10, 8)


def test_the_speaker_has_the_reports_own_words(september):
    (slide,) = deck(Material(september, made=DAY), [Part.ATTENTION])
    assert "二-6（区经发局）问题：对接会因档期再次推迟。" in slide.notes


def test_the_cover_says_that_reports_wait_for_review(september):
    material = Material(september, 7, made=DAY, with_pending=True)
    (cover,) = deck(material, [Part.COVER])
    assert "含待审核的填报" in cover.content.lines[1]
    assert "含待审核的填报" in cover.notes


def test_nothing_selected_leaves_the_first_two_slides():
    material = Material(as_of(plan([task("1", "全年")]), 3, category="没有"), made=DAY)
    slides = deck(material)
    assert [slide.part for slide in slides] == [Part.COVER, Part.HEADLINE]
    assert slides[1].title == findings.NOTHING


def test_a_table_is_cut_where_the_page_ends(material):
    for slide in deck(material):
        if isinstance(slide.content, Table):
            rows = [slide.content.headers, *slide.content.rows]
            assert sum(slide.content.height(row) for row in rows) <= BOTTOM - TOP
            assert sum(slide.content.widths) == RIGHT - LEFT


def test_units_are_ranked_and_categories_stand_in_the_plans_order(official):
    (units,), (categories,) = deck(official, [Part.UNITS]), deck(official, [Part.CATEGORIES])
    assert isinstance(units.content, GroupBars)
    rows = units.content.rows
    gaps = rows["earned_value"] - rows["planned_value"]
    assert gaps.is_monotonic_decreasing
    assert list(categories.content.rows["key"]) == list(official.figures.by_category["key"])
