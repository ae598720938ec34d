"""Where accounts are kept: SQLite beside a data folder, or the store's PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lib.access import Access
from tests.people import Clock, access_to, people_in, with_people
from tests.postgres import Server


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def database_of_people(server: Server) -> str:
    """A PostgreSQL database with one account of each role; the address is a template's."""
    address = server.empty()
    with_people(access_to(address)).database.close()
    return address


@pytest.fixture(params=["sqlite", "postgres"])
def access(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Access]:
    """One account of each role, in both kinds of database."""
    if request.param == "sqlite":
        yield request.getfixturevalue("in_folder")
        return
    template = request.getfixturevalue("database_of_people")
    made = access_to(request.getfixturevalue("server").copy(template), clock=clock)
    yield made
    made.database.close()


@pytest.fixture
def in_folder(tmp_path: Path, clock: Clock) -> Access:
    """One account of each role in ``journal.db`` of ``tmp_path``."""
    return people_in(tmp_path, clock=clock)
