"""A server with one account of each role, and a browser elsewhere."""

from __future__ import annotations

import pytest

from lib.web import health
from tests import serving
from tests.people import access_to, with_people


@pytest.fixture(autouse=True)
def health_is_patient(monkeypatch):
    """Let ``/healthz`` wait for its look on a busy machine; the test of its patience sets its own."""
    monkeypatch.setattr(health, "PATIENCE", 30)


@pytest.fixture
def access(folder):
    return with_people(access_to(folder))


@pytest.fixture
def visitor(folder, access):
    return serving.client(folder, access)
