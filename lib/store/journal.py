"""The journal of one plan in the database: tables in, Python's objects out. No rule stands here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import Select, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from lib.core import schema
from lib.files import plan_folder
from lib.store import atomic_files, chain
from lib.store.changes import Changes, Record, keyed
from lib.store.database import Database, put_rows
from lib.store.interface import JournalError, RefusedError, StoreError, Submission
from lib.store.submissions import from_json, to_json
from lib.store.tables import CHANGE, KEPT_FILE, PLAN, PLAN_FILE, REPORT, SUBMISSION

_KINDS = {name: column.cell_type for name, column in schema.PROGRESS.columns.items()}
_FIELDS = list(_KINDS)


_HEADS = select(PLAN.c.name, PLAN.c.revision, PLAN.c.version, PLAN.c.created, PLAN.c.head)


@dataclass(frozen=True)
class Head:
    """Where a plan stands: ``version`` counts writes, ``sha256`` is empty before the first entry."""

    revision: int
    version: int
    created: datetime
    sha256: str


class Journal:
    """Reads and writes the tables of one plan.

    Reading a database that is not there gives an empty journal. Writing asks for a transaction
    (`Database.writing`) around it.
    """

    def __init__(self, database: Database, plan: str) -> None:
        self.database = database
        self.plan = plan
        self._known: list[Submission] = []
        self._hashes: list[str] = []

    # -- reading -------------------------------------------------------------------------------

    def head(self) -> Head | None:
        """Return where the plan stands: one row by its key. ``None`` if it is not known."""
        rows = _rows(self.database, _HEADS.where(PLAN.c.name == self.plan))
        return Head(*rows[0][1:]) if rows else None

    def entries(self) -> list[Submission]:
        """Return the submissions as they were written, from 0 on, without their states.

        Each entry is held against the one before it as it is read, and the last against the
        plan's own row. Raises `JournalError` naming the first that does not fit.
        """
        if not self.database.exists:
            return []
        known, hashes = self._known, self._hashes
        with self.database.reading() as connection:
            plan = connection.execute(
                select(PLAN.c.revision, PLAN.c.head).where(PLAN.c.name == self.plan)
            ).first()
            rows = connection.execute(
                select(
                    SUBMISSION.c.revision,
                    SUBMISSION.c.facts,
                    SUBMISSION.c.rows_sha256,
                    SUBMISSION.c.sha256,
                )
                .where(SUBMISSION.c.plan == self.plan, SUBMISSION.c.revision >= len(known) - 1)
                .order_by(SUBMISSION.c.revision)
            )
            try:
                fetched = rows.all()
            except (ValueError, TypeError) as error:  # JSON, or text, that is none
                raise self._broken(f"有读不出来的记录（{error}）") from error
        if known and (not fetched or fetched[0].sha256 != hashes[-1]):
            # another history has taken the place of the one that was read before
            self._known, self._hashes = [], []
            return self.entries()
        known, hashes = list(known), list(hashes)
        for row in fetched[1:] if known else fetched:
            if row.revision != len(known):
                raise self._broken(f"缺少第{len(known)}号")
            before = hashes[-1] if hashes else ""
            if chain.entry_sha256(before, row.facts, row.rows_sha256) != row.sha256:
                raise self._broken(f"第{row.revision}号与它前面的记录接不上，或被改动过")
            try:
                known.append(from_json(row.facts))
            except (ValueError, TypeError, KeyError) as error:
                raise self._broken(f"第{row.revision}号读不出来") from error
            hashes.append(row.sha256)
        if (hashes[-1] if hashes else "") != (plan.head if plan else ""):
            number = plan.revision if plan else 0
            raise self._broken(f"应到第{number}号，只读到第{len(known) - 1}号")
        if not self.database.in_transaction:  # what is not committed yet may still go
            self._known, self._hashes = known, hashes
        return known

    def records(self, revision: int) -> list[Record]:
        """Return an entry's rows as they were written, held against their hash."""
        if not self.database.exists:
            raise RefusedError(f"没有第{revision}号填报记录")
        here = (SUBMISSION.c.plan == self.plan) & (SUBMISSION.c.revision == revision)
        with self.database.reading() as connection:
            expected = connection.scalar(select(SUBMISSION.c.rows_sha256).where(here))
            if expected is None:
                raise RefusedError(f"没有第{revision}号填报记录")
            rows = connection.execute(
                select(CHANGE.c.before, CHANGE.c.after)
                .where(CHANGE.c.plan == self.plan, CHANGE.c.revision == revision)
                .order_by(CHANGE.c.position)
            )
            try:
                pairs = rows.all()
            except (ValueError, TypeError) as error:
                raise self._broken(f"第{revision}号的行读不出来") from error
        if chain.rows_sha256(chain.line(*pair) for pair in pairs) != expected:
            raise self._broken(f"第{revision}号的行与校验值不符，被改动过或损坏了")
        return [{"before": before, "after": after} for before, after in pairs]

    def content(self, sha256: str) -> bytes:
        """Return a kept file's bytes; `StoreError` if it is missing or has been altered."""
        here = (KEPT_FILE.c.plan == self.plan) & (KEPT_FILE.c.sha256 == sha256)
        rows = _rows(self.database, select(KEPT_FILE.c.content).where(here))
        content = rows[0][0] if rows else None
        if not isinstance(content, bytes | None):  # of another type: somebody has changed it
            content = b""
        return atomic_files.checked(content, sha256, self.database.name)

    def kept(self) -> list[str]:
        """Return the hashes of all kept files, sorted."""
        hashes = select(KEPT_FILE.c.sha256).where(KEPT_FILE.c.plan == self.plan)
        return sorted(sha256 for (sha256,) in _rows(self.database, hashes))

    def plan_files(self) -> dict[str, bytes]:
        """Return the plan files' contents as the journal has them."""
        query = select(PLAN_FILE.c.name, KEPT_FILE.c.content).join(KEPT_FILE)
        rows = _rows(self.database, query.where(PLAN_FILE.c.plan == self.plan))
        contents = {name: bytes(content) for name, content in rows}
        return {name: contents[name] for name in plan_folder.PLAN_FILES if name in contents}

    def reports(self) -> pd.DataFrame:
        """Return the reports in force as keyed texts, in their order."""
        query = select(*(REPORT.c[name] for name in _FIELDS)).where(REPORT.c.plan == self.plan)
        rows = _rows(self.database, query.order_by(REPORT.c.position))
        columns = zip(*rows, strict=True) if rows else ((),) * len(_FIELDS)
        return keyed(
            pd.DataFrame(
                {
                    schema.PROGRESS.headers[name]: [_text(cell) for cell in cells]
                    if kind in ("number", "time")
                    else list(cells)
                    for (name, kind), cells in zip(_KINDS.items(), columns, strict=True)
                },
                dtype="str",
            )
        )

    def sound_until(self) -> int:
        """Return the last revision up to which the chain holds, -1 if none."""
        number, sha256 = -1, ""
        columns = (SUBMISSION.c.facts, SUBMISSION.c.rows_sha256, SUBMISSION.c.sha256)
        with suppress(StoreError, ValueError, TypeError), self.database.reading() as connection:
            while True:
                here = (SUBMISSION.c.plan == self.plan) & (SUBMISSION.c.revision == number + 1)
                row = connection.execute(select(*columns).where(here)).first()
                if row is None or chain.entry_sha256(sha256, row[0], row[1]) != row[2]:
                    break
                number, sha256 = number + 1, row[2]
        return number

    def _broken(self, what: str) -> JournalError:
        plan = f"计划「{self.plan}」的" if self.plan else ""
        return JournalError(
            f"{self.database.name} 中{plan}上报记录不完整：{what}。"
            "请运行 python -m lib.cli verify 查看哪些还可用，从备份恢复"
        )

    # -- writing -------------------------------------------------------------------------------

    def lock(self, connection: Connection) -> None:
        """Make sure of the plan's row, and let one writer of it in at a time.

        SQLite's transaction holds the lock already.
        """
        mine = select(PLAN.c.name).where(PLAN.c.name == self.plan)
        lock = mine.with_for_update(key_share=True)
        if connection.execute(lock).first() is None:
            row = self._insert(connection)(PLAN).values(name=self.plan)
            connection.execute(row.on_conflict_do_nothing())
            connection.execute(lock)

    def append(
        self,
        connection: Connection,
        submission: Submission,
        changes: Changes,
        kept_files: Iterable[bytes],
    ) -> None:
        """Write the next entry, and bring reports in force and plan files to what it says."""
        for content in kept_files:
            self.keep(connection, content)
        self.put_entry(connection, submission, changes.records())
        if not submission.revision:
            self.put_reports(connection, changes.after)
        elif not submission.pending:
            self._apply(connection, changes)
        for change in submission.files:
            self._put_file(connection, change.name, change.after_sha256)

    def put_entry(
        self, connection: Connection, submission: Submission, records: Iterable[Record]
    ) -> None:
        """Write an entry at the end of the chain: its facts and rows."""
        before = connection.scalar(select(PLAN.c.head).where(PLAN.c.name == self.plan))
        lines = [(chain.cells(row["before"]), chain.cells(row["after"])) for row in records]
        facts = to_json(submission)
        rows_sha256 = chain.rows_sha256(f"{before}\t{after}\n" for before, after in lines)
        sha256 = chain.entry_sha256(before or "", facts, rows_sha256)
        connection.execute(
            insert(SUBMISSION).values(
                plan=self.plan,
                revision=submission.revision,
                kind=str(submission.kind),
                user_name=submission.user,
                unit=submission.unit,
                time=datetime.fromisoformat(submission.time),
                pending=submission.pending,
                facts=facts,
                rows_sha256=rows_sha256,
                sha256=sha256,
            )
        )
        put_rows(
            connection,
            CHANGE,
            ["plan", "revision", "position", "before", "after"],
            (
                [
                    self.plan,
                    submission.revision,
                    number,
                    *(None if side == "null" else side for side in pair),
                ]
                for number, pair in enumerate(lines)
            ),
        )
        self.touch(connection, revision=submission.revision, head=sha256)

    def touch(self, connection: Connection, **values: Any) -> None:
        """Count a write, so that every server looks again."""
        counted = update(PLAN).where(PLAN.c.name == self.plan)
        connection.execute(counted.values(version=PLAN.c.version + 1, **values))

    def keep(self, connection: Connection, content: bytes) -> None:
        """Keep a file's bytes under their hash."""
        row = {"plan": self.plan, "sha256": atomic_files.sha256(content), "content": content}
        connection.execute(self._insert(connection)(KEPT_FILE).values(row).on_conflict_do_nothing())

    def put_reports(self, connection: Connection, state: pd.DataFrame) -> None:
        """Write all reports in force anew."""
        connection.execute(delete(REPORT).where(REPORT.c.plan == self.plan))
        rows = enumerate(state.itertuples(index=False, name=None))
        cells = ([self.plan, place, *_nulled(row)] for place, row in rows)
        put_rows(connection, REPORT, ["plan", "position", *_FIELDS], cells)

    def load(
        self,
        connection: Connection,
        entries: Iterable[tuple[Submission, Sequence[Record]]],
        kept_files: Iterable[bytes],
        plan_files: Mapping[str, bytes],
        state: pd.DataFrame,
    ) -> None:
        """Fill this plan, which is empty, with the whole of another journal."""
        self.lock(connection)
        for content in (*plan_files.values(), *kept_files):
            self.keep(connection, content)
        for submission, records in entries:
            self.put_entry(connection, submission, records)
        for name, content in plan_files.items():
            self._put_file(connection, name, atomic_files.sha256(content))
        self.put_reports(connection, state)
        self.touch(connection)

    def _put_file(self, connection: Connection, name: str, sha256: str) -> None:
        here = (PLAN_FILE.c.plan == self.plan) & (PLAN_FILE.c.name == name)
        connection.execute(delete(PLAN_FILE).where(here))
        if sha256:
            row = {"plan": self.plan, "name": name, "sha256": sha256}
            connection.execute(insert(PLAN_FILE).values(row))

    def _apply(self, connection: Connection, changes: Changes) -> None:
        """Write an entry's rows: changed ones keep their place, new ones come last."""
        removed = changes.before.index.difference(changes.after.index)
        mine = REPORT.c.plan == self.plan
        if len(removed):
            same = (REPORT.c[name] == bindparam(name) for name in schema.REPORT_KEY)
            keys = [dict(zip(schema.REPORT_KEY, key, strict=True)) for key in removed]
            connection.execute(delete(REPORT).where(mine, *same), keys)
        if not len(changes.after):
            return
        last = connection.scalar(select(func.max(REPORT.c.position)).where(mine))
        free = 0 if last is None else last + 1
        rows = [
            {
                "plan": self.plan,
                "position": free + number,
                **{name: _typed(name, cell) for name, cell in zip(_FIELDS, row, strict=True)},
            }
            for number, row in enumerate(changes.after.itertuples(index=False, name=None))
        ]
        put = self._insert(connection)(REPORT)
        cells = {name: put.excluded[name] for name in _FIELDS if name not in schema.REPORT_KEY}
        key = ["plan", *schema.REPORT_KEY]
        connection.execute(put.on_conflict_do_update(index_elements=key, set_=cells), rows)

    @staticmethod
    def _insert(connection: Connection) -> Any:
        """Return the dialect's insert, which knows what to do about a row that is there."""
        return postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert


