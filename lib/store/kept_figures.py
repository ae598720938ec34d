"""Figures of whole plans, kept with the stamp they stand for, so that many plans are read once.

A row answers one question (as of which month, with which tasks) about one plan at one stamp
(`lib.store.interface.Store.stamp`), by one version of the rules. A plan that has changed since, or a
program whose rules have, finds no row and computes it anew:

    (plan, question) ── stamp and rules as now? ── yes: the kept text
                                 └── no: compute, keep in the place of the old row

Losing all of it costs time alone: what cannot be read or written is noted in the log and left.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Hashable
from functools import cache
from pathlib import Path

import pandas as pd
import sqlalchemy as sa

from lib.store.interface import StoreError
from lib.store.side_table import SideTable

FILE = ".cache/figures.db"
_LOG = logging.getLogger(__name__)
_TABLE = sa.Table(
    "kept_figures",
    sa.MetaData(),
    sa.Column("plan", sa.Text, primary_key=True),
    sa.Column("question", sa.Text, primary_key=True),
    sa.Column("stamp", sa.Text, nullable=False),
    sa.Column("rules", sa.Text, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
)


class KeptFigures:
    """What is kept at a store's address for one question; shared by the threads of a server.

    All rows are read once. ``lock`` is for whoever computes what is missing, so that two viewers
    who come at once do not compute the same.
    """

    def __init__(self, url: str | Path, question: str) -> None:
        self._side = SideTable(url, FILE, _TABLE, "各计划的汇总")
        self._question = question
        self._new: dict[str, tuple[str, str]] = {}
        self.lock = threading.Lock()
        self._kept = self._read()

    def _read(self) -> dict[str, tuple[str, str]]:
        asked = (_TABLE.c.question == self._question, _TABLE.c.rules == rules())
        query = sa.select(_TABLE.c.plan, _TABLE.c.stamp, _TABLE.c.content).where(*asked)
        try:
            with self._side.reading() as connection:
                rows = [] if connection is None else connection.execute(query).all()
        except StoreError as error:
            _LOG.warning("%s", error)
            return {}
        return {plan: (stamp, content) for plan, stamp, content in rows}

    def get(self, plan: str, stamp: Hashable) -> str | None:
        """Return what is kept of a plan at this very stamp, else ``None``."""
        kept_stamp, content = self._kept.get(plan, ("", ""))
        return content if kept_stamp == repr(stamp) else None

    def put(self, plan: str, stamp: Hashable, content: str) -> None:
        """Keep a plan's figures in memory, until `save` writes them."""
        self._kept[plan] = self._new[plan] = (repr(stamp), content)

    def save(self) -> None:
        """Write what is new."""
        with self.lock:
            new, self._new = self._new, {}
        if not new:
            return
        rows = [
            {"plan": plan, "stamp": stamp, "content": content}
            for plan, (stamp, content) in new.items()
        ]
        mine = (_TABLE.c.plan == sa.bindparam("plan"), _TABLE.c.question == self._question)
        row = _TABLE.insert().values(question=self._question, rules=rules())
        try:
            with self._side.writing() as connection:
                connection.execute(_TABLE.delete().where(*mine), rows)
                connection.execute(row, rows)
        except StoreError as error:
            _LOG.warning("%s", error)


@cache
def rules() -> str:
    """Return what changes with the program's rules: a hash of all that makes figures of files."""
    lib = Path(__file__).parents[1]
    digest = hashlib.sha256(pd.__version__.encode())
    for room in ("core", "files"):
        for path in sorted((lib / room).glob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()
