"""工作进展通报: form of an official document, words and numbers from the figures."""

from __future__ import annotations

import io
import re
from datetime import date

import pandas as pd
import pytest
from docx import Document

from lib.core import wording
from lib.core.rollup import COUNTS
from lib.core.status import Status, mark
from lib.report import Material
from lib.report.briefing import briefing, overall_words
from lib.report.editions import CORRECTION_COLUMNS
from lib.store import Attachment, Kind, Submission
from tests.small_plans import as_of, plan, report, task

DAY = date(2018, 10, 8)


@pytest.fixture(scope="module")
def paper(material):
    return Document(io.BytesIO(briefing(material)))


def lines(paper):
    return [paragraph.text for paragraph in paper.paragraphs]


def cells(table):
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_the_four_sections_stand_in_order(paper):
    heads = [line for line in lines(paper) if re.match(r"[一二三四]、", line)]
    assert heads == ["一、总体情况", "二、分类进展", "三、存在问题", "四、下一步工作"]


def test_the_overall_paragraph_has_the_roll_ups_numbers(material, paper):
    total = material.figures.overall.iloc[0]
    text = "".join(lines(paper))
    assert f"共{total['tasks']}项任务" in text
    for status in Status:
        if total[COUNTS[status]]:
            assert f"{status}{total[COUNTS[status]]}项" in text
    done, planned = total["earned_value"], total["planned_value"]
    assert f"总体完成率{wording.percent(done)}，序时进度{wording.percent(planned)}，" in text
    assert wording.against_plan(done, planned) in text


def test_each_category_says_how_far_it_is(material, paper):
    text = "\n".join(lines(paper))
    for group in material.figures.by_category.itertuples():
        assert re.search(rf"（[一二三四五六七八九十]+）{group.key}\n", text)
        assert (
            f"共{group.tasks}项任务，已完成{group.completed}项，"
            f"完成率{wording.percent(group.earned_value)}，"
            f"{wording.against_plan(group.earned_value, group.planned_value)}。"
        ) in text


def test_the_task_table_has_the_official_columns_and_every_task(material, paper):
    figures = material.figures
    head, *rows = cells(paper.tables[0])
    assert head == [
        "序号",
        "类型",
        "工作计划主要内容",
        "责任单位",
        "计划完成时间",
        "状态",
        "完成情况",
    ]
    assert len(rows) == len(figures.tasks)
    for row, task_row in zip(rows, figures.tasks.itertuples(), strict=True):
        facts = figures.dataset.tasks.loc[task_row.task_id]
        assert row[2:5] == [facts["content"], "、".join(facts["units"]), facts["window_text"]]
        assert row[5].startswith(mark(str(task_row.status)))
        assert f"完成率{wording.percent(task_row.completion)}" in row[6]
        indicators = figures.indicators[figures.indicators["task_id"] == task_row.task_id]
        for indicator in indicators.itertuples():
            assert f"{indicator.indicator}{wording.quantity(indicator.done)}／" in row[6]
            assert indicator.measure in row[6]


def test_groups_are_listed_with_their_counts(material, paper):
    for table, rows in zip(
        paper.tables[1:3], (material.figures.by_category, material.figures.by_unit), strict=True
    ):
        shown = {row[0]: row[1:] for row in cells(table)[1:]}
        assert set(shown) == set(rows["key"])
        for group in rows.itertuples():
            assert shown[group.key][0] == f"{group.tasks}项"
            assert shown[group.key][1:6] == [
                f"{getattr(group, COUNTS[status])}项" for status in Status
            ]
            assert shown[group.key][6] == wording.percent(group.earned_value)
            assert shown[group.key][7] == wording.percent(group.planned_value)


def test_problems_and_next_steps_are_the_reports_own_words(official):
    text = "\n".join(lines(Document(io.BytesIO(briefing(official)))))
    problems, plans = text.split("三、存在问题")[1].split("四、下一步工作")
    assert "两地联合组织一次合作对接会（区经发局）。对接会因档期再次推迟。" in problems
    assert "档期未能统一" not in problems  # said in August; September's report says otherwise
    assert "10月中旬前举办。" in plans
    assert "需协调事项3项：" in plans
    assert "（春江镇、西夏墅镇、奔牛镇）。推动余下一镇一村协议项目年底前落地。" in plans
    assert "5项任务未达序时进度：" in problems


def test_quantities_have_their_measure_words(official):
    text = "".join(lines(Document(io.BytesIO(briefing(official)))))
    assert "到紫阳县对接的农业企业8／10家" in text
    assert "有组织劳务对接420／500人次" in text
    assert "3／2～3名" in text
    assert "应报未报的单位有3个：区商务局、妇联、河海街道" in text


def test_synthetic_data_source_and_date_are_told(official):
    text = lines(Document(io.BytesIO(briefing(official))))
    assert "（演示数据：进展为虚构示例，不是两地的真实进展。）" in text
    assert "2018年10月8日" in text
    assert any("第7号" in line for line in text)


def test_a_plan_without_problems_says_so():
    data = plan([task("1", "全年")], reports=[report("1", 1, percent=50)])
    text = "\n".join(
        lines(Document(io.BytesIO(briefing(Material(as_of(data, 1), made=date(2018, 2, 1))))))
    )
    assert "没有逾期或滞后的任务" in text
    assert "各单位没有填报存在问题。" in text
    assert "各单位没有填报下一步措施。" in text


def test_an_empty_selection_is_said():
    data = plan([task("1", "全年")])
    material = Material(as_of(data, 1, category="没有"))
    assert overall_words(material) == ["截至2018年1月末，没有符合条件的任务。"]
    assert briefing(material)


def test_an_edition_its_corrections_and_the_evidence_are_annexed(september):
    item = Attachment("现场照片.jpg", "a" * 64, 2048, "image/jpeg", "二-1", "2018-09", "区农业局")
    sent = Submission(3, Kind.ATTACH, "张三", "区农业局", "2018-10-01T09:00", 0, 0, 0)
    table = pd.DataFrame(
        [("总体", "65.9%", "70.4%", ""), ("二-6 对接会", "× 逾期", "√ 已完成", "第5号填报")],
        columns=CORRECTION_COLUMNS,
    )
    material = Material(september, 3, ((sent, item),), DAY, "定稿第4号（2018年9月，张三）", table)
    paper = Document(io.BytesIO(briefing(material)))
    assert "（定稿第4号（2018年9月，张三））" in lines(paper)
    annexes = [line for line in lines(paper) if line.startswith("附件")]
    assert annexes == [f"附件{number}" for number in range(1, 6)]
    corrected, evidence = paper.tables[-2:]
    assert cells(corrected)[2] == ["二-6 对接会", "× 逾期", "√ 已完成", "第5号填报"]
    assert cells(evidence)[1] == ["二-1", "2018-09", "区农业局", "现场照片.jpg", "第3号"]
