"""The relations of the PostgreSQL store; `lib.store.migrations` makes them.

``plan`` is the key of everything: the plan's name, empty for the plan of the address itself.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
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
    # the latest submission; its row is the lock that writers take turns by
    Column("revision", Integer, nullable=False, server_default="0"),
    # counts every write: what the servers look at for news
    Column("version", BigInteger, nullable=False, server_default="0"),
    Column("created", DateTime(timezone=True), nullable=False, server_default=func.now()),
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
    # all that the journal says of it, as the folder's journal has it
    Column("facts", JSON, nullable=False),
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
