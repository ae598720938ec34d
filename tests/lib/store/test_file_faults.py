"""A fault at every call to the file system: killed, EIO, full disk. What is said is what is so."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

SCENARIOS = (
    "first",
    "next",
    "attach",
    "amend",
    "revert",
    "edited",
    "history",
    "rebuild",
    "take over",
    "account",
)
FAULTS = ("kill", "EIO", "ENOSPC")
SAMPLE = {"next": 59, "edited": 83, "first": 197, "take over": 487}
"""What the quick run takes, and how many calls apart its points are."""


@pytest.fixture(scope="session")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The C library that makes the faults, built once."""
    compiler = shutil.which("cc")
    if compiler is None or not sys.platform.startswith("linux"):
        pytest.skip("needs Linux and a C compiler")
    library = tmp_path_factory.mktemp("shim") / "file_faults.so"
    source = ROOT / "tests" / "lib" / "store" / "file_faults.c"
    command = [compiler, "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"]
    subprocess.run(command, check=True)
    return library


def points(shim, tmp_path, scenario, fault, step):
    command = [sys.executable, "-m", "tests.lib.store.file_faults", scenario, fault]
    done = subprocess.run(
        [*command, str(step), str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "LD_PRELOAD": str(shim)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    *tried, total = map(json.loads, done.stdout.splitlines())
    assert total["calls"] > 10
    assert len(tried) >= total["calls"] // step
    wrong = [point for point in tried if point["wrong"]]
    assert not wrong, wrong[:3]
    return tried


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("scenario", SAMPLE)
def test_some_calls(shim, tmp_path, scenario, fault):
    points(shim, tmp_path, scenario, fault, SAMPLE[scenario])


@pytest.mark.slow
@pytest.mark.thorough
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_call(shim, tmp_path, scenario, fault):
    points(shim, tmp_path, scenario, fault, 1)
