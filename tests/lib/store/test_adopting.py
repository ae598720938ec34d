"""A plan imported and amended through both kinds of store."""

from __future__ import annotations

from lib import planning
from lib.core import schema
from lib.planning.proposal import of_running_plan
from lib.store import open_store, plan_names
from tests.conftest import ROOT

DOCX = ROOT / "tests" / "fixtures" / "plans" / "2019-libreoffice.docx"


def test_a_document_becomes_a_plan_that_is_amended(address, store):
    where = planning.context(address, "2019")
    reading = planning.understand(planning.read_document(DOCX.read_bytes(), DOCX.name))
    proposal = planning.proposed(reading, where)
    ready = proposal.adopted([one.key for one in proposal.doubts])
    other = open_store(address, "2019")
    other.submit(planning.draft(ready, where, user="张三"))
    assert plan_names(address) == ["2019"]
    assert other.dataset().tasks.at["一-2", "remark"] == "结转"

    where = planning.context(address, "2019")
    assert where.base == 1
    edited = of_running_plan(where.current, *where.tables)
    content = schema.PLAN.headers["window_text"]
    plan = edited.plan.copy()
    plan.loc[0, content] = "2019年9月底前"
    draft = planning.draft(edited.edited(plan, edited.targets), where, user="张三", reason="推迟")
    other.submit(draft)
    data = other.dataset()
    assert data.tasks.at["一-1", "window_text"] == "2019年9月底前"
    assert data.baseline_tasks.at["一-1", "window_text"] == "2019年6月底前"
    assert store.revision == 0
