"""What a file is by its content, whatever its name says; each caller words its own refusal."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection
from enum import Enum, auto

from PIL import Image

from lib.core.problems import FileError
from lib.files import office_files

OLE, ZIP, PDF, RTF = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04", b"%PDF-", b"{\\rtf"


class FileKind(Enum):
    """Kinds that a caller may want to take or to refuse with a word of its own.

    ``OTHER_…`` are archives of that program without the part that this one reads: another
    format of it (.xlsb), or damaged.
    """

    WORD = auto()
    WORKBOOK = auto()
    SLIDES = auto()
    OTHER_WORD = auto()
    OTHER_WORKBOOK = auto()
    OTHER_SLIDES = auto()
    ARCHIVE = auto()
    OLD_OFFICE = auto()
    ENCRYPTED = auto()
    PDF = auto()
    RTF = auto()
    OPEN_DOCUMENT = auto()
    """A spreadsheet or text of LibreOffice, which WPS saves as well (.ods, .odt)."""
    WEB_PAGE = auto()
    """HTML, or the XML of Excel 2003: what systems export under the name of a workbook."""
    PHONE_PICTURE = auto()
    """HEIC, in which iPhones keep photos, or AVIF: browsers and Office show neither everywhere."""
    PICTURE = auto()
    OTHER = auto()
    """Text, or anything that no other kind claims."""


_WEB_PAGE = re.compile(
    rb"[\xef\xbb\xbf\xff\xfe\s]*(?:<(?:!doctype|!--|html|head|meta|table|\?xml|workbook)|mime-version:)",
    re.I,
)
_PHONE_PICTURE = re.compile(rb".{4}ftyp(?:hei[cfmsx]|hev[cmsx]|mif1|msf1|avi[fs])", re.DOTALL)
_MAIN_PARTS = {
    "word/document.xml": FileKind.WORD,
    "xl/workbook.xml": FileKind.WORKBOOK,
    "ppt/presentation.xml": FileKind.SLIDES,
}
_FOLDERS = {
    "word/": FileKind.OTHER_WORD,
    "ppt/": FileKind.OTHER_SLIDES,
    "xl/": FileKind.OTHER_WORKBOOK,
}


def kind_of(content: bytes, file: str, expected: str) -> FileKind:
    """Return what a file's bytes are.

    Raises `FileError` (naming ``file``, asking for ``expected``) for a file that is empty, larger
    than `office_files.MAX_BYTES`, or an archive that `office_files.opened` refuses.
    """
    if len(content) > office_files.MAX_BYTES:
        size, limit = (n / 1024 / 1024 for n in (len(content), office_files.MAX_BYTES))
        raise FileError(file, f"文件太大（{size:.0f} MB）", f"不超过{limit:.0f} MB的{expected}")
    if not content.strip():
        raise FileError(file, "文件是空的", expected)
    if content.startswith(ZIP):
        archive = office_files.opened(content, file, expected)
        if b"application/vnd.oasis.opendocument" in content[:200]:  # stored first, unpacked
            return FileKind.OPEN_DOCUMENT
        return _kind_of_archive(archive.namelist())
    if content.startswith(OLE):
        # An Office file with a password is a stream of this name in an OLE file.
        encrypted = "EncryptedPackage".encode("utf-16-le") in content
        return FileKind.ENCRYPTED if encrypted else FileKind.OLD_OFFICE
    if content.startswith(PDF):
        return FileKind.PDF
    if _PHONE_PICTURE.match(content[:12]):
        return FileKind.PHONE_PICTURE
    if picture_format(content):
        return FileKind.PICTURE
    if content.lstrip().startswith(RTF):
        return FileKind.RTF
    return (
        FileKind.WEB_PAGE if _WEB_PAGE.match(content[:4000].replace(b"\0", b"")) else FileKind.OTHER
    )


def _kind_of_archive(names: Collection[str]) -> FileKind:
    complete = (kind for part, kind in _MAIN_PARTS.items() if part in names)
    partly = (
        kind for folder, kind in _FOLDERS.items() if any(name.startswith(folder) for name in names)
    )
    return next(complete, None) or next(partly, FileKind.ARCHIVE)


def picture_format(content: bytes) -> str:
    """Return Pillow's name of a picture's format (PNG, JPEG …), empty if it is no picture."""
    try:
        with Image.open(io.BytesIO(content)) as image:
            return image.format or "图片"
    except Exception:  # noqa: BLE001 - decoders raise anything on bytes that are not of their kind
        return ""


def has_macros(content: bytes) -> bool:
    """Whether an Office archive carries a program."""
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    return any(name.endswith("vbaProject.bin") for name in names)
