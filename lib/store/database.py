"""A database, SQLite in a data folder or PostgreSQL: connections, transactions, faults in words.

A transaction of SQLite begins with the write lock (``BEGIN IMMEDIATE``), is on the disk when it
ends (``synchronous = EXTRA``), and leaves no file beside ``journal.db`` (a rollback journal that is
deleted). Each use opens the file anew: a file that was put back from a backup is seen at once.
"""

from __future__ import annotations

import json
import logging
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import NullPool

from lib.store import atomic_files, marks
from lib.store.address import folder_of, is_database
from lib.store.interface import JournalError, StoreError
from lib.store.marks import Mark

FILE = "journal.db"
VERSION = "0003"
"""The version of the tables that this program needs: the newest in `lib.store.migrations`."""
READABLE = "0002"
"""The oldest version of a folder's database that is read as it is; the first writer brings it up."""
LOCK_SECONDS = 60
CONNECT_SECONDS = 5
POOL, OVERFLOW = 10, 20
"""Connections to PostgreSQL that one server keeps, and more that it may open for a moment."""

_LOG = logging.getLogger(__name__)
_CREATING = ".journal-lock"
_VERSIONS = "alembic_version"
_MIGRATE = "python -m lib.cli migrate --data …"
_MIGRATION_LOCK = 2018_22_09
"""The advisory lock of servers that start at once on an empty database (any number)."""
_ACCOUNT_TABLES = "access_"
"""How the tables of accounts begin: an earlier version could make them before any plan."""
_BUSY = "其他人正在写入，等了{seconds:g}秒，请稍后重试"
_WAY_OUT = (
    "请运行 python -m lib.cli verify 查看，从备份恢复（python -m lib.cli restore）；"
    "CSV 文件里的数据不受影响"
)
_SHARES = {"9p", "afs", "cifs", "fuse.sshfs", "ncpfs", "nfs", "nfs4", "smb3", "smbfs", "vboxsf"}

_STATES = {
    "28P01": "用户名或密码不对",
    "28000": "用户名或密码不对，或数据库不允许这个用户登录",
    "3D000": "没有这个数据库",
    "42501": "数据库用户没有需要的权限",
    "42P01": f"没有看板的表，请先运行 {_MIGRATE}",
    "42703": f"表的结构不是这个版本的，请先运行 {_MIGRATE}",
    "55P03": _BUSY.format(seconds=LOCK_SECONDS),
    "53100": "数据库的磁盘已满",
    "53300": "数据库的连接数已满，请稍后重试",
    "25006": "数据库是只读的",
    "57P01": "数据库正在关闭，请稍后重试",
    "57P03": "数据库正在启动，请稍后重试",
}
_WORDS = {
    "password authentication failed": _STATES["28P01"],
    "no password supplied": "没有写密码",
    "does not exist": "没有这个数据库或用户",
    "starting up": _STATES["57P03"],
    "shutting down": _STATES["57P01"],
    "too many clients": _STATES["53300"],
    "Connection refused": "连接被拒绝，数据库没有运行，或端口不对",
    "No such file or directory": "连接不上，数据库没有运行",
    "timeout": "连接超时",
    "resolve": "找不到这台主机",
    "translate host name": "找不到这台主机",
}
"""Parts of the driver's message where a failed connection has no SQLSTATE."""

_DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_FORMAT")
_SQLITE = {
    "SQLITE_BUSY": _BUSY.format(seconds=LOCK_SECONDS),
    "SQLITE_LOCKED": _BUSY.format(seconds=LOCK_SECONDS),
    "SQLITE_FULL": "磁盘已满",
    "SQLITE_READONLY": "没有写入数据目录的权限",
    "SQLITE_CANTOPEN": "打不开这个文件，或不能在它所在的目录里写文件（请看权限）",
    "SQLITE_PERM": "没有读写这个文件的权限",
    "SQLITE_IOERR": "磁盘读写出错",
    "SQLITE_NOMEM": "内存不够",
    "SQLITE_TOOBIG": "内容太大",
}


