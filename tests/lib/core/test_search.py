"""Search over tasks, units and reports."""

from __future__ import annotations

from lib.core.search import search
from tests.small_plans import plan, report, task


def small():
    return plan(
        [
            task("一-1", "全年", "区商务局、妇联", content="举办招聘会"),
            task("一-2", "全年", content="培训人员"),
        ],
        [],
        [
            report("一-2", 3, percent=5) | {"issues": "物流成本偏高"},
            report("一-2", 4, percent=9) | {"issues": "物流成本仍然偏高" + "，档期有冲突" * 9},
        ],
    )


def test_tasks_units_and_reports_are_searched():
    assert [(hit.task_id, hit.where) for hit in search(small(), "招聘会")] == [("一-1", "任务")]
    assert [(hit.task_id, hit.where) for hit in search(small(), "妇联")] == [("一-1", "责任单位")]
    (hit,) = search(small(), "物流成本")
    assert (hit.task_id, hit.where) == ("一-2", "4月区人社局填报")
    assert hit.passage.startswith("物流成本仍然偏高")
    assert hit.passage.endswith("…")


def test_every_word_has_to_be_found():
    assert [hit.task_id for hit in search(small(), "培训 物流")] == ["一-2"]
    assert search(small(), "招聘会 物流") == []
    assert search(small(), "  ") == []
    assert len(search(small(), "甲类")) == 2
