"""What staff send, as they send it: every mistake by cell, and what is read without a word."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lib import intake
from lib.core import months, schema
from lib.core.problems import DataError
from lib.files.office_files import MAX_BYTES
from lib.intake import Severity, cells
from tests.conftest import ROOT

HEAD = ["任务编号", "月份", "填报单位", "指标", "本月完成", "累计完成率", "进展说明"]
GOOD = ["二-1", "2018-10", "区农业局", "到紫阳县对接的农业企业", "2", "", "赴紫阳对接"]
PERCENT = ["一-1", "2018-10", "区党政办", "", "", "85", "调研"]


def text(*rows, head=HEAD, delimiter=","):
    return "\r\n".join(delimiter.join(row) for row in (head, *rows)) + "\r\n"


def book(*rows, head=HEAD):
    made = openpyxl.Workbook()
    for row in (head, *rows):
        made.active.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def with_cell(row, header, value, head=HEAD):
    changed = list(row)
    changed[head.index(header)] = value
    return changed


def told(checked, severity=Severity.ERROR):
    return [(one.row, one.column, one.value, one.problem) for one in checked.of(severity)]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_encodings_and_delimiters(shipped, encoding, delimiter):
    content = text(GOOD, PERCENT, delimiter=delimiter).encode(encoding)
    checked = intake.check(content, "十月.csv", shipped)
    assert not checked.findings
    assert checked.rows["note"].tolist() == ["赴紫阳对接", "调研"]
    assert checked.rows["quantity"].tolist()[0] == 2


def test_a_workbook_is_read_like_a_csv(shipped):
    checked = intake.check(book(GOOD, PERCENT), "a.xlsx", shipped)
    assert not checked.findings
    assert len(checked.rows) == 2


@pytest.mark.parametrize(
    "head",
    [
        [" 任务编号 ", "月　份", "填报单位", "指 标", "本月完成", "累计完成率（%）", "进展说明"],
        ["任务编号", "填报月份", "单位", "指标名称", "本月完成数", "完成率", "进展情况"],
    ],
)
def test_headers_as_people_write_them(shipped, head):
    checked = intake.check(text(GOOD, PERCENT, head=head).encode(), "a.csv", shipped)
    assert not checked.findings
    assert len(checked.rows) == 2


def test_columns_in_any_order_under_a_title_with_extra_ones_told(shipped):
    order = [6, 2, 5, 0, 4, 3, 1]
    head = [HEAD[n] for n in order] + ["联系电话"]
    row = [GOOD[n] for n in order] + ["123"]
    content = "区农业局10月填报表,,,\r\n\r\n" + text(row, head=head)
    checked = intake.check(content.encode("gbk"), "a.csv", shipped)
    assert told(checked, Severity.NOTE) == [(3, "", "联系电话", "多余的列，已忽略")]
    assert checked.rows.index.tolist() == [4]


@pytest.mark.parametrize(
    "written",
    [
        "2018-10",
        "2018/10",
        "2018.10",
        "2018年10月",
        "10月",
        "10",
        "１０月",
        "201810",
        "2018-10-01",
        "2018/10/1",
        "2018年10月1日",
        "2018 年 10 月",
        "Oct-18",
        "18-Oct",
        "10月份",
        "2018-10-01 00:00:00",
    ],
)
def test_months_as_people_write_them(written):
    assert months.text(cells.read_month(written, 2018)) == "2018-10"


@pytest.mark.parametrize(
    "written", ["", "13月", "2018-13", "0月", "十月份吧", "2018", "abc", "2018-1x"]
)
def test_what_is_no_month(written):
    assert cells.read_month(written, 2018) is None


@pytest.mark.parametrize("value", [date(2018, 10, 1), datetime(2018, 10, 31)])
def test_a_date_of_excel_is_its_month(shipped, value):
    checked = intake.check(book(with_cell(GOOD, "月份", value)), "a.xlsx", shipped)
    assert not checked.findings
    assert months.text(checked.rows["month"].iloc[0]) == "2018-10"


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("３", 3),
        ("1,200", 1200),
        ("１，２００", 1200),
        ("2家", 2),
        ("2 家", 2),
        ("2.5", 2.5),
        ("+3", 3),
    ],
)
def test_quantities_as_people_write_them(shipped, written, value):
    row = '"' + written + '"'
    checked = intake.check(text(with_cell(GOOD, "本月完成", row)).encode(), "a.csv", shipped)
    assert not checked.errors
    assert checked.rows["quantity"].tolist() == [value]


def test_a_session_written_as_chang_is_the_same_as_changci(shipped):
    row = ["七-3", "2018-10", "区人社局", "专场招聘会", "1场", "", ""]
    assert not intake.check(text(row).encode(), "a.csv", shipped).errors


@pytest.mark.parametrize("written", ["85%", "８５％", "85", "85.0"])
def test_percentages_as_people_write_them(shipped, written):
    row = with_cell(PERCENT, "累计完成率", written)
    checked = intake.check(text(row).encode(), "a.csv", shipped)
    assert not checked.findings
    assert checked.rows["cumulative_percent"].tolist() == [85]


def test_a_percent_cell_of_excel_is_what_it_shows(shipped):
    made = openpyxl.load_workbook(io.BytesIO(book(with_cell(PERCENT, "累计完成率", 0.85))))
    made.active.cell(2, 6).number_format = "0%"
    out = io.BytesIO()
    made.save(out)
    checked = intake.check(out.getvalue(), "a.xlsx", shipped)
    assert checked.rows["cumulative_percent"].tolist() == [85]


ERRORS = [
    (GOOD, "任务编号", "二一1", "计划中没有这个任务", "二-1"),
    (GOOD, "任务编号", "", "计划中没有这个任务", "任务编号"),
    (GOOD, "填报单位", "区商务局", "不是这个任务的责任单位", "区农业局"),
    (GOOD, "填报单位", "", "没有填写填报单位", "名称"),
    (GOOD, "指标", "对接农业企业", "这个任务没有这个指标", "到紫阳县对接的农业企业"),
    (GOOD, "月份", "2018-13", "无法识别的月份", "2018-04"),
    (GOOD, "月份", "", "没有填写月份", "2018-04"),
    (GOOD, "月份", "2019-02", "不在计划年度之内", "2018-12"),
    (GOOD, "月份", "12月", "晚于填报月份2018-10", "2018-10"),
    (GOOD, "本月完成", "-2", "不能是负数", "0或正数"),
    (GOOD, "本月完成", "两家", "不是数字", "0或正数"),
    (GOOD, "本月完成", "约3", "不是数字", "0或正数"),
    (GOOD, "本月完成", "2人", "与指标的计量单位「家」不一致", "按家计"),
    (GOOD, "本月完成", "50%", "与指标的计量单位「家」不一致", "按家计"),
    (GOOD, "本月完成", "", "缺少数量", "本月新增"),
    (GOOD, "累计完成率", "50", "定量任务按指标计算", "清空"),
    (PERCENT, "累计完成率", "101", "超过100", "0到100"),
    (PERCENT, "累计完成率", "-1", "不能是负数", "0到100"),
    (PERCENT, "累计完成率", "大半", "不是数字", "0到100"),
    (PERCENT, "累计完成率", "50家", "数字后面多了「家」", "0到100"),
    (PERCENT, "累计完成率", "", "缺少完成率", "0到100"),
    (PERCENT, "本月完成", "3", "定性任务不填数量", "清空"),
    (PERCENT, "指标", "次数", "定性任务没有指标", "定性任务不填指标"),
]


@pytest.mark.parametrize(("row", "column", "value", "problem", "fix"), ERRORS)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_mistake_is_told_by_cell_with_how_to_put_it_right(
    shipped, row, column, value, problem, fix, kind
):
    wrong = with_cell(row, column, value)
    other = PERCENT if row is GOOD else GOOD
    content = text(other, wrong).encode("gbk") if kind == "csv" else book(other, wrong)
    checked = intake.check(content, f"a.{kind}", shipped, month=months.parse("2018-10"))
    found = [one for one in checked.errors if one.column == column]
    assert len(found) == 1, checked.table().to_string()
    assert (found[0].row, found[0].value) == (3, value)
    assert problem in found[0].problem
    assert fix in found[0].fix
    assert checked.wrong == {3}
    assert checked.rows.index.tolist() == [2]


def test_all_mistakes_are_told_at_once(shipped):
    rows = [with_cell(GOOD, "本月完成", "x"), with_cell(PERCENT, "累计完成率", "999"), GOOD]
    checked = intake.check(text(*rows).encode(), "a.csv", shipped)
    assert [(row, column) for row, column, _, _ in told(checked)] == [
        (2, "任务编号"),
        (2, "本月完成"),
        (3, "累计完成率"),
        (4, "任务编号"),
    ]
    assert "第2、4行重复" in checked.errors[0].problem
    assert checked.unusable


def test_rows_of_another_unit_are_refused_and_rows_without_one_are_the_units_own(shipped):
    rows = [with_cell(GOOD, "填报单位", ""), PERCENT]
    checked = intake.check(text(*rows).encode(), "a.csv", shipped, unit="区农业局")
    assert [(row, column) for row, column, _, _ in told(checked)] == [(3, "填报单位")]
    assert checked.rows["unit"].tolist() == ["区农业局"]


def test_other_spellings_of_a_unit_are_known(shipped):
    checked = intake.check(
        text(with_cell(PERCENT, "填报单位", "党政办公室")).encode(), "a.csv", shipped
    )
    assert checked.rows["unit"].tolist() == ["区党政办"]


def test_the_only_indicator_of_a_task_need_not_be_written(shipped):
    checked = intake.check(text(with_cell(GOOD, "指标", "")).encode(), "a.csv", shipped)
    assert checked.rows["indicator"].tolist() == ["到紫阳县对接的农业企业"]


WARNINGS = [
    (with_cell(PERCENT, "累计完成率", "40"), "低于2018-09已报的80%", True),
    (["八-2", "2018-03", "妇联", "", "", "99", ""], "高于", True),
    (["二-4", "2018-10", "区商务局", "", "", "90", ""], "增加超过50个百分点", False),
    (with_cell(GOOD, "本月完成", "30"), "超过目标10家的两倍", False),
    (with_cell(GOOD, "本月完成", "6"), "一个月完成目标10家的50%以上", False),
    (with_cell(PERCENT, "累计完成率", "0.85"), "按0.85%计入", False),
]


@pytest.mark.parametrize(("row", "problem", "needs_reason"), WARNINGS)
def test_what_is_odd_is_a_warning_and_can_be_submitted(shipped, row, problem, needs_reason):
    checked = intake.check(text(row).encode(), "a.csv", shipped)
    assert not checked.errors
    assert any(problem in one.problem for one in checked.of(Severity.WARNING)), checked.table()
    assert len(checked.rows) == 1
    if needs_reason:
        assert checked.needs_reason


def test_the_same_event_counted_by_two_units_is_asked_about(shipped):
    units = shipped.tasks.at["八-1", "units"]
    rows = [["八-1", "2018-10", unit, "爱心捐赠活动", "1", "", ""] for unit in units[:2]]
    checked = intake.check(text(*rows).encode(), "a.csv", shipped)
    double = [one for one in checked.of(Severity.WARNING) if "重复计数" in one.problem]
    assert {one.row for one in double} == {2, 3}
    assert units[1] in double[0].problem


def zip_with(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
WRONG_FILES = {
    "empty": (b"", "文件是空的"),
    "blank": (b"\xef\xbb\xbf\r\n,,\r\n", "文件是空的"),
    "header only": (text().encode(), "没有填写任何一行"),
    "plan": ((ROOT / "data" / "plan.csv").read_bytes(), "这是计划表"),
    "picture": ((ROOT / "lib" / "ui" / "frame" / "icon.png").read_bytes(), "这是图片"),
    "pdf": (b"%PDF-1.7 ...", "这是 PDF"),
    "xls": (OLE, "旧版 Office"),
    "password": (OLE + "EncryptedPackage".encode("utf-16-le"), "加了密码"),
    "zip": (zip_with(a="1"), "这是压缩包"),
    "docx": (zip_with(word__document="1"), "Word"),
    "bomb": (zip_with(xl__workbook=b"0" * 400_000_000), "解压后过大"),
    "truncated": (book(GOOD)[:2000], "不完整或已损坏"),
    "huge": (b"0" * (MAX_BYTES + 1), "文件太大"),
    "binary": (bytes(range(256)) * 4, "文件"),
    "no table": ("今天开会\n".encode("gbk"), "不是填报表"),
    "no numbers": (text(["二-1", "10月"], head=["任务编号", "月份"]).encode(), "缺少这一列"),
    "open quote": (("任务编号,月份\n" + '"二-1,10月').encode(), "不是完整的 CSV"),
}


@pytest.mark.parametrize("name", WRONG_FILES)
def test_a_file_that_is_no_report_is_told_what_it_is(shipped, name):
    content, problem = WRONG_FILES[name]
    checked = intake.check(content, "文件.xlsx", shipped)
    assert checked.unusable
    assert any(problem in one.problem for one in checked.errors), checked.table().to_string()


def test_an_entity_bomb_is_not_opened(shipped):
    content = book(GOOD)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/workbook.xml":
                part = b'<!DOCTYPE x [<!ENTITY a "b">]>' + part
            new.writestr(name, part)
    checked = intake.check(out.getvalue(), "a.xlsx", shipped)
    assert "不允许的内容" in checked.errors[0].problem


def test_a_formula_that_was_never_calculated_is_seen(shipped):
    checked = intake.check(book(with_cell(GOOD, "本月完成", "=1+1")), "a.xlsx", shipped)
    assert told(checked) == [(2, "本月完成", "=1+1", "不是数字")]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_corrected_copy_tells_by_row_and_can_be_sent_again(shipped, kind):
    rows = [with_cell(GOOD, "本月完成", "x"), PERCENT]
    content = text(*rows).encode("gbk") if kind == "csv" else book(*rows)
    checked = intake.check(content, f"十月.{kind}", shipped)
    name, copy = intake.corrected_copy(checked, content)
    assert name == f"十月_校验结果.{kind}"
    again = intake.check(copy, name, shipped)
    assert again.findings == checked.findings
    assert "「本月完成」不是数字" in again.sheet.cells["校验结果"].iloc[0]
    assert again.sheet.cells["校验结果"].iloc[1] == ""
    if kind == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(copy)).active
        assert sheet.cell(2, 5).fill.fgColor.rgb == "00F8D7DA"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("unit", ["区人社局", "区商务局", "妇联", "区农业局"])
def test_the_template_filled_in_goes_through(shipped, unit, kind):
    month = months.parse("2018-10")
    make = intake.template_csv if kind == "csv" else intake.template_xlsx
    empty = intake.check(make(shipped, unit, month), f"a.{kind}", shipped, unit=unit, month=month)
    assert [one.problem for one in empty.errors] == ["没有填写任何一行"]
    rows = intake.entry_rows(shipped, unit, month)
    assert len(rows)
    quantified = rows["指标"] != ""
    filled = rows.assign(
        **{
            "本月完成": quantified.map({True: "1", False: ""}),
            "累计完成率": quantified.map({True: "", False: "100"}),
        }
    )
    content = text(*filled.to_numpy().tolist(), head=list(filled.columns)).encode("gbk")
    checked = intake.check(content, "a.csv", shipped, unit=unit, month=month)
    assert not checked.errors, checked.table().to_string()
    assert len(checked.rows) == len(rows)


def test_the_template_is_checked_by_excel_and_explains_itself(shipped):
    content = intake.template_xlsx(shipped, "区人社局", months.parse("2018-10"))
    made = openpyxl.load_workbook(io.BytesIO(content))
    assert made.sheetnames == ["填报", "选项", "填写说明"]
    sheet = made["填报"]
    rules = {rule.prompt: rule for rule in sheet.data_validations.dataValidation}
    assert {rule.type for rule in rules.values()} == {"list", "decimal"}
    so_far = {
        row[0].value + (row[5].value or ""): row[8].value for row in sheet.iter_rows(min_row=2)
    }
    assert so_far["七-3有组织劳务对接"] == "420人次"
    assert so_far["七-1"].endswith("%")
    assert sheet.freeze_panes == "B2"
    assert "浅黄色" in made["填写说明"]["A3"].value


def test_the_template_shows_what_was_reported_for_the_month(shipped):
    rows = intake.entry_rows(shipped, "区农业局", months.parse("2018-09"))
    mine = shipped.progress[
        (shipped.progress["unit"] == "区农业局")
        & (shipped.progress["month"] == months.parse("2018-09"))
    ]
    assert len(mine)
    assert set(mine["task_id"]) <= set(rows["任务编号"])
    assert set(mine["note"]) <= set(rows["进展说明"])


def test_the_preview_says_what_changes_and_by_how_much(shipped):
    september = shipped.progress[
        (shipped.progress["task_id"] == "一-1")
        & (shipped.progress["month"] == months.parse("2018-09"))
    ].iloc[0]
    same = ["一-1", "2018-09", "区党政办", "", "", "80", september["note"]]
    rows = [same, PERCENT, with_cell(GOOD, "月份", "2018-09"), with_cell(GOOD, "本月完成", "x")]
    checked = intake.check(text(*rows).encode(), "a.csv", shipped)
    planned = intake.preview(shipped, checked, "张三")
    assert planned.table["变化"].tolist() == ["不变", "新增", "修改", "错误"]
    assert "→ 赴紫阳对接" in planned.table["内容"].iloc[2]
    assert planned.sentence() == "新增1行，修改1行，不变1行，错误1行"
    assert planned.changes.added == 1
    assert planned.changes.changed == 1
    effect = planned.effect("区党政办", months.parse("2018-10")).set_index("范围")
    assert effect.at["区党政办", "原来（%）"] == 80
    assert effect.at["区党政办", "之后（%）"] == 85
    assert effect.at["总体", "变化（百分点）"] > 0
    texts = schema.PROGRESS.texts(planned.after.progress)
    assert (texts["填报人"] == "张三").sum() == 2


def test_a_column_that_the_file_lacks_keeps_its_value(shipped):
    head = ["任务编号", "月份", "填报单位", "累计完成率"]
    row = ["一-1", "2018-09", "区党政办", "81"]
    checked = intake.check(text(row, head=head).encode(), "a.csv", shipped)
    planned = intake.preview(shipped, checked, "张三")
    before, after = planned.changes.before.iloc[0], planned.changes.after.iloc[0]
    assert after["累计完成率"] == "81"
    assert after["进展说明"] == before["进展说明"] != ""


PNG = (ROOT / "lib" / "ui" / "frame" / "icon.png").read_bytes()


def test_evidence_is_told_by_its_content(shipped):
    taken = {
        "照片.png": PNG,
        "通知.pdf": b"%PDF-1.4\n1 0 obj\n%%EOF",
        "名单.xlsx": book(GOOD),
    }
    for name, content in taken.items():
        item = intake.attachment(name, content, task_id="一-1", month=585, unit="区党政办")
        assert (item.name, item.size, item.month) == (name, len(content), "2018-10")


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("图.png", b"<svg onload=alert(1)>", "不是可以接受"),
        ("图.svg", b"<svg/>", "不是可以接受"),
        ("图.pdf", PNG, "扩展名与内容不符"),
        ("图.png", PNG[:60], "不是可以接受"),
        ("a.exe", b"MZ" + b"0" * 100, "不是可以接受"),
        ("a.docx", zip_with(a="1"), "压缩包"),
        ("a.docx", zip_with(word__document="1", word__vbaProject_bin="1"), "压缩包"),
        ("a.png", b"", "文件是空的"),
        ("a.png", PNG + b"0" * (20 * 1024 * 1024), "文件太大"),
    ],
)
def test_what_is_no_evidence_is_refused(name, content, problem):
    with pytest.raises(DataError, match=problem):
        intake.attachment(name, content, task_id="一-1", month=585, unit="区党政办")


def test_evidence_with_macros_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "1")
        archive.writestr("word/vbaProject.bin", "1")
    with pytest.raises(DataError, match="宏"):
        intake.attachment("a.docx", out.getvalue(), task_id="一-1", month=585, unit="区党政办")


BOOK, TEXT = book(GOOD, PERCENT), text(GOOD, PERCENT)


@st.composite
def mangled(draw):
    """Return bytes as they arrive on a bad day."""
    kind = draw(st.sampled_from(["random", "text", "encoding", "cells", "book", "flipped"]))
    if kind == "random":
        start = draw(
            st.sampled_from(
                [b"", b"PK\x03\x04", OLE[:8], b"\xff\xfe", b"\x89PNG\r\n\x1a\n", b"GIF89a"]
            )
        )
        return start + draw(st.binary(max_size=200))
    if kind == "text":
        return draw(st.text(max_size=200)).encode("utf-8", "surrogatepass")
    if kind == "encoding":
        encoding = draw(st.sampled_from(["utf-8", "gbk", "utf-16", "utf-16-le", "utf-32"]))
        content = bytearray(TEXT.encode(encoding))
        for _ in range(draw(st.integers(0, 5))):
            content[draw(st.integers(0, len(content) - 1))] = draw(st.integers(0, 255))
        return bytes(content[: draw(st.integers(0, len(content)))])
    if kind == "cells":
        cell = st.text(max_size=8) | st.sampled_from(
            [*GOOD, *PERCENT, "", "50%", "2018/4", "-1", "1e999"]
        )
        rows = draw(st.lists(st.lists(cell, min_size=7, max_size=7), max_size=4))
        return text(*rows).encode("utf-8", "surrogatepass")
    if kind == "book":
        return BOOK[: draw(st.integers(0, len(BOOK)))]
    content = bytearray(BOOK)
    for _ in range(draw(st.integers(1, 4))):
        content[draw(st.integers(0, len(content) - 1))] = draw(st.integers(0, 255))
    return bytes(content)


@pytest.mark.slow
@settings(max_examples=10_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(content=mangled())
def test_any_bytes_give_a_message_or_a_table(shipped, content):
    checked = intake.check(content, "上传.xlsx", shipped)
    assert checked.findings or len(checked.rows)
    assert checked.unusable or not checked.rows["task_id"].isin(["", None]).any()
    assert all(one.problem for one in checked.findings)
    if len(checked.rows):
        planned = intake.preview(shipped, checked, "张三")
        assert not planned.after.progress_problems
