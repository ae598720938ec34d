"""Accounts for tests: one of each role, with a hasher that is quick and a clock that can move."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher

from lib.access import Access, Actor, Config, Role, open_access
from lib.access.passwords import Passwords
from lib.store.database import FILE

QUICK = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
BOSS = Actor(Role.ADMIN, "测试", local=True)
HOST = "plan.example.cn"
PASSWORD = "long-enough-7"  # noqa: S105
PEOPLE = {
    "admin": ("王主任", Role.ADMIN, ()),
    "leader": ("李书记", Role.LEADER, ()),
    "fulian": ("张三", Role.REPORTER, ("妇联",)),
    "nongye": ("赵六", Role.REPORTER, ("区农业局",)),
}


@dataclass
class Clock:
    """Seconds that only a test moves."""

    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


def access_to(
    place: Path | str, config: Config | None = None, clock: Clock | None = None
) -> Access:
    """Access as the settings would give it; the tests' host is one that they name."""
    config = config or Config()
    if not config.hosts:
        config = replace(config, hosts=(HOST,))
    return open_access(place, config=config, clock=clock or Clock(), passwords=QUICK)


def with_people(access: Access) -> Access:
    """Add one account of each role to any database."""
    for login, (name, role, units) in PEOPLE.items():
        access.accounts.add(BOSS, login, name, role, units, PASSWORD)
    return access


def people_in(folder: Path, config: Config | None = None, clock: Clock | None = None) -> Access:
    """Access to a folder without a journal so far, with one account of each role."""
    assert not (folder / FILE).exists()
    for name, content in _files_of_people().items():
        (folder / name).write_bytes(content)
    return access_to(folder, config, clock)


@cache
def _files_of_people() -> dict[str, bytes]:
    """What a folder with these accounts holds: made once, as tables and passwords take their time."""
    with tempfile.TemporaryDirectory() as folder:
        with_people(access_to(folder)).database.close()
        return {path.name: path.read_bytes() for path in Path(folder).iterdir()}


def actor(access: Access, login: str, address: str = "10.0.0.7") -> Actor:
    account = access.accounts.find(login)
    assert account is not None
    return account.actor(address)
