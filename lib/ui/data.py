"""The plan that this server shows, loaded once per change of its files and shared by sessions."""

from __future__ import annotations

import os
from pathlib import Path

import streamlit as st

from lib import dataset, schema
from lib.dataset import Dataset
from lib.figures import Figures, Selection
from lib.progress import Assessment, assess

ROOT = Path(__file__).resolve().parents[2]
Stamp = tuple[tuple[str, int, int], ...]
_FILES = (
    schema.PLAN.file,
    schema.TARGETS.file,
    schema.PROGRESS.file,
    dataset.SETTINGS_FILE,
    dataset.ALIASES_FILE,
)


def folder() -> Path:
    """Return the data folder: the environment's PLAN_DATA_DIR, else ``data`` of the checkout."""
    return Path(os.environ.get("PLAN_DATA_DIR", ROOT / "data"))


def stamp(path: Path) -> Stamp:
    """Return what changes when any file of a data folder changes: names, times, sizes."""
    stats = [(name, path / name) for name in _FILES]
    return tuple(
        (name, file.stat().st_mtime_ns, file.stat().st_size)
        for name, file in stats
        if file.exists()
    )


def load() -> Dataset:
    """Return the current dataset; raise `lib.problems.DataError` for a broken plan."""
    path = folder()
    return _load(str(path), stamp(path))


@st.cache_resource(max_entries=8, show_spinner=False)
def _load(path: str, changes_with: Stamp) -> Dataset:
    return dataset.load(Path(path))


@st.cache_resource(max_entries=8, show_spinner=False)
def _assessment(path: str, changes_with: Stamp) -> Assessment:
    return assess(_load(path, changes_with))


@st.cache_resource(max_entries=256, show_spinner=False)
def _figures(path: str, changes_with: Stamp, selection: Selection) -> Figures:
    return Figures(_load(path, changes_with), selection, _assessment(path, changes_with))


def figures(selection: Selection) -> Figures:
    """Return the figures of a selection, shared by sessions; nobody may change them."""
    path = folder()
    return _figures(str(path), stamp(path), selection)
