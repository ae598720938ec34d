"""Where accounts are kept: SQLite beside a data folder, or the store's PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lib.access import Access
from tests.people import Clock, access_to, with_people


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", "postgres"])
def access(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Access]:
    """One account of each role, in both kinds of database."""
    place = tmp_path if request.param == "sqlite" else request.getfixturevalue("server").empty()
    made = with_people(access_to(place, clock=clock))
    yield made
    made.database.close()


@pytest.fixture
def in_folder(tmp_path: Path, clock: Clock) -> Access:
    """One account of each role in ``journal.db`` of ``tmp_path``."""
    return with_people(access_to(tmp_path, clock=clock))
