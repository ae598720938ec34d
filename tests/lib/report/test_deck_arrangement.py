"""Order, choice and notes of the slides: changed, kept in the journal, read by everyone."""

from __future__ import annotations

from lib.core import months
from lib.report.deck import DEFAULT_PARTS
from lib.report.deck_arrangement import Arrangement, load, save
from lib.report.slides import Part
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
    arrangement = Arrangement().moved(Part.DUE, -3).toggled(Part.CURVE).noted(Part.GANTT, "九月")
    open_store(folder).submit(save(arrangement, SEPTEMBER, "张三"))
    store = open_store(folder)
    assert load(store.submissions, SEPTEMBER) == arrangement
    later = load(store.submissions, OCTOBER)
    assert later.order == arrangement.order  # the order is a habit, the notes are of one meeting
    assert later.notes == {}
    store.revert(store.revision, "张三")
    assert load(store.submissions, SEPTEMBER) == Arrangement()
