"""Task tables: headers, categories, merged and numbered cells."""

from __future__ import annotations

import openpyxl

from lib.planning import propose, read_document, understand
from tests.lib.planning.documents import (
    EXPECTED,
    HEADER,
    ROWS,
    UP,
    facts,
    repeat_header,
    rows_of,
    saved,
    word,
    workbook,
)


def test_a_header_repeated_on_the_next_page_is_no_task():
    document = word(ROWS)
    repeat_header(document.tables[0])
    assert facts(rows_of(saved(document))) == EXPECTED


def test_several_tables_with_their_categories_in_headings():
    header = ["工作任务", "责任单位", "完成时限"]
    document = word(
        "2019年工作计划",
        "一、产业合作",
        [header, *[[row[2], row[3], row[4]] for row in ROWS[1:3]]],
        "二、人才交流",
        [header, ROWS[3][2:]],
    )
    assert facts(rows_of(saved(document))) == EXPECTED


def test_categories_in_plain_headings_and_in_the_names_of_sheets():
    header = ["工作任务", "责任单位", "完成时限"]
    document = word(
        "产业合作", [header, ROWS[1][2:], ROWS[2][2:]], "人才交流", [header, ROWS[3][2:]]
    )
    assert facts(rows_of(saved(document))) == EXPECTED
    book = openpyxl.Workbook()
    book.active.title = "产业合作"
    for row in (header, ROWS[1][2:], ROWS[2][2:]):
        book.active.append(row)
    other = book.create_sheet("人才交流")
    for row in (header, ROWS[3][2:]):
        other.append(row)
    hidden = book.create_sheet("旧稿")
    hidden.sheet_state = "hidden"
    hidden.append(header)
    hidden.append(["作废。", "区发改局", "全年"])
    assert facts(rows_of(saved(book), "x.xlsx")) == EXPECTED


def test_a_table_that_goes_on_without_a_header():
    document = word(ROWS[:2], "（续表）", [["", "", *ROWS[2][2:]], ROWS[3]])
    assert facts(rows_of(saved(document))) == EXPECTED


def test_categories_in_rows_of_their_own():
    document = word(
        [
            ["工作任务", "责任单位", "完成时限"],
            ["一、产业合作", "", ""],
            [*ROWS[1][2:]],
            [*ROWS[2][2:]],
            ["二、人才交流", "", ""],
            [*ROWS[3][2:]],
        ]
    )
    for number in (1, 4):
        cells = document.tables[0].rows[number].cells
        cells[0].merge(cells[2])
    assert facts(rows_of(saved(document))) == EXPECTED


def test_a_cell_of_numbered_lines_holds_several_tasks():
    document = word([HEADER, ["一", "产业合作", "1．考察。\n2．共建。", "区发改局", "全年"]])
    reading = understand(read_document(saved(document), "x.docx"), 2019)
    assert [row.content for row in reading.rows] == ["1．考察。", "2．共建。"]
    assert any("2项任务" in str(doubt) for doubt in reading.doubts)


def test_a_merged_task_of_two_units():
    document = word([HEADER, ROWS[1], [UP, UP, UP, "区商务局", UP]])
    (row,) = rows_of(saved(document))
    assert row.units_text == "区发改局、区商务局"


def test_two_header_rows_divide_the_units():
    content = workbook(
        [
            ["工作任务", "责任单位", None, "完成时限", "责任领导", "备注"],
            [None, "牵头单位", "配合单位", None, None, None],
            ["共建产业园1个。", "区发改局", "区商务局", "全年", "王某", "结转"],
        ],
        ["A1:A2", "B1:C1", "D1:D2", "E1:E2", "F1:F2"],
    )
    (row,) = rows_of(content, "x.xlsx")
    assert row.units_text == "牵头单位：区发改局；配合单位：区商务局"
    assert (row.leader, row.remark) == ("王某", "结转")


def test_two_task_columns_and_a_column_that_is_not_known():
    content = workbook(
        [
            ["重点工作", "主要内容", "责任单位", "完成时限", "资金来源"],
            ["产业合作", "引导10家企业到青川县考察。", "区发改局", "6月底前", "自筹"],
        ]
    )
    reading = understand(read_document(content, "x.xlsx"), 2019)
    assert reading.rows[0].category == "产业合作"
    assert [doubt.value for doubt in reading.doubts] == ["资金来源"]
    content = workbook(
        [
            ["类型", "重点工作", "主要内容", "责任单位", "完成时限"],
            ["产业", "招商", "引导10家企业到青川县考察。", "区发改局", "6月底前"],
        ]
    )
    row = understand(read_document(content, "x.xlsx"), 2019).rows[0]
    assert (row.category, row.content, row.remark) == ("产业", "引导10家企业到青川县考察。", "招商")


def test_a_table_of_other_things_is_told_and_left_out():
    document = word("2019年工作计划", ROWS, "联系人", [["姓名", "电话"], ["张三", "1"]])
    reading = understand(read_document(saved(document), "x.docx"))
    assert len(reading.rows) == 3
    assert any("表2" in str(doubt) for doubt in reading.doubts)


def read(rows, merges=(), **options):
    return understand(read_document(workbook(rows, merges), "x.xlsx"), 2022, **options)


