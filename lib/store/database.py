"""A PostgreSQL database: connections, transactions, its schema's version, and its errors in words."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from lib.store.interface import StoreError

SCHEMES = ("postgresql", "postgres", "postgresql+psycopg")
LOCK_SECONDS = 60
CONNECT_SECONDS = 5
POOL, OVERFLOW = 10, 20
"""Connections that one server keeps, and more that it may open for a moment."""

_VERSIONS = "alembic_version"
_MIGRATE = "python -m lib.cli migrate --data …"
_MIGRATION_LOCK = 2018_22_09
"""The advisory lock of servers that start at once on an empty database (any number)."""

_STATES = {
    "28P01": "用户名或密码不对",
    "28000": "用户名或密码不对，或数据库不允许这个用户登录",
    "3D000": "没有这个数据库",
    "42501": "数据库用户没有需要的权限",
    "42P01": f"没有看板的表，请先运行 {_MIGRATE}",
    "42703": f"表的结构不是这个版本的，请先运行 {_MIGRATE}",
    "55P03": f"其他人正在写入，等了{LOCK_SECONDS}秒，请稍后重试",
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


class Database:
    """One database; stores of several plans share it, and a pool per process."""

    def __init__(self, url: str) -> None:
        try:
            self._url = make_url(url).set(drivername="postgresql+psycopg")
        except (ArgumentError, ValueError):
            # without the cause: it would show the address with its password
            raise StoreError(
                "数据库地址写得不对；应为 postgresql+psycopg://用户:密码@主机:端口/数据库"
            ) from None
        port = f":{self._url.port}" if self._url.port else ""
        self.name = f"{self._url.host or ''}{port}/{self._url.database or ''}"
        self._engines: dict[int, Engine] = {}
        self._ready = False
        self._lock = threading.Lock()
        self._mine = threading.local()

    @property
    def engine(self) -> Engine:
        """The pool of this process: a forked one may not use its parent's connections."""
        with self._lock:
            if os.getpid() not in self._engines:
                self._engines[os.getpid()] = self._new_engine()
            return self._engines[os.getpid()]

    def _new_engine(self) -> Engine:
        return create_engine(
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

    @property
    def in_transaction(self) -> bool:
        """Whether this thread is inside `writing`."""
        return self._own() is not None

    def _own(self) -> Connection | None:
        own: Connection | None = getattr(self._mine, "connection", None)
        return own

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one moment of the data, or the writer's own."""
        own = self._own()
        if own is not None:
            yield own
            return
        with self.telling("读取"):
            self._prepare()
            options = {"isolation_level": "REPEATABLE READ"}
            with self.engine.connect().execution_options(**options) as connection:
                yield connection

    @contextmanager
    def writing(self, what: str) -> Iterator[Connection]:
        """Give a connection whose transaction is committed at the end, or not at all.

        Inside another `writing` of the thread it is the same transaction.
        """
        own = self._own()
        if own is not None:
            yield own
            return
        with self.telling(what):
            self._prepare()
            with self.engine.connect() as connection:
                transaction = connection.begin()
                self._mine.connection = connection
                try:
                    connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'"))
                    yield connection
                finally:
                    self._mine.connection = None
                try:
                    transaction.commit()
                except DBAPIError as error:
                    raise StoreError(
                        f"{what}时与数据库的连接断了，不能确定是否已经保存；"
                        "请先看上报记录，没有再重新提交"
                    ) from error

    @contextmanager
    def telling(self, what: str) -> Iterator[None]:
        """Turn the database's errors into a `StoreError`; passwords are in none of its words."""
        try:
            yield
        except (SQLAlchemyError, psycopg.Error) as error:
            raise StoreError(f"{what}没有成功：{reason(error)}（数据库 {self.name}）") from error

    # -- the schema's version ------------------------------------------------------------------

    def _prepare(self) -> None:
        """Check once that the schema is this version's; an empty database gets it made."""
        if self._ready:
            return
        with self.engine.connect() as connection, connection.begin():
            seen, wanted = version(connection), newest()
            others = inspect(connection).get_table_names()
            if seen is None and all(name.startswith(ACCOUNT_TABLES) for name in others):
                _upgrade(connection)
            elif seen is None:
                raise StoreError(
                    f"数据库 {self.name} 里有别的表，没有看板的表；"
                    f"请换一个空的数据库，或运行 {_MIGRATE} 在其中建表"
                )
            elif seen not in known():
                raise StoreError(
                    f"数据库 {self.name} 的结构（{seen}）比本程序的（{wanted}）新，请升级本程序"
                )
            elif seen != wanted:
                raise StoreError(
                    f"数据库 {self.name} 的结构是旧的（{seen}，需要 {wanted}），请先备份，再运行 {_MIGRATE}"
                )
        self._ready = True

    def migrate(self) -> tuple[str, str]:
        """Bring the schema to this version; return the versions before and after.

        Raises `StoreError` for a schema of a newer version.
        """
        with self.telling("数据库升级"), self.engine.connect() as connection, connection.begin():
            seen = version(connection)
            if seen is not None and seen not in known():
                raise StoreError(
                    f"数据库 {self.name} 的结构（{seen}）比本程序的（{newest()}）新，请升级本程序"
                )
            _upgrade(connection)
        self._ready = True
        return seen or "", newest()


@lru_cache(maxsize=16)
def database(url: str) -> Database:
    """Return the database of an address: one pool for all its stores."""
    return Database(url)


ACCOUNT_TABLES = "access_"
"""How the tables of `lib.access` begin: accounts may be set up before there is any plan."""


def reason(error: SQLAlchemyError | psycopg.Error) -> str:
    """Return why the database refused, in Chinese."""
    if isinstance(error, PoolTimeoutError):
        return _STATES["53300"]
    cause = getattr(error, "orig", error)
    state = str(getattr(cause, "sqlstate", None) or "")
    if state in _STATES:
        return _STATES[state]
    told = str(cause or "")
    for words, chinese in _WORDS.items():
        if words in told:
            return chinese
    if "NUL" in told:
        return "文字中有不能保存的空字符（NUL）"
    if state.startswith("08") or not state:
        return "与数据库的连接断了，请稍后重试"
    return f"数据库报告错误 {state}"


def version(connection: Connection) -> str | None:
    """Return the version of a database's schema, ``None`` if it has none."""
    if not inspect(connection).has_table(_VERSIONS):
        return None
    seen: str | None = connection.scalar(text(f"SELECT version_num FROM {_VERSIONS}"))  # noqa: S608
    return seen


def newest() -> str:
    """Return the version of the schema that this program needs."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def known() -> set[str]:
    """Return the versions that this program can start from."""
    return {step.revision for step in ScriptDirectory.from_config(_config()).walk_revisions()}


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def _upgrade(connection: Connection) -> None:
    # two servers may start at once: the second waits, then finds nothing left to do
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
