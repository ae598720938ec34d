"""Office files as archives: what they are, opened only when they are sound and not a trap."""

from __future__ import annotations

import io
import zipfile

from lib.core.problems import FileError

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 300 * 1024 * 1024
MAX_RATIO = 200
"""A sheet of numbers packs to about a tenth; a zip bomb to a thousandth."""

OLE, ZIP, PDF = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04", b"%PDF-"


def is_encrypted(content: bytes) -> bool:
    """Whether an OLE file is an Office file with a password."""
    return "EncryptedPackage".encode("utf-16-le") in content


def opened(content: bytes, file: str, expected: str) -> zipfile.ZipFile:
    """Return the archive; raise `FileError` if it is damaged, would unpack to too much, or holds
    an XML document type (through which a parser can be made to expand or fetch).
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        raise FileError(file, "文件不完整或已损坏", f"重新保存、完整的{expected}") from error
    unpacked = sum(member.file_size for member in members)
    if unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * max(len(content), 50_000):
        raise FileError(
            file, f"解压后过大（{unpacked / 1024 / 1024:.0f} MB），可能有害，没有打开", expected
        )
    for member in members:
        if member.filename.endswith((".xml", ".rels")):
            try:
                head = archive.read(member)[:2000]
            except Exception as error:  # a damaged member: zlib, CRC, encryption
                raise FileError(
                    file, "文件不完整或已损坏", f"重新保存、完整的{expected}"
                ) from error
            if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                raise FileError(file, "文件含有不允许的内容（DOCTYPE）", expected)
    return archive
