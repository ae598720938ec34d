"""Plans without a table: numbered items, labels, brackets, months."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.core.problems import FileError
from lib.core.units import parse_units
from lib.core.windows import parse_window
from lib.planning import read_text, understand
from tests.timing import is_quick


def tasks(text, year=2024):
    return [
        (row.category, row.content, parse_units(row.units_text, {}), row.window_text)
        for row in understand(read_text(text), year).rows
    ]


def test_units_on_lines_of_their_own():
    text = """2024年重点工作任务
一、加快产业集聚，做强两个特色产业
1．新建茶园1200亩。
牵头单位：县茶业发展中心
配合单位：县财政局，梧台镇
2．建成市场二期工程，9月底前开门营业。
责任单位：
县住建局、县交易中心
责任领导：赵某
三、工作要求
1．各单位要每月报送进展。
"""
    category = "加快产业集聚，做强两个特色产业"
    assert tasks(text) == [
        (category, "新建茶园1200亩。", ("县茶业发展中心", "县财政局", "梧台镇"), ""),
        (
            category,
            "建成市场二期工程，9月底前开门营业。",
            ("县住建局", "县交易中心"),
            "9月底前",
        ),
    ]
    assert understand(read_text(text), 2024).rows[1].leader == "赵某"
    (unread,) = understand(read_text(text), 2024).unread
    assert (unread.text, unread.why) == ("各单位要每月报送进展。", "是工作要求等，不是任务")


@pytest.mark.parametrize(
    ("bracket", "units"),
    [
        ("（责任单位：市数据局）", ("市数据局",)),
        ("〔牵头单位：市数据局；配合单位：市税务局〕", ("市数据局", "市税务局")),
        ("［市数据局、市税务局］", ("市数据局", "市税务局")),
        ("【市数据局牵头，各县（市、区）负责落实】", ("市数据局", "各县（市、区）")),
    ],
)
@pytest.mark.parametrize("stop", ["", "。"])
def test_units_in_brackets(bracket, units, stop):
    text = f"2024年要点\n一、办事\n1.公布目录60项。{bracket}{stop}\n2.推行一窗受理。{bracket}\n"
    assert [row[1:3] for row in tasks(text)] == [
        ("公布目录60项。", units),
        ("推行一窗受理。", units),
    ]


def test_one_bracket_for_a_group_of_items():
    text = """（一）监测预警
1.健全网络
（1）更新台账。
（2）加密巡查。
（责任单位：市自然资源局、各乡（镇、场）人民政府）
2.提升能力
（1）修订预案。
（责任单位：市应急局）
"""
    assert [row[1:3] for row in tasks(text)] == [
        ("更新台账。", ("市自然资源局", "各乡（镇、场）人民政府")),
        ("加密巡查。", ("市自然资源局", "各乡（镇、场）人民政府")),
        ("修订预案。", ("市应急局",)),
    ]
    assert {row[0] for row in tasks(text)} == {"监测预警"}
    assert understand(read_text(text), 2024).rows[0].remark == "健全网络"


def test_blocks_of_labels():
    text = """2022年项目清单
01 项目名称：老旧小区提质
项目内容：
改造老旧小区7个。
责任单位：
县住建局
完成时限：
11月底前
02 项目名称：道路畅通
项目内容：硬化公路46公里。
责任单位
县交通局
完成时限：全年
"""
    assert [row[1:] for row in tasks(text)] == [
        ("老旧小区提质：改造老旧小区7个。", ("县住建局",), "11月底前"),
        ("道路畅通：硬化公路46公里。", ("县交通局",), "全年"),
    ]


def test_months_as_paragraphs_are_the_issuers():
    text = """县统计局普法安排
3月，制订普法计划。
4—6月，举办讲座3场。
鹿鸣县统计局
二〇二一年二月二十日
"""
    assert [row[1:] for row in tasks(text, 2021)] == [
        ("制订普法计划。", ("鹿鸣县统计局",), "3月"),
        ("举办讲座3场。", ("鹿鸣县统计局",), "4—6月"),
    ]
    (doubt, _) = [d for d in understand(read_text(text), 2021).doubts if "落款" in d.assumed]
    assert doubt.column == "责任单位"


def test_a_deadline_in_the_bracket_and_the_time_of_the_whole():
    text = """自2021年3月起至5月底集中攻坚。
一、攻坚项目
1.铺设主管网6公里。（责任单位：水管站；4月底前完成）
2.平整场地。（责任单位：供销社）
"""
    windows = [parse_window(row[3], 2021) for row in tasks(text, 2021)]
    assert [(str(window.start), str(window.end)) for window in windows] == [
        ("2021-01", "2021-04"),
        ("2021-03", "2021-05"),
    ]


@pytest.mark.parametrize(
    "text",
    ["一、" * 10_000, "（" * 20_000, "责任单位：" * 4_000, "1.甲。\n" * 4_000, "（甲局）" * 5_000],
)
def test_a_long_text_takes_no_time(text):
    def read():
        with contextlib.suppress(FileError):
            understand(read_text(text), 2024)

    assert is_quick(read, 1)


LINES = st.lists(
    st.sampled_from(
        [
            "一、产业",
            "（一）园区",
            "1.建园区1个。",
            "（1）开工。",
            "责任单位：县局",
            "（县局牵头）",
            "整改时限",
            "6月，开会。",
            "说明",
        ]
    ),
    max_size=12,
)


@given(LINES)
def test_every_numbered_line_is_a_task_a_heading_or_told(lines):
    try:
        reading = understand(read_text("\n".join(lines)), 2024)
    except FileError:
        return
    words = " ".join(
        [*(f"{row.category}{row.content}{row.remark}" for row in reading.rows)]
        + [each.text for each in reading.unread]
    )
    for text, sign in (("1.建园区1个。", "建园区1个"), ("（1）开工。", "开工")):
        if text in lines:
            assert sign in words


def test_labels_behind_the_sentence_and_units_without_a_label():
    text = """2022年工作要点
1.开展督查4次。责任股室：督导室、监察室 完成时限：每季度一次
2.发放消费券2000万元，对一季度产值同比增长的企业给予奖励。
区商务局牵头，区财政局配合
"""
    assert [row[1:] for row in tasks(text, 2022)] == [
        ("开展督查4次。", ("督导室", "监察室"), "每季度一次"),
        (
            "发放消费券2000万元，对一季度产值同比增长的企业给予奖励。",
            ("区商务局", "区财政局"),
            "",
        ),
    ]


def test_a_bracket_may_say_that_work_lasts_all_year():
    (task,) = tasks("2024年要点\n一、就业\n（一）新增就业300人。（州人社局负责，全年推进）\n")
    assert task[2:] == (("州人社局",), "全年推进")


def test_blocks_may_begin_with_what_is_tackled():
    blocks = "".join(
        f"攻坚事项：{name}\n攻坚目标：{goal}\n责任单位：{unit}\n完成时限：{end}\n"
        for name, goal, unit, end in (
            ("高铁新城安置房", "建成安置房1200套", "县征收办", "2024年11月底前"),
            ("县医院迁建", "完成投资2.4亿元", "县卫健局", "2024年12月底前"),
        )
    )
    rows = understand(read_text("2024年项目攻坚清单\n" + blocks), 2024).rows
    assert [(row.units_text, row.window_text) for row in rows] == [
        ("县征收办", "2024年11月底前"),
        ("县卫健局", "2024年12月底前"),
    ]
