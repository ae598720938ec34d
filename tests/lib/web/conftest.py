"""A server with one account of each role, and a browser elsewhere."""

from __future__ import annotations

import pytest

from tests import serving
from tests.people import access_to, with_people


@pytest.fixture
def access(folder):
    return with_people(access_to(folder))


@pytest.fixture
def visitor(folder, access):
    return serving.client(folder, access)
