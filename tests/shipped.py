"""The shipped plan, copied: what git knows of ``data/``, whatever running the app has left beside it."""

from __future__ import annotations

import shutil
from pathlib import Path

ROOT = Path(__file__).parents[1]


def copy_data(target: Path) -> Path:
    """Copy the shipped tables and settings into a new folder; return it."""
    target.mkdir(parents=True)
    for path in (ROOT / "data").iterdir():
        if path.suffix in (".csv", ".toml"):
            shutil.copy(path, target)
    return target
