"""What a file is by its content."""

from __future__ import annotations

import io
import zipfile

import pytest
from PIL import Image

from lib.core.problems import FileError
from lib.files.file_kinds import FileKind, has_macros, kind_of
from lib.files.office_files import MAX_BYTES

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def archive(*names):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as members:
        for name in names:
            members.writestr(name, "1")
    return out.getvalue()


def picture(image_format):
    out = io.BytesIO()
    Image.new("RGB", (2, 2)).save(out, image_format)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (archive("word/document.xml"), FileKind.WORD),
        (archive("xl/workbook.xml"), FileKind.WORKBOOK),
        (archive("ppt/presentation.xml"), FileKind.SLIDES),
        (archive("word/other.xml"), FileKind.OTHER_WORD),
        (archive("xl/workbook.bin"), FileKind.OTHER_WORKBOOK),
        (archive("ppt/other.xml"), FileKind.OTHER_SLIDES),
        (archive("a.txt"), FileKind.ARCHIVE),
        (OLE, FileKind.OLD_OFFICE),
        (OLE + "EncryptedPackage".encode("utf-16-le"), FileKind.ENCRYPTED),
        (b"%PDF-1.7 ...", FileKind.PDF),
        (b"\n{\\rtf1 ...}", FileKind.RTF),
        (picture("PNG"), FileKind.PICTURE),
        (picture("JPEG"), FileKind.PICTURE),
        ("任务编号,月份".encode("gbk"), FileKind.OTHER),
    ],
)
def test_a_file_is_what_it_holds(content, kind):
    assert kind_of(content, "文件.xlsx", "填报模板") is kind


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "文件是空的"),
        (b" \r\n", "文件是空的"),
        (b"0" * (MAX_BYTES + 1), "文件太大"),
        (archive("xl/workbook.xml")[:40], "不完整或已损坏"),
    ],
    ids=["empty", "blank", "large", "cut"],
)
def test_what_no_one_can_take_is_refused(content, problem):
    with pytest.raises(FileError, match=problem):
        kind_of(content, "文件.xlsx", "填报模板")


def test_macros_are_seen():
    assert has_macros(archive("word/document.xml", "word/vbaProject.bin"))
    assert not has_macros(archive("word/document.xml"))