class UncertainError(StoreError):
    """A commit failed in such a way that nobody can say here whether it is in force."""

    def __init__(self, what: str, error: Exception, name: str) -> None:
        self.why = f"{reason(error)}（{name}）"
        super().__init__(
            f"{what}时出了错：{self.why}，不能确定是否已经保存；请先看上报记录，没有再重新提交"
        )


class Database:
    """One database; stores of several plans and the accounts share it.

    ``path`` is the file of a data folder's database, ``None`` for PostgreSQL.
    """

    def __init__(self, url: str | Path) -> None:
        self.path: Path | None = None
        self._ready: object = None
        self._engines: dict[int, Engine] = {}
        self._lock = threading.Lock()
        self._mine = threading.local()
        if not is_database(url):
            self.path = folder_of(url).absolute() / FILE
            self.name = str(self.path)
            return
        try:
            self._url = make_url(str(url)).set(drivername="postgresql+psycopg")
        except (ArgumentError, ValueError):
            # without the cause: it would show the address with its password
            raise StoreError(
                "数据库地址写得不对；应为 postgresql+psycopg://用户:密码@主机:端口/数据库"
            ) from None
        port = f":{self._url.port}" if self._url.port else ""
        self.name = f"数据库 {self._url.host or ''}{port}/{self._url.database or ''}"

    # -- connections ---------------------------------------------------------------------------

    @property
    def engine(self) -> Engine:
        """The connections of this process: a forked one may not use its parent's."""
        with self._lock:
            if os.getpid() not in self._engines:
                self._engines[os.getpid()] = (
                    self._new_engine() if self.path is None else sqlite_engine(self.path)
                )
            return self._engines[os.getpid()]

    def _new_engine(self) -> Engine:
        return sa.create_engine(
            self._url,
            pool_size=POOL,
            max_overflow=OVERFLOW,
            pool_pre_ping=True,
            json_serializer=partial(json.dumps, ensure_ascii=False),
            connect_args={
                "connect_timeout": CONNECT_SECONDS,
                "application_name": "work-plan-dashboard",
                "keepalives_idle": 30,
                "keepalives_interval": 10,
                "keepalives_count": 3,
            },
        )

    def close(self) -> None:
        """Give the connections of this process back; the next use checks the schema again."""
        self._ready = None
        engine = self._engines.pop(os.getpid(), None)
        if engine is not None:
            engine.dispose()

    @property
    def in_transaction(self) -> bool:
        """Whether this thread is inside `writing`."""
        return getattr(self._mine, "writing", False)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one moment of the data, or the thread's own.

        Ask `exists` before. Raises `StoreError`, `JournalError` for a file that is damaged.
        """
        own: Connection | None = getattr(self._mine, "connection", None)
        if own is not None:
            yield own
            return
        with self.telling("读取", writing=False):
            self._prepare(writing=False)
            options: dict[str, Any] = {"reading": True}
            if self.path is None:
                options["isolation_level"] = "REPEATABLE READ"
            with (
                self.engine.connect().execution_options(**options) as connection,
                self.using(connection, writing=False),
            ):
                yield connection

    @contextmanager
    def writing(self, what: str, seconds: float | None = None) -> Iterator[Connection]:
        """Give a connection whose transaction is committed at the end, or not at all.

        Inside another `writing` of the thread it is the same transaction. ``seconds`` is how
        long to wait for others, by default `LOCK_SECONDS`. Raises `UncertainError` if the commit fails.
        """
        if self.in_transaction:
            yield self._mine.connection
            return
        with self.telling(what):
            self._prepare(writing=True)
            seconds = LOCK_SECONDS if seconds is None else seconds
            with self.engine.connect().execution_options(seconds=seconds) as connection:
                transaction = connection.begin()
                with self.using(connection):
                    if self.path is None:
                        connection.execute(text(f"SET LOCAL lock_timeout = '{seconds:g}s'"))
                    yield connection
                try:
                    transaction.commit()
                except DBAPIError as error:
                    raise UncertainError(what, error, self.name) from error

    @contextmanager
    def using(self, connection: Connection, *, writing: bool = True) -> Iterator[None]:
        """Let this thread read through a connection, perhaps of somebody else's transaction."""
        self._mine.connection, self._mine.writing = connection, writing
        try:
            yield
        finally:
            self._mine.connection, self._mine.writing = None, False

    @contextmanager
    def telling(self, what: str, *, writing: bool = True) -> Iterator[None]:
        """Turn the database's errors into a `StoreError`; passwords are in none of its words."""
        try:
            yield
        except IntegrityError as error:
            if not isinstance(error.orig, sqlite3.Error) and writing:
                raise StoreError(f"{what}没有成功：{reason(error)}（{self.name}）") from error
            raise
        except _errors(self.path) as error:
            why, damaged = reason(error), _is_damage(error)
            if damaged or (self.path is not None and not writing):
                raise JournalError(f"{self.name} {why}。{_WAY_OUT}") from error
            if self.path is None:
                raise StoreError(f"{what}没有成功：{why}（{self.name}）") from error
            raise StoreError(
                f"{what}没有保存：{why}（{self.path.name}）。已提交的数据不受影响，请处理后重新提交"
            ) from error

    # -- the file of a data folder -------------------------------------------------------------

    @property
    def exists(self) -> bool:
        """Whether the database is there; PostgreSQL's always is.

        Raises `JournalError` for a file that is lost, or empty: SQLite would take an empty file for
        a new database, and everything that was in it for never written.
        """
        if self.path is None or self.in_transaction:
            return True
        try:
            size = self.path.stat().st_size
        except FileNotFoundError:
            if marks.read(self.path.parent) is None:
                return False
            if self.path.exists():  # made, and the mark after it, in this very moment
                return self.exists
            raise JournalError(
                f"上报记录文件 {self.path} 不见了。请从备份恢复；"
                f"确实要从头开始，才删除同一目录下的 {marks.MARK}。CSV 文件里的数据不受影响"
            ) from None
        except OSError as error:
            raise JournalError(f"{self.path} 读不到（{error.strerror}）。{_WAY_OUT}") from error
        if size == 0:
            raise JournalError(f"上报记录文件 {self.path} 是空的（0字节）。{_WAY_OUT}")
        return True

    @property
    def had_accounts(self) -> bool | None:
        """Whether the mark beside the file says that there were accounts; ``None`` without one."""
        mark = None if self.path is None else marks.read(self.path.parent)
        return None if mark is None else mark.accounts

    def mark_accounts(self) -> None:
        """Write down beside the file that there are accounts; call it inside `writing`."""
        if self.path is None:
            return
        mark = marks.read(self.path.parent) or Mark()
        if not mark.accounts or not (self.path.parent / marks.MARK).exists():
            with atomic_files.telling("账号", self.path.parent):
                content = Mark(mark.revision, mark.progress_sha256, accounts=True).content
                atomic_files.write(self.path.parent / marks.MARK, content)

    def create(self, fill: Callable[[Connection, ExitStack], None]) -> None:
        """Make the file, filled, in one step.

        It is built under another name and renamed when it is whole and on the disk. Writers that
        come at once wait for one another. What ``fill`` puts on the stack is left after the rename.
        """
        assert self.path is not None  # noqa: S101 - PostgreSQL's is made by its owner
        folder = self.path.parent
        lock = FileLock(folder / _CREATING, timeout=LOCK_SECONDS, poll_interval=0.01)
        with atomic_files.telling("上报记录", folder):
            try:
                with lock:
                    if not self.exists:
                        self._create(folder, self.path, fill)
            except Timeout as error:
                raise StoreError(f"没有保存：{_BUSY.format(seconds=LOCK_SECONDS)}") from error
            with suppress(OSError):
                (folder / _CREATING).unlink()

    def _create(
        self, folder: Path, path: Path, fill: Callable[[Connection, ExitStack], None]
    ) -> None:
        staged = atomic_files.stage(folder, b"")
        staged.chmod(0o600)  # hashes of passwords are in it: nobody else's business
        try:
            with ExitStack() as stack:
                with self.telling("上报记录"), sqlite_engine(staged).begin() as connection:
                    _upgrade(connection)
                    fill(connection, stack)
                staged.replace(path)
        finally:
            for left in folder.glob(f"{staged.name}*"):
                left.unlink(missing_ok=True)
        atomic_files.settle(folder)
        if network_share(folder):
            _LOG.warning("%s: a network share; SQLite's locks may not hold there", folder)

    # -- the schema's version ------------------------------------------------------------------

    def _identity(self) -> object:
        """What tells this file from another one that was put in its place."""
        return True if self.path is None else self.path.stat().st_ino

    def _prepare(self, *, writing: bool) -> None:
        """Check once that the schema is this version's, or make it so where that may be done unasked.

        That is in an empty PostgreSQL, and, for a writer, in a folder (`READABLE`).
        """
        try:
            identity = self._identity()
        except OSError as error:
            raise JournalError(f"{self.name} 读不到（{error.strerror}）。{_WAY_OUT}") from error
        if self._ready == identity:
            return
        older = False
        options = {"reading": self.path is not None}
        with self.engine.connect().execution_options(**options) as connection, connection.begin():
            seen = self._version(connection)
            tables = inspect(connection).get_table_names()
            empty = all(name.startswith(_ACCOUNT_TABLES) for name in tables)
            if seen is None and self.path is not None:
                raise JournalError(f"{self.name} 不是看板的上报记录。{_WAY_OUT}")
            if seen is None and empty:
                _upgrade(connection)
            elif seen is None:
                raise StoreError(
                    f"{self.name} 里有别的表，没有看板的表；"
                    f"请换一个空的数据库，或运行 {_MIGRATE} 在其中建表"
                )
            elif self.path is not None and READABLE <= seen < VERSION:
                if not writing:
                    return
                older = True  # upgraded in a transaction that has the write lock from its beginning
            elif seen != VERSION:
                raise self._unfit(
                    f"{self.name} 的结构是旧的（{seen}，需要 {VERSION}），请先备份，再运行 {_MIGRATE}"
                )
        if older:
            self.migrate()
        self._ready = identity

    def migrate(self) -> tuple[str, str]:
        """Bring the schema to this version; return the versions before and after.

        Raises `StoreError` for a schema of a newer version.
        """
        with self.telling("数据库升级"), self.engine.connect() as connection, connection.begin():
            seen = self._version(connection)
            _upgrade(connection)
        self._ready = self._identity()
        return seen or "", VERSION

    def _version(self, connection: Connection) -> str | None:
        """Return the version of the schema, ``None`` if it has none; refuse a newer one."""
        if not inspect(connection).has_table(_VERSIONS):
            return None
        seen: str = connection.scalar(text(f"SELECT version_num FROM {_VERSIONS}"))  # noqa: S608
        if not "0001" <= seen <= VERSION:
            raise self._unfit(
                f"{self.name} 的结构（{seen}）比本程序的（{VERSION}）新，请升级本程序"
            )
        return seen

    def _unfit(self, message: str) -> StoreError:
        """Return the error for a schema of another version: a folder still has its CSV files."""
        return StoreError(message) if self.path is None else JournalError(message)


