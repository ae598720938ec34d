"""Files that are written whole or not at all, and names that are safe to show and to keep."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lib.store.interface import StoreError

TEMPORARY = ".tmp-"
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]')
_NAME_LENGTH = 100

_NO_RIGHT = "没有写入数据目录的权限"
if os.name == "nt":
    _NO_RIGHT = "文件正被其他程序（如 Excel）打开，或没有写入的权限"

_REASONS = {
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "超出磁盘配额",
    errno.EFBIG: "超出文件大小限制",
    errno.EROFS: "数据目录是只读的",
    errno.EACCES: _NO_RIGHT,
    errno.EPERM: _NO_RIGHT,
    errno.ENOENT: "找不到数据目录",
}


def sha256(content: bytes) -> str:
    """Return the SHA-256 of bytes as hexadecimal text."""
    return hashlib.sha256(content).hexdigest()


def checked(content: bytes | None, expected: str, place: str) -> bytes:
    """Return bytes if they are those of a hash; else raise `StoreError` naming their place."""
    if content is not None and sha256(content) == expected:
        return content
    fault = "找不到了" if content is None else "与记录的校验值不符，被改动过或损坏了"
    raise StoreError(
        f"{place} 里的原件 {expected[:12]} {fault}。"
        "请从备份恢复（python -m lib.cli restore）；其他记录不受影响"
    )


def safe_name(name: str) -> str:
    """Return a file's name without path, control or direction characters, at most 100 long."""
    plain = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    plain = _UNSAFE.sub("_", plain).strip(" .") or "未命名"
    if len(plain) <= _NAME_LENGTH:
        return plain
    stem, dot, suffix = plain.rpartition(".")
    if not dot or len(suffix) > 10:
        return plain[:_NAME_LENGTH]
    return f"{stem[: _NAME_LENGTH - len(suffix) - 1]}.{suffix}"


@contextmanager
def telling(what: str, folder: Path) -> Iterator[None]:
    """Turn an operating system's error into a `StoreError` that says what failed and why."""
    try:
        yield
    except OSError as error:
        reason = _REASONS.get(error.errno or 0, error.strerror or str(error))
        raise StoreError(
            f"{what}没有保存：{reason}（{folder.name}）。已提交的数据不受影响，请处理后重新提交"
        ) from error


def open_to_writers(path: Path) -> None:
    """Raise `PermissionError` for a file that cannot be replaced: Excel holds it on Windows."""
    if path.exists():
        with path.open("r+b"):
            pass


def stage(folder: Path, content: bytes) -> Path:
    """Return a temporary file in ``folder`` that holds ``content`` and is on the disk."""
    handle, name = tempfile.mkstemp(prefix=TEMPORARY, dir=folder)
    path = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        path.chmod(0o644)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


def settle(folder: Path) -> None:
    """Make the renames in a folder last (POSIX needs an fsync of the folder itself)."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write(path: Path, content: bytes) -> None:
    """Replace a file by ``content`` at once: a reader sees the old file or the new one."""
    staged = stage(path.parent, content)
    try:
        staged.replace(path)
    except BaseException:
        staged.unlink(missing_ok=True)
        raise
    settle(path.parent)


def sweep(folder: Path) -> None:
    """Remove temporary files that a killed process left; call it under the lock."""
    for left in folder.glob(f"{TEMPORARY}*"):
        if left.is_file():  # a backup that is being made here has a folder
            left.unlink(missing_ok=True)
