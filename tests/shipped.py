"""The shipped plan, copied: what git knows of ``data/``, whatever running the app has left beside it."""

from __future__ import annotations

import shutil
from pathlib import Path

from lib.store.marks import MARK

ROOT = Path(__file__).parents[1]


def copy_data(target: Path) -> Path:
    """Copy the shipped tables and settings into a new folder; return it."""
    target.mkdir(parents=True)
    for path in shipped_files():
        shutil.copy(path, target)
    return target


def shipped_files() -> list[Path]:
    """The tables and settings that are shipped."""
    return [path for path in (ROOT / "data").iterdir() if path.suffix in (".csv", ".toml")]


def renew_data(folder: Path) -> None:
    """Make a folder again what `copy_data` made of it, also under a server that shows it."""
    shipped = {path.name: path for path in shipped_files()}
    for path in [folder / MARK, *folder.iterdir()]:  # it says that a journal must be there
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name not in shipped:
            path.unlink(missing_ok=True)
    for name, path in shipped.items():
        fresh = folder / f".{name}"
        shutil.copy(path, fresh)
        fresh.replace(folder / name)
