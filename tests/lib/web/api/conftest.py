"""Programs that use the HTTP interface: at the machine, or with an account's token."""

from __future__ import annotations

import pytest

from tests import serving
from tests.people import BOSS, access_to


@pytest.fixture
def api(folder):
    """Somebody at the machine, before there are accounts."""
    return serving.local(folder, access_to(folder))


@pytest.fixture
def as_(folder, access):
    """``as_("fulian")`` is a program with a token of that account."""

    def made(login, access=access, **more):
        client = serving.client(folder, access, **more)
        client.headers["Authorization"] = f"Bearer {access.tokens.add(BOSS, login)}"
        return client

    return made