@lru_cache(maxsize=16)
def _shared(url: str) -> Database:
    return Database(url)


def database(url: str | Path) -> Database:
    """Return the database of a store's address: one for all its stores and its accounts."""
    return _shared(str(url) if is_database(url) else str(folder_of(url).absolute()))


def sqlite_engine(path: Path) -> Engine:
    """Return connections to a file that is there; each is opened when it is used."""

    def connect() -> sqlite3.Connection:
        own = sqlite3.connect(
            f"{path.as_uri()}?mode=rw",  # never makes a file
            uri=True,
            timeout=LOCK_SECONDS,
            isolation_level=None,  # transactions are begun below, not at the first write
            check_same_thread=False,
        )
        for setting in ("synchronous = EXTRA", "foreign_keys = ON", "cell_size_check = ON"):
            own.execute(f"PRAGMA {setting}")
        return own

    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get("reading"):
            connection.exec_driver_sql("BEGIN")
            return
        seconds = options.get("seconds", LOCK_SECONDS)
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {int(seconds * 1000)}")
        # a reader that turned writer could not wait for the lock
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    engine = sa.create_engine(
        "sqlite://",
        creator=connect,
        poolclass=NullPool,
        json_serializer=partial(json.dumps, ensure_ascii=False),
    )
    sa.event.listen(engine, "begin", begin)
    return engine


