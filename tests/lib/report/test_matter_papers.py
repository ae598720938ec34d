"""What papers say of 督办事项: the deck opens with the last meeting's, the 通报 has a paragraph."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from icalendar import Calendar

from lib.core.matters import Act, fold
from lib.report import Material
from lib.report.briefing import briefing_fields
from lib.report.deck import deck
from lib.report.deck_arrangement import Arrangement
from lib.report.matter_papers import calendar, paragraphs, reminder
from lib.report.slides import Part
from tests.lib.store.matters import CREATED, step

TODAY = date(2018, 10, 8)
NUMBER = "事项〔2018〕1号"


def two():
    """One overdue, with more time granted once; one closed."""
    late = replace(CREATED, number=NUMBER, due="2018-09-20")
    done = replace(CREATED, number="事项〔2018〕2号", words="互访安排", support="")
    asked = step(Act.ASK, due="2018-09-30", words="手续未办完", unit="妇联")
    of_done = [step(act, done.number) for act in (Act.SIGN, Act.ANSWER, Act.CLOSE)]
    return fold([late, done, step(Act.SIGN), asked, step(Act.GRANT), *of_done])


def parts(material, arrangement=None):
    return list(dict.fromkeys(slide.part for slide in deck(material, arrangement)))


def test_the_deck_opens_with_what_became_of_the_last_meetings(september):
    material = Material(september, made=TODAY, matters=tuple(two()))
    slides = deck(material)
    assert [slide.part for slide in slides[:2]] == [Part.COVER, Part.DECISIONS]
    assert slides[1].title == "联席会议第三次会议议定的2件：1件已销号，1件逾期"
    first, second = slides[1].content.rows
    assert first[:4] == (
        "办理中\n逾期8天",
        "9月底前完成劳务协作站选址",
        "妇联、区农业局",
        "9月30日\n原定9月20日",
    )
    assert (second[0], second[4]) == ("已销号", "9月20日张三核实销号（电话）：已办")
    moved = Arrangement().moved(Part.DECISIONS, 2)
    assert parts(material, moved)[1] != Part.DECISIONS  # the presenter's order holds


def test_without_matters_the_deck_is_as_before(september):
    before = [(slide.part, slide.title) for slide in deck(Material(september, made=TODAY))]
    assert Part.DECISIONS not in [part for part, _ in before]
    of_office = [replace(matter.created, source="自查") for matter in two()]
    material = Material(september, made=TODAY, matters=tuple(fold(of_office)))
    assert [(slide.part, slide.title) for slide in deck(material)] == before


def test_the_briefing_has_a_paragraph(september):
    def headings(material):
        return [section["heading"] for section in briefing_fields(material)["sections"]]

    material = Material(september, made=TODAY, matters=tuple(two()))
    assert any("督办事项办理情况" in heading for heading in headings(material))
    assert not any("督办事项" in h for h in headings(Material(september, made=TODAY)))
    assert paragraphs(two(), TODAY, 3) == [
        "共立项督办2件，已销号1件，办理中1件。"
        "其中逾期未办结的有：妇联承办的“9月底前完成劳务协作站选址”逾期8天。"
    ]


def test_a_reminder_is_ready_to_paste():
    text = reminder("妇联", two(), TODAY)
    assert text.splitlines()[0] == "【催办】妇联：你单位有1件督办事项需要办理："
    assert "期限2018-09-30，已逾期8天" in text
    assert "互访" not in text
    assert reminder("区农业局", two(), TODAY) == ""
    assert "还有2天" in reminder("妇联", two(), date(2018, 9, 28))
    assert "今天到期" in reminder("妇联", two(), date(2018, 9, 30))


def test_the_calendar_has_what_is_open():
    (event,) = Calendar.from_ical(calendar(two())).walk("VEVENT")
    assert (event["uid"], event["dtstart"].dt) == (f"{NUMBER}@plan-dashboard", date(2018, 9, 30))
    assert "原定2018-09-20，延期1次共10天" in event["description"]
