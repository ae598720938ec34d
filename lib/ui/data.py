"""The plans that this server shows, loaded once per change of a store and shared by sessions."""

from __future__ import annotations

import os
from collections.abc import Hashable
from pathlib import Path

import streamlit as st

from lib.baseline import against_baseline
from lib.dataset import Dataset
from lib.figures import Figures, Selection
from lib.progress import Assessment, assess
from lib.store import Store, open_store, plan_names

ROOT = Path(__file__).resolve().parents[2]
_PLAN = "_plan_name"


def address() -> str:
    """Return the store's address: the environment's PLAN_DATA_DIR, else ``data`` of the checkout."""
    return os.environ.get("PLAN_DATA_DIR", str(ROOT / "data"))


def plan() -> str:
    """Return the name of the plan that this session looks at; empty for the default plan."""
    name: str = st.session_state.get(_PLAN, "")
    return name


def use(name: str) -> None:
    """Make this session look at a plan."""
    st.session_state[_PLAN] = name


def names() -> list[str]:
    """Return the names of the other plans, sorted."""
    return plan_names(address())


def store(name: str | None = None) -> Store:
    """Return the store of a plan (default: the one looked at), shared by sessions."""
    return _store(address(), plan() if name is None else name)


@st.cache_resource(max_entries=64, show_spinner=False)
def _store(url: str, name: str) -> Store:
    return open_store(url, name)


def stamp() -> Hashable:
    """Return what changes when anything in the store changes."""
    return store().stamp()


def load(revision: int | None = None, *, name: str | None = None) -> Dataset:
    """Return a plan's dataset, as of a revision if given.

    ``name`` is another plan than the one looked at. Raises `lib.problems.DataError` for a broken
    plan.
    """
    chosen = plan() if name is None else name
    return _load(address(), chosen, store(chosen).stamp(), False, revision, False)


@st.cache_resource(max_entries=64, show_spinner=False)
def _load(
    url: str,
    name: str,
    changes_with: Hashable,
    with_pending: bool,
    revision: int | None,
    baseline: bool,
) -> Dataset:
    dataset = _store(url, name).dataset(with_pending=with_pending, revision=revision)
    return against_baseline(dataset) if baseline else dataset


@st.cache_resource(max_entries=64, show_spinner=False)
def _assessment(
    url: str,
    name: str,
    changes_with: Hashable,
    with_pending: bool,
    revision: int | None,
    baseline: bool,
) -> Assessment:
    return assess(_load(url, name, changes_with, with_pending, revision, baseline))


@st.cache_resource(max_entries=256, show_spinner=False)
def _figures(
    url: str,
    name: str,
    changes_with: Hashable,
    selection: Selection,
    with_pending: bool,
    revision: int | None,
    baseline: bool,
) -> Figures:
    of = (url, name, changes_with, with_pending, revision, baseline)
    return Figures(_load(*of), selection, _assessment(*of))


def figures(
    selection: Selection,
    *,
    name: str | None = None,
    with_pending: bool = False,
    revision: int | None = None,
    baseline: bool = False,
) -> Figures:
    """Return the figures of a selection, shared by sessions; nobody may change them.

    ``name`` is another plan than the one looked at, ``revision`` gives them as they were after
    that submission, ``baseline`` against the plan as first adopted (`lib.baseline`).
    """
    chosen = plan() if name is None else name
    seen = store(chosen).stamp()
    return _figures(address(), chosen, seen, selection, with_pending, revision, baseline)
