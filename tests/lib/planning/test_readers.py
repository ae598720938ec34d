"""Files of a plan: what is read, and what is refused with what to do instead."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import shutil
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from lib.core.problems import DataError, FileError
from lib.files.file_kinds import OLE
from lib.planning import Grid, read_document, read_text, readers, understand
from lib.planning.document import Merge
from tests.conftest import ROOT
from tests.lib.planning.documents import (
    EXPECTED,
    HEADER,
    ROWS,
    UP,
    facts,
    rows_of,
    saved,
    word,
    workbook,
)
from tests.timing import is_quick

FIXTURES = ROOT / "tests" / "fixtures"


def test_a_workbook_with_a_title_merged_cells_and_dates():
    content = workbook(
        [
            ["2019年重点工作清单", None, None, None, None],
            ["完成时限", "责任部门", "主要内容", "类别", "序号"],
            [dt.date(2019, 6, 1), "区发改局", "引导10家企业到青川县考察。", "产业合作", 1],
            ["全年", "区商务局", "共建产业园1个。", None, 2],
        ],
        ["A1:E1", "D3:D4"],
    )
    reading = understand(read_document(content, "清单.xlsx"))
    assert reading.title == "2019年重点工作清单"
    assert reading.year == 2019
    assert "A3（2019年6月）" in str(reading.doubts[0])
    assert facts(reading.rows) == [
        ("一-1", "产业合作", "引导10家企业到青川县考察。", "区发改局", "2019年6月"),
        ("一-2", "产业合作", "共建产业园1个。", "区商务局", "全年"),
    ]


def test_a_word_file_without_a_table_is_read_like_pasted_text():
    lines = [
        "\t".join(str(cell).replace("\n", "") for cell in row if cell is not UP) for row in ROWS
    ]
    document = word("2019年工作计划", lines[0], lines[1], lines[3])
    assert facts(rows_of(saved(document))) == [EXPECTED[0], EXPECTED[2]]


def test_a_workbook_too_large_or_empty_is_refused():
    document = openpyxl.Workbook()
    document.active.cell(6000, 1, "x")
    with pytest.raises(FileError, match="太大"):
        read_document(saved(document), "x.xlsx")
    with pytest.raises(FileError, match="空的"):
        read_document(saved(openpyxl.Workbook()), "x.xlsx")


def test_percentages_and_numbers_of_a_workbook():
    document = openpyxl.Workbook()
    document.active.append(["工作任务", "责任单位", "完成时限", "目标值"])
    document.active.append(["提高就业率。", "区人社局", "全年", 0.9])
    document.active["D2"].number_format = "0%"
    document.active.append(["培训。", "区人社局", "全年", 2.5])
    rows = rows_of(saved(document), "x.xlsx")
    assert [row.goal for row in rows] == ["90%", "2.5"]


CSV = "\r\n".join(
    ",".join(row)
    for row in [
        HEADER,
        ["一", "产业合作", "引导10家企业到青川县考察。", "区发改局", "6月底前"],
        ["", "", "共建产业园1个。", "区商务局", "全年"],
    ]
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_csv_in_any_encoding(encoding):
    rows = rows_of(CSV.encode(encoding), "计划.csv")
    assert [row.task_id for row in rows] == ["一-1", "一-2"]
    assert rows[1].category == "产业合作"


def test_text_pasted_as_rows_with_tabs():
    text = "2019年工作计划\n一、产业合作\n概述。\n" + "\n".join(
        "\t".join(str(cell).replace("\n", "") if cell is not UP else "" for cell in row)
        for row in ROWS
    )
    reading = understand(read_text(text + "\n附：说明一段。\n"))
    assert facts(reading.rows) == EXPECTED
    assert reading.year == 2019


@pytest.mark.parametrize("blank", ["\n", ""])
def test_text_pasted_as_one_cell_per_line(blank):
    lines = []
    for row in ROWS:
        lines += ["\t" + ("" if cell is UP else str(cell)) for cell in row] + (
            [""] if blank else []
        )
    text = "2019年工作计划\n\n" + "\n".join(lines) + "\n"
    assert facts(understand(read_text(text)).rows) == EXPECTED


def test_another_programs_files():
    """LibreOffice wrote these (tests/fixtures/plans/make.py)."""
    path = FIXTURES / "plans" / "2019-libreoffice.docx"
    reading = understand(read_document(path.read_bytes(), path.name))
    assert (reading.year, reading.title) == (2019, "2019年东西部协作工作计划")
    assert reading.parties == ("临江市东湖区", "青川县")
    assert [row.window_text for row in reading.rows] == [
        "2019年6月底前",
        "年底前",
        "适时开展",
        "3—6月",
        "全年",
        "全年",
    ]
    assert reading.rows[4].units_text == "牵头单位：区教育局；配合单位：区卫健局"
    path = FIXTURES / "plans" / "2021-libreoffice.xlsx"
    reading = understand(read_document(path.read_bytes(), path.name))
    assert [row.units_text for row in reading.rows] == ["区住建局", "区住建局", "区文旅局"]
    assert [row.task_id for row in reading.rows] == ["一-1", "一-2", "二-1"]


def test_several_tables_of_another_programs_file():
    path = FIXTURES / "plans" / "2022-libreoffice.docx"
    reading = understand(read_document(path.read_bytes(), path.name))
    assert [(row.task_id, row.category) for row in reading.rows] == [
        ("一-1", "产业振兴"),
        ("一-2", "产业振兴"),
        ("一-3", "产业振兴"),
        ("二-1", "乡村建设"),
        ("二-2", "乡村建设"),
        ("二-3", "乡村建设"),
        ("一-附1", "产业振兴"),
    ]
    assert reading.rows[0].units_text == (
        "牵头单位：县农业农村局；配合单位：县自然资源局、县水利局"
    )
    assert reading.rows[1].units_text == "牵头单位：县农业农村局；配合单位：县市场监管局"
    assert reading.rows[-1].units_text == "县农业农村局、县商务局"
    assert [(str(each.kind), each.narrative, each.table) for each in reading.differences] == [
        ("正文有，分解表没有", "年内改造提升农贸市场两个。", ""),
        ("数量不一致", "培育县级以上龙头企业8家。", "培育县级以上龙头企业10家。"),
    ]
    assert [doubt.value for doubt in reading.doubts] == ["表3", "1．完成农村户厕改造2600座。"]


def test_a_pdf_with_text_is_read_like_the_word_file():
    word_rows, pdf_rows = (
        rows_of((FIXTURES / "plans" / f"2019-libreoffice.{kind}").read_bytes(), f"x.{kind}", 2019)
        for kind in ("docx", "pdf")
    )
    assert [(r.category, r.content, r.units_text, r.window_text) for r in pdf_rows] == [
        (r.category, r.content, r.units_text, r.window_text) for r in word_rows
    ]


@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")
def test_an_old_word_file_is_read_where_libreoffice_is_installed():
    old, new = (
        rows_of((FIXTURES / "plans" / f"2019-libreoffice.{kind}").read_bytes(), f"x.{kind}", 2019)
        for kind in ("doc", "docx")
    )
    assert facts(old) == facts(new)


def picture(kind="PNG"):
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, kind)
    return out.getvalue()


def archive(**members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as document:
        for name, text in members.items():
            document.writestr(name.replace("__", "/"), text)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "problem", "advice"),
    [
        ((FIXTURES / "plans" / "2019-libreoffice.doc").read_bytes(), "旧版 Office", "另存为"),
        (picture("PDF"), "扫描的 PDF", "Word 原件"),
        (b"%PDF-1.4 damaged", "密码或已损坏", "Word 原件"),
        (picture(), "图片", "Word 原件"),
        (b"", "空的", ".docx"),
        (b"{\\rtf1 x}", "RTF", "另存为"),
        (b"PK\x03\x04damaged", "损坏", "重新保存"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "密码", "取消密码"),
        (archive(word__document="x", **{"word__document.xml": "<a"}), "损坏", "重新保存"),
        (archive(a="x"), "不是 Word 或 Excel", ".docx"),
        (archive(ppt__presentation="x"), "演示文稿", ".docx"),
        ("没有表格的一段话。".encode(), "没有找到任务分解表", "表头"),
        (saved(word("只有正文。")), "没有找到任务分解表", "表头"),
        (workbook([["姓名", "电话"], ["张三", "1"]]), "没有找到任务分解表", "表头"),
        (b"x" * (21 * 1024 * 1024), "太大", "20 MB"),
    ],
    ids=[
        "doc",
        "scan",
        "broken pdf",
        "png",
        "empty",
        "rtf",
        "damaged",
        "password",
        "xml",
        "zip",
        "ppt",
        "text",
        "word",
        "xlsx",
        "big",
    ],
)
def test_what_cannot_be_read_says_what_to_do(content, problem, advice, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda program: None)  # no LibreOffice
    with pytest.raises(DataError) as raised:
        understand(read_document(content, "计划"), 2019)
    (error,) = raised.value.problems
    assert problem in error.message
    assert advice in error.expected + error.message


def test_a_document_that_would_expand_entities_is_refused():
    members = {"word/document.xml": "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as document:
        for name, text in members.items():
            document.writestr(name, text)
    with pytest.raises(DataError, match="DOCTYPE"):
        read_document(out.getvalue(), "x.docx")


CELL = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"], exclude_characters='"\t,;'),
    min_size=1,
    max_size=12,
)


@given(st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=6))
@settings(max_examples=settings.default.max_examples // 2)
def test_word_and_text_say_the_same_of_any_table(rows):
    """The words of a table come out of a .docx as they come out of pasted text."""
    table = [["工作任务", "责任单位", "完成时限"], *[list(row) for row in rows]]
    from_word = read_document(saved(word(table)), "x.docx")
    pasted = read_text("\n".join("\t".join(row) for row in table))
    grids = [
        next(b for b in document.blocks if isinstance(b, Grid)) for document in (from_word, pasted)
    ]
    texts = [[[cell.text for cell in row] for row in each.rows] for each in grids]
    assert texts[0] == texts[1] == table


@given(st.text(max_size=400), st.booleans())
def test_any_text_is_read_or_refused_in_words(text, with_table):
    if with_table:
        text += "\n" + "\t".join(HEADER) + "\n" + text.replace("\n", "\t")
    document = read_text(text)
    for block in document.blocks:
        if isinstance(block, Grid):
            assert len({len(row) for row in block.rows}) == 1
            assert all(cell.merge is Merge.NONE for row in block.rows for cell in row)
    with contextlib.suppress(FileError):  # no table in it, which it says in Chinese
        rows = understand(document, 2019).rows
        assert len({row.task_id for row in rows}) == len(rows)


def test_pasted_text_enters_without_characters_that_cannot_be_kept():
    paragraphs = read_text("一、目标\v二、任务\0\n三、\uffff措施").paragraphs
    assert list(paragraphs) == ["一、目标", "二、任务", "三、措施"]


def rewritten(content, member, old, new):
    """Return an Office file with a text of one of its parts replaced."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as before,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            part = before.read(name)
            after.writestr(name, part.replace(old, new, 1) if name == member else part)
    return out.getvalue()


