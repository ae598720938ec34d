"""What every store tells of its plan and its journal, whatever they are kept in."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable

import pandas as pd

from lib.core import schema
from lib.core.dataset import Dataset
from lib.core.problems import DataError, missing_file
from lib.files import csv_tables, plan_folder
from lib.store.changes import Changes, Record, keyed, replay
from lib.store.interface import Attachment, Original, RefusedError, State, Submission
from lib.store.submissions import files_after, with_states


class Journal(ABC):
    """The reading half of `lib.store.interface.Store` over a few methods of a kind of store."""

    # -- what a kind of store provides ---------------------------------------------------------

    @abstractmethod
    def stamp(self) -> Hashable:
        """Return a value that differs whenever anything in the store has changed."""

    @abstractmethod
    def plan_files(self) -> dict[str, bytes]:
        """Return the contents of the plan files that there are, by name."""

    @property
    @abstractmethod
    def revision(self) -> int:
        """The number of the latest submission, 0 before the first."""

    @abstractmethod
    def records(self, revision: int) -> list[Record]:
        """Return a submission's rows as they were written; `RefusedError` if there is none such."""

    @abstractmethod
    def content(self, sha256: str) -> bytes:
        """Return a kept file's bytes, checked against its hash."""

    @abstractmethod
    def kept(self) -> list[str]:
        """Return the hashes of all kept files, sorted."""

    @abstractmethod
    def journal(self) -> list[Submission]:
        """Return the submissions as they were written, from 0 on, without their states."""

    @abstractmethod
    def _now(self) -> Dataset:
        """Return the dataset as it stands."""

    # -- reading -------------------------------------------------------------------------------

    @property
    def plan(self) -> pd.DataFrame:
        """The plan's rows."""
        return self._table(schema.PLAN)

    @property
    def targets(self) -> pd.DataFrame:
        """The targets' rows."""
        return self._table(schema.TARGETS)

    def _table(self, table: schema.Table) -> pd.DataFrame:
        files = self.plan_files()
        if table.file not in files:
            raise missing_file(table.file)
        return csv_tables.parse(table, files[table.file], table.file)

    @property
    def progress(self) -> pd.DataFrame:
        """The reports in force; raises `DataError` if the file is broken."""
        data = self.dataset()
        if data.progress_problems:
            raise DataError(data.progress_problems)
        return data.progress

    @property
    def submissions(self) -> list[Submission]:
        """The journal, the oldest first."""
        return with_states([one for one in self.journal() if one.revision])

    def history(self) -> list[Submission]:
        """Return the journal, the oldest first."""
        return self.submissions

    def dataset(self, *, with_pending: bool = False, revision: int | None = None) -> Dataset:
        """Return plan and reports, checked against each other; see `lib.store.interface.Store`."""
        if revision is not None:
            return self._as_of(revision)
        data = self._now()
        if not with_pending or data.progress_problems:
            return data
        state = texts(data)
        for submission in self.submissions:
            if submission.state == State.PENDING:
                more = self.changes(submission.revision).apply(state)
                fits = data.with_progress(typed(more))
                if not fits.progress_problems:  # the plan may have been amended since
                    data, state = fits, more
        return data

    def _as_of(self, revision: int) -> Dataset:
        journal = self.journal()
        if not journal and revision == 0:
            return self._now()
        if revision not in [one.revision for one in journal]:
            raise RefusedError(f"没有第{revision}号填报记录")
        known = files_after([one for one in journal if one.revision <= revision])
        if known:
            files = {name: self.content(kept) for name, kept in known.items()}
        else:
            # A journal of an older version took no note of plan files before its next entry.
            files = self.plan_files()
            later = next((one for one in journal if one.files), None)
            for change in later.files if later else ():
                if change.before_sha256:
                    files[change.name] = self.content(change.before_sha256)
                else:
                    files.pop(change.name, None)
        return plan_folder.read(files, typed(self._replayed(revision)))

    def changes(self, revision: int) -> Changes:
        """Return what a submission changes, row by row."""
        return Changes.from_records(self.records(revision))

    def original(self, revision: int) -> Original | None:
        """Return the uploaded file of a submission, if it had one."""
        facts = self._facts(revision)
        if not facts.file_sha256:
            return None
        return Original(facts.file_name, self.content(facts.file_sha256))

    def evidence(self, task_id: str) -> list[tuple[Submission, Attachment]]:
        """Return a task's attachments in force, the oldest first."""
        return [
            (submission, attachment)
            for submission in self.submissions
            if submission.state == State.IN_FORCE
            for attachment in submission.attachments
            if attachment.task_id == task_id
        ]

    # -- the journal ---------------------------------------------------------------------------

    def _facts(self, revision: int) -> Submission:
        for one in self.journal():
            if one.revision == revision:
                return one
        raise RefusedError(f"没有第{revision}号填报记录")

    def _submission(self, revision: int) -> Submission:
        self._facts(revision)
        if revision == 0:
            raise RefusedError("起始数据不能撤销")
        return next(one for one in self.submissions if one.revision == revision)

    def _touching(self, keys: pd.MultiIndex, after: int | None = None) -> list[Submission]:
        """Return the submissions in force that changed some rows, the oldest first.

        All that came ``after`` a revision, or, without one, the latest of each row.
        """
        found, left = [], keys
        for submission in reversed(self.submissions):
            if submission.revision <= (after or 0) or not len(left):
                break
            if submission.pending:
                continue
            changes = self.changes(submission.revision)
            touched = changes.before.index.union(changes.after.index)
            if left.isin(touched).any():
                found.append(submission)
            if after is None:
                left = left[~left.isin(touched)]
        return found[::-1]

    def _replayed(self, until: int | None = None) -> pd.DataFrame:
        """Return the state that the journal's changes add up to, as keyed texts."""
        counted = [
            one.revision
            for one in self.journal()
            if not one.pending and (until is None or one.revision <= until)
        ]
        return replay(record for number in counted for record in self.records(number))


def texts(data: Dataset) -> pd.DataFrame:
    """Return a dataset's reports as texts indexed by their key."""
    return keyed(schema.PROGRESS.texts(data.progress))


def typed(state: pd.DataFrame) -> pd.DataFrame:
    """Return report texts as a typed frame whose index is the row in progress.csv."""
    numbered = state.set_axis(range(2, len(state) + 2), axis="index")
    return schema.PROGRESS.check(numbered, schema.PROGRESS.file)
