"""The plans that this server shows, loaded once per change of a store and shared by sessions."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from typing import ParamSpec, TypeVar

import pandas as pd
import streamlit as st

from lib import intake
from lib.access import GuardedStore
from lib.core.baseline import against_baseline
from lib.core.dataset import Dataset
from lib.core.figures import Figures, Selection
from lib.core.matters import Matter
from lib.core.portfolio import PlanSummary, summarise
from lib.core.problems import DataError
from lib.core.progress import Assessment, assess
from lib.files import plans_together
from lib.report import Material, briefing_template, collect, editions, upper_form
from lib.report.briefing_template import Template
from lib.report.editions import Edition
from lib.report.upper_form import Form
from lib.store import (
    Attachment,
    KeptFigures,
    State,
    Store,
    Submission,
    files_at,
    open_store,
    plan_stamps,
)
from lib.ui.kit import deployment, session, state
from lib.ui.kit.view import View

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Version:
    """Which data: of which store and plan, as the stamp says it stands, and seen in which way.

    ``revision``: as they were after that submission. ``baseline``: against the plan as first
    adopted. ``verified_only``: without what waits to be verified. What a cache keeps under a version never changes.
    """

    url: str
    plan: str
    stamp: Hashable
    with_pending: bool = False
    revision: int | None = None
    baseline: bool = False
    verified_only: bool = False

    @property
    def store(self) -> Store:
        """The store itself: who asks has been checked when the stamp was asked for."""
        return deployment.unguarded_store(self.plan, url=self.url)


def _shared(entries: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Keep what a function makes of a version, for all sessions.

    Streamlit makes a cache's key by taking its arguments apart, field by field and into the stamp's
    tuples; among hundreds of plans that takes longer than all else. So a version is told by its
    text, in one piece:

        Version(url, plan, stamp, …) --repr--> one text --hash--> key of the cache
    """
    return st.cache_resource(max_entries=entries, show_spinner=False, hash_funcs={Version: repr})


def plan_name() -> str:
    """Return the name of the plan that this session looks at; empty for the folder's own."""
    name: str = st.session_state.get(state.PLAN_NAME, "")
    return name


def plan_names() -> list[str]:
    """Return the names of the other plans, sorted."""
    return deployment.plans()


def store(plan: str | None = None) -> GuardedStore:
    """Return the store of a plan (default: the one looked at) as the session's actor may use it.

    Every read and write is checked.
    """
    return deployment.store_for(session.actor(), plan_name() if plan is None else plan)


def stamp(plan: str | None = None) -> Hashable:
    """Return what changes when anything in the store of a plan (default: the one looked at) changes.

    A run of a page asks once, which also checks that the actor may read; see `session.run_as_actor`.
    """
    name = plan_name() if plan is None else plan
    stamps: dict[str, Hashable] = st.session_state.get(state.STAMPS, {})
    if name not in stamps:
        stamps[name] = store(name).stamp()
    return stamps[name]


def _version(plan: str | None = None) -> Version:
    name = plan_name() if plan is None else plan
    return Version(deployment.address(), name, stamp(name))


def _version_of(view: View) -> Version:
    return replace(
        _version(view.plan),
        with_pending=view.with_pending,
        revision=view.revision,
        baseline=view.against_baseline,
        verified_only=view.verified_only,
    )


def fault() -> str:
    """Return why the journal of the plan looked at cannot be read; empty if it can."""
    return store().fault()


def submissions() -> list[Submission]:
    """Return the journal, shared by sessions; nobody may change it."""
    return _submissions(_version())


@_shared(64)
def _submissions(version: Version) -> list[Submission]:
    return version.store.submissions


def matters(revision: int | None = None) -> list[Matter]:
    """Return the 督办事项 of the plan looked at that the actor may see, as of a revision if given."""
    return store().visible(_matters(replace(_version(), revision=revision)))


def latest_figures() -> Figures:
    """Return the figures of all tasks as of the latest reported month."""
    month = dataset().latest_month
    return _figures(_version(), Selection(month, with_narrative=True))


@_shared(64)
def _matters(version: Version) -> list[Matter]:
    return version.store.matters(revision=version.revision)


def dataset(plan: str | None = None, revision: int | None = None) -> Dataset:
    """Return a plan (default: the one looked at), as of a revision if given.

    Raises `lib.core.problems.DataError` for a broken plan.
    """
    return _dataset(replace(_version(plan), revision=revision))


def dataset_or_none() -> Dataset | None:
    """Return the plan that is looked at, ``None`` if it cannot be read."""
    try:
        return dataset()
    except DataError:
        return None


@_shared(64)
def _dataset(version: Version) -> Dataset:
    data = version.store.dataset(with_pending=version.with_pending, revision=version.revision)
    data = against_baseline(data) if version.baseline else data
    return replace(data, verified_only=True) if version.verified_only else data


@_shared(64)
def _assessment(version: Version) -> Assessment:
    return assess(_dataset(version))


