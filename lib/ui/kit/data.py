"""The plans that this server shows, loaded once per change of a store and shared by sessions."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

import pandas as pd
import streamlit as st

from lib.access import GuardedStore
from lib.core.baseline import against_baseline
from lib.core.dataset import Dataset
from lib.core.figures import Figures, Selection
from lib.core.portfolio import PlanSummary, summarise
from lib.core.progress import Assessment, assess
from lib.report import Material, collect, editions
from lib.report.editions import Edition
from lib.store import Attachment, State, Submission, open_store
from lib.ui.kit import deployment, session
from lib.ui.kit.deployment import ROOT, address

__all__ = ["ROOT", "address"]
_PLAN = "_plan_name"
P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Version:
    """Which data: of which store and plan, as the stamp says it stands, and seen in which way.

    ``revision``: as they were after that submission. ``baseline``: against the plan as first
    adopted. What a cache keeps under a version never changes.
    """

    url: str
    plan: str
    stamp: Hashable
    with_pending: bool = False
    revision: int | None = None
    baseline: bool = False


def _shared(entries: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Keep what a function makes of a version, for all sessions.

    The version is told by its text, in one piece: Streamlit would take it apart, which takes
    longer than all else that a plan costs among hundreds.
    """
    return st.cache_resource(max_entries=entries, show_spinner=False, hash_funcs={Version: repr})


def plan() -> str:
    """Return the name of the plan that this session looks at; empty for the default plan."""
    name: str = st.session_state.get(_PLAN, "")
    return name


def use(name: str) -> None:
    """Make this session look at a plan."""
    st.session_state[_PLAN] = name


def names() -> list[str]:
    """Return the names of the other plans, sorted."""
    return deployment.plans()


def store(name: str | None = None) -> GuardedStore:
    """Return the store of a plan (default: the one looked at) as the session's actor may use it.

    Every read and write is checked.
    """
    return deployment.guarded(session.actor(), plan() if name is None else name)


def stamp() -> Hashable:
    """Return what changes when anything in the store of the plan looked at changes."""
    return store().stamp()


def _version(
    name: str | None = None,
    *,
    with_pending: bool = False,
    revision: int | None = None,
    baseline: bool = False,
) -> Version:
    # Asking for the stamp checks that the session's actor may read.
    chosen = plan() if name is None else name
    return Version(address(), chosen, store(chosen).stamp(), with_pending, revision, baseline)


def submissions() -> list[Submission]:
    """Return the journal, shared by sessions; nobody may change it."""
    return _submissions(_version())


@_shared(64)
def _submissions(version: Version) -> list[Submission]:
    return deployment.unguarded(version.plan, url=version.url).submissions


def load(revision: int | None = None, *, name: str | None = None) -> Dataset:
    """Return a plan's dataset, as of a revision if given.

    ``name`` is another plan than the one looked at. Raises `lib.core.problems.DataError` for a broken plan.
    """
    return _load(_version(name, revision=revision))


@_shared(64)
def _load(version: Version) -> Dataset:
    dataset = deployment.unguarded(version.plan, url=version.url).dataset(
        with_pending=version.with_pending, revision=version.revision
    )
    return against_baseline(dataset) if version.baseline else dataset


@_shared(64)
def _assessment(version: Version) -> Assessment:
    return assess(_load(version))


@_shared(256)
def _figures(version: Version, selection: Selection) -> Figures:
    return Figures(_load(version), selection, _assessment(version))


def figures(
    selection: Selection,
    *,
    name: str | None = None,
    with_pending: bool = False,
    revision: int | None = None,
    baseline: bool = False,
) -> Figures:
    """Return the figures of a selection, shared by sessions; nobody may change them.

    ``revision`` gives them as they were after that submission, ``baseline`` against the plan as
    first adopted (`lib.core.baseline`).
    """
    version = _version(name, with_pending=with_pending, revision=revision, baseline=baseline)
    return _figures(version, selection)


def plan_summary(name: str, label: str, with_narrative: bool) -> PlanSummary:
    """Return how a plan stands as of its latest reported month; only that is kept of it.

    Raises `lib.core.problems.DataError` for a broken plan.
    """
    return _plan_summary(_version(name), label, with_narrative)


@_shared(8192)
def _plan_summary(version: Version, label: str, with_narrative: bool) -> PlanSummary:
    dataset = open_store(version.url, version.plan).dataset()
    selection = Selection(dataset.latest_month, with_narrative=with_narrative)
    return summarise(label, Figures(dataset, selection))


def corrections(selection: Selection, revision: int) -> pd.DataFrame:
    """Return what has been corrected since a revision (`lib.report.editions.corrections`)."""
    return _corrections(_version(), selection, revision)


@_shared(64)
def _corrections(now: Version, selection: Selection, revision: int) -> pd.DataFrame:
    sealed = _version_at(now, revision)
    return editions.corrections(
        _figures(sealed, selection),
        _figures(now, selection),
        deployment.unguarded(now.plan, url=now.url),
        revision,
    )


def _version_at(now: Version, revision: int) -> Version:
    return Version(now.url, now.plan, now.stamp, revision=revision)


def material(
    selection: Selection,
    *,
    with_pending: bool = False,
    edition: Edition | None = None,
) -> Material:
    """Return what the meeting's papers of a selection are made of, shared by sessions.

    Papers go by the plan as amended, whatever the page is held against.
    """
    return _material(_version(with_pending=with_pending), selection, edition)


@_shared(64)
def _material(version: Version, selection: Selection, edition: Edition | None) -> Material:
    store = deployment.unguarded(version.plan, url=version.url)
    if edition is None:
        figures = _figures(version, selection)
        return collect(store, figures, with_pending=version.with_pending)
    now = Version(version.url, version.plan, version.stamp)
    return collect(
        store,
        _figures(_version_at(now, edition.revision), selection),
        revision=edition.revision,
        edition=edition.describe(),
        corrections=_corrections(now, selection, edition.revision),
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
