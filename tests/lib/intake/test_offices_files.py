"""Files as offices make them: taken as they were meant, or asked about in plain words."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest

from lib import intake
from lib.core import months
from lib.intake import Severity, collecting, workbooks
from lib.intake.reader import read_sheets
from tests.lib.intake.reports import GOOD, HEAD, PERCENT, book, text, with_cell

OCTOBER = months.parse("2018-10")
FIRST = ["七-1", "2018-10", "区人社局", "", "", "78", "收集岗位"]
FAIR = ["七-3", "2018-10", "区人社局", "专场招聘会", "1", "", "镇上一场"]
CONTENT = {
    "七-1": "1．建立和完善劳务对接机制，加大苏陕劳务协作服务工作力度，为贫困人口提供新北区用工、招生信息。",
    "八-2": "2．积极动员社会爱心力量、整合爱心资源，持续推进对口协作社会帮扶，引导社会帮扶向深度贫困村、重点人口聚焦。",
}


def checked_csv(shipped, *rows, head=HEAD, unit="区人社局", month=OCTOBER):
    return intake.check(text(*rows, head=head).encode(), "a.csv", shipped, unit=unit, month=month)


def checked_book(shipped, content, unit="区人社局", month=OCTOBER):
    return intake.check(content, "a.xlsx", shipped, unit=unit, month=month)


def saved(workbook):
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def said(checked):
    return "\n".join(str(finding) for finding in checked.findings)


def renamed(header, other):
    return [other if name == header else name for name in HEAD]


@pytest.mark.parametrize(
    ("header", "other"),
    [
        ("本月完成", "本月完成数量（必填）"),
        ("本月完成", "当月完成量"),
        ("本月完成", "本月新增"),
        ("累计完成率", "本月累计完成率（%）"),
        ("累计完成率", "完成百分比"),
        ("进展说明", "目前工作进展情况"),
        ("月份", "所属月份"),
        ("填报单位", "报送部门"),
        ("指标", "考核指标"),
    ],
)
def test_headers_a_little_off_are_read_and_told(shipped, header, other):
    checked = checked_csv(shipped, FIRST, FAIR, head=renamed(header, other))
    assert not checked.errors, said(checked)
    assert not checked.needs_consent
    assert len(checked.rows) == 2
    assert checked.rows["quantity"].tolist()[1] == 1
    assert checked.rows["note"].tolist() == ["收集岗位", "镇上一场"]


@pytest.mark.parametrize(
    ("header", "other", "near"),
    [
        ("进展说明", "工作情况", "进展说明"),
        ("进展说明", "", "进展说明"),
        ("进展说明", "上月存在困难", "存在问题"),
        ("本月完成", "上年同期完成数", "本月完成"),
        ("本月完成", "", "本月完成"),
    ],
)
def test_a_filled_column_that_is_not_read_is_to_be_confirmed(shipped, header, other, near):
    checked = checked_csv(shipped, FIRST, FAIR, head=renamed(header, other))
    (warning,) = [w for w in checked.of(Severity.WARNING) if "没有读" in w.problem]
    assert warning.needs_consent
    assert f"是不是「{near}」" in warning.fix
    assert "没有填写" not in said(checked)


def test_two_columns_of_one_header_are_told_and_what_differs_is_not_taken(shipped):
    head = [*HEAD, "本月完成"]
    rows = [[*FAIR, "2"], [*with_cell(FAIR, "指标", "有组织劳务对接"), "1"], [*FIRST, ""]]
    checked = checked_csv(shipped, *rows, head=head)
    assert checked.wrong == {2}
    assert "两列" in checked.errors[0].problem
    assert any("重复" in w.problem and w.needs_consent for w in checked.of(Severity.WARNING))


def test_headers_in_two_rows_are_read_as_one(shipped):
    head = ["任务编号", "月份", "填报单位", "指标", "完成情况", "", "进展说明"]
    below = ["", "", "", "", "本月完成", "累计完成率（%）", ""]
    for checked in (
        checked_csv(shipped, below, FIRST, FAIR, head=head),
        checked_book(shipped, book(below, FIRST, FAIR, head=head)),
    ):
        assert not checked.errors, said(checked)
        assert checked.rows.index.tolist() == [3, 4]


def test_rows_of_the_form_are_left_out_and_told(shipped):
    rows = [
        ["", "（年-月）", "", "", "（填数字）", "（0-100）", ""],
        FIRST,
        HEAD,
        FAIR,
        ["合　计", "", "", "", "1", "", ""],
        ["合计（3项）", "", "", "", "1", "", ""],
        ["注：数据截至月底", "", "", "", "", "", ""],
        ["填报人：张三", "", "审核人：李四", "", "", "", "2018年11月2日"],
        ["单位负责人签字：", "", "", "", "", "", ""],
        ["审核：周某", "", "", "", "", "", ""],
        ["区人社局（盖章）", "", "", "", "", "", ""],
        ["", "", "", "", "2018年11月2日", "", ""],
        ["", "", "", "", "", "", "制表人：王五"],
    ]
    checked = checked_csv(shipped, *rows)
    assert not checked.errors, said(checked)
    assert checked.rows.index.tolist() == [3, 5]
    assert all(word in said(checked) for word in ("合计", "落款", "重复的表头", "填写提示"))


def test_merged_cells_speak_for_every_row_of_them(shipped):
    second = with_cell(FAIR, "指标", "有组织劳务对接")
    workbook = openpyxl.load_workbook(io.BytesIO(book(FIRST, FAIR, second)))
    sheet = workbook.active
    sheet.merge_cells("A3:A4"), sheet.merge_cells("B2:B4"), sheet.merge_cells("C2:C9")
    checked = checked_book(shipped, saved(workbook), unit=None)
    assert not checked.errors, said(checked)
    assert checked.rows["task_id"].tolist() == ["七-1", "七-3", "七-3"]
    assert set(checked.rows["unit"]) == {"区人社局"}


def test_rows_beyond_the_stated_size_are_read(shipped):
    content, out = book(FIRST, FAIR), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name).replace(b'ref="A1:G3"', b'ref="A1:C2"')
            new.writestr(name, part)
    checked = checked_book(shipped, out.getvalue())
    assert not checked.findings, said(checked)
    assert checked.rows["note"].tolist() == ["收集岗位", "镇上一场"]


def test_of_several_sheets_the_one_of_unit_and_month_is_read_and_the_others_told(shipped):
    workbook = openpyxl.Workbook()
    september = workbook.active
    september.title = "9月"
    for row in (HEAD, with_cell(FIRST, "月份", "2018-09")):
        september.append(row)
    for title, rows in (("10月", [FIRST]), ("10月补充", [FAIR]), ("说明", [])):
        sheet = workbook.create_sheet(title)
        for row in ([HEAD, *rows]) if rows else [["填写说明"], ["只填白格"]]:
            sheet.append(row)
    checked = checked_book(shipped, saved(workbook))
    assert checked.sheet.title == "10月"
    told = {f.problem: f for f in checked.findings if "工作表" in f.problem}
    assert len(told) == 2
    (supplement,) = [f for problem, f in told.items() if "10月补充" in problem]
    assert supplement.needs_consent
    (earlier,) = [f for problem, f in told.items() if "「9月」" in problem]
    assert earlier.severity == Severity.NOTE


def test_another_month_is_told_before_all_else(shipped):
    rows = [with_cell(FIRST, "月份", "2018-09"), with_cell(FAIR, "月份", "9月")]
    checked = checked_csv(shipped, *rows)
    assert checked.findings[0].problem == "2行都是2018-09，您选的是2018-10"
    assert checked.findings[0].needs_consent
    some = checked_csv(shipped, with_cell(FIRST, "月份", "2018-1"), FAIR)
    assert some.findings[0].problem == "1行是2018-01，您选的是2018-10"
    assert any(f.row == 2 and f.column == "月份" for f in some.of(Severity.WARNING))


def test_a_missing_month_column_is_the_chosen_month_or_said_to_be_missing(shipped):
    head, rows = HEAD[:1] + HEAD[2:], [row[:1] + row[2:] for row in (FIRST, FAIR)]
    checked = checked_csv(shipped, *rows, head=head)
    assert set(checked.rows["month"]) == {OCTOBER}
    assert "按2018-10" in said(checked)
    without = checked_csv(shipped, *rows, head=head, month=None)
    assert [(f.column, f.problem) for f in without.errors] == [("月份", "缺少这一列")]


@pytest.mark.parametrize("number_format", ["0.00", "0.00_ ", "#,##0.00"])
def test_a_number_that_shows_october_is_october(shipped, number_format):
    workbook = openpyxl.load_workbook(io.BytesIO(book(with_cell(FIRST, "月份", 2018.1))))
    workbook.active.cell(2, 2).number_format = number_format
    checked = checked_book(shipped, saved(workbook))
    assert checked.rows["month"].tolist() == [OCTOBER]


def test_the_text_of_a_row_is_held_against_its_number(shipped):
    head = ["任务编号", "工作计划主要内容", *HEAD[1:]]
    swapped = [["八-2", CONTENT["七-1"], *FIRST[1:]], ["七-1", CONTENT["八-2"], *FIRST[1:]]]
    checked = checked_csv(shipped, *swapped, head=head)
    assert [(f.row, f.column) for f in checked.errors] == [(2, "任务编号"), (3, "任务编号")]
    assert "是不是「七-1」" in checked.errors[0].fix
    short = [["七-1", CONTENT["七-1"][:16] + "……", *FIRST[1:]]]
    assert not checked_csv(shipped, *short, head=head).findings
    gone = checked_csv(shipped, ["", CONTENT["七-1"], *FIRST[1:]], head=head)
    assert "是不是「七-1」" in gone.errors[0].fix


@pytest.mark.parametrize(("written", "meant"), [("7-1", "七-1"), ("柒-1", "七-1"), ("8—2", "八-2")])
def test_a_number_in_other_numerals_is_offered_by_its_meaning(shipped, written, meant):
    checked = checked_csv(shipped, with_cell(FIRST, "任务编号", written))
    assert f"是不是「{meant}」" in checked.errors[0].fix


def test_another_units_file_is_never_offered_for_relabelling(shipped):
    checked = checked_csv(shipped, GOOD, unit="区人社局")
    assert "区农业局的填报表" in checked.findings[0].problem
    assert "填写区人社局" not in said(checked)


@pytest.mark.parametrize(
    ("indicator", "written", "quantity"),
    [
        ("专场招聘会", "2次", 2),
        ("有组织劳务对接", "0.01万人次", 100),
        ("有组织劳务对接", "1百", 100),
    ],
)
def test_a_number_with_a_unit_is_read_in_the_indicators_own(shipped, indicator, written, quantity):
    row = with_cell(with_cell(FAIR, "指标", indicator), "本月完成", written)
    checked = checked_csv(shipped, row)
    assert not checked.errors, said(checked)
    assert checked.rows["quantity"].tolist() == [quantity]
    assert "计入" in said(checked)


@pytest.mark.parametrize("written", ["3(其中线上1场)", "2+1", "约50", "5-10", "3、4", "两场"])
def test_what_is_no_number_is_never_another_one(shipped, written):
    checked = checked_csv(shipped, with_cell(FAIR, "本月完成", f'"{written}"'))
    assert [f.column for f in checked.errors] == ["本月完成"]


def test_a_sum_typed_as_a_month_is_asked_about(shipped):
    earlier = [
        with_cell(with_cell(FAIR, "月份", month), "本月完成", "4")
        for month in ("2018-07", "2018-08")
    ]
    own = checked_csv(shipped, *earlier, with_cell(FAIR, "本月完成", "40"))
    (sum_,) = [f for f in own.of(Severity.WARNING) if "是不是累计数" in f.problem]
    assert (sum_.row, sum_.needs_consent) == (4, True)
    assert "累计数" not in said(checked_csv(shipped, *earlier, FAIR))


def test_nothing_written_in_words_is_nothing(shipped):
    rows = [
        with_cell(with_cell(FIRST, "本月完成", "/"), "进展说明", "无。"),
        ["八-2", "2018-10", "区人社局", "—", "—", "N/A", "无"],
    ]
    checked = checked_csv(shipped, *rows)
    assert not checked.errors, said(checked)
    assert checked.rows.index.tolist() == [2]
    assert checked.rows["note"].tolist() == [""]


def test_a_blank_text_keeps_the_earlier_one_and_a_word_for_nothing_clears_it(shipped):
    first = intake.preview(shipped, checked_csv(shipped, FIRST), "张三").after
    blank = intake.check(
        text(with_cell(with_cell(FIRST, "进展说明", ""), "累计完成率", "79")).encode(),
        "a.csv",
        first,
    )
    kept = intake.preview(first, blank, "张三").changes.after
    assert kept["进展说明"].tolist() == ["收集岗位"]
    none = intake.check(text(with_cell(FIRST, "进展说明", "无")).encode(), "a.csv", first)
    assert intake.preview(first, none, "张三").changes.after["进展说明"].tolist() == [""]


def test_text_right_of_the_headers_is_told(shipped):
    checked = checked_book(shipped, book([*FIRST, "", "另有两批"], FAIR))
    assert len(checked.rows) == 2
    assert checked.of(Severity.WARNING)[0].value == "另有两批"
    assert checked.needs_consent


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<html><table><tr><td>x</td></tr></table></html>", ["网页", "另存为"]),
        (b"\xef\xbb\xbf<!DOCTYPE html>\n<html></html>", ["网页", "另存为"]),
        ('<?xml version="1.0"?><Workbook/>'.encode("utf-16"), ["网页", "另存为"]),
        (
            text(FIRST).encode() + (",".join(FAIR) + "\r\n").encode("gbk"),
            ["编码", "第3行"],
        ),
    ],
)
def test_what_a_file_is_instead_is_said_with_what_to_do(shipped, content, words):
    checked = intake.check(content, "上报.xls", shipped)
    assert all(word in said(checked) for word in words), said(checked)
    assert checked.unusable


def test_a_zero_byte_does_not_change_the_encoding(shipped):
    for encoding in ("utf-8", "gbk"):
        content = text(with_cell(FIRST, "进展说明", "收集\0岗位")).encode(encoding)
        checked = intake.check(content, "a.csv", shipped)
        assert checked.rows["note"].tolist() == ["收集岗位"]
        assert "控制字符" in said(checked)


def test_work_grows_with_the_file_and_not_faster(shipped):
    """Findings and characters said are counted: seconds depend on the machine."""
    for size in (500, 1_000):
        same = checked_csv(shipped, *[PERCENT] * size, unit=None)
        assert len(same.findings) == size
        assert max(len(str(finding)) for finding in same.findings) < 200
        assert len(intake.finding_records(same)) <= 121
    strange = [[f"子{n}", f"2018-9{n}", "妇联", "", "", "约1", ""] for n in range(1_000)]
    checked = checked_csv(shipped, *strange, unit=None)
    assert len(checked.findings) == 3_000
    records = intake.finding_records(checked)
    assert len(records) < 125
    assert any(
        "还有" in record["problem"] and "不是数字" in record["problem"] for record in records
    )


def test_what_a_workbook_hides_is_told(shipped):
    workbook = openpyxl.load_workbook(io.BytesIO(book(FIRST, FAIR)))
    workbook.active.row_dimensions[3].hidden = True
    hidden = workbook.create_sheet("9月底稿")
    for row in (HEAD, with_cell(FIRST, "月份", "2018-09")):
        hidden.append(row)
    hidden.sheet_state = "hidden"
    content = saved(workbook)
    checked = checked_book(shipped, content)
    assert len(checked.rows) == 2
    (of_rows,) = checked.of(Severity.WARNING)
    assert set(checked.table()["行"]) == {"整个文件"}
    assert of_rows.problem == "第3行在文件里是隐藏的（或被筛选掉了），也读了"
    assert of_rows.needs_consent
    assert "隐藏的工作表「9月底稿」也有填报内容，没有读" in said(checked)
    (part,) = collecting.split([("a.xlsx", content)], shipped, OCTOBER)
    assert "9月底稿" in said(part.checked)
    assert part.checked.needs_consent


def test_what_a_large_workbook_says_of_itself_is_read_by_the_piece(shipped, monkeypatch):
    workbook = openpyxl.load_workbook(io.BytesIO(book(FIRST, FAIR)))
    workbook.active.row_dimensions[3].hidden = True
    workbook.active.merge_cells("C2:C3")
    content = saved(workbook)
    (whole,) = read_sheets(content, "a.xlsx")
    monkeypatch.setattr(workbooks, "_CHUNK", 50)
    (pieces,) = read_sheets(content, "a.xlsx")
    assert pieces.hidden_rows == whole.hidden_rows == {3}
    assert list(pieces.merges) == list(whole.merges)
    assert len(pieces.merges) == 1


def test_a_report_that_is_hidden_is_not_read(shipped):
    workbook = openpyxl.load_workbook(io.BytesIO(book(FIRST)))
    workbook.active.sheet_state = "hidden"
    workbook.create_sheet("空表")
    checked = checked_book(shipped, saved(workbook))
    assert checked.unusable


def test_another_table_below_is_told_and_rows_of_the_plan_are_only_not_filled_in(shipped):
    blank = ["八-2", "2018-10", "区人社局", "", "", "", ""]
    checked = checked_csv(
        shipped, FIRST, blank, ["序号", "问题", "建议"], ["1", "经费不足", "增加"]
    )
    assert len(checked.rows) == 1
    assert "1行没有填写，不计入" in said(checked)
    (warning,) = checked.of(Severity.WARNING)
    assert warning.problem.startswith("第4、5行不是计划中的任务")
    assert "「1、经费不足、增加」" in warning.problem
    assert warning.needs_consent


def test_a_sum_is_never_offered_as_a_months_number(shipped):
    head = renamed("本月完成", "累计完成数")
    told = said(checked_csv(shipped, FIRST, FAIR, head=head))
    assert "是不是「本月完成」" not in told
    assert "用累计减去上月累计" in told
