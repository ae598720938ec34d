"""Fixtures for journeys through the running app: `base_url`, `open_page`, `server_log`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from tests.browser import harness
from tests.browser.harness import DESKTOP, Visit
from tests.shipped import copy_data, renew_data

OpenPage = Callable[..., Visit]

# As long as playwright waits for anything else: CI runs several servers and browsers at once.
expect.set_options(timeout=30_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder `browser`, so `-m "not browser"` leaves them out."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Path of Chromium; without one the tests skip, except in CI, where they fail."""
    path = harness.find_chromium()
    if path is None:
        reason = "chromium is not installed (Debian: apt-get install chromium-headless-shell fonts-noto-cjk)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return path


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of data/ that the app under test may write to."""
    return copy_data(tmp_path_factory.mktemp("app") / "data")


@pytest.fixture(scope="session")
def server_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file that receives what the server prints."""
    return tmp_path_factory.mktemp("server") / "server.log"


@pytest.fixture(scope="session")
def base_url(chromium_path: str, data_dir: Path, server_log: Path) -> Iterator[str]:
    """Address of the real app, started once for the session."""
    with harness.running_app(data_dir, server_log) as url:
        yield url


@pytest.fixture
def own_data(data_dir: Path, base_url: str) -> Iterator[Path]:
    """The data of the app, for a test that writes to them: afterwards they are as shipped again."""
    yield data_dir
    renew_data(data_dir)


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = harness.launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh profile for each test: no cookies, no session state."""
    context = harness.new_context(browser)
    yield context
    context.close()


@pytest.fixture
def open_page(context: BrowserContext, base_url: str) -> OpenPage:
    """`open_page("/units?month=2018-09", width=390, height=844)` gives a settled `Visit`."""

    def open_(path: str = "/", width: int = DESKTOP[0], height: int = DESKTOP[1]) -> Visit:
        return harness.open_page(context, base_url + path, width, height)

    return open_
