"""A store in a PostgreSQL database, with the semantics of the folder store.

A submission is one transaction: facts, rows, kept files, plan files and reports in force. Writers
of a plan take turns by locking its row in ``plan``; the primary key of ``submission`` makes sure
of the revision all the same. Readers see one moment and wait for nobody.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Text, cast, delete, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from lib.core import schema
from lib.core.dataset import Dataset
from lib.files import csv_tables, plan_folder
from lib.store import atomic_files
from lib.store.changes import Changes, Record, empty, keyed
from lib.store.database import Database
from lib.store.interface import Draft, Kind, Original, RefusedError, StoreError, Submission
from lib.store.reading import texts, typed
from lib.store.relations import CHANGE, KEPT_FILE, PLAN, PLAN_FILE, REPORT, SUBMISSION
from lib.store.rules import REQUIRED, JournalEntry, Ledger, Snapshot
from lib.store.submissions import from_json, to_json

_FIELDS = list(schema.PROGRESS.columns)
_COLUMNS = {name: column.cell_type for name, column in schema.PROGRESS.columns.items()}


class PostgresStore(Ledger):
    """The store of one plan in a database."""

    def __init__(self, database: Database, plan: str = "") -> None:
        self.database = database
        self.plan_name = plan
        self._journal: list[Submission] = []
        self._loaded: tuple[Hashable, Dataset] | None = None

    # -- reading -------------------------------------------------------------------------------

    def stamp(self) -> Hashable:
        """Return the plan's counter of writes: one look at one row by its key."""
        with self.database.reading() as connection:
            return self._stamp(connection)

    def _stamp(self, connection: Connection) -> Hashable:
        found = connection.execute(
            select(PLAN.c.created, PLAN.c.version).where(PLAN.c.name == self.plan_name)
        ).first()
        return (self.plan_name, *found) if found else (self.plan_name,)

    @property
    def revision(self) -> int:
        """The number of the latest submission, 0 before the first."""
        with self.database.reading() as connection:
            return (
                connection.scalar(select(PLAN.c.revision).where(PLAN.c.name == self.plan_name)) or 0
            )

    def journal(self) -> list[Submission]:
        """Return the submissions as they were written, from 0 on."""
        known = self._journal
        after = known[-1].revision if known else -1
        with self.database.reading() as connection:
            rows = connection.scalars(
                select(SUBMISSION.c.facts)
                .where(SUBMISSION.c.plan == self.plan_name, SUBMISSION.c.revision > after)
                .order_by(SUBMISSION.c.revision)
            )
            told = [*known, *(from_json(facts) for facts in rows)]
        if not self.database.in_transaction:  # what is not committed yet may still go
            self._journal = told
        return told

    def records(self, revision: int) -> list[Record]:
        """Return a submission's rows as they were written."""
        with self.database.reading() as connection:
            rows = connection.execute(
                select(CHANGE.c.before, CHANGE.c.after)
                .where(CHANGE.c.plan == self.plan_name, CHANGE.c.revision == revision)
                .order_by(CHANGE.c.position)
            )
            found: list[Record] = [{"before": before, "after": after} for before, after in rows]
        if not found:
            self._facts(revision)  # there is such a submission: it has no rows
        return found

    def content(self, sha256: str) -> bytes:
        """Return a kept file's bytes; `StoreError` if it is missing or has been altered."""
        with self.database.reading() as connection:
            content = connection.scalar(
                select(KEPT_FILE.c.content).where(
                    KEPT_FILE.c.plan == self.plan_name, KEPT_FILE.c.sha256 == sha256
                )
            )
        if content is None:
            raise StoreError("找不到这个文件的原件")
        if atomic_files.sha256(content) != sha256:
            raise StoreError("原件与记录的校验值不符，文件可能被改动过")
        return bytes(content)

    def kept(self) -> list[str]:
        """Return the hashes of all kept files, sorted."""
        with self.database.reading() as connection:
            return sorted(
                connection.scalars(
                    select(KEPT_FILE.c.sha256).where(KEPT_FILE.c.plan == self.plan_name)
                )
            )

    def plan_files(self) -> dict[str, bytes]:
        """Return the plan files' contents."""
        with self.database.reading() as connection:
            rows = connection.execute(
                select(PLAN_FILE.c.name, KEPT_FILE.c.content)
                .join(KEPT_FILE)
                .where(PLAN_FILE.c.plan == self.plan_name)
            )
            found = {name: bytes(content) for name, content in rows}
        return {name: found[name] for name in plan_folder.PLAN_FILES if name in found}

    def _now(self) -> Dataset:
        with self.database.reading() as connection:
            stamp = self._stamp(connection)
            loaded = self._loaded
            if loaded is None or loaded[0] != stamp:
                reports = typed(self._reports(connection))
                loaded = (stamp, plan_folder.read(self.plan_files(), reports))
                if not self.database.in_transaction:
                    self._loaded = loaded
            return loaded[1]

    def _reports(self, connection: Connection) -> pd.DataFrame:
        """Return the reports in force as keyed texts, in their order."""
        columns = [
            REPORT.c[name]
            if kind in ("text", "month")
            else func.coalesce(cast(REPORT.c[name], Text), "")
            for name, kind in _COLUMNS.items()
        ]
        rows = connection.execute(
            select(*columns).where(REPORT.c.plan == self.plan_name).order_by(REPORT.c.position)
        ).all()
        headers = list(schema.PROGRESS.headers.values())
        return keyed(pd.DataFrame(rows, columns=headers, dtype="str"))

    # -- writing -------------------------------------------------------------------------------

    def rebuild(self) -> int:
        """Write the reports in force anew from the journal; return their number."""
        if not self.journal():
            raise RefusedError("还没有填报记录，没有可以重建的内容")
        with self._writing("重建"), self.database.writing("重建") as connection:
            state = self._replayed()
            self._put_reports(connection, state)
            self._touch(connection)
            return len(state)

    @contextmanager
    def _writing(self, what: str) -> Iterator[None]:
        with self.database.writing(what) as connection:
            mine = select(PLAN.c.name).where(PLAN.c.name == self.plan_name)
            lock = mine.with_for_update(key_share=True)
            if connection.execute(lock).first() is None:
                row = upsert(PLAN).values(name=self.plan_name).on_conflict_do_nothing()
                connection.execute(row)
                connection.execute(lock)
            yield

    def _standing(self, *, mending: bool) -> Snapshot:
        found = self.plan_files()
        if mending and not all(name in found for name in REQUIRED):
            with self.database.reading() as connection:
                state = self._reports(connection)
            self._open_journal(state, found)
            return Snapshot(state, found, None)
        data = self._now()
        self._open_journal(texts(data), found)
        return Snapshot(texts(data), found, data)

    def _open_journal(self, state: pd.DataFrame, found: Mapping[str, bytes]) -> None:
        """Open the journal with the rows that are there before the first submission."""
        if self.journal():
            return
        original = Original(schema.PROGRESS.file, csv_tables.to_csv(csv_tables.escape(state)))
        draft = Draft("", Changes(empty(), state), Kind.BASELINE, original=original)
        self._commit(self._entry(0, draft, found, {}))

    def _commit(self, entry: JournalEntry) -> Submission:
        with self.database.writing("提交") as connection:
            for content in entry.kept:
                self._keep(connection, content)
            self._put_entry(connection, entry.told, entry.changes)
            if entry.state is not None:
                self._apply(connection, entry.changes)
            for name, new in entry.files.items():
                self._put_file(connection, name, new)
            self._touch(connection, entry.told.revision)
        return entry.told

    def load(
        self,
        entries: Iterable[tuple[Submission, Changes]],
        kept: Iterable[bytes],
        plan_files: Mapping[str, bytes],
        state: pd.DataFrame,
    ) -> None:
        """Fill this plan, which is empty, with the whole of another store's."""
        with self._writing("复制"), self.database.writing("复制") as connection:
            for content in kept:
                self._keep(connection, content)
            revision = 0
            for told, changes in entries:
                self._put_entry(connection, told, changes)
                revision = told.revision
            for name, content in plan_files.items():
                self._keep(connection, content)
                self._put_file(connection, name, content)
            self._put_reports(connection, state)
            self._touch(connection, revision)

    # -- rows ----------------------------------------------------------------------------------

    def _touch(self, connection: Connection, revision: int | None = None) -> None:
        """Count a write, so that every server looks again."""
        values: dict[str, Any] = {"version": PLAN.c.version + 1}
        if revision is not None:
            values["revision"] = revision
        connection.execute(update(PLAN).where(PLAN.c.name == self.plan_name).values(values))

    def _keep(self, connection: Connection, content: bytes) -> None:
        row = {"plan": self.plan_name, "sha256": atomic_files.sha256(content), "content": content}
        connection.execute(upsert(KEPT_FILE).values(row).on_conflict_do_nothing())

    def _put_file(self, connection: Connection, name: str, content: bytes | None) -> None:
        here = (PLAN_FILE.c.plan == self.plan_name) & (PLAN_FILE.c.name == name)
        connection.execute(delete(PLAN_FILE).where(here))
        if content is not None:
            row = {"plan": self.plan_name, "name": name, "sha256": atomic_files.sha256(content)}
            connection.execute(insert(PLAN_FILE).values(row))

    def _put_entry(self, connection: Connection, told: Submission, changes: Changes) -> None:
        connection.execute(
            insert(SUBMISSION).values(
                plan=self.plan_name,
                revision=told.revision,
                kind=str(told.kind),
                user_name=told.user,
                unit=told.unit,
                time=told.time,
                pending=told.pending,
                facts=to_json(told),
            )
        )
        rows = (
            (self.plan_name, told.revision, number, _json(one["before"]), _json(one["after"]))
            for number, one in enumerate(changes.records())
        )
        _copy(connection, "change", ["plan", "revision", "position", "before", "after"], rows)

    def _apply(self, connection: Connection, changes: Changes) -> None:
        """Write a submission's rows: changed ones keep their place, new ones come last."""
        gone = connection.execute(
            text(
                "DELETE FROM report USING unnest("
                "CAST(:task_id AS text[]), CAST(:month AS text[]),"
                "CAST(:unit AS text[]), CAST(:indicator AS text[])"
                ") AS gone (task_id, month, unit, indicator) "
                "WHERE report.plan = :plan AND report.task_id = gone.task_id"
                " AND report.month = gone.month AND report.unit = gone.unit"
                " AND report.indicator = gone.indicator "
                "RETURNING report.task_id, report.month, report.unit, report.indicator, position"
            ),
            {
                "plan": self.plan_name,
                **{
                    name: list(changes.before.index.get_level_values(level))
                    for level, name in enumerate(schema.REPORT_KEY)
                },
            },
        )
        places = {tuple(row[:-1]): row[-1] for row in gone}
        last = connection.scalar(
            select(func.max(REPORT.c.position)).where(REPORT.c.plan == self.plan_name)
        )
        free = max(-1 if last is None else last, *places.values(), -1) + 1
        positions = []
        for key in changes.after.index:
            positions.append(places.get(key, free))
            free += key not in places
        self._insert(connection, changes.after, positions)

    def _put_reports(self, connection: Connection, state: pd.DataFrame) -> None:
        connection.execute(delete(REPORT).where(REPORT.c.plan == self.plan_name))
        self._insert(connection, state, range(len(state)))

    def _insert(self, connection: Connection, rows: pd.DataFrame, positions: Sequence[int]) -> None:
        may_lack = [kind in ("number", "time") for kind in _COLUMNS.values()]
        cells = (
            [cell or None if lacks else cell for cell, lacks in zip(row, may_lack, strict=True)]
            for row in rows.itertuples(index=False, name=None)
        )
        _copy(
            connection,
            "report",
            ["plan", "position", *_FIELDS],
            ([self.plan_name, place, *row] for place, row in zip(positions, cells, strict=True)),
        )


def postgres_plans(database: Database) -> list[str]:
    """Return the names of a database's other plans, sorted."""
    with database.reading() as connection:
        names = connection.scalars(select(PLAN_FILE.c.plan).distinct())
        return sorted(name for name in names if name)


def is_empty(database: Database) -> bool:
    """Whether a database holds no plan at all."""
    with database.reading() as connection:
        return connection.execute(select(PLAN.c.name).limit(1)).first() is None


def _json(row: Mapping[str, str] | None) -> str | None:
    return None if row is None else json.dumps(row, ensure_ascii=False)


def _copy(
    connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Insert rows by COPY; PostgreSQL reads each cell's text in its column's type."""
    cursor = connection.connection.cursor()
    names = ", ".join(f'"{name}"' for name in columns)
    with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
