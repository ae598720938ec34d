"""The narrative against the table."""

from __future__ import annotations

import pytest

from lib.planning import read_text, understand
from lib.planning.reconcile import DifferenceKind
from tests.conftest import ROOT

HEAD = "2020年工作计划\n"


TABLE = "\n序号\t类型\t工作任务\t责任单位\t完成时限\n"


ROW = "一\t产业合作\t{}\t区发改局\t全年\n"


def differences(narrative, *tasks):
    table = TABLE + "".join(ROW.format(task) for task in tasks)
    return understand(read_text(f"{HEAD}一、产业合作\n{narrative}\n责任单位：区商务局\n{table}"))


def quotations(reading):
    return [(each.kind, each.narrative, each.table) for each in reading.differences]


def test_agreement_is_silent():
    assert not differences("组织10家以上企业考察。", "1．组织10家以上企业到县里考察。").differences


def test_a_promise_without_a_task_becomes_a_row_of_the_narrative():
    reading = differences("组织10家企业考察，举办展销会3场。", "组织10家企业考察。")
    assert quotations(reading) == [(DifferenceKind.ONLY_NARRATIVE, "举办展销会3场。", "")]
    row = reading.rows[-1]
    assert (row.task_id, row.source, row.units_text, row.window_text) == (
        "一-附1",
        "正文",
        "区商务局",
        "全年",
    )


def test_a_task_without_a_promise():
    reading = differences("组织10家企业考察。", "组织10家企业考察。", "新建扶贫车间2个。")
    assert quotations(reading) == [(DifferenceKind.ONLY_TABLE, "", "新建扶贫车间2个。")]
    reading = differences("组织10家企业考察。", "组织10家企业考察。", "完善沟通联络机制。")
    assert quotations(reading) == [(DifferenceKind.ONLY_TABLE, "", "完善沟通联络机制。")]


@pytest.mark.parametrize("number", ["12家", "10家以上", "10～12家"])
def test_a_quantity_that_differs_is_told_with_both_quotations(number):
    reading = differences(f"组织{number}企业到县里考察。", "组织10家企业到县里考察。")
    assert quotations(reading) == [
        (DifferenceKind.DIFFERENT, f"组织{number}企业到县里考察。", "组织10家企业到县里考察。")
    ]
    assert len(reading.rows) == 1


def test_the_same_number_of_another_thing_is_no_agreement():
    reading = differences("选派5名医生。", "选派5名教师到县里支教。")
    assert [difference.kind for difference in reading.differences] == [
        DifferenceKind.ONLY_NARRATIVE,
        DifferenceKind.ONLY_TABLE,
    ]


def test_what_was_done_before_is_no_promise():
    assert not differences(
        "去年已引进企业20家。组织10家企业考察。", "组织10家企业考察。"
    ).differences


NARRATIVE, TASKS = (
    (ROOT / "tests" / "fixtures" / "plan-2018.txt")
    .read_text(encoding="utf-8")
    .split("工作任务分解表")
)


@pytest.mark.parametrize(
    ("old", "new", "kind", "amounts"),
    [
        (
            "组织10家以上",
            "组织12家以上",
            DifferenceKind.DIFFERENT,
            "正文不少于12家，分解表不少于10家",
        ),
        ("不少于1次", "不少于3次", DifferenceKind.DIFFERENT, "正文不少于3次，分解表不少于1次"),
        ("2～3名", "3～4名", DifferenceKind.DIFFERENT, "正文3～4名，分解表2～3名"),
        ("组织一次媒体", "组织两次媒体", DifferenceKind.DIFFERENT, "正文2次，分解表1次"),
        ("4个镇", "5个镇", DifferenceKind.DIFFERENT, "正文5镇，分解表4镇"),
        (
            "劳务对接500人次",
            "劳务对接600人次",
            DifferenceKind.DIFFERENT,
            "正文600人次，分解表500人次",
        ),
        ("，建立中小学阶段结对帮扶学校5所", "", DifferenceKind.ONLY_TABLE, "5所"),
        (
            "新北区协助紫阳县职教学校与本地职业技术学校间建立合作交流关系。",
            "",
            DifferenceKind.ONLY_TABLE,
            "",
        ),
    ],
)
def test_one_change_in_the_2018_document_is_found_beside_the_seven(old, new, kind, amounts):
    assert old in NARRATIVE
    reading = understand(read_text(f"{NARRATIVE.replace(old, new)}工作任务分解表{TASKS}"))
    assert len(reading.differences) == 8
    (difference,) = [
        each for each in reading.differences if (each.kind, each.amounts) == (kind, amounts)
    ]
    assert difference.table


def test_a_task_struck_from_the_2018_table_is_a_promise_without_a_task():
    lines = TASKS.split("\n")
    start = next(n for n, line in enumerate(lines) if "7．组织相关媒体" in line)
    table = "\n".join([*lines[: start - 2], *lines[start + 4 :]])
    reading = understand(read_text(f"{NARRATIVE}工作任务分解表{table}"))
    assert [difference.kind for difference in reading.differences] == [
        DifferenceKind.ONLY_NARRATIVE
    ] * 8
    assert len([row for row in reading.rows if row.source == "分解表"]) == 21


def test_units_that_the_narrative_does_not_name_are_doubted():
    table = TABLE + ROW.format("组织10家企业考察。")
    text = f"{HEAD}一、产业合作\n举办展销会3场，组织10家企业考察。\n{table}"
    reading = understand(read_text(text))
    assert reading.rows[-1].units_text == "区发改局"
    assert any("没有写明这一条的责任单位" in doubt.problem for doubt in reading.doubts)


def test_a_section_that_the_table_does_not_have():
    table = TABLE + ROW.format("组织10家企业考察。")
    text = (
        f"{HEAD}一、产业合作\n组织10家企业考察。\n责任单位：区发改局\n"
        f"二、文化交流\n举办演出2场。\n责任单位：区文旅局\n{table}"
    )
    row = understand(read_text(text)).rows[-1]
    assert (row.task_id, row.category) == ("二-附1", "文化交流")


def test_nothing_is_said_of_text_that_was_not_compared():
    table = "\n工作任务\t责任单位\t完成时限\n修路3条。\t县交通局\t全年\n"
    unread = understand(read_text("2020年计划\n我们将建桥5座。" + table))
    assert unread.verdict == "正文有1段写有数量但不在分节的任务里，没有核对"
    assert [(each.place, each.text) for each in unread.unread] == [("正文", "我们将建桥5座。")]
    assert understand(read_text("2020年计划" + table)).verdict == (
        "文件没有分节的正文和分解表可以互相核对"
    )
    same = understand(read_text("2020年计划\n一、交通\n修路3条。" + table))
    assert (same.verdict, same.differences) == ("正文与分解表一致", ())
