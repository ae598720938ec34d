"""Journals of the old form, which are read, and taken over at the first write.

``journal/000001.jsonl`` is one submission: a line of facts, then a line per row with its cells
before and after; ``journal/files/`` keeps files by their hash; ``journal/applied`` names the revision
that ``progress.csv`` stands for. Accounts were in ``accounts.db`` beside it.

`take_over` fills ``journal.db`` with all of it: every plan and the accounts, compared entry by
entry and file by file before the new file gets its name. Then the old files go into
``journal-before-…/``, which the program never reads.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from operator import itemgetter
from pathlib import Path

import pandas as pd
import sqlalchemy as sa
from filelock import FileLock
from sqlalchemy.engine import Connection

from lib.store import atomic_files, marks, trail
from lib.store.changes import Record
from lib.store.database import LOCK_SECONDS, Database, sqlite_engine
from lib.store.interface import JournalError, RefusedError, StoreError, Submission
from lib.store.journal import Journal
from lib.store.marks import Mark
from lib.store.submissions import files_after, from_json, replayed
from lib.store.tables import ACCESS_TABLES, ACCOUNTS, AUDIT, SECRETS

PLANS = "plans"
_JOURNAL, _APPLIED, _LOCK = "journal", "applied", ".lock"
_UNCHANGED = "没有转入，原来的文件没有动；请先备份，再运行 python -m lib.cli verify 查看"
BEFORE = "journal-before-"
"""How folders of files that were taken over begin."""


class OldJournal:
    """The journal of one plan's folder in the old form; it reads like `lib.store.journal.Journal`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / _JOURNAL
        self._known: dict[int, Submission] = {}

    @property
    def exists(self) -> bool:
        """Whether there is any entry."""
        try:
            return any(path.suffix == ".jsonl" for path in self.folder.iterdir())
        except FileNotFoundError:
            return False
        except OSError as error:
            raise JournalError(
                f"上报记录 {self.folder} 读不到（{error.strerror}），请检查它的权限"
            ) from error

    def entries(self) -> list[Submission]:
        """Return the submissions as they were written, from 0 on, without their states."""
        numbers = sorted(int(path.stem) for path in self.folder.glob("[0-9]*.jsonl"))
        for place, number in enumerate(numbers):
            if place != number:
                raise self._broken(place, "不见了")
            if number not in self._known:  # a file of the journal never changes
                self._known[number] = self._facts(number)
        return [self._known[number] for number in numbers]

    def records(self, revision: int) -> list[Record]:
        """Return an entry's rows as they were written."""
        lines = self._lines(revision)
        next(lines)
        try:
            rows = [json.loads(line) for line in lines]
            pairs: list[Record] = [
                {side: row[side] for side in ("before", "after")} for row in rows
            ]
        except (ValueError, KeyError, TypeError) as error:
            raise self._broken(revision, "有读不出来的行") from error
        return pairs

    def content(self, sha256: str) -> bytes:
        """Return a kept file's bytes; `StoreError` if it is missing or has been altered."""
        path = self.folder / "files" / sha256
        there = len(sha256) == 64 and sha256.isalnum() and path.is_file()
        try:
            content = path.read_bytes() if there else None
        except OSError as error:
            raise StoreError(f"原件读不到（{error.strerror}）：{path}，请检查它的权限") from error
        return atomic_files.checked(content, sha256, str(path.parent))

    def kept(self) -> list[str]:
        """Return the hashes of all kept files, sorted."""
        files = (self.folder / "files").glob("*")
        return sorted(path.name for path in files if not path.name.startswith("."))

    def sound_until(self) -> int:
        """Return the last revision up to which the journal can be read, -1 if none."""
        number = -1
        with suppress(StoreError):
            while True:
                self._facts(number + 1)
                self.records(number + 1)
                number += 1
        return number

    def mark(self) -> Mark | None:
        """Return the revision that ``progress.csv`` stands for, and its hash."""
        try:
            number, sha256 = (self.folder / _APPLIED).read_text(encoding="ascii").split()
            return Mark(int(number), sha256)
        except (OSError, ValueError):
            return None

    def _facts(self, revision: int) -> Submission:
        try:
            facts = from_json(json.loads(next(self._lines(revision))))
        except (ValueError, KeyError, TypeError, StopIteration) as error:
            raise self._broken(revision, "读不出来") from error
        if facts.revision != revision:
            raise self._broken(revision, f"写的是第{facts.revision}号")
        return facts

    def _lines(self, revision: int) -> Iterator[str]:
        path = self.folder / f"{revision:06d}.jsonl"
        try:
            return iter(path.read_text(encoding="utf-8").splitlines())
        except FileNotFoundError as error:
            raise RefusedError(f"没有第{revision}号填报记录") from error
        except OSError as error:
            raise self._broken(revision, f"读不到，{error.strerror}") from error

    def _broken(self, revision: int, what: str) -> JournalError:
        path = self.folder / f"{revision:06d}.jsonl"
        return JournalError(
            f"上报记录文件 {path} {what}。请从备份恢复这个文件；CSV 文件里的数据不受影响"
        )


