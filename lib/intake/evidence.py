"""Evidence (佐证材料): which files are taken, told by their content and not by their name."""

from __future__ import annotations

import io
import zipfile

from PIL import Image

from lib.core import months
from lib.core.problems import FileError
from lib.files.office_files import MAX_RATIO, MAX_UNPACKED
from lib.store import Attachment
from lib.store.atomic_files import safe_name, sha256

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 100_000_000
TAKEN = "照片（JPG、PNG、WebP）、PDF 或 Office 文档（DOCX、XLSX、PPTX）"
_SUFFIXES = {
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/webp": (".webp",),
    "application/pdf": (".pdf",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (".docx",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (".xlsx",),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": (".pptx",),
}
SUFFIXES = [suffix for suffixes in _SUFFIXES.values() for suffix in suffixes]
_PICTURES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
_PARTS = {"word/document.xml": ".docx", "xl/workbook.xml": ".xlsx", "ppt/presentation.xml": ".pptx"}


def attachment(name: str, content: bytes, *, task_id: str, month: int, unit: str) -> Attachment:
    """Return the description of a file as evidence of a report.

    Raises `FileError` for an empty or too large file, for a type that is not taken, and for a
    name whose ending is not of the content's type.
    """
    shown = safe_name(name)
    if not content:
        raise FileError(shown, "文件是空的", TAKEN)
    if len(content) > MAX_BYTES:
        raise FileError(shown, f"文件太大（{len(content) / 1024 / 1024:.0f} MB）", "不超过20 MB")
    kind = _kind(content, shown)
    suffix = "." + shown.rpartition(".")[2].lower()
    if suffix not in _SUFFIXES[kind]:
        wanted = _SUFFIXES[kind][0]
        raise FileError(
            shown, f"扩展名与内容不符（内容是 {wanted[1:].upper()}）", f"以 {wanted} 结尾"
        )
    return Attachment(shown, sha256(content), len(content), kind, task_id, months.text(month), unit)


def _kind(content: bytes, name: str) -> str:
    if content.startswith(b"%PDF-") and b"%%EOF" in content[-2048:]:
        return "application/pdf"
    if content.startswith(b"PK\x03\x04"):
        return _office(content, name)
    try:
        with Image.open(io.BytesIO(content)) as image:
            kind, pixels = _PICTURES.get(image.format or ""), image.width * image.height
            if kind and pixels <= MAX_PIXELS:
                image.verify()
                return kind
    except Exception as error:  # whatever a decoder meets, it is not a picture to keep
        raise FileError(name, "不是可以接受的文件类型，或文件已损坏", TAKEN) from error
    raise FileError(name, "不是可以接受的图片", TAKEN)


def _office(content: bytes, name: str) -> str:
    try:
        members = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        raise FileError(name, "文件不完整或已损坏", TAKEN) from error
    unpacked = sum(member.file_size for member in members)
    names = {member.filename for member in members}
    if unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * max(len(content), 50_000):
        raise FileError(name, "解压后过大，可能有害", TAKEN)
    if any(one.endswith("vbaProject.bin") for one in names):
        raise FileError(name, "文档含有宏", "不含宏的文档")
    for part, suffix in _PARTS.items():
        if part in names:
            return next(kind for kind, suffixes in _SUFFIXES.items() if suffix in suffixes)
    raise FileError(name, "这是压缩包，不是文档", TAKEN)
