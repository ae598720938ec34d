"""Papers as PDF, made by LibreOffice where it is installed."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

SECONDS = 180
NO_OFFICE = (
    "这台电脑没有安装 LibreOffice，不能直接生成PDF：请在 WPS 或 Office 里打开后另存为PDF，"
    "或者下载离线网页，用浏览器的“打印”存为PDF"
)

BLANKS_TOO = 'pdf:writer_pdf_Export:{"IsSkipEmptyPages":{"type":"boolean","value":"false"}}'
"""A blank page before an even one is a page of paper: printed on both sides, the rest would shift."""


class PdfError(Exception):
    """A paper could not be made into a PDF; the message is for the user, in Chinese."""


def office() -> str | None:
    """Return the path of LibreOffice, ``None`` where it is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def required_office() -> str:
    """Return the path of LibreOffice; raise `PdfError` where it is not installed."""
    program = office()
    if program is None:
        raise PdfError(NO_OFFICE)
    return program


def pdf(content: bytes, ending: str, name: str) -> bytes:
    """Return an Office file (``ending`` docx, pptx or xlsx) as PDF; ``name`` is for messages.

    Raises `PdfError` where LibreOffice is missing, takes too long or gives nothing.
    """
    program = required_office()
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, f"paper.{ending}")
        source.write_bytes(content)
        profile = Path(folder, "profile").as_uri()  # its own: two conversions do not meet
        command = [program, f"-env:UserInstallation={profile}", "--headless"]
        command += ["--convert-to", BLANKS_TOO if ending == "docx" else "pdf"]
        command += ["--outdir", folder, str(source)]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)  # noqa: S603
            return source.with_suffix(".pdf").read_bytes()
        except subprocess.TimeoutExpired as error:
            raise PdfError(f"{name}转为PDF超过{SECONDS}秒，已停止；请稍后再试") from error
        except (OSError, subprocess.CalledProcessError) as error:
            raise PdfError(f"{name}没能转为PDF（LibreOffice：{error}）") from error
