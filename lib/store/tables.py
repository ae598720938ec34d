"""The tables of the database, SQLite or PostgreSQL alike; `lib.store.migrations` makes them.

A column that a later version of the scheme has added says ``since`` when.

``plan`` is the key of everything that belongs to one plan: its name, empty for the plan of the
address itself. Tables that begin with ``access_`` are those of `lib.access`; their times are UTC,
seconds since the epoch.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Double,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    func,
)

from lib.core import schema

METADATA = MetaData()

PLAN = Table(
    "plan",
    METADATA,
    Column("name", Text, primary_key=True),
    # the latest submission; in PostgreSQL this row is the lock that writers take turns by
    Column("revision", Integer, nullable=False, server_default="0"),
    # counts every write: what open pages look at for news
    Column("version", BigInteger, nullable=False, server_default="0"),
    Column("created", DateTime(timezone=True), nullable=False, server_default=func.now()),
    # the hash of the latest entry: the end of the chain
    Column("head", Text, nullable=False, server_default="", info={"since": "0002"}),
)

KEPT_FILE = Table(
    "kept_file",
    METADATA,
    Column("plan", Text, ForeignKey("plan.name"), primary_key=True),
    Column("sha256", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

PLAN_FILE = Table(
    "plan_file",
    METADATA,
    Column("plan", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("sha256", Text, nullable=False),
    ForeignKeyConstraint(["plan", "sha256"], ["kept_file.plan", "kept_file.sha256"]),
)

SUBMISSION = Table(
    "submission",
    METADATA,
    Column("plan", Text, ForeignKey("plan.name"), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("user_name", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("time", DateTime(timezone=True), nullable=False),
    Column("pending", Boolean, nullable=False),
    # all that the journal says of it; the columns above are for other programs
    Column("facts", JSON, nullable=False),
    # what makes the journal a chain; see `lib.store.chain`
    Column("rows_sha256", Text, nullable=False, server_default="", info={"since": "0002"}),
    Column("sha256", Text, nullable=False, server_default="", info={"since": "0002"}),
)

CHANGE = Table(
    "change",
    METADATA,
    Column("plan", Text, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("before", JSON),
    Column("after", JSON),
    ForeignKeyConstraint(["plan", "revision"], ["submission.plan", "submission.revision"]),
)

_TYPES: dict[schema.CellType, Any] = {
    "text": Text,
    "number": Double,
    "month": Text,  # as files write it: 2018-04
    "time": DateTime,
}
_MAY_LACK = ("number", "time")

REPORT = Table(
    "report",
    METADATA,
    Column("plan", Text, ForeignKey("plan.name"), primary_key=True),
    *(
        Column(
            column.name,
            _TYPES[column.cell_type],
            primary_key=column.name in schema.REPORT_KEY,
            nullable=column.cell_type in _MAY_LACK,
        )
        for column in schema.PROGRESS.columns.values()
    ),
    Column("position", BigInteger, nullable=False),
    Index("report_in_order", "plan", "position"),
)

SECRETS = Table(
    "access_secrets",
    METADATA,
    Column("name", String(40), primary_key=True),
    Column("value", String(200), nullable=False),
)

ACCOUNTS = Table(
    "access_accounts",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("login", String(40), nullable=False, unique=True),
    Column("name", String(40), nullable=False),
    Column("role", String(10), nullable=False),
    Column("password", String(300), nullable=False),
    Column("must_change", Boolean, nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("created", Float, nullable=False),
)

UNITS = Table(
    "access_account_units",
    METADATA,
    Column("account", ForeignKey(ACCOUNTS.c.id), primary_key=True),
    Column("unit", String(100), primary_key=True),
)

SESSIONS = Table(
    "access_sessions",
    METADATA,
    Column("hash", String(64), primary_key=True),
    Column("account", ForeignKey(ACCOUNTS.c.id), nullable=False, index=True),
    Column("created", Float, nullable=False),
    Column("seen", Float, nullable=False),
)

TOKENS = Table(
    "access_tokens",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("account", ForeignKey(ACCOUNTS.c.id), nullable=False, index=True),
    Column("label", String(80), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
    Column("created", Float, nullable=False),
    Column("expires", Float, nullable=False),
    Column("revoked", Boolean, nullable=False),
)

FAILURES = Table(
    "access_failures",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("key", String(120), nullable=False, index=True),
    Column("time", Float, nullable=False, index=True),
)

AUDIT = Table(
    "access_audit",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("time", Float, nullable=False),
    Column("account", String(40), nullable=False),
    Column("name", String(40), nullable=False),
    Column("address", String(64), nullable=False),
    Column("action", String(40), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("allowed", Boolean, nullable=False),
    Column("detail", String(500), nullable=False),
    # what makes the trail a chain; see `lib.store.trail`
    Column("sha256", String(64), nullable=False, server_default="", info={"since": "0003"}),
)

ACCESS_TABLES = [SECRETS, ACCOUNTS, UNITS, SESSIONS, TOKENS, FAILURES, AUDIT]
"""The tables of accounts, in an order in which rows can be inserted."""


@cache
def as_of(version: str) -> MetaData:
    """Return the tables as a version of the scheme had them: without the columns of later ones."""
    tables = MetaData()
    for table in METADATA.sorted_tables:
        for column in table.to_metadata(tables).columns:
            column.system = column.info.get("since", "") > version  # no part of CREATE TABLE
    return tables
