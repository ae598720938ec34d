"""The pieces of the container image, tried without a builder: what goes in, and how it runs."""

from __future__ import annotations

import fnmatch
import json
import os
import re
import shutil
import subprocess
import sys

import httpx2
import pytest
import yaml

from tests.browser import harness
from tests.conftest import ROOT

DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", "")
COPIES = [
    (line.split()[-2], line.split()[-1])
    for line in DOCKERFILE.splitlines()
    if line.startswith("COPY ") and "--from" not in line and "requirements" not in line
]


def goes_in(name):
    """Whether .dockerignore lets a file into the build: the last pattern that fits decides.

    A pattern fits the file or a folder above it, each ``*`` within one name; ``**/`` fits anywhere.
    """
    parts = name.split("/")
    above = ["/".join(parts[: length + 1]) for length in range(len(parts))]
    verdict = True
    for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines():
        pattern = line.removeprefix("!")
        places = parts if pattern.startswith("**/") else above
        pattern = pattern.removeprefix("**/")
        same_depth = [place for place in places if place.count("/") == pattern.count("/")]
        if not line.startswith("#") and fnmatch.filter(same_depth, pattern):
            verdict = line.startswith("!")
    return verdict


def test_who_listens_on_the_network_asks_for_an_account():
    """Before the first account is made, too: `lib.access.config.Mode`."""
    assert "0.0.0.0" in DOCKERFILE  # noqa: S104
    assert "PLAN_ACCESS=accounts" in re.search(r"^ENV .*$", DOCKERFILE, re.MULTILINE)[0]
    unit = (ROOT / "deploy" / "dashboard@.service").read_text(encoding="utf-8")
    assert "\nEnvironment=PLAN_ACCESS=accounts\n" in unit


def test_the_build_sees_the_app_and_nothing_of_this_machine():
    tracked = subprocess.run(
        ["git", "ls-files", "app.py", "lib", "pages", "data", ".streamlit", "requirements.txt"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert [name for name in tracked if not goes_in(name)] == []
    strangers = [
        "data/journal.db",
        "data/journal.db-journal",
        "data/journal.mark",
        "data/drafts.db",
        "data/accounts.db",
        "data/plans/2019/plan.csv",
        "data/journal/1.jsonl",
        ".streamlit/secrets.toml",
        ".git/config",
        ".env",
        "deploy/.env",
        "tests/conftest.py",
        "lib/core/__pycache__/gap.pyc",
        ".venv/bin/python",
        "dist/a.zip",
    ]
    assert [name for name in strangers if goes_in(name)] == []


def test_everything_that_is_copied_is_there_and_no_more_is_needed():
    assert [source for source, _ in COPIES if not (ROOT / source).exists()] == []
    assert {source for source, _ in COPIES} == {"app.py", ".streamlit", "lib", "pages", "data"}
    assert DOCKERFILE.index("\nUSER 10001") < DOCKERFILE.index("\nCMD")
    assert DOCKERFILE.count("\nFROM") == 2
    for words in re.findall(r"CMD (\[.*\])", DOCKERFILE):
        assert json.loads(words)[0] == "python"


def test_compose_runs_the_image_read_only_between_a_database_and_a_proxy():
    compose = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8"))
    services = compose["services"]
    dashboard = services["dashboard"]
    assert (dashboard["read_only"], dashboard["cap_drop"]) == (True, ["ALL"])
    assert "ports" not in dashboard  # only the proxy is open
    assert (ROOT / "deploy" / dashboard["build"]["context"] / "deploy/Dockerfile").exists()
    text = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    for pattern in re.findall(r"127\.0\.0\.1:850[12]", services["proxy"]["command"][-1]):
        assert text.count(f"server {pattern} ") == 1
    secrets = re.findall(r"\$\{(\w+):\?\}", str(compose))
    assert set(secrets) == {"POSTGRES_PASSWORD", "STREAMLIT_SERVER_COOKIE_SECRET"}


@pytest.mark.thorough
def test_the_app_runs_from_a_tree_that_cannot_be_written(tmp_path):
    if os.geteuid() or shutil.which("unshare") is None:
        pytest.skip("a read-only mount needs root and unshare")
    app, data = tmp_path / "app", tmp_path / "data"
    for source, target in COPIES:
        copy = shutil.copytree if (ROOT / source).is_dir() else shutil.copy
        app.mkdir(exist_ok=True)
        copy(ROOT / source, data if target == "/data" else app / target)
    command = json.loads(re.findall(r"^CMD (\[.*\])", DOCKERFILE, flags=re.MULTILINE)[-1])
    port = harness.free_port()
    command = [sys.executable, *command[1:], "--server.port", str(port)]
    script = f'mount --bind "{app}" "{app}" && mount -o remount,ro,bind "{app}" && cd "{app}" && exec "$@"'
    variables = {"PLAN_DATA_DIR": str(data), "HOME": "/tmp", "PYTHONDONTWRITEBYTECODE": "1"}  # noqa: S108
    log = tmp_path / "log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            ["unshare", "--mount", "sh", "-c", script, "sh", *command],
            env={"PATH": os.environ["PATH"], **variables},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            harness.wait_for_health(server, port, log)
            page = httpx2.get(f"http://127.0.0.1:{port}/plain?month=2018-09")
            assert "截至9月末" in page.text
            assert "Traceback" not in log.read_text()
        finally:
            server.terminate()
            server.wait(timeout=10)
