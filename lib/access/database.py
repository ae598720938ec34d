"""The tables of accounts, sessions, tokens, failures and the audit trail.

For a data folder they are in ``accounts.db`` (SQLite) beside the plan; with PostgreSQL they are
in the store's own database. The tables are few and owned by this package alone, so their
version is a number in `SCHEMA` and a step per version in `_STEPS`, not a second alembic branch.
Times are UTC, seconds since the epoch. Nothing is created before something is to be written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

import psycopg
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from lib.store import StoreError, folder_of, is_database
from lib.store.database import reason

FILE = "accounts.db"
VERSION = 1
_LOCK_KEY = 7_183_002
"""The key of PostgreSQL's advisory lock under which tables are created."""

metadata = sa.MetaData()
SCHEMA = sa.Table("access_schema", metadata, sa.Column("version", sa.Integer, nullable=False))
SECRETS = sa.Table(
    "access_secrets",
    metadata,
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("value", sa.String(200), nullable=False),
)
ACCOUNTS = sa.Table(
    "access_accounts",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("login", sa.String(40), nullable=False, unique=True),
    sa.Column("name", sa.String(40), nullable=False),
    sa.Column("role", sa.String(10), nullable=False),
    sa.Column("password", sa.String(300), nullable=False),
    sa.Column("must_change", sa.Boolean, nullable=False),
    sa.Column("disabled", sa.Boolean, nullable=False),
    sa.Column("created", sa.Float, nullable=False),
)
UNITS = sa.Table(
    "access_account_units",
    metadata,
    sa.Column("account", sa.ForeignKey(ACCOUNTS.c.id), primary_key=True),
    sa.Column("unit", sa.String(100), primary_key=True),
)
SESSIONS = sa.Table(
    "access_sessions",
    metadata,
    sa.Column("hash", sa.String(64), primary_key=True),
    sa.Column("account", sa.ForeignKey(ACCOUNTS.c.id), nullable=False, index=True),
    sa.Column("created", sa.Float, nullable=False),
    sa.Column("seen", sa.Float, nullable=False),
)
TOKENS = sa.Table(
    "access_tokens",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("account", sa.ForeignKey(ACCOUNTS.c.id), nullable=False, index=True),
    sa.Column("label", sa.String(80), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False, unique=True),
    sa.Column("created", sa.Float, nullable=False),
    sa.Column("expires", sa.Float, nullable=False),
    sa.Column("revoked", sa.Boolean, nullable=False),
)
FAILURES = sa.Table(
    "access_failures",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("key", sa.String(120), nullable=False, index=True),
    sa.Column("time", sa.Float, nullable=False, index=True),
)
AUDIT = sa.Table(
    "access_audit",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("time", sa.Float, nullable=False),
    sa.Column("account", sa.String(40), nullable=False),
    sa.Column("name", sa.String(40), nullable=False),
    sa.Column("address", sa.String(64), nullable=False),
    sa.Column("action", sa.String(40), nullable=False),
    sa.Column("subject", sa.String(200), nullable=False),
    sa.Column("allowed", sa.Boolean, nullable=False),
    sa.Column("detail", sa.String(500), nullable=False),
)

# Not even the application's own connection can rewrite the trail by accident; whoever owns the
# database can, which SECURITY.md says.
_APPEND_ONLY = {
    "sqlite": [
        f"CREATE TRIGGER IF NOT EXISTS access_audit_no_{verb} BEFORE {verb} ON access_audit "
        "BEGIN SELECT RAISE(ABORT, 'append only'); END"
        for verb in ("update", "delete")
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION access_append_only() RETURNS trigger AS "
        "'BEGIN RAISE EXCEPTION ''append only''; END' LANGUAGE plpgsql",
        "CREATE OR REPLACE TRIGGER access_audit_append_only BEFORE UPDATE OR DELETE "
        "ON access_audit FOR EACH ROW EXECUTE FUNCTION access_append_only()",
    ],
}

_STEPS: dict[int, Callable[[Connection], None]] = {}
"""From a version to the next: what to change. Empty while there has been one version only."""


def address(store_url: str) -> str:
    """Return the database's URL for a store's address (a folder's path or a database URL).

    Raises `lib.store.StoreError` for an address that no store has.
    """
    if is_database(store_url):
        url = sa.make_url(store_url).set(drivername="postgresql+psycopg")
        return url.render_as_string(hide_password=False)
    path = folder_of(store_url) / FILE
    return f"sqlite:///{path.resolve().as_posix()}"


class AccessDatabase:
    """The database of one store's accounts; opened at the first use, shared by threads."""

    def __init__(self, url: str) -> None:
        self.url = sa.make_url(url)
        self._engine: Engine | None = None
        self._ready = self._found = False
        self._lock = Lock()

    @property
    def exists(self) -> bool:
        """Whether the tables are there; never creates anything."""
        if self._ready or self._found:
            return True
        if self.url.get_backend_name() == "sqlite" and not Path(str(self.url.database)).is_file():
            return False
        with self.reading() as connection:
            self._found = bool(sa.inspect(connection).has_table(SCHEMA.name))
        return self._found

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection for reading. Ask `exists` before."""
        options = {"reading": True}
        with _telling(), self._engined().connect().execution_options(**options) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection in a transaction: all of it is written, or nothing."""
        with _telling():
            self._create()
            with self._engined().begin() as connection:
                yield connection

    def close(self) -> None:
        """Give the connections back to the system."""
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None

    def _engined(self) -> Engine:
        with self._lock:
            if self._engine is None:
                sqlite = self.url.get_backend_name() == "sqlite"
                more = {"connect_args": {"timeout": 30}} if sqlite else {"pool_pre_ping": True}
                self._engine = sa.create_engine(self.url, **more)
                if sqlite:
                    sa.event.listen(self._engine, "connect", _own_transactions)
                    sa.event.listen(self._engine, "begin", _begin)
            return self._engine

    def _create(self) -> None:
        if self._ready:
            return
        with self._engined().begin() as connection:
            if self.url.get_backend_name() == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK_KEY)))
            metadata.create_all(connection)
            for statement in _APPEND_ONLY[self.url.get_backend_name()]:
                connection.execute(sa.text(statement))
            found = connection.execute(sa.select(SCHEMA.c.version)).scalar()
            if found is None:
                connection.execute(SCHEMA.insert().values(version=VERSION))
            elif found > VERSION:
                raise StoreError("账号数据库由更新版本的程序建立，请升级程序")
            else:
                for version in range(found, VERSION):
                    _STEPS[version](connection)
                connection.execute(SCHEMA.update().values(version=VERSION))
        self._ready = True
        if self.url.get_backend_name() == "sqlite":
            Path(str(self.url.database)).chmod(0o600)  # password hashes: nobody else's business


def _own_transactions(connection: object, _record: object) -> None:
    """Let SQLAlchemy begin transactions: the driver would only do so at the first write."""
    connection.isolation_level = None  # type: ignore[attr-defined]
    connection.execute("PRAGMA foreign_keys = ON")  # type: ignore[attr-defined]


def _begin(connection: Connection) -> None:
    """Take the write lock at once: a reader that turns writer could not wait for it."""
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


@contextmanager
def _telling() -> Iterator[None]:
    """Turn the database's faults into words for the user."""
    try:
        yield
    except sa.exc.IntegrityError:
        raise
    except (sa.exc.SQLAlchemyError, OSError) as error:
        cause = getattr(error, "orig", None)
        why = f"：{reason(cause)}" if isinstance(cause, psycopg.Error) else ""
        raise StoreError(f"账号数据库暂时不能读写{why}。请稍后重试或联系管理员") from error
