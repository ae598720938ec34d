"""A store that checks each read and write against the policy, for one actor.

Every method of `lib.store.Store` stands here by name: a method that the store gains later is
not there until somebody has decided who may call it (a test compares the two).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import replace
from functools import partial

import pandas as pd

from lib.access.audit import Trail
from lib.access.policy import Actor, ForbiddenError, Permission, Role
from lib.core import schema
from lib.core.dataset import Dataset
from lib.core.matters import OFFICE_ACTS, UNIT_ACTS, Act, Matter, Source, allowed, of_units
from lib.core.problems import DataError
from lib.core.settings import SETTINGS_FILE
from lib.store import (
    WAITING,
    Attachment,
    Draft,
    Kind,
    Original,
    Store,
    StoreError,
    Submission,
)
from lib.store.changes import KEY, Changes

_SUBMIT = {
    Kind.REPORT: Permission.REPORT,
    Kind.FORM: Permission.REPORT,
    Kind.ATTACH: Permission.REPORT,
    Kind.PLAN: Permission.PLAN,
    Kind.SEAL: Permission.SEAL,
    Kind.NOTICE: Permission.NOTICE,
    Kind.DECK: Permission.DECK,
    Kind.UPPER_FORM: Permission.DECK,
    Kind.TEMPLATE: Permission.DECK,
    Kind.MATTER: Permission.MATTERS,
}
"""What each kind of draft needs. Any other kind is made by the store itself, never submitted."""
_UNIT = KEY[2]
_NOT_FOR_ALL = (SETTINGS_FILE, schema.MATTERS.file)
"""Plan files that name people, or what only some may see."""
_STEP = {
    Act.CREATE: Permission.MATTER,
    Act.INSTRUCT: Permission.INSTRUCT,
    **dict.fromkeys(UNIT_ACTS, Permission.ANSWER),
    **dict.fromkeys(OFFICE_ACTS, Permission.MATTER),
}
"""What each step of a 督办事项 needs."""


class GuardedStore:
    """A store as one actor may use it; refusals and changes go to the trail.

    What each method does says `lib.store.interface.Store`; besides what the store raises there is
    `ForbiddenError`.
    """

    def __init__(self, store: Store, actor: Actor, trail: Trail) -> None:
        self._store = store
        self.actor = actor
        self._trail = trail

    # -- reading -----------------------------------------------------------------------------

    @property
    def plan(self) -> pd.DataFrame:
        return self._reading().plan

    @property
    def targets(self) -> pd.DataFrame:
        return self._reading().targets

    @property
    def progress(self) -> pd.DataFrame:
        return self._reading().progress

    @property
    def submissions(self) -> list[Submission]:
        return self._reading().submissions

    @property
    def revision(self) -> int:
        return self._reading().revision

    def stamp(self) -> Hashable:
        return self._reading().stamp()

    def dataset(self, *, with_pending: bool = False, revision: int | None = None) -> Dataset:
        return self._reading().dataset(with_pending=with_pending, revision=revision)

    def matters(self, *, revision: int | None = None) -> list[Matter]:
        """Return the 督办事项 that the actor may see: a 经办人 those of the own units, joint ones too."""
        if not self.actor.may(Permission.MATTERS):
            return []
        return self.visible(self._store.matters(revision=revision))

    def visible(self, matters: Iterable[Matter]) -> list[Matter]:
        """Return those of some 督办事项 that the actor may see."""
        if self.actor.role is Role.REPORTER:
            return of_units(matters, self._canonical(self.actor.units))
        return list(matters) if self.actor.may(Permission.MATTERS) else []

    def fault(self) -> str:
        """Return why the journal cannot be read; whoever reads figures is told of it."""
        return self._reading().fault()

    def warning(self) -> str:
        """Return what is unsafe about the place of the data; a matter of whoever looks after it."""
        return self._store.warning() if self.actor.may(Permission.REBUILD) else ""

    def plan_files(self) -> dict[str, bytes]:
        """Return the plan's files as they are; the settings may name people, so not for all."""
        self._require(Permission.PLAN, "计划文件")
        return self._store.plan_files()

    def history(self) -> list[Submission]:
        return self._reading().history()

    def changes(self, revision: int) -> Changes:
        return self._reading().changes(revision)

    def evidence(self, task_id: str) -> list[tuple[Submission, Attachment]]:
        """Return what evidence a task or 督办事项 has; its bytes are `content`'s matter."""
        evidence = self._reading().evidence(task_id)
        if any(submission.details.get("matters") for submission, _ in evidence):
            return evidence if task_id in self._seen() else []
        return evidence

    def _seen(self) -> set[str]:
        """Return the numbers of the 督办事项 that the actor may see."""
        return {matter.number for matter in self.matters()}

    def original(self, revision: int) -> Original | None:
        """Return an uploaded file: for a 经办人 only where all its rows are of the own units."""
        self._require(Permission.ORIGINAL, f"第{revision}号", lambda: self._units_of(revision))
        return self._store.original(revision)

    def content(self, sha256: str) -> bytes:
        """Return a kept file's bytes if the actor may see what it was kept for."""
        if not self._may_see(sha256):
            raise self._refuse(Permission.ORIGINAL, f"文件{sha256[:12]}")
        return self._store.content(sha256)

    def may_see_original(self, submission: Submission) -> bool:
        """Return whether `original` would be given; for pages that hide what is refused."""
        return self._may(Permission.ORIGINAL, lambda: self._units_of(submission.revision))

    def may_revert(self, submission: Submission) -> bool:
        """Return whether `revert` would be permitted; for pages that hide what is refused."""
        return not self._not_to_revert(submission)

    def _may_see(self, sha256: str) -> bool:
        self._reading()
        for submission in self._store.submissions:
            if submission.file_sha256 == sha256 and self.may_see_original(submission):
                return True
            if any(item.sha256 == sha256 for item in submission.attachments):
                if numbers := submission.details.get("matters"):
                    return not self._seen().isdisjoint(numbers)
                return self.actor.may(Permission.EVIDENCE)
            if any(
                sha256 in (file.before_sha256, file.after_sha256) and file.name not in _NOT_FOR_ALL
                for file in submission.files
            ):
                return True  # an earlier plan is as open as the present one
        return self.actor.role is Role.ADMIN

    # -- writing -----------------------------------------------------------------------------

    def submit(self, draft: Draft) -> Submission:
        """Write a submission in the actor's name: the rows' units decide, not the draft's word."""
        what = f"{draft.kind}：{draft.unit}" if draft.unit else str(draft.kind)
        needed = _SUBMIT.get(draft.kind)
        if needed is None:
            raise self._refuse(Permission.REPORT, what)
        if draft.kind == Kind.MATTER:
            return self._submit_steps(draft, what)
        units = self._canonical(
            {*_units(draft.changes), *(item.unit for item, _ in draft.evidence)}
        )
        self._require(needed, what)
        if needed is Permission.REPORT or len(draft.changes) or draft.evidence:
            self._require(Permission.REPORT, what, lambda: units)
        if draft.files:
            self._require(Permission.PLAN, what)
        if draft.steps:
            self._require(Permission.MATTER, what)
        if not self.actor.local:
            unit = "、".join(sorted(units)) if needed is Permission.REPORT else draft.unit
            draft = replace(draft, user=self.actor.name, unit=unit)
        return self._written(str(draft.kind), lambda: self._store.submit(draft))

    def acts(self, matter: Matter) -> list[Act]:
        """Return what the actor may do about a 督办事项 now."""
        return [
            act
            for act in allowed(matter)
            if self._may(_STEP[act], lambda act=act: self._acting(act, matter))  # type: ignore[misc]
        ]

    def _acting(self, act: Act, matter: Matter | None) -> list[str]:
        """Return which of a matter's units the actor does something for: supporting ones note only."""
        if matter is None:
            return []
        units = matter.units if act is Act.NOTE else (matter.lead,)
        return self._own_of(units)

    def _own_of(self, units: Iterable[str]) -> list[str]:
        """Return those of some units that the actor acts for."""
        own = self._canonical(self.actor.units)
        return [unit for unit in units if self.actor.role is not Role.REPORTER or unit in own]

    def _submit_steps(self, draft: Draft, what: str) -> Submission:
        """Write steps of 督办事项 in the actor's name; a 经办人's unit is one of the matter's own."""
        if len(draft.changes) or draft.files or not draft.steps:
            raise self._refuse(Permission.MATTER, what)
        matters = {matter.number: matter for matter in self._store.matters()}
        steps = []
        for step in draft.steps:
            needed = _STEP[step.act]
            if step.act is Act.CREATE and step.source == Source.INSTRUCTION:
                needed = Permission.INSTRUCT
            if step.of_task:
                units = self._own_of(self._store.dataset().tasks["units"].get(step.task_id, ()))
            else:
                units = self._acting(step.act, matters.get(step.number))
            self._require(needed, what, lambda units=units: units)  # type: ignore[misc]
            if needed is Permission.ANSWER:
                known = step.unit in units or not units
                step = replace(step, unit=step.unit if known else units[0])
            if not self.actor.local:
                step = replace(step, person=self.actor.name)
            steps.append(step)
        user = draft.user if self.actor.local else self.actor.name
        unit = draft.unit
        if self.actor.role is Role.REPORTER:
            unit = "、".join(dict.fromkeys(step.unit for step in steps))
        draft = replace(draft, user=user, unit=unit, steps=steps)
        return self._written(str(draft.kind), lambda: self._store.submit(draft))

    def revert(
        self, revision: int, user: str, *, reason: str = "", base: int | None = None
    ) -> Submission:
        """Take a submission back in the actor's name."""
        self._reading()
        target = self._submission(revision)
        if target is None:  # the store words what is wrong with the number
            self._require(Permission.REVERT, f"第{revision}号")
        elif refused := self._not_to_revert(target):
            raise self._refuse(Permission.REVERT, refused)
        act = partial(self._store.revert, revision, self._name(user), reason=reason, base=base)
        return self._written("撤销", act, f"第{revision}号")

    def sign(self, revision: int, user: str, *, accept: bool, reason: str = "") -> Submission:
        """Sign or return a report of the own unit in the actor's name."""
        self._require(Permission.SIGN, f"第{revision}号", lambda: self._units_of(revision))
        act = partial(self._store.sign, revision, self._name(user), accept=accept, reason=reason)
        return self._written("审签", act, f"第{revision}号")

    def may_sign(self, submission: Submission) -> bool:
        """Return whether `sign` would be permitted; for pages that hide what is refused."""
        if not self.actor.local and submission.user == self.actor.name:
            return False
        return self._may(Permission.SIGN, lambda: self._units_of(submission.revision))

    def review(self, revision: int, user: str, *, accept: bool, reason: str = "") -> Submission:
        """Accept or return a pending submission in the actor's name."""
        self._require(Permission.REVIEW, f"第{revision}号")
        act = partial(self._store.review, revision, self._name(user), accept=accept, reason=reason)
        return self._written("审核", act, f"第{revision}号")

    def rebuild(self) -> int:
        """Write the current reports anew from the journal."""
        self._require(Permission.REBUILD, "")
        rows = self._store.rebuild()
        self._trail.note(self.actor, "重建", detail=f"{rows}行")
        return rows

    # -- checks ------------------------------------------------------------------------------

    def _reading(self) -> Store:
        if not self.actor.may(Permission.READ):
            raise self._refuse(Permission.READ, "")
        return self._store

    def _require(
        self,
        permission: Permission,
        what: str,
        units: Callable[[], Iterable[str] | None] = lambda: None,
    ) -> None:
        if not self._may(permission, units):
            raise self._refuse(permission, what)

    def _may(self, permission: Permission, units: Callable[[], Iterable[str] | None]) -> bool:
        if not self.actor.may(permission) or self.actor.role is not Role.REPORTER:
            return self.actor.may(permission)
        needed = units()
        own = replace(self.actor, units=tuple(self._canonical(self.actor.units)))
        return own.may(permission, None if needed is None else set(needed))

    def _not_to_revert(self, target: Submission) -> str:
        """Return what of a submission may not be taken back; empty if it may.

        A 经办人 takes back reports of the own units and the own steps of 督办事项 (as a 领导 does),
        and where reports are reviewed only those
        that still wait: an accepted one is the reviewer's.
        """
        what = f"第{target.revision}号"
        if target.kind == Kind.MATTER and self.actor.role in (Role.REPORTER, Role.LEADER):
            needed = Permission.INSTRUCT if self.actor.role is Role.LEADER else Permission.ANSWER
            own = target.user == self.actor.name
            if own and self._may(needed, lambda: target.unit.split("、")):
                return ""
            return what
        if self.actor.role is Role.REPORTER:
            reported = target.kind in (Kind.REPORT, Kind.FORM, Kind.ATTACH, Kind.REVERT)
            if not reported or (target.state not in WAITING and self._reviewed()):
                return f"{what}{target.kind}"
        return "" if self._may(Permission.REVERT, lambda: self._units_of(target.revision)) else what

    def _reviewed(self) -> bool:
        try:
            return self._store.dataset().settings.review
        except DataError:
            return True

    def _units_of(self, revision: int) -> set[str]:
        """Return the canonical units of the rows and evidence of a submission.

        For a 撤销 of evidence alone they are those of what it took back.
        """
        submission = self._submission(revision)
        units = _units(self._store.changes(revision))
        if submission is not None:
            units |= {item.unit for item in submission.attachments}
            referred = submission.refers_to
            if not units and referred is not None and referred < revision:
                return self._units_of(referred)
        return self._canonical(units)

    def _submission(self, revision: int) -> Submission | None:
        entries = self._store.submissions
        return next((entry for entry in entries if entry.revision == revision), None)

    def _canonical(self, units: Iterable[str]) -> set[str]:
        names = pd.Series(sorted(units), dtype="str")
        if names.empty:
            return set()
        try:
            return set(self._store.dataset().canonical(names))
        except DataError:
            return set(names)

    def _name(self, typed: str) -> str:
        return typed if self.actor.local else self.actor.name

    # -- the trail ---------------------------------------------------------------------------

    def _refuse(self, permission: Permission, what: str) -> ForbiddenError:
        return self._trail.refusal(self.actor, permission, what)

    def _written(self, action: str, act: Callable[[], Submission], on: str = "") -> Submission:
        try:
            submission = act()
        except (StoreError, DataError) as error:
            self._trail.note(self.actor, action, on, allowed=False, detail=str(error))
            raise
        on = on or f"第{submission.revision}号"
        self._trail.note(self.actor, action, on, detail=submission.describe())
        return submission


def _units(changes: Changes) -> set[str]:
    """Return the units of changed rows, of their keys and of their cells alike."""
    return {
        str(unit)
        for side in (changes.before, changes.after)
        for unit in (*side[_UNIT], *side.index.get_level_values(_UNIT))
    }
