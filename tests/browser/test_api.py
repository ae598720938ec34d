"""The HTTP interface of the real server, tried with requests made from its own description."""

from __future__ import annotations

import subprocess
import sys

import pytest

from lib.access import open_access
from lib.store import open_store
from tests.browser import harness
from tests.people import BOSS, PEOPLE
from tests.shipped import copy_data

# Left out is only the check that whatever fits the description is accepted: a report is also
# checked against the plan, and a month has to be one of the plan's.
LEFT_OUT = "positive_data_acceptance"


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The address and the data of a server with accounts, and a token of an administrator."""
    folder = copy_data(tmp_path_factory.mktemp("api") / "data")
    with (folder / "settings.toml").open("a", encoding="utf-8") as text:
        text.write("\n[access]\nrequests_per_minute = 1000000\nupload_mb = 5\n")
    access = open_access(folder)
    access.accounts.add(BOSS, "robot", "对接系统", PEOPLE["admin"][1])
    token = access.tokens.add(BOSS, "robot")
    with harness.running_app(folder, folder.parent / "server.log") as url:
        yield url, folder, token


def schemathesis(url, cwd, *options):
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{url}/api/v1/openapi.json"]
    command += ["--no-color", "--seed", "1", "--generation-database", "none"]
    command += ["--exclude-checks", LEFT_OUT, *options]
    done = subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, timeout=400, check=False
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("examples", [3, pytest.param(50, marks=pytest.mark.thorough)])
def test_no_request_makes_the_server_fail(served, tmp_path, examples):
    url, folder, token = served
    header = ("--header", f"Authorization: Bearer {token}")
    phases = ("--phases", "examples,coverage,fuzzing", "--max-examples", str(examples))
    code, told = schemathesis(url, tmp_path, *header, *phases)
    assert code == 0, told[-3000:]
    assert "Tested: 9" in told, told[-3000:]
    assert open_store(folder).revision >= 1  # the description's own example was written
    assert "Traceback" not in (folder.parent / "server.log").read_text(errors="replace")


def test_nor_does_a_stranger_s(served, tmp_path):
    url, folder, _ = served
    before = open_store(folder).revision
    code, told = schemathesis(url, tmp_path, "--phases", "fuzzing", "--max-examples", "3")
    assert code == 0, told[-3000:]
    assert open_store(folder).revision == before
