"""Evidence (佐证材料): which files are taken, by their content and not by their name."""

from __future__ import annotations

import io

from PIL import Image

from lib.core import months
from lib.core.problems import FileError
from lib.files.file_kinds import FileKind, has_macros, kind_of
from lib.store import Attachment
from lib.store.atomic_files import safe_name, sha256

MAX_PIXELS = 100_000_000
ACCEPTED = "照片（JPG、PNG、WebP）、PDF 或 Office 文档（DOCX、XLSX、PPTX）"
_OFFICE = "application/vnd.openxmlformats-officedocument"
_DOCUMENTS = {
    FileKind.PDF: "application/pdf",
    FileKind.WORD: f"{_OFFICE}.wordprocessingml.document",
    FileKind.WORKBOOK: f"{_OFFICE}.spreadsheetml.sheet",
    FileKind.SLIDES: f"{_OFFICE}.presentationml.presentation",
}
_ENDINGS = {
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/webp": (".webp",),
    **dict(zip(_DOCUMENTS.values(), [(".pdf",), (".docx",), (".xlsx",), (".pptx",)], strict=True)),
}
"""Endings of a file's name by its media type."""
_REFUSED = {
    FileKind.PHONE_PICTURE: (
        "这是 HEIC 照片（苹果手机的格式），不能收",
        "转成 JPG：在手机“设置－相机－格式”中选“兼容性最佳”重拍，或用微信、电脑另存为 JPG",
    ),
    FileKind.OLD_OFFICE: ("这是旧版 Office 文件（.doc、.xls、.ppt）", "另存为 .docx、.xlsx 或 PDF"),
    FileKind.ENCRYPTED: ("文件加了密码", "取消密码后另存的文件"),
    FileKind.OPEN_DOCUMENT: ("这是 OpenDocument 文件", "另存为 .docx、.xlsx 或 PDF"),
    FileKind.WEB_PAGE: ("不是可以接受的文件类型（网页）", ACCEPTED),
}
_ARCHIVES = (FileKind.ARCHIVE, FileKind.OTHER_WORD, FileKind.OTHER_WORKBOOK, FileKind.OTHER_SLIDES)


def attachment(name: str, content: bytes, *, task_id: str, month: int, unit: str) -> Attachment:
    """Return the description of a file as evidence of a report in ``month`` (ordinal).

    Raises `FileError` for an empty or too large file, for a type that is not taken, for a
    document with macros, and for a name whose ending is not of the content's type.
    """
    file = safe_name(name)
    media_type = _media_type(content, file)
    suffixes = _ENDINGS[media_type]
    if not file.lower().endswith(suffixes):
        actual = suffixes[0][1:].upper()
        raise FileError(file, f"扩展名与内容不符（内容是 {actual}）", f"以 {suffixes[0]} 结尾")
    return Attachment(
        file, sha256(content), len(content), media_type, task_id, months.text(month), unit
    )


def _media_type(content: bytes, file: str) -> str:
    kind = kind_of(content, file, ACCEPTED)
    if kind is FileKind.PICTURE:
        return _picture_type(content, file)
    if kind in _REFUSED:
        raise FileError(file, *_REFUSED[kind])
    if kind in _ARCHIVES:
        raise FileError(file, "这是压缩包，不是文档", ACCEPTED)
    if kind not in _DOCUMENTS or (kind is FileKind.PDF and b"%%EOF" not in content[-2048:]):
        raise FileError(file, "不是可以接受的文件类型，或文件已损坏", ACCEPTED)
    if kind is not FileKind.PDF and has_macros(content):
        raise FileError(file, "文档含有宏", "不含宏的文档")
    return _DOCUMENTS[kind]


def _picture_type(content: bytes, file: str) -> str:
    try:
        with Image.open(io.BytesIO(content)) as image:
            media_type = Image.MIME.get(image.format or "", "")
            pixels = image.width * image.height
            image.verify()
    except Exception as error:  # whatever a decoder meets, it is not a picture to keep
        raise FileError(file, "不是可以接受的文件类型，或文件已损坏", ACCEPTED) from error
    if media_type not in _ENDINGS or pixels > MAX_PIXELS:
        raise FileError(file, "不是可以接受的图片", ACCEPTED)
    return media_type
