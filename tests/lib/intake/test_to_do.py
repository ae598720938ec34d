"""我的待办: what a 经办人 has to do, the most urgent first."""

from __future__ import annotations

from datetime import date

from lib.core import months
from lib.core.punctuality import reporting_calendar
from lib.intake.to_do import to_do
from lib.store import Item, ItemKind, Place
from tests.lib.store.test_listing import RETURN, RETURNED

SEPTEMBER = months.parse("2018-09")
DRAFT = Item(Place("账号 fulian", "", "", "妇联", SEPTEMBER), ItemKind.CELL, "x", 0)


def test_returned_overdue_drafts_due_in_this_order(september):
    late = reporting_calendar(september, date(2018, 10, 6))
    entries = to_do(("妇联", "区农业局"), late, [RETURNED, RETURN], [DRAFT])
    assert [(str(entry.kind), entry.unit, entry.text) for entry in entries[:2]] == [
        ("退回", "区农业局", "第1号被王主任退回：数量不对"),
        ("逾期未报", "妇联", "2018-09还有1项没有报，已过期限10月5日"),
    ]
    assert (entries[-1].kind, entries[-1].month) == ("草稿", SEPTEMBER)
    assert "2018-09有1处草稿还没有提交" in entries[-1].text
    before = reporting_calendar(september, date(2018, 10, 5))
    assert [entry.kind for entry in to_do(("妇联",), before, [], [])][-1] == "待报"
    assert to_do(("区党政办",), late, [RETURNED, RETURN], []) == []