@_shared(256)
def _figures(version: Version, selection: Selection) -> Figures:
    return Figures(_dataset(version), selection, _assessment(version))


def figures(view: View) -> Figures:
    """Return the figures of what is looked at, shared by sessions; nobody may change them."""
    return _figures(_version_of(view), view.selection)


class PlanSummaries:
    """How the plans stand as of their latest reported months: kept ones, and others computed.

    ``names`` are the plans', empty for the folder's own. Looks at all stamps at once, when it is made.
    """

    def __init__(self, names: list[str], *, with_narrative: bool) -> None:
        stamp()  # whether the actor may read
        self._url, self._with_narrative = deployment.address(), with_narrative
        self._stamps = plan_stamps(self._url, names)
        self._kept = _kept_figures(self._url, f"latest month, narrative {with_narrative}")

    def kept(self, name: str) -> PlanSummary | None:
        """Return what is kept of a plan as it stands, ``None`` if nothing is."""
        text = self._kept.get(name, self._stamps[name])
        return None if text is None else PlanSummary.from_text(text)

    def compute_together(self, names: list[str]) -> None:
        """Read plans as one and keep how they stand, but for those that `computed` reads by itself."""
        with self._kept.lock:
            stamps = {name: self._stamps[name] for name in names if self.kept(name) is None}
            together = plans_together.summaries(
                files_at(self._url, stamps), with_narrative=self._with_narrative
            )
            for name, summary in together.items():
                self._kept.put(name, stamps[name], summary.to_text())

    def computed(self, name: str) -> PlanSummary:
        """Read a plan and keep how it stands; raises `lib.core.problems.DataError` for a broken one."""
        with self._kept.lock:
            summary = self.kept(name)  # another viewer may have been quicker
            if summary is not None:
                return summary
            # Not the server's kept store: it would hold the data of every plan in memory.
            store = open_store(self._url, name)
            data = intake.sound(store)  # reports that cannot be read are no zeros
            selection = Selection(data.latest_month, with_narrative=self._with_narrative)
            summary = summarise(Figures(data, selection))
            if store.stamp() == self._stamps[name]:  # nobody has written meanwhile
                self._kept.put(name, self._stamps[name], summary.to_text())
        return summary

    def save(self) -> None:
        """Keep what was computed for other servers, and for this one after a new start."""
        self._kept.save()


@st.cache_resource(max_entries=8, show_spinner=False)
def _kept_figures(url: str, question: str) -> KeptFigures:
    return KeptFigures(url, question)


def corrections(view: View, edition: Edition) -> pd.DataFrame:
    """Return what has been corrected since an edition (`lib.report.editions.corrections`)."""
    return _corrections(_version(view.plan), view.selection, edition.revision)


@_shared(64)
def _corrections(now: Version, selection: Selection, revision: int) -> pd.DataFrame:
    sealed = replace(now, revision=revision)
    return editions.corrections(
        _figures(sealed, selection), _figures(now, selection), now.store, revision
    )


def material(view: View) -> Material:
    """Return what the meeting's papers of a view are made of, shared by sessions.

    Papers go by the plan as amended, whatever the page is held against.
    """
    version = replace(_version_of(view), baseline=False)
    seen = tuple(matter.number for matter in matters(version.revision))
    return _material(version, view.selection, view.edition, seen)


@_shared(64)
def _material(
    version: Version, selection: Selection, edition: Edition | None, seen: tuple[str, ...]
) -> Material:
    """``seen`` are the 督办事项 that the reader may see."""
    material = _all_material(version, selection, edition)
    matters = tuple(matter for matter in material.matters if matter.number in seen)
    return replace(material, matters=matters)


def _all_material(version: Version, selection: Selection, edition: Edition | None) -> Material:
    shown = _figures(version, selection)
    if edition is None:
        return collect(version.store, shown, with_pending=version.with_pending)
    return collect(
        version.store,
        shown,
        revision=edition.revision,
        edition=edition.describe(),
        corrections=_corrections(replace(version, revision=None), selection, edition.revision),
    )


def upper_forms() -> list[Form]:
    """Return the upper office's forms, shared by sessions: open to all who may read figures."""
    return _upper_forms(_version())


@_shared(16)
def _upper_forms(version: Version) -> list[Form]:
    return upper_form.load(version.store)


def own_template() -> Template | None:
    """Return the office's own template of the 通报; ``None`` where there is none."""
    return _own_template(_version())


@_shared(16)
def _own_template(version: Version) -> Template | None:
    return briefing_template.load(version.store)


def evidence(task: str, revision: int | None) -> list[tuple[Submission, Attachment]]:
    """Return a task's attachments in force, now (``None``) or as of a revision, the oldest first."""
    return [
        (submission, attachment)
        for submission in editions.as_of(submissions(), revision)
        if submission.state == State.IN_FORCE
        for attachment in submission.attachments
        if attachment.task_id == task
    ]
