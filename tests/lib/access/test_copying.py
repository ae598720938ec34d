"""Accounts move with the data, from a folder to a database and back."""

from __future__ import annotations

import pytest

from lib.access.policy import Role, local_actor
from lib.cli.__main__ import main
from lib.store import RefusedError, open_store
from lib.store.copying import copy
from tests import postgres
from tests.people import PASSWORD, access_to, people_in, with_people


def signs_in(place: str) -> bool:
    """Whether the reporter's password opens the accounts of a store."""
    access = access_to(place)
    told = access.sign_in("fulian", PASSWORD, "127.0.0.1")
    access.database.close()
    return not isinstance(told, str)


def test_accounts_go_to_a_database_and_back(folder, tmp_path, server, capsys):
    people_in(folder).database.close()
    url, back = server.empty(), tmp_path / "back"
    assert main(["copy", str(folder), url]) == 0
    assert "账号：" in capsys.readouterr().out
    assert signs_in(url)
    access = access_to(url)
    access.accounts.add(local_actor(), "later", "后来", Role.LEADER, (), PASSWORD)
    access.database.close()
    assert main(["copy", url, str(back)]) == 0
    assert signs_in(str(back))


def test_accounts_at_the_target_are_never_mixed_with_others(folder, tmp_path, server):
    people_in(folder).database.close()
    url = server.empty()
    with_people(access_to(url)).database.close()
    assert main(["copy", str(folder), url]) == 1
    with pytest.raises(RefusedError, match="目标已经有账号"):
        copy(str(folder), url)


def test_without_accounts_nothing_is_made(folder, tmp_path):
    counts = copy(str(folder), str(tmp_path / "there"))
    assert "账号" not in [count.what for count in counts]
    assert not (tmp_path / "there" / "journal.db").exists()


def test_accounts_may_be_set_up_before_there_is_a_plan(server, folder):
    url = server.empty()
    with_people(access_to(url)).database.close()
    store = open_store(url)
    assert store.submissions == []
    postgres.close(store)
