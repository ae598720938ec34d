"""The plan that this server shows, loaded once per change of the store and shared by sessions."""

from __future__ import annotations

import os
from collections.abc import Hashable
from pathlib import Path

import streamlit as st

from lib.dataset import Dataset
from lib.figures import Figures, Selection
from lib.progress import Assessment, assess
from lib.report import Material, collect
from lib.store import Store, open_store

ROOT = Path(__file__).resolve().parents[2]


def address() -> str:
    """Return the store's address: the environment's PLAN_DATA_DIR, else ``data`` of the checkout."""
    return os.environ.get("PLAN_DATA_DIR", str(ROOT / "data"))


def store() -> Store:
    """Return the store, shared by sessions."""
    return _store(address())


@st.cache_resource(max_entries=8, show_spinner=False)
def _store(url: str) -> Store:
    return open_store(url)


def stamp() -> Hashable:
    """Return what changes when anything in the store changes."""
    return store().stamp()


def load() -> Dataset:
    """Return the current dataset; raise `lib.problems.DataError` for a broken plan."""
    return _load(address(), stamp(), False)


@st.cache_resource(max_entries=8, show_spinner=False)
def _load(url: str, changes_with: Hashable, with_pending: bool) -> Dataset:
    return _store(url).dataset(with_pending=with_pending)


@st.cache_resource(max_entries=8, show_spinner=False)
def _assessment(url: str, changes_with: Hashable, with_pending: bool) -> Assessment:
    return assess(_load(url, changes_with, with_pending))


@st.cache_resource(max_entries=256, show_spinner=False)
def _figures(url: str, changes_with: Hashable, selection: Selection, with_pending: bool) -> Figures:
    dataset = _load(url, changes_with, with_pending)
    return Figures(dataset, selection, _assessment(url, changes_with, with_pending))


@st.cache_resource(max_entries=64, show_spinner=False)
def _material(
    url: str, changes_with: Hashable, selection: Selection, with_pending: bool
) -> Material:
    return collect(_store(url), _figures(url, changes_with, selection, with_pending))


def material(selection: Selection, *, with_pending: bool = False) -> Material:
    """Return what the meeting's papers of a selection are made of, shared by sessions."""
    return _material(address(), stamp(), selection, with_pending)


def figures(selection: Selection, *, with_pending: bool = False) -> Figures:
    """Return the figures of a selection, shared by sessions; nobody may change them."""
    return _figures(address(), stamp(), selection, with_pending)
