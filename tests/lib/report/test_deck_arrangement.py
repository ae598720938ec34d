"""Order, choice and notes of the slides: changed, kept in the journal, read by everyone."""

from __future__ import annotations

from dataclasses import replace

from lib.core import months
from lib.report.deck_arrangement import Arrangement, Decision, load, save
from lib.report.slides import DEFAULT_PARTS, Part
from lib.store import open_store

SEPTEMBER, OCTOBER = months.parse("2018-09"), months.parse("2018-10")


def test_moving_leaving_out_and_noting():
    arrangement = (
        Arrangement().moved(Part.GANTT, -1).toggled(Part.COVER).noted(Part.UNITS, "请看末位")
    )
    assert arrangement.order.index(Part.GANTT) == DEFAULT_PARTS.index(Part.GANTT) - 1
    assert sorted(arrangement.order) == sorted(DEFAULT_PARTS)
    assert arrangement.parts[0] == Part.HEADLINE
    assert arrangement.toggled(Part.COVER).parts[0] == Part.COVER
    assert arrangement.notes == {Part.UNITS: "请看末位"}
    assert Arrangement().moved(Part.COVER, -1).order == DEFAULT_PARTS


def test_what_is_saved_is_there_for_everyone(folder):
    arrangement = Arrangement().moved(Part.NEXT, -3).toggled(Part.CURVE).noted(Part.GANTT, "九月")
    open_store(folder).submit(save(arrangement, SEPTEMBER, "张三"))
    store = open_store(folder)
    assert load(store.submissions, SEPTEMBER) == arrangement
    later = load(store.submissions, OCTOBER)
    assert later.order == arrangement.order  # the order is a habit, the notes are of one meeting
    assert later.notes == {}
    store.revert(store.revision, "张三")
    assert load(store.submissions, SEPTEMBER) == Arrangement()


def test_titles_and_decisions_are_kept_and_the_next_meeting_sees_them(folder):
    asked = Decision("对接会10月中旬前举办", "区经发局", "10月15日", "二-6")
    own = replace(Arrangement().titled(Part.LATE, "谁慢了"), decisions=(asked,))
    open_store(folder).submit(save(own, SEPTEMBER, "张三"))
    journal = open_store(folder).submissions
    assert load(journal, SEPTEMBER) == own
    later = load(journal, OCTOBER)
    assert (later.titles, later.decisions) == ({}, ())
    assert (later.last, later.last_month) == ((asked,), SEPTEMBER)


def test_an_arrangement_of_an_older_version_gets_the_new_parts_in_their_place(folder):
    old = {
        "month": "2018-09",
        "order": ["COVER", "UNITS", "DUE", "GANTT"],
        "hidden": ["DUE"],
        "notes": {},
    }
    draft = replace(save(Arrangement(), SEPTEMBER, "张三"), details=old)
    open_store(folder).submit(draft)
    order = load(open_store(folder).submissions, SEPTEMBER).order
    assert sorted(order) == sorted(Part)
    assert order.index(Part.LATE) == order.index(Part.UNITS) + 1
    assert order.index(Part.ASKED) < order.index(Part.GANTT)
