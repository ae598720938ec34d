"""``python -m lib.cli export``: the papers without a browser."""

from __future__ import annotations

import pytest
from docx import Document
from openpyxl import load_workbook
from pptx import Presentation

from lib.cli.__main__ import main
from lib.core import months
from lib.report.editions import seal
from lib.store import open_store
from tests.conftest import ROOT
from tests.lib.store.sending import send

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
DATA = str(ROOT / "data")


def export(out, form, *more, data=DATA):
    return main(["export", "--format", form, "--data", data, "--month", "2018-09", str(out), *more])


def text_of(paper):
    return "\n".join(paragraph.text for paragraph in Document(paper).paragraphs)


def test_each_format_is_written_and_opens(tmp_path, capsys):
    assert export(tmp_path / "a.pptx", "pptx") == 0
    assert export(tmp_path / "a.docx", "docx", "--date", "2018-10-08") == 0
    assert export(tmp_path / "a.xlsx", "xlsx") == 0
    assert "完成65.9%" in Presentation(tmp_path / "a.pptx").slides[1].shapes[0].text_frame.text
    assert "2018年10月8日　　" in [
        paragraph.text for paragraph in Document(tmp_path / "a.docx").paragraphs
    ]
    assert load_workbook(tmp_path / "a.xlsx").sheetnames[0] == "台账"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.docx", "a.pptx", "a.xlsx"]
    assert "已写入" in capsys.readouterr().err


def test_the_dashboards_pages_are_written_as_pdf(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("lib.report.pdf.office", lambda: None)
    assert export(tmp_path / "a.pdf", "pages") == 2
    assert "没有安装 LibreOffice" in capsys.readouterr().err
    monkeypatch.setattr("lib.report.pdf.office", lambda: "soffice")
    monkeypatch.setattr("lib.report.export.pdf", lambda *_: b"%PDF")
    assert export(tmp_path / "a.pdf", "pages") == 0
    assert (tmp_path / "a.pdf").read_bytes() == b"%PDF"


def test_filters_narrow_the_paper(tmp_path):
    out = tmp_path / "a.xlsx"
    assert export(out, "xlsx", "--category", "产业帮扶", "--unit", "区农业局") == 0
    sheet = load_workbook(out)["台账"]
    assert [sheet.cell(row, 1).value for row in (4, 5, 6)] == ["二-1", "二-2", "合计"]
    assert export(out, "xlsx", "--unit", "区农业局", "--with-narrative") == 0
    assert load_workbook(out)["台账"].cell(6, 1).value == "二-附3"


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--month", "2019-02"], "不在计划的月份之内"),
        (["--unit", "某局"], "--unit 某局 不在计划中"),
        (["--category", "某类"], "--category 某类 不在计划中"),
        (["--edition", "3"], "还没有定稿"),
        (["--data", "没有"], "不是目录"),
    ],
)
def test_wrong_use_is_explained_and_nothing_is_written(tmp_path, capsys, more, message):
    assert export(tmp_path / "a.docx", "docx", *more) == 2
    assert message in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_date_that_is_none_is_told(tmp_path, capsys):
    with pytest.raises(SystemExit):
        export(tmp_path / "a.docx", "docx", "--date", "十月")
    assert "应写成 2018-10-08" in capsys.readouterr().err


def test_a_folder_that_does_not_exist_is_told(tmp_path, capsys):
    assert export(tmp_path / "没有" / "a.docx", "docx") == 2
    assert "无法写入文件" in capsys.readouterr().err


def test_broken_reports_give_no_paper(tmp_path, folder, rewrite, capsys):
    rewrite("progress.csv", "2018-01", "一月")
    assert export(tmp_path / "a.docx", "docx", data=str(folder)) == 1
    assert "progress.csv 第2行" in capsys.readouterr().err
    assert not (tmp_path / "a.docx").exists()


def test_an_edition_is_exported_as_it_was(tmp_path, folder):
    store = open_store(folder)
    store.submit(seal(months.parse("2018-09"), store.revision, "张三"))
    send(store, "二-6,2018-09,区经发局,合作对接会,1,,补报")
    out = tmp_path / "a.pptx"
    assert (
        main(["export", "--format", "pptx", "--data", str(folder), "--edition", "1", str(out)]) == 0
    )
    slides = Presentation(out).slides
    assert "完成65.9%" in slides[1].shapes[0].text_frame.text
    assert "定稿第1号" in slides[1].notes_slide.notes_text_frame.text
    assert "附　定稿后有1项更正" in [page.shapes.title.text_frame.text for page in slides]
    now = tmp_path / "a.docx"
    assert export(now, "docx", data=str(folder)) == 0
    assert "总体完成率70.4%" in text_of(now)


def test_the_office_puts_its_own_template_in_place_of_ours(tmp_path, capsys):
    own, out = tmp_path / "本局.docx", tmp_path / "a.docx"
    document = Document()
    document.add_paragraph("本局 {{ date }}")
    document.save(own)
    assert export(out, "docx", "--date", "2018-10-08", "--template", str(own)) == 0
    assert [line.text for line in Document(out).paragraphs] == ["本局 2018年10月8日"]
    out.unlink()
    document.add_paragraph("{{ 落款 }}")
    document.save(own)
    assert export(out, "docx", "--template", str(own)) == 1
    assert "本局.docx" in capsys.readouterr().err
    assert not out.exists()


def test_a_paper_can_leave_out_what_waits_to_be_verified(folder, tmp_path, rewrite):
    rewrite("settings.toml", "verify = false", "verify = true")
    words = []
    for more in ((), ("--verified-only",)):
        out = tmp_path / "a.docx"
        assert export(out, "docx", *more, data=str(folder)) == 0
        words.append(text_of(out))
    assert "总体完成率65.9%" in words[0]
    assert "总体完成率65.9%" not in words[1]
    assert "不含待核实" not in words[0]
    assert "不含待核实" in words[1]
