"""The plan that this server shows, loaded once per change of the store and shared by sessions."""

from __future__ import annotations

import os
from collections.abc import Hashable
from pathlib import Path

import pandas as pd
import streamlit as st

from lib import editions
from lib.dataset import Dataset
from lib.editions import Edition
from lib.figures import Figures, Selection
from lib.progress import Assessment, assess
from lib.report import Material, collect
from lib.store import Attachment, State, Store, Submission, open_store

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


def submissions() -> list[Submission]:
    """Return the journal, shared by sessions; nobody may change it."""
    return _submissions(address(), stamp())


@st.cache_resource(max_entries=8, show_spinner=False)
def _submissions(url: str, changes_with: Hashable) -> list[Submission]:
    return _store(url).submissions


def load(revision: int | None = None) -> Dataset:
    """Return the dataset, as of a revision if given; raise `DataError` for a broken plan."""
    return _load(address(), stamp(), False, revision)


@st.cache_resource(max_entries=8, show_spinner=False)
def _load(url: str, changes_with: Hashable, with_pending: bool, revision: int | None) -> Dataset:
    return _store(url).dataset(with_pending=with_pending, revision=revision)


@st.cache_resource(max_entries=8, show_spinner=False)
def _assessment(
    url: str, changes_with: Hashable, with_pending: bool, revision: int | None
) -> Assessment:
    return assess(_load(url, changes_with, with_pending, revision))


@st.cache_resource(max_entries=256, show_spinner=False)
def _figures(
    url: str,
    changes_with: Hashable,
    selection: Selection,
    with_pending: bool,
    revision: int | None,
) -> Figures:
    dataset = _load(url, changes_with, with_pending, revision)
    return Figures(dataset, selection, _assessment(url, changes_with, with_pending, revision))


def figures(
    selection: Selection, *, with_pending: bool = False, revision: int | None = None
) -> Figures:
    """Return the figures of a selection, shared by sessions; nobody may change them.

    ``revision`` gives them as they were after that submission.
    """
    return _figures(address(), stamp(), selection, with_pending, revision)


def corrections(selection: Selection, revision: int) -> pd.DataFrame:
    """Return what has been corrected since a revision (`lib.editions.corrections`)."""
    return _corrections(address(), stamp(), selection, revision)


@st.cache_resource(max_entries=64, show_spinner=False)
def _corrections(
    url: str, changes_with: Hashable, selection: Selection, revision: int
) -> pd.DataFrame:
    sealed = _figures(url, changes_with, selection, False, revision)
    now = _figures(url, changes_with, selection, False, None)
    return editions.corrections(sealed, now, _store(url), revision)


def material(
    selection: Selection, *, with_pending: bool = False, edition: Edition | None = None
) -> Material:
    """Return what the meeting's papers of a selection are made of, shared by sessions."""
    return _material(address(), stamp(), selection, with_pending, edition)


@st.cache_resource(max_entries=64, show_spinner=False)
def _material(
    url: str,
    changes_with: Hashable,
    selection: Selection,
    with_pending: bool,
    edition: Edition | None,
) -> Material:
    store = _store(url)
    if edition is None:
        figures = _figures(url, changes_with, selection, with_pending, None)
        return collect(store, figures, with_pending=with_pending)
    return collect(
        store,
        _figures(url, changes_with, selection, False, edition.revision),
        revision=edition.revision,
        edition=edition.describe(),
        corrections=_corrections(url, changes_with, selection, edition.revision),
    )


def evidence(task: str, revision: int | None = None) -> list[tuple[Submission, Attachment]]:
    """Return a task's attachments in force, now or as of a revision, the oldest first."""
    return [
        (one, item)
        for one in editions.as_of(submissions(), revision)
        if one.state == State.IN_FORCE
        for item in one.attachments
        if item.task_id == task
    ]