def test_a_header_over_two_columns_is_the_category_and_the_task():
    rows = [
        ["工作任务", None, "责任科室", "完成时间"],
        ["造林绿化", "完成营造林5.2万亩", "造林科", "5月底"],
        [None, "义务植树120万株", "造林科", "4月"],
        ["资源保护", "查处涉林案件", "防火办", "全年"],
    ]
    for merges in (["A1:B1", "A2:A3"], []):
        assert [(row.category, row.content) for row in read(rows, merges).rows] == [
            ("造林绿化", "完成营造林5.2万亩"),
            ("造林绿化", "义务植树120万株"),
            ("资源保护", "查处涉林案件"),
        ]


def test_a_short_name_stands_before_the_task():
    rows = [
        ["序号", "民生实事", "具体要求", "责任科室", "进度要求"],
        [1, "食堂开放日", "全年接待不少于600人次。", "后勤科", "全年"],
        [2, "共享车位", "开放停车位90个。", "保卫科", "4月底前"],
    ]
    assert [(row.content, row.window_text) for row in read(rows).rows] == [
        ("食堂开放日：全年接待不少于600人次。", "全年"),
        ("共享车位：开放停车位90个。", "4月底前"),
    ]


def test_a_goal_is_the_task_where_nothing_else_says_more():
    rows = [
        ["项目名称", "预期目标", "承办科室"],
        ["节能改造", "更换高效照明灯具1800盏", "节能科"],
        ["档案数字化", "完成馆藏档案扫描35万页", "档案科"],
    ]
    assert [row.content for row in read(rows).rows] == [
        "节能改造：更换高效照明灯具1800盏",
        "档案数字化：完成馆藏档案扫描35万页",
    ]


def test_quarters_under_one_header_are_milestones():
    rows = [
        ["重点任务", "责任单位", "年度目标任务", "计划进度", None, "二季度完成情况"],
        [None, None, None, "第一季度", "第二季度", None],
        ["集镇亮化", "规划科", "安装路灯160盏。", "完成设计。", "安装60盏。", "已安装35%"],
    ]
    merges = ["A1:A2", "B1:B2", "C1:C2", "D1:E1", "F1:F2"]
    (row,) = read(rows, merges).rows
    assert row.milestones == "第一季度：完成设计。\n第二季度：安装60盏。"
    assert read(rows, merges).columns["二季度 完成情况".replace(" ", "")] == "不读取"


def test_a_targets_shares_by_place():
    rows = [
        ["考核内容", "全县", "梧台镇", "石桥乡", "分值", "考核实施单位"],
        ["茶叶产量（吨）", 860, 310, 550, 10, "县统计局"],
        ["造林面积（亩）", 5400, 1800, 3600, 10, "县林业局"],
    ]
    reading = read(rows)
    assert reading.rows[0].goal == "860吨（其中梧台镇310吨、石桥乡550吨）"
    targets = propose(reading).records()[0]["targets"]
    assert [(t["value"], t["unit"]) for t in targets] == [(860, "吨"), (310, "吨"), (550, "吨")]


def test_persons_beside_units_and_begin_and_end():
    rows = [
        ["工作任务", "责任单位及责任人", "开始时间", "结束时间"],
        ["整治山塘18口", "县水利局 周某", "3月", "9月"],
        ["改造食堂6所", "县教育局（郑某某）、梧台镇", "2022年6月", "2022年8月底"],
        ["配备教师24名", "县教育局\n责任人：王某", "4月", "10月31日"],
    ]
    assert [(row.units_text, row.leader, row.window_text) for row in read(rows).rows] == [
        ("县水利局", "周某", "3月至9月"),
        ("县教育局、梧台镇", "郑某某", "2022年6月至2022年8月底"),
        ("县教育局", "王某", "4月至10月31日"),
    ]


def test_a_name_merged_into_the_task_and_numbered_sections_above_sections():
    rows = [
        ["序号", "名称", "工作任务", "牵头单位"],
        ["一、主要目标", None, None, None],
        ["（一）农业", None, None, None],
        [1, "粮食产量稳定在18万吨以上。", None, "农业局"],
        ["二、项目", None, None, None],
        [2, "城北水厂", "完成主体工程。", "水利局"],
    ]
    reading = read(rows, ["A2:D2", "A3:D3", "B4:C4", "A5:D5"])
    assert [(row.category, row.content, row.remark) for row in reading.rows] == [
        ("农业", "粮食产量稳定在18万吨以上。", "一、主要目标"),
        ("项目", "城北水厂：完成主体工程。", ""),
    ]


def test_an_unknown_header_is_guessed_with_a_doubt_or_told():
    rows = [
        ["攻坚点", "包抓", "几时"],
        ["修复三处水毁路段", "县交通局", "6月底前"],
        ["疏浚两条河道", "县水利局", "全年"],
    ]
    reading = read(rows)
    assert [row.units_text for row in reading.rows] == ["县交通局", "县水利局"]
    assert {doubt.value for doubt in reading.doubts if doubt.column == "表头"} == {"包抓", "几时"}
    told = {"攻坚点": "工作计划主要内容", "包抓": "责任单位", "几时": "备注"}
    reading = read(rows, columns=told)
    assert [row.remark for row in reading.rows] == ["6月底前", "全年"]
    assert not [doubt for doubt in reading.doubts if doubt.column == "表头"]