def ensure(database: Database) -> None:
    """Make sure that there is a database to write into: a new one, or what it takes over.

    Raises `StoreError` where it cannot be made, `JournalError` where the old form is damaged: then
    everything stays as it was.
    """
    if database.path is None:
        return
    home = database.path.parent
    if not database.exists:
        database.create(lambda connection, stack: _take_over(connection, home, stack))
    if _left(home):
        # One at a time: another writer sweeps away what it takes for a killed one's. What cannot be
        # moved now is moved by the next writer.
        with suppress(OSError, StoreError), database.writing("转入") as connection:
            _put_away(database, connection, home)


def _folders(home: Path) -> list[Path]:
    return [home, *(path for path in sorted((home / PLANS).glob("*/")) if path.is_dir())]


def _take_over(connection: Connection, home: Path, stack: ExitStack) -> None:
    """Fill a new database with what the old form has, and compare."""
    for folder in _folders(home):
        if (folder / _JOURNAL).is_dir():  # a program of the old version may be writing
            stack.enter_context(FileLock(folder / _JOURNAL / _LOCK, timeout=LOCK_SECONDS))
        old = OldJournal(folder)
        if not old.exists:
            continue
        new = Journal(Database(home), "" if folder == home else folder.name)
        entries = old.entries()
        state = replayed(entries, old.records)
        new.load(
            connection,
            ((entry, old.records(entry.revision)) for entry in entries),
            (old.content(sha256) for sha256 in old.kept()),
            {name: old.content(sha256) for name, sha256 in files_after(entries).items()},
            state,
        )
        with new.database.using(connection):
            for difference in _differences(old, new, state):
                raise JournalError(
                    f"{folder / _JOURNAL} 转入 journal.db 后核对不一致：{difference}。{_UNCHANGED}"
                )
    if _accounts_file(home).exists():
        with _old_accounts(home) as old_connection:
            copy_rows(access_rows(old_connection), connection)


def _differences(old: OldJournal, new: Journal, state: pd.DataFrame) -> Iterator[str]:
    """Give what two journals do not have alike, entry by entry and file by file."""
    entries, others = old.entries(), new.entries()
    if entries != others:
        yield f"上报记录（{len(entries)}号和{len(others)}号）"
    for entry in entries:
        if old.records(entry.revision) != new.records(entry.revision):
            yield f"第{entry.revision}号的行"
    for sha256 in {*old.kept(), *files_after(entries).values()}:
        if old.content(sha256) != new.content(sha256):  # which holds each against its hash
            yield f"原件{sha256}"
    if not new.reports().equals(state):
        yield "生效的填报"


Rows = dict[str, list[dict[str, object]]]


