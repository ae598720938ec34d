"""Streamlit's test runner, told what the server learns from the first call of `st.navigation`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import local_script_runner
from streamlit.testing.v1.local_script_runner import LocalScriptRunner

from lib.access import Visitor
from lib.ui.kit import session


@pytest.fixture(autouse=True, scope="session")
def packages_are_scanned_once() -> Iterator[None]:
    """Read the installed packages' manifests once: each new AppTest would read all of them again."""
    with pytest.MonkeyPatch.context() as patch:
        scan = cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", scan)
        yield


@pytest.fixture(autouse=True, scope="session")
def a_run_is_waited_for() -> Iterator[None]:
    """Wait for the end of a run: asking a thousand times a second takes a tenth of the time."""

    def wait(runner: LocalScriptRunner, timeout: float) -> None:
        runner._script_thread.join(timeout)
        assert runner.script_stopped(), f"the run took more than {timeout} s"

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(local_script_runner, "require_widgets_deltas", wait)
        yield


@pytest.fixture(autouse=True)
def navigation_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep AppTest from taking ``pages/`` for the old automatic pages before each run."""
    start = PagesManager.__init__

    def without_discovery(self: PagesManager, *args: object, **options: object) -> None:
        start(self, *args, **options)  # type: ignore[arg-type]
        PagesManager.uses_pages_directory = False

    monkeypatch.setattr(PagesManager, "__init__", without_discovery)


@pytest.fixture(autouse=True)
def visitor(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """Stand at the machine itself, as in 单机 mode; change the facts to be somebody else.

    AppTest has no connection: it puts a mock where the server has one.
    """
    facts: dict[str, object] = {"bound": "127.0.0.1", "host": "127.0.0.1:8501"}
    monkeypatch.setattr(session, "visitor", lambda: Visitor(**facts))  # type: ignore[arg-type]
    return facts
