"""The server's own addresses as a whole."""

from __future__ import annotations

import pytest

from lib.access import ConfigError, open_access
from tests import serving


def test_everything_may_stand_under_a_path(folder, access):
    visitor = serving.client(folder, access, base="/plan")
    assert visitor.get("/plan/units").headers["location"] == "/plan/sign-in?next=%2Funits"
    assert 'action="/plan/sign-in"' in visitor.get("/plan/sign-in").text
    assert visitor.get("/plan/healthz").status_code == 200


def test_health_tells_the_revision_and_when_the_store_is_gone(folder, access, visitor):
    assert visitor.get("/healthz").json() == {
        "status": "ok",
        "store": "reachable",
        "revision": 0,
    }
    (folder / "plan.csv").unlink()
    answer = visitor.get("/healthz")
    assert (answer.status_code, answer.json()["store"]) == (503, "unreachable")


def test_settings_that_cannot_be_read_open_nothing(folder, rewrite):
    rewrite("settings.toml", "[plan]", '[access]\nmode = "open"\n[plan]')
    with pytest.raises(ConfigError):
        open_access(folder)
