"""Task tables: headers, categories, merged and numbered cells."""

from __future__ import annotations

import openpyxl

from lib.planning import read_document, understand
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
