"""Which slides there are and what they say, whatever draws them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from lib.core import findings, wording
from lib.core.status import Status, mark
from lib.report import Material
from lib.report.colours import status_look
from lib.report.deck import deck
from lib.report.deck_arrangement import Arrangement, Decision
from lib.report.slide_page import BOTTOM, LEFT, RIGHT, TOP
from lib.report.slides import (
    APPENDIX,
    Cover,
    Gantt,
    GroupBars,
    Part,
    Table,
    Tiles,
    against_plan,
    bar_name,
)
from tests.small_plans import as_of, large, plan, report, task

DAY = date(2018, 10, 8)
ALL = Arrangement()


def front(slides):
    return [slide for slide in slides if not slide.appendix]


def cells(slides, part, *, appendix=False):
    return [
        row
        for slide in slides
        if slide.part == part and slide.appendix == appendix
        for row in slide.content.rows
    ]


def test_the_speaker_has_the_reports_own_words(official):
    slide = deck(official, ALL.only(Part.LATE))[0]
    assert "两地联合组织一次合作对接会（区经发局）问题：对接会因档期再次推迟。" in slide.notes


def test_a_units_own_word_stands_beside_what_is_late(with_words):
    slides = deck(with_words, ALL.only(Part.LATE))
    units = {row[1]: row[2] for row in cells(slides, Part.LATE)}
    assert units["两地联合组织一次合作对接会"] == "区经发局\n单位称能按期"
    assert "区商务局\n研判有风险" in units.values()
    assert "（区经发局称能按期，按填报算逾期：名单已到）" in slides[0].notes


def test_the_long_state_is_broken_where_it_may_be_and_keeps_its_colour(with_words):
    slides = deck(with_words, ALL.only(Part.CHANGES))
    states = [row[0] for row in cells(slides, Part.CHANGES)]
    assert "◎ 已报完成、\n待核实" in states
    for slide in slides:
        for row in slide.content.rows:
            assert len(slide.content.lines(row)[0]) == 1 + row[0].count("\n")
    assert all(map(status_look, states))


def test_groups_have_their_place_and_that_of_the_month_before(official):
    (slide, *_) = deck(official, ALL.only(Part.UNITS))
    rows = {row.key: row for row in slide.content.rows.itertuples()}
    before = official.answers.units_before
    assert [row.place for row in rows.values()][:3] == [1, 2, 3]
    moved = next(row for row in rows.values() if before[row.key] != row.place)
    assert bar_name(moved) == f"{moved.place}　{moved.key}"
    assert against_plan(moved).endswith(f"，上月第{before[moved.key]}")
    stayed = next(row for row in rows.values() if before[row.key] == row.place)
    assert "上月" not in against_plan(stayed)


def test_the_cover_says_that_reports_wait_for_review(september):
    material = Material(september, 7, made=DAY, with_pending=True)
    (cover,) = deck(material, ALL.only(Part.COVER))
    assert "含待审核的填报" in cover.content.lines[1]
    assert "含待审核的填报" in cover.notes


def test_nothing_selected_leaves_a_cover_that_says_so():
    material = Material(as_of(plan([task("1", "全年")]), 3, category="没有"), made=DAY)
    (cover,) = deck(material)
    assert isinstance(cover.content, Cover)
    assert findings.NOTHING in cover.content.lines


def test_a_hundred_tasks_give_the_same_dozen_slides_and_a_longer_appendix(material):
    slides = deck(material)
    assert 9 <= len(front(slides)) <= 12
    parts = list(dict.fromkeys(slide.part for slide in front(slides)))
    assert parts == [part for part in Part if part in parts]
    assert [slide.number for slide in slides] == list(range(1, len(slides) + 1))
    assert [slide.appendix for slide in slides] == sorted(slide.appendix for slide in slides)
    assert all(slide.heading.startswith("附") == slide.appendix for slide in slides)
    assert {Part.GANTT, Part.INDICATORS, Part.CURVE} <= {s.part for s in slides if s.appendix}


def test_a_table_is_cut_where_the_page_ends(any_material):
    for slide in deck(any_material):
        if isinstance(slide.content, Table):
            assert sum(slide.content.heights()) <= BOTTOM - TOP + 0.01, slide.part
            assert sum(slide.content.widths) == RIGHT - LEFT


def test_no_slide_is_without_content(any_material):
    for slide in deck(any_material):
        content = slide.content
        assert slide.title
        if isinstance(content, Table | Gantt | GroupBars):
            assert len(content.rows)
        if isinstance(content, Tiles):
            assert content.tiles
            assert content.sentences


def test_no_slide_names_a_file_or_the_software(any_material):
    for slide in deck(any_material):
        for word in (".csv", "csv", "看板"):
            assert word not in repr(slide.content) + slide.heading + any_material.foot
            assert word not in slide.notes


def test_the_headline_has_three_numbers(material):
    (slide,) = deck(material, ALL.only(Part.HEADLINE))
    total = material.figures.overall.iloc[0]
    assert slide.title == material.answers.verdict
    assert [tile.value for tile in slide.content.tiles] == [
        wording.percent(total["earned_value"]),
        wording.percent(total["planned_value"]),
        f"{total['behind'] + total['overdue']}项",
    ]


def test_categories_and_units_stand_by_their_gap_with_the_best_three_last(official):
    (categories,) = deck(official, ALL.only(Part.CATEGORIES))
    assert list(categories.content.rows["key"]) == list(official.answers.categories["key"])
    units = deck(official, ALL.only(Part.UNITS))
    shown, every = units[0].content.rows, official.answers.units
    late = every[(every["overdue"] > 0) | (every["behind"] > 0)]
    assert set(late["key"]) <= set(shown["key"])
    assert len(shown) == len(late) + 3
    best = every["earned_value"] - every["planned_value"]
    assert set(shown["key"].tail(3)) == set(every.loc[best.nlargest(3).index, "key"])
    assert units[0].content.note == f"红色有逾期　黄色有滞后　共15个，其余{15 - len(shown)}个见附"
    assert {row[1] for row in units[1].content.rows} == set(every["key"])


def test_late_tasks_have_unit_date_reason_and_next_step(material):
    slides = deck(material, ALL.only(Part.LATE))
    late = material.answers.late
    shown = cells(slides, Part.LATE)
    everything = cells(slides, Part.LATE, appendix=True) or shown
    assert [row[:2] for row in everything] == [(mark(t.status), t.title) for t in late]
    assert shown == everything[: len(shown)]
    left = len(late) - len(shown)
    note = front(slides)[-1].content.note
    assert note == (f"另有{left}项，见附" if left else "")
    for row, t in zip(everything, late, strict=True):
        assert row[2].startswith(t.units[0])
        done, planned = (wording.percent(share, 0) for share in (t.completion, t.planned_value))
        assert row[3] == f"{done}\n应{planned}"
        assert row[4].endswith("底")
        assert row[5]


def test_what_is_asked_of_both_sides_is_a_slide(official):
    (slide,) = deck(official, ALL.only(Part.REQUESTS))
    assert slide.title == "请两地协调的事项：3项"
    assert ("区经发局", "请两地文旅部门确定参会企业名单。") in [
        row[:2] for row in slide.content.rows
    ]


def test_nothing_is_not_a_problem_and_not_a_request():
    data = plan(
        [task("1", "1月")],
        reports=[report("1", 1, percent=50) | {"issues": "无。", "coordination": "暂无"}],
    )
    material = Material(as_of(data, 2), made=DAY)
    slides = deck(material)
    assert Part.REQUESTS not in [slide.part for slide in slides]
    (row,) = cells(slides, Part.LATE)
    assert "无。" not in row[5]


def test_the_next_three_months_show_what_is_late_or_due(official):
    slides = deck(official, ALL.only(Part.NEXT))
    assert all(slide.content.last - slide.content.month == 3 for slide in slides)
    rows = [row for slide in slides for row in slide.content.rows]
    assert [row.task_id for row in rows][:5] == [t.task_id for t in official.answers.late]
    assert all(row.status != Status.COMPLETED for row in rows)
    assert (len(slides), slides[-1].content.note) == (2, "")


def test_of_a_large_plan_the_worst_are_shown_and_the_others_counted():
    slides = deck(Material(as_of(large(120), 9), made=DAY), ALL.only(Part.NEXT))
    assert [len(slide.content.rows) for slide in slides] == [8, 8]
    assert [slide.content.note for slide in slides] == ["", "另有104项见附"]


def test_what_the_meeting_is_asked_for_is_the_presenters_or_about_what_is_overdue(official):
    (slide,) = deck(official, ALL.only(Part.ASKED))
    overdue = [t for t in official.answers.late if t.status == Status.OVERDUE]
    assert len(slide.content.rows) == len(overdue)
    own = replace(ALL, decisions=(Decision("同意延期", "区经发局", "10月15日", "二-6"),))
    (slide,) = deck(official, own.only(Part.ASKED))
    assert slide.content.rows == (("1", "同意延期", "区经发局", "10月15日"),)


def test_the_last_meetings_decisions_say_what_became_of_them(official):
    assert deck(official, ALL.only(Part.DECISIONS)) == []
    last = (Decision("对接会9月举办", "区经发局", "9月底", "二-6"), Decision("加强宣传"))
    earlier = replace(ALL, last=last, last_month=official.figures.selection.month - 1)
    (slide,) = deck(official, earlier.only(Part.DECISIONS))
    assert slide.title == "8月会议提请决定的2项：0项所涉任务已完成"
    assert slide.content.rows[0][3] == "× 逾期\n完成0%"
    assert slide.content.rows[1][3] == "—"


def test_the_presenters_choice_order_words_and_notes(official):
    own = (
        ALL.only(Part.GANTT, Part.NEXT, Part.COVER)
        .titled(Part.NEXT, "三季度以后看什么")
        .noted(Part.NEXT, "请各单位看第三行")
    )
    slides = deck(official, own)
    parts = list(dict.fromkeys(slide.part for slide in slides))
    assert parts == [Part.NEXT, Part.COVER, Part.GANTT]
    assert slides[0].heading == "三季度以后看什么（1／2）"
    assert slides[0].notes.startswith("请各单位看第三行\n")


@pytest.mark.parametrize("part", APPENDIX)
def test_the_appendix_is_marked(official, part):
    assert all(slide.appendix for slide in deck(official, ALL.only(part)))