@contextmanager
def reading_accounts(database: Database) -> Iterator[Connection | None]:
    """Give a connection that reads the accounts: from ``accounts.db`` until it is taken over.

    ``None`` where nothing was ever written. Raises `JournalError` for a file that cannot be read,
    or is lost. The old file is asked for first: it goes when the new one is there, so that no
    moment of a take-over looks like a server without accounts.
    """
    home = database.path and database.path.parent
    old = home is not None and _accounts_file(home).exists()
    with ExitStack() as stack:
        connection = None
        if home is not None and old and not database.exists:
            try:
                connection = stack.enter_context(_old_accounts(home))
            except JournalError:
                if not database.exists:  # else it was taken over in this very moment
                    raise
        elif not database.exists:
            yield None
            return
        yield connection or stack.enter_context(database.reading())


def _accounts_file(home: Path) -> Path:
    return home / "accounts.db"


@contextmanager
def _old_accounts(home: Path) -> Iterator[Connection]:
    path = _accounts_file(home)
    try:
        if not path.stat().st_size:
            raise JournalError(f"账号数据库 {path} 是空的（0字节）。请从备份恢复这个文件")
        options = {"reading": True}
        with sqlite_engine(path).connect().execution_options(**options) as connection:
            yield connection
    except (OSError, sa.exc.SQLAlchemyError) as error:
        raise JournalError(f"账号数据库 {path} 损坏了或读不到。请从备份恢复这个文件") from error


def access_rows(connection: Connection) -> Rows:
    """Return the rows of the tables of accounts by table, in the order of their keys.

    An audit trail of the form before its chain is chained as it is.
    """
    is_chained = trail.is_chained(connection)
    rows = {}
    for table in ACCESS_TABLES:
        columns = trail.CELLS if table is AUDIT and not is_chained else table.columns
        query = sa.select(*columns).order_by(*table.primary_key.columns)
        rows[table.name] = [dict(row) for row in connection.execute(query).mappings()]
    if not is_chained:
        rows[SECRETS.name] += trail.chained(rows[AUDIT.name])
        rows[SECRETS.name].sort(key=itemgetter("name"))
    return rows


def copy_rows(rows: Rows, connection: Connection) -> None:
    """Write the rows of accounts into tables that have none, and compare."""
    for table in ACCESS_TABLES:
        if rows[table.name]:
            connection.execute(table.insert(), rows[table.name])
        if connection.dialect.name == "postgresql" and "id" in table.columns and rows[table.name]:
            # its own numbering goes on after the rows that brought their numbers along
            last = sa.select(sa.func.max(table.c.id)).scalar_subquery()
            sequence = sa.func.pg_get_serial_sequence(table.name, "id")
            connection.execute(sa.select(sa.func.setval(sequence, last)))
    if access_rows(connection) != rows:
        raise JournalError(f"账号转入后核对不一致。{_UNCHANGED}")


def _left(home: Path) -> list[Path]:
    """Return what there is of the old form, also of what a killed writer did not put away."""
    accounts = _accounts_file(home)
    paths = [folder / _JOURNAL for folder in _folders(home)]
    return [
        path
        for path in (*paths, accounts, accounts.with_name(f"{accounts.name}-journal"))
        if path.exists()
    ]


def _put_away(database: Database, connection: Connection, home: Path) -> None:
    """Move what was taken over out of the way."""
    accounts = connection.execute(sa.select(ACCOUNTS.c.id).limit(1)).first()
    before = home / f"{BEFORE}{datetime.now():%Y%m%d-%H%M%S}"
    for path in _left(home):
        if path.name == _JOURNAL:
            _move_mark(path.parent)
        elif accounts is not None:
            database.mark_accounts()
        target = before / path.relative_to(home)
        target.parent.mkdir(parents=True, exist_ok=True)
        path.replace(target)
    atomic_files.settle(home)


def _move_mark(folder: Path) -> None:
    """Write the mark of the new form where the old form's goes away."""
    atomic_files.sweep(folder)  # what a writer left that was killed right here
    mark = OldJournal(folder).mark()
    if mark is not None and marks.read(folder) is None:
        atomic_files.write(folder / marks.MARK, mark.content)
