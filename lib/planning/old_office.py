"""Files of old Office and WPS (.doc, .xls, .wps) turned into new ones by LibreOffice, if installed."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

_PROGRAMS = ("soffice", "libreoffice")
_SHEETS, _TEXTS = (".xls", ".et"), (".doc", ".wps", ".dot", ".wpt")
SECONDS = 90


def converted(content: bytes, file: str) -> tuple[bytes, str] | None:
    """Return a file as .docx or .xlsx with its new name, ``None`` if it cannot be turned into one.

    The program gets a folder of its own, its settings included, and no more than `SECONDS`.
    """
    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if program is None:
        return None
    suffix = Path(file).suffix.lower()
    new = "xlsx" if suffix in _SHEETS else "docx"
    suffix = suffix if suffix in (*_SHEETS, *_TEXTS) else ".doc"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / f"plan{suffix}"
        source.write_bytes(content)
        command = [
            program,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            *("--headless", "--norestore", "--convert-to", new, "--outdir", str(folder / "new")),
            str(source),
        ]
        try:
            # The program is LibreOffice itself, its arguments are all ours.
            subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)  # noqa: S603
            return (folder / "new" / f"plan.{new}").read_bytes(), f"{Path(file).stem}.{new}"
        except (OSError, subprocess.SubprocessError):
            return None
