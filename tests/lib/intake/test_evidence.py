"""Which files are taken as evidence."""

from __future__ import annotations

import io
import zipfile

import pytest

from lib import intake
from lib.core.problems import DataError
from tests.conftest import ROOT
from tests.lib.intake.reports import GOOD, book, zip_with

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
        ("IMG_1.HEIC", b"\0\0\0\x18ftypheic" + b"0" * 40, "HEIC 照片"),
        ("IMG_1.jpg", b"\0\0\0\x18ftypmif1" + b"0" * 40, "转成 JPG"),
        ("通知.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧版 Office"),
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
