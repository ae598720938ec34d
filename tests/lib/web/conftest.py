"""A server with one account of each role, and a browser elsewhere."""

from __future__ import annotations

import pytest

from lib.web import health
from tests import serving
from tests.people import people_in


@pytest.fixture(autouse=True)
def health_is_patient(monkeypatch):
    """Let ``/healthz`` wait for its look on a busy machine; the test of its patience sets its own."""
    monkeypatch.setattr(health, "PATIENCE", 30)


@pytest.fixture
def access(folder):
    return people_in(folder)


@pytest.fixture
def visitor(folder, access):
    return serving.client(folder, access)
