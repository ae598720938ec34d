"""The stores that the contract is tried on: a folder of CSV files and a PostgreSQL database."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lib.store import Changes, Draft, Kind, Store, open_store
from tests import postgres
from tests.conftest import ROOT
from tests.lib.store.filling import fill
from tests.shipped import copy_data


@pytest.fixture(params=["sqlite", "postgres"])
def address(request: pytest.FixtureRequest, folder: Path) -> str:
    """The address of a store that holds the shipped plan."""
    if request.param == "sqlite":
        return str(folder)
    return str(request.getfixturevalue("server").shipped())


@pytest.fixture
def store(address: str) -> Iterator[Store]:
    opened = open_store(address)
    yield opened
    postgres.close(opened)


@pytest.fixture
def reviewed(store: Store) -> Store:
    """A store whose reports count after they have been accepted."""
    text = store.plan_files()["settings.toml"].decode().replace("review = false", "review = true")
    files = {"settings.toml": text.encode()}
    store.submit(Draft("管理员", Changes.none(), Kind.PLAN, files=files))
    return store


@pytest.fixture(scope="session")
def filled_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds everything that there is; no test writes to it."""
    folder = copy_data(tmp_path_factory.mktemp("filled") / "data")
    fill(folder)
    return folder


@pytest.fixture
def filled(tmp_path: Path, filled_once: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(filled_once, tmp_path / "filled"))


@pytest.fixture
def old_folder(tmp_path: Path) -> Callable[[str], tuple[Path, dict[str, Any]]]:
    """Unpack a data folder of the old form; return it, and what the old program said of it."""
    fixtures = ROOT / "tests" / "fixtures" / "journals"

    def unpack(name: str) -> tuple[Path, dict[str, Any]]:
        with zipfile.ZipFile(fixtures / f"{name}.zip") as archive:
            archive.extractall(tmp_path / name)
        return tmp_path / name, json.loads((fixtures / f"{name}.json").read_text("utf-8"))

    return unpack


@pytest.fixture
def by_hand(folder: Path) -> Callable[..., None]:
    """Edit a file of the folder as Excel does: saved in GBK."""

    def edit(old: str, new: str, name: str = "progress.csv") -> None:
        path = folder / name
        text = path.read_bytes().decode("utf-8-sig")
        assert old in text
        encoding = "utf-8" if name.endswith(".toml") else "gbk"
        path.write_bytes(text.replace(old, new, 1).encode(encoding))

    return edit


@pytest.fixture(scope="session")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., list[dict[str, Any]]]]:
    """Return a function that asks one process with the faults in its C library, and its answers."""
    compiler = shutil.which("cc")
    if compiler is None or not sys.platform.startswith("linux"):
        pytest.skip("needs Linux and a C compiler")
    library = tmp_path_factory.mktemp("shim") / "file_faults.so"
    source = ROOT / "tests" / "lib" / "store" / "file_faults.c"
    command = [compiler, "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"]
    subprocess.run(command, check=True)
    with subprocess.Popen(
        [sys.executable, "-m", "tests.lib.store.file_faults"],
        cwd=ROOT,
        env={**os.environ, "LD_PRELOAD": str(library)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:

        def answers(*request: object) -> list[dict[str, Any]]:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
            return list(map(json.loads, iter(process.stdout.readline, "{}\n")))

        yield answers