def names(database: Database) -> list[str]:
    """Return the names of the other plans that have plan files in a database, sorted."""
    plans = _rows(database, select(PLAN_FILE.c.plan).distinct())
    return sorted(name for (name,) in plans if name)


def heads(database: Database) -> dict[str, Head]:
    """Return where all plans that a database knows stand, the withdrawn ones too."""
    return {name: Head(*facts) for name, *facts in _rows(database, _HEADS)}


def _rows(database: Database, query: Select[Any]) -> Sequence[Any]:
    """Return what a query gives; nothing where there is no database yet."""
    if not database.exists:
        return []
    with database.reading() as connection:
        return connection.execute(query).all()


def _nulled(row: Iterable[str]) -> list[str | None]:
    """Return a report's cells with null for an empty number or time."""
    return [
        None if not cell and kind in ("number", "time") else cell
        for cell, kind in zip(row, _KINDS.values(), strict=True)
    ]


def _typed(name: str, cell: str) -> object:
    """Return one cell as its column has it."""
    if _KINDS[name] not in ("number", "time"):
        return cell
    if not cell:
        return None
    return float(cell) if _KINDS[name] == "number" else datetime.fromisoformat(cell)


def _text(cell: float | datetime | None) -> str:
    """Return a number or time as files write it (`lib.core.schema.Table.texts`)."""
    if cell is None:
        return ""
    return f"{cell:.10g}" if isinstance(cell, float) else f"{cell:%Y-%m-%d %H:%M:%S}"
