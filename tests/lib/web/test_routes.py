"""The server's own addresses as a whole."""

from __future__ import annotations

import shutil
import threading

import pytest

from lib.access import ConfigError, open_access
from lib.web import health
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


@pytest.fixture
def two_plans(folder):
    """A second plan, whose progress file somebody can break."""
    second = folder / "plans" / "2019"
    shutil.copytree(folder, second, ignore=shutil.ignore_patterns("plans", "journal*"))
    return second / "progress.csv"


def test_health_says_that_another_plan_cannot_be_read(folder, access, two_plans):
    visitor = serving.client(folder, access)
    assert visitor.get("/healthz").json()["status"] == "ok"
    whole = two_plans.read_bytes()
    two_plans.write_text("编号\n", encoding="utf-8")
    answer = visitor.get("/healthz")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert answer.json()["unreadable_plans"] == 1
    two_plans.write_bytes(whole)
    assert visitor.get("/healthz").json()["status"] == "ok"


def test_health_says_that_the_reports_cannot_be_read(folder, visitor):
    (folder / "progress.csv").write_text("编号\n", encoding="utf-8")
    assert visitor.get("/healthz").status_code == 503


def test_health_answers_while_the_data_are_slow(folder, access, monkeypatch):
    visitor = serving.client(folder, access)
    monkeypatch.setattr(health, "PATIENCE", 0.05)
    slow = threading.Event()
    real = health.Health.state

    def state(self):
        slow.wait(5)
        return real(self)

    monkeypatch.setattr(health.Health, "state", state)
    assert visitor.get("/healthz").json()["store"] == "unknown"
    slow.set()
    monkeypatch.setattr(health, "PATIENCE", 5)
    assert visitor.get("/healthz").json()["status"] == "ok"
    slow.clear()
    monkeypatch.setattr(health, "PATIENCE", 0.05)
    assert visitor.get("/healthz").json()["status"] == "ok"  # the last look's
    slow.set()


def test_settings_that_cannot_be_read_open_nothing(folder, rewrite):
    rewrite("settings.toml", "[plan]", '[access]\nmode = "open"\n[plan]')
    with pytest.raises(ConfigError):
        open_access(folder)