def put_rows(
    connection: Connection, table: sa.Table, columns: Sequence[str], rows: Iterator[Sequence[Any]]
) -> None:
    """Insert many rows; the database reads each cell's text in its column's type."""
    cursor = connection.connection.cursor()
    names = ", ".join(f'"{name}"' for name in columns)
    if connection.dialect.name == "postgresql":
        with cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    marks_ = ", ".join("?" * len(columns))
    statement = f"INSERT INTO {table.name} ({names}) VALUES ({marks_})"  # noqa: S608
    cursor.executemany(statement, rows)  # type: ignore[arg-type]  # SQLite takes any iterable


def network_share(folder: Path, mounts: Path = Path("/proc/mounts")) -> str:
    """Return the kind of network share that a folder is on; empty if none, or nobody can tell."""
    here = str(folder.resolve())  # on Windows, a drive letter of a share becomes its name
    if here.startswith("\\\\"):
        return "UNC"
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    kind, longest = "", -1
    for line in lines:
        _, where, what, *_ = line.split()
        where = where.replace("\\040", " ").rstrip("/")
        if (here == where or here.startswith(f"{where}/")) and len(where) > longest:
            kind, longest = what, len(where)
    return kind if kind in _SHARES else ""


def _errors(path: Path | None) -> tuple[type[Exception], ...]:
    if path is not None:
        return (SQLAlchemyError, sqlite3.Error)
    import psycopg  # a while to load, and not needed for a folder

    return (SQLAlchemyError, psycopg.Error)