def test_a_small_file_that_unfolds_costs_no_time():
    sheet, end = "xl/worksheets/sheet1.xml", b"</sheetData>"
    row = b'<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>x</t></is></c></row>' + end
    merge = end + b'<mergeCells count="1"><mergeCell ref="A3:XFD1048576"/></mergeCells>'
    plan = workbook([["工作任务", "责任单位", "完成时限"], ["修路。", "县交通局", "全年"]])
    span = b'<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="99999999"/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>'
    files = (
        rewritten(plan, sheet, end, row),
        rewritten(plan, sheet, end, merge),
        rewritten(saved(word("x")), "word/document.xml", b"<w:body>", b"<w:body>" + span),
    )

    def read():
        for content in files:
            with pytest.raises(DataError):
                understand(read_document(content, "x"), 2020)

    assert is_quick(read, 3)


@pytest.mark.parametrize(
    ("part", "old", "mark"),
    [
        ("word/document.xml", b"<w:body>", b"<w:p/>"),
        ("word/styles.xml", b"</w:styles>", b"<w:style/>"),
    ],
)
def test_a_word_file_of_a_million_empty_parts_is_refused_before_it_is_read(
    part, old, mark, monkeypatch
):
    marks = mark * readers.MAX_MARKS
    new = old + marks if old.startswith(b"<w:") else marks + old
    content = rewritten(saved(word("2020年工作计划")), part, old, new)
    monkeypatch.setattr(readers.word_files, "read", lambda *_: pytest.fail("it was read"))
    with pytest.raises(FileError, match="超过60万个段落") as fault:
        read_document(content, "计划.docx")
    assert "删去空段落" in str(fault.value)
