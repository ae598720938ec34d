"""Findings: what the sentences say of the shipped plan, and at its edges."""

from lib.core import findings


def test_what_changed_is_said_in_one_sentence(september):
    assert findings.changed(september).startswith("与上月相比，13项有进展")


def test_sentences_at_the_edges_of_the_plan(shipped, september):
    first = september.at(shipped.axis[0])
    assert findings.changed(first) == "1月是计划的第一个月，没有上月可比"
    assert findings.changed(september.at(shipped.axis[9])).startswith("与上月相比")
    assert "当月" not in findings.curve(first)
    silent = september.at(shipped.axis[9])
    assert "；当月没有推进，计划推进" in findings.curve(silent)
    nobody = september.of_tasks([])
    for sentence in (findings.curve, findings.counts):
        assert sentence(nobody) == "没有符合条件的任务"
    assert findings.missing(nobody) == "9月没有需要催报的单位"


def test_projection_in_words(september):
    assert findings.projection(september.of_tasks(["三-2"])) == "已于6月完成"
    assert findings.projection(september.of_tasks(["二-4"])) == "还没有进度，无法推算"
    assert findings.projection(september.of_tasks(["二-2"])).endswith("晚于计划")
    assert findings.task(september.of_tasks(["二-6"])).endswith("8月到期，已逾期")
    assert findings.task(september.of_tasks(["三-2"])).endswith("已完成")
