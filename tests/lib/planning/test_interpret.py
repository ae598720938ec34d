"""Documents understood: the 2018 plan to the letter, other plans by the same rules."""

from __future__ import annotations

import pytest

from lib.core import schema
from lib.files import csv_tables
from lib.planning import propose, read_document, read_text, understand
from lib.planning.files import plan_file
from lib.planning.reconcile import DifferenceKind
from tests.conftest import ROOT

PLAN_2018 = (ROOT / "tests" / "fixtures" / "plan-2018.txt").read_bytes()


QUANTITY = ["任务编号", "关系", "目标值", "上限", "计量单位"]


@pytest.fixture(scope="module")
def of_2018():
    return understand(read_document(PLAN_2018, "plan-2018.txt"))


def shipped_file(name):
    path = ROOT / "data" / name
    return csv_tables.parse_csv(csv_tables.decode(path.read_bytes(), name), name).reset_index(
        drop=True
    )


def test_the_2018_document_gives_the_shipped_plan_to_the_byte(of_2018):
    proposal = propose(of_2018)
    assert plan_file(proposal.plan) == (ROOT / "data" / "plan.csv").read_bytes()
    assert proposal.settings.year == 2018
    assert proposal.settings.title == "2018年扶贫协作和经济合作工作计划"
    assert proposal.settings.parties == ("常州市新北区", "安康市紫阳县")


def test_the_2018_document_gives_the_shipped_quantities(of_2018):
    targets = propose(of_2018).targets[QUANTITY]
    assert targets.equals(shipped_file("targets.csv")[QUANTITY])


def test_the_narratives_seven_promises_and_nothing_else(of_2018):
    assert [difference.kind for difference in of_2018.differences] == [
        DifferenceKind.ONLY_NARRATIVE
    ] * 7
    rows = [row for row in of_2018.rows if row.source == schema.NARRATIVE]
    assert [difference.narrative for difference in of_2018.differences] == [
        row.content for row in rows
    ]
    shipped_plan = shipped_file("plan.csv")
    assert [row.content for row in rows] == list(
        shipped_plan.loc[shipped_plan["来源"] == schema.NARRATIVE, "工作计划主要内容"]
    )


def test_only_guessed_names_are_doubted_in_2018(of_2018):
    assert {doubt.task_ids for doubt in propose(of_2018).doubts} == {("九-1",)}


TABLE = (
    "\n序号\t工作任务\t责任单位\t完成时限\n1\t考察2次。\t区发改局\t全年\n2\t培训。\t区教育局\t4月\n"
)


@pytest.mark.parametrize(
    ("head", "title", "year"),
    [
        ("2020年协作工作要点", "2020年协作工作要点", 2020),
        ("二〇二一年工作计划", "二〇二一年工作计划", 2021),
        ("协作工作方案\n（2022年）", "协作工作方案", 2022),
        ("任务清单", "任务清单", None),
    ],
)
def test_title_and_year(head, title, year):
    reading = understand(read_text(head + TABLE))
    assert (reading.title, reading.year) == (title, year)
    assert understand(read_text(head + TABLE), 2030).year == 2030


def test_rows_numbered_one_by_one_get_ids_by_category():
    text = (
        "2020年工作计划\n序号\t类别\t工作任务\t责任单位\t完成时限\n"
        "1\t产业\t甲。\t区发改局\t全年\n2\t产业\t乙。\t区发改局\t全年\n3\t教育\t丙。\t区教育局\t全年\n"
    )
    rows = understand(read_text(text)).rows
    assert [row.task_id for row in rows] == ["一-1", "一-2", "二-1"]


def test_the_columns_may_stand_in_any_order():
    text = (
        "2020年工作计划\n备注\t完成时限\t配合单位\t牵头部门\t责任领导\t目标值\t重点工作\t类型\n"
        "续建\t6月底前\t区财政局\t区发改局\t王某\t3家\t引进龙头企业。\t产业\n"
    )
    (row,) = understand(read_text(text)).rows
    assert row.units_text == "牵头单位：区发改局；配合单位：区财政局"
    assert (row.leader, row.goal, row.remark) == ("王某", "3家", "续建")
    assert (row.category, row.content, row.window_text) == ("产业", "引进龙头企业。", "6月底前")


def test_an_empty_unit_or_time_is_taken_from_above_and_doubted():
    text = (
        "2020年工作计划\n类别\t工作任务\t责任单位\t完成时限\n"
        "产业\t甲。\t区发改局\t全年\n\t乙。\t\t\n教育\t丙。\t\t4月\n"
    )
    reading = understand(read_text(text))
    assert [row.units_text for row in reading.rows] == ["区发改局", "区发改局", ""]
    assert [row.window_text for row in reading.rows] == ["全年", "全年", "4月"]
    assert [(doubt.task_ids, doubt.column) for doubt in reading.doubts] == [
        (("一-2",), "责任单位"),
        (("一-2",), "计划完成时间"),
    ]


def test_without_a_category_there_is_a_doubt():
    reading = understand(read_text("2020年工作计划" + TABLE))
    assert {row.category for row in reading.rows} == {"未分类"}
    assert any("哪一类" in doubt.problem for doubt in propose(reading).doubts)


def test_remarks_under_the_table_are_no_tasks():
    text = "2020年工作计划" + TABLE + "注：本表由办公室解释\t\t\t\n"
    assert len(understand(read_text(text)).rows) == 2
