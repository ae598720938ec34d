"""The plan that this server shows, loaded once per change of the store and shared by sessions."""

from __future__ import annotations

from collections.abc import Hashable

import streamlit as st

from lib.access import GuardedStore
from lib.dataset import Dataset
from lib.figures import Figures, Selection
from lib.progress import Assessment, assess
from lib.ui import session, site
from lib.ui.site import ROOT, address

__all__ = ["ROOT", "address", "figures", "load", "stamp", "store"]


def store() -> GuardedStore:
    """Return the store as the session's actor may use it: every read and write is checked."""
    return site.guarded(session.actor())


def stamp() -> Hashable:
    """Return what changes when anything in the store changes."""
    return store().stamp()


def load() -> Dataset:
    """Return the current dataset; raise `lib.problems.DataError` for a broken plan.

    Asking for the stamp checks that the session's actor may read.
    """
    return _load(address(), stamp(), False)


@st.cache_resource(max_entries=8, show_spinner=False)
def _load(url: str, changes_with: Hashable, with_pending: bool) -> Dataset:
    return site.unguarded(url=url).dataset(with_pending=with_pending)


@st.cache_resource(max_entries=8, show_spinner=False)
def _assessment(url: str, changes_with: Hashable, with_pending: bool) -> Assessment:
    return assess(_load(url, changes_with, with_pending))


@st.cache_resource(max_entries=256, show_spinner=False)
def _figures(url: str, changes_with: Hashable, selection: Selection, with_pending: bool) -> Figures:
    dataset = _load(url, changes_with, with_pending)
    return Figures(dataset, selection, _assessment(url, changes_with, with_pending))


def figures(selection: Selection, *, with_pending: bool = False) -> Figures:
    """Return the figures of a selection, shared by sessions; nobody may change them."""
    return _figures(address(), stamp(), selection, with_pending)
