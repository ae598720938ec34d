"""Streamlit's test runner, told what the server learns from the first call of `st.navigation`."""

from __future__ import annotations

import pytest
from streamlit.runtime.pages_manager import PagesManager


@pytest.fixture(autouse=True)
def navigation_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep AppTest from taking ``pages/`` for the old automatic pages before each run."""
    start = PagesManager.__init__

    def without_discovery(self: PagesManager, *args: object, **options: object) -> None:
        start(self, *args, **options)  # type: ignore[arg-type]
        PagesManager.uses_pages_directory = False

    monkeypatch.setattr(PagesManager, "__init__", without_discovery)
