"""A fault at every call to the file system: killed, EIO, full disk. What is said is what is so."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

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


@pytest.fixture(scope="module")
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
            lines: list[dict[str, Any]] = []
            while not lines or "calls" not in lines[-1]:
                lines.append(json.loads(process.stdout.readline() or '{"calls": -1}'))
            return lines

        yield answers


def points(ask, tmp_path, scenario, fault, step):
    *tried, total = ask(scenario, fault, step, str(tmp_path))
    assert total["calls"] > 10
    assert len(tried) >= total["calls"] // step
    wrong = [point for point in tried if point["wrong"]]
    assert not wrong, wrong[:3]
    return tried


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("scenario", SAMPLE)
def test_some_calls(ask, tmp_path, scenario, fault):
    points(ask, tmp_path, scenario, fault, SAMPLE[scenario])


@pytest.mark.slow
@pytest.mark.thorough
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_call(ask, tmp_path, scenario, fault):
    points(ask, tmp_path, scenario, fault, 1)
