"""Word files: merged cells, tracked changes, text boxes."""

from __future__ import annotations

from docx.oxml import OxmlElement

from lib.planning import read_document, understand
from tests.lib.planning.documents import (
    EXPECTED,
    ROWS,
    delete_row,
    facts,
    rows_of,
    saved,
    tracked,
    word,
)


def test_a_word_table_with_merged_cells():
    assert facts(rows_of(saved(word("2019年工作计划", ROWS)))) == EXPECTED


def test_tracked_changes_are_read_as_accepted_and_told():
    document = word(ROWS)
    cell = document.tables[0].cell(3, 2).paragraphs[0]
    cell.text = "选派"
    tracked(cell, inserted="20名教师。", deleted="15名教师。")
    delete_row(document.tables[0].add_row())
    reading = understand(read_document(saved(document), "修订.docx"), 2019)
    assert facts(reading.rows) == EXPECTED
    assert any("修订痕迹" in str(doubt) for doubt in reading.doubts)


def test_a_deleted_row_is_left_out():
    document = word([*ROWS, ["三", "其他", "已删去的任务。", "区教育局", "全年"]])
    delete_row(document.tables[0].rows[-1])
    assert facts(rows_of(saved(document))) == EXPECTED


def test_text_boxes_content_controls_and_line_breaks_are_read():
    document = word("2019年工作计划", ROWS)
    line = document.paragraphs[0].add_run()
    line.add_break()
    line.add_text("（征求意见稿）")
    line.add_tab()
    control = OxmlElement("w:sdt")
    content = OxmlElement("w:sdtContent")
    control.append(content)
    table = document.tables[0]._tbl
    table.addprevious(control)
    content.append(table)
    box = OxmlElement("w:txbxContent")
    paragraph = OxmlElement("w:p")
    run, words = OxmlElement("w:r"), OxmlElement("w:t")
    words.text = "文本框里的话"
    run.append(words)
    paragraph.append(run)
    box.append(paragraph)
    document.paragraphs[0].runs[0]._r.append(box)
    document = read_document(saved(document), "x.docx")
    assert document.paragraphs == ["2019年工作计划", "（征求意见稿）", "文本框里的话"]
    assert facts(understand(document).rows) == EXPECTED


def test_a_paragraph_whose_end_was_deleted_is_one_with_the_next():
    document = word("2019年", "工作计划", ROWS)
    mark = document.paragraphs[0]._p.get_or_add_pPr()
    properties = OxmlElement("w:rPr")
    properties.append(OxmlElement("w:del"))
    mark.append(properties)
    reading = understand(read_document(saved(document), "x.docx"))
    assert reading.title == "2019年工作计划"
    last = word(ROWS, "完")
    mark = last.paragraphs[0]._p.get_or_add_pPr()
    properties = OxmlElement("w:rPr")
    properties.append(OxmlElement("w:del"))
    mark.append(properties)
    assert read_document(saved(last), "x.docx").paragraphs == ["完"]
