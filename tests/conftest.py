"""Data for tests: the shipped folder, a copy that may be changed, and small plans made by hand."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from lib.core.dataset import Dataset
from lib.core.figures import Figures, Selection
from lib.files import plan_folder
from tests.shipped import copy_data

if TYPE_CHECKING:
    from tests.postgres import Server

ROOT = Path(__file__).resolve().parents[1]
# A busy machine is no fault of an example: what takes long is measured in benchmarks/.
settings.register_profile("tests", deadline=None, max_examples=25)
settings.register_profile("thorough", deadline=None, max_examples=400)  # `make thorough`
settings.load_profile("tests")

LONG = ("lib/store", "browser", "pages")


def pytest_xdist_auto_num_workers() -> int:
    """Three workers for two cores: tests of pages wait for servers and browsers."""
    return (os.cpu_count() or 1) * 3 // 2 or 1


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the folders whose files take longest.

    A worker takes whole files: a long one that is left to the end would be waited for by all others.
    """
    folders = [ROOT / "tests" / name for name in LONG]

    def rank(item: pytest.Item) -> int:
        return next((n for n, f in enumerate(folders) if f in item.path.parents), len(folders))

    items.sort(key=rank)


def pytest_collection_finish() -> None:
    """Look for unreachable objects seldom, and not among what is loaded by now, as the app does."""
    gc.freeze()
    gc.set_threshold(50_000)


@pytest.fixture(scope="session")
def shipped() -> Dataset:
    return plan_folder.load(ROOT / "data")


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """One PostgreSQL for all tests that ask for it."""
    from tests import postgres  # which takes ROOT from here

    with postgres.server() as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_data(tmp_path / "data")


@pytest.fixture(scope="session")
def september(shipped: Dataset) -> Figures:
    return Figures(shipped, Selection(shipped.latest_month))


@pytest.fixture
def rewrite(folder: Path) -> Callable[[str, str, str], None]:
    """Replace text in a file of the copied folder, once, keeping its BOM."""

    def change(name: str, old: str, new: str) -> None:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="")

    return change
