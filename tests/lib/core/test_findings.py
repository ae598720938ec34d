"""Findings: what the sentences say of the shipped plan, and at its edges."""

from lib.core import findings, wording


def test_the_headline_says_the_figures(september):
    total = september.overall.iloc[0]
    text = findings.headline(september)
    assert text.startswith(f"截至9月，22项任务已完成{total['completed']}项")
    assert wording.percent(total["earned_value"]) in text
    assert "落后序时进度1.0个百分点" in text
    assert findings.changed(september).startswith("与上月相比，13项有进展")


def test_reasons_name_what_is_late(september):
    reasons = dict(
        zip(
            september.attention["task_id"],
            findings.reasons(september, september.attention),
            strict=True,
        )
    )
    assert reasons["二-6"] == "应于8月完成，实际0%"
    assert "落后序时进度60.0个百分点" in reasons["二-4"]
    assert "9月未报：区商务局" in reasons["二-4"]
    assert reasons["八-2"] == "9月未报：妇联"


def test_sentences_at_the_edges_of_the_plan(shipped, september):
    first = september.at(shipped.axis[0])
    last = september.at(shipped.axis[-1])
    assert findings.changed(first) == "1月是计划的第一个月，没有上月可比"
    assert findings.due(last) == "12月是计划的最后一个月"
    assert findings.changed(september.at(shipped.axis[9])).startswith("与上月相比")
    assert "当月推进" not in findings.curve(first)
    october = september.at(shipped.axis[9])
    assert "11月到期" in " ".join(findings.reasons(october, october.attention))
    nobody = september.of_tasks([])
    assert findings.headline(nobody).startswith("没有符合条件的任务")
    for sentence in (findings.curve, findings.counts, findings.timeline):
        assert sentence(nobody) == "没有符合条件的任务"
    assert findings.attention(nobody) == "没有需要关注的任务"
    assert findings.groups(nobody.by_category, "类型") == "没有符合条件的任务"
    assert findings.missing(nobody) == "9月没有需要催报的单位"


def test_projection_in_words(september):
    assert findings.projection(september.of_tasks(["三-2"])) == "已于6月完成"
    assert findings.projection(september.of_tasks(["二-4"])) == "还没有进度，无法推算"
    assert findings.projection(september.of_tasks(["二-2"])).endswith("晚于计划")
    assert findings.task(september.of_tasks(["二-6"])).endswith("8月到期，已逾期")
    assert findings.task(september.of_tasks(["三-2"])).endswith("已完成")
