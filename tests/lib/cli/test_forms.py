"""``form`` and ``template``: the upper office's forms and the 通报's letterhead."""

from __future__ import annotations

import pytest
from docx import Document

from lib.cli.__main__ import main
from lib.core.status import Status
from tests.lib.report.upper_forms import blank_form, opened


@pytest.fixture
def blank(tmp_path, shipped):
    path = tmp_path / "上级表.xlsx"
    path.write_bytes(blank_form(shipped))
    return path


@pytest.fixture
def call(folder, tmp_path):
    """Run ``form …`` or ``template …`` on the copied data; texts are paths in a new folder."""
    return lambda *arguments: main([*map(str, arguments), "--data", str(folder)])


def test_a_form_is_kept_listed_filled_and_removed(call, blank, tmp_path, capsys):
    assert call("form", "list") == 0
    assert "还没有上级表格" in capsys.readouterr().out
    assert call("form", "set", blank, "--user", "张三") == 0
    heard = capsys.readouterr().out
    assert "已保存为第1号：填12格" in heard
    assert "进度表!E5" in heard
    out = tmp_path / "九月.xlsx"
    assert call("form", "fill", "上级表.xlsx", out, "--month", "2018-09") == 0
    assert opened(out.read_bytes())["F3"].value == 8
    assert "没有指明内容、留空的有" in capsys.readouterr().err
    assert call("form", "fill", "上级表.xlsx", out, "--month", "2018-06") == 0
    assert opened(out.read_bytes())["F3"].value < 8
    assert call("form", "remove", "上级表.xlsx", "--user", "张三") == 0
    assert call("form", "fill", "上级表.xlsx", out) == 2
    assert "没有上级表格「上级表.xlsx」" in capsys.readouterr().err


def test_what_cells_show_is_written_edited_and_given_back(call, blank, tmp_path, capsys):
    assert call("form", "set", blank, "--user", "张三") == 0
    cells, out = tmp_path / "每格.csv", tmp_path / "九月.xlsx"
    assert call("form", "cells", "上级表.xlsx", cells) == 0
    text = cells.read_text(encoding="utf-8-sig")
    assert text.splitlines()[0] == "工作表,单元格,内容,任务编号,指标,类型,责任单位,期间"
    added = "进度表,C3,状态,二-6,,,,\r\n"
    cells.write_text(text + added, encoding="utf-8-sig", newline="")
    assert call("form", "set", blank, "--cells", cells, "--user", "张三") == 0
    assert call("form", "fill", "上级表.xlsx", out, "--month", "2018-09") == 0
    assert opened(out.read_bytes())["C3"].value == Status.OVERDUE
    cells.write_text(text + "进度表,C3,状况,二-6,,,,\r\n", encoding="utf-8-sig", newline="")
    assert call("form", "set", blank, "--cells", cells, "--user", "张三") == 1
    assert "每格.csv 第14行「内容」列：填写的是「状况」" in capsys.readouterr().err
    cells.write_text("工作表,单元格\r\n", encoding="utf-8-sig")
    assert call("form", "set", blank, "--cells", cells, "--user", "张三") == 1
    assert "没有「内容、任务编号、指标、类型、责任单位、期间」列" in capsys.readouterr().err


def test_the_offices_template_is_kept_for_all_briefings(call, folder, tmp_path, capsys):
    own, out = tmp_path / "本局.docx", tmp_path / "通报.docx"
    document = Document()
    document.add_paragraph("本局 {{ date }}")
    document.save(own)
    assert call("template", "set", own, "--user", "张三") == 0
    export = ["export", "--format", "docx", "--date", "2018-10-08", out]
    assert call(*export) == 0
    assert [line.text for line in Document(out).paragraphs] == ["本局 2018年10月8日"]
    document.add_paragraph("{{ 落款 }}")
    document.save(own)
    assert call("template", "set", own, "--user", "张三") == 1
    assert "本局.docx" in capsys.readouterr().err
    assert call("template", "remove", "--user", "张三") == 0
    assert call(*export) == 0
    assert len(Document(out).paragraphs) > 10
