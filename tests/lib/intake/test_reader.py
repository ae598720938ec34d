"""Files as staff send them: what is read without a word, and what a file is said to be instead."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lib import intake
from lib.core import months
from lib.files.office_files import MAX_BYTES
from lib.intake import Severity
from tests.conftest import ROOT
from tests.lib.intake.reports import GOOD, HEAD, PERCENT, book, findings, text, with_cell, zip_with


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
    (warning,) = checked.of(Severity.WARNING)
    assert (warning.row, warning.value) == (3, "联系电话")
    assert "没有读" in warning.problem
    assert checked.needs_consent
    assert checked.rows.index.tolist() == [4]


@pytest.mark.parametrize("value", [date(2018, 10, 1), datetime(2018, 10, 31)])
def test_a_date_of_excel_is_its_month(shipped, value):
    checked = intake.check(book(with_cell(GOOD, "月份", value)), "a.xlsx", shipped)
    assert not checked.findings
    assert months.text(checked.rows["month"].iloc[0]) == "2018-10"


def test_a_percent_cell_of_excel_is_what_it_shows(shipped):
    workbook = openpyxl.load_workbook(io.BytesIO(book(with_cell(PERCENT, "累计完成率", 0.85))))
    workbook.active.cell(2, 6).number_format = "0%"
    out = io.BytesIO()
    workbook.save(out)
    checked = intake.check(out.getvalue(), "a.xlsx", shipped)
    assert checked.rows["cumulative_percent"].tolist() == [85]


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
    "bomb": (zip_with(xl__workbook=b"0" * 11_000_000), "解压后过大"),
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
    assert any(problem in error.problem for error in checked.errors), checked.table().to_string()


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
    assert findings(checked) == [(2, "本月完成", "=1+1", "是公式，文件里没有算出的值")]


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


def any_bytes_give_a_message_or_a_table(shipped, content):
    checked = intake.check(content, "上传.xlsx", shipped)
    assert checked.findings or len(checked.rows)
    assert checked.unusable or not checked.rows["task_id"].isin(["", None]).any()
    assert all(finding.problem for finding in checked.findings)
    if len(checked.rows):
        preview = intake.preview(shipped, checked, "张三")
        assert not preview.after.progress_problems


of_any_bytes = settings(suppress_health_check=list(HealthCheck))


@pytest.mark.slow
@settings(of_any_bytes, max_examples=100)
@given(content=mangled())
def test_any_bytes_give_a_message_or_a_table(shipped, content):
    any_bytes_give_a_message_or_a_table(shipped, content)


@pytest.mark.thorough
@settings(of_any_bytes, max_examples=10_000)
@given(content=mangled())
def test_many_more_bytes_do(shipped, content):
    any_bytes_give_a_message_or_a_table(shipped, content)