def _is_damage(error: Exception) -> bool:
    cause = getattr(error, "orig", error)
    return str(getattr(cause, "sqlite_errorname", "")).startswith(_DAMAGED)


def reason(error: Exception) -> str:
    """Return why the database refused, in Chinese."""
    if isinstance(error, PoolTimeoutError):
        return _STATES["53300"]
    cause = getattr(error, "orig", error)
    if isinstance(cause, sqlite3.Error):
        name = str(getattr(cause, "sqlite_errorname", ""))
        if name.startswith(_DAMAGED):
            return "损坏了，读不出来"
        known_reasons = (words for code, words in _SQLITE.items() if name.startswith(code))
        return next(known_reasons, f"数据库报告错误 {name or cause}")
    state = str(getattr(cause, "sqlstate", None) or "")
    if state in _STATES:
        return _STATES[state]
    message = str(cause or "")
    for words, chinese in _WORDS.items():
        if words in message:
            return chinese
    if "NUL" in message:
        return "文字中有不能保存的空字符（NUL）"
    if state.startswith("08") or not state:
        return "与数据库的连接断了，请稍后重试"
    return f"数据库报告错误 {state}"


def _upgrade(connection: Connection) -> None:
    # alembic takes a while to load, and is needed once in the life of a database
    from alembic import command
    from alembic.config import Config

    lock_making_of_tables(connection)
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def lock_making_of_tables(connection: Connection) -> None:
    """Let one server at a time make tables: the second waits, then finds nothing left to do.

    SQLite's transactions take turns anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
