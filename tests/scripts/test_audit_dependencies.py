"""The audit of dependencies: a finding fails, silence of the service is told as such."""

from __future__ import annotations

import json
import os
import shutil
import sys
import venv
from importlib import metadata

import pytest

from scripts import audit_dependencies
from scripts.audit_dependencies import Outcome, read

CLEAN = {"name": "a", "version": "1", "vulns": []}
BAD = {"name": "b", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.1"]}]}
UNKNOWN = {"name": "c", "skip_reason": "Dependency not found"}


@pytest.mark.parametrize(
    ("packages", "told", "code"),
    [
        ([CLEAN], "1 packages audited: none known", 0),
        ([CLEAN, UNKNOWN], "1 packages audited (1 could not be audited): none known", 0),
        ([CLEAN, BAD], "b 2: PYSEC-1 (fixed in 2.1)", 1),
        ([UNKNOWN], "NOT AUDITED", audit_dependencies.NOT_AUDITED),
        ([], "NOT AUDITED", audit_dependencies.NOT_AUDITED),
    ],
)
def test_what_is_printed_and_whether_it_fails(monkeypatch, capsys, packages, told, code):
    monkeypatch.setattr(audit_dependencies, "ask", lambda _: read({"dependencies": packages}))
    monkeypatch.setattr(audit_dependencies, "by_list", lambda *_: [])
    assert audit_dependencies.main([]) == code
    assert told in capsys.readouterr().out


def test_the_next_service_is_asked_when_one_says_nothing(monkeypatch, capsys):
    said = {"pypi": Outcome(), "osv": read({"dependencies": [BAD]})}
    monkeypatch.setattr(audit_dependencies, "ask", said.__getitem__)
    assert audit_dependencies.main([]) == 1


def test_without_a_service_the_list_that_a_package_ships_still_finds_old_packages(
    monkeypatch, capsys
):
    monkeypatch.setattr(audit_dependencies, "ask", lambda _: Outcome())
    monkeypatch.setattr(audit_dependencies, "installed", lambda: {"django": "1.8", "own": "1"})
    assert audit_dependencies.main([]) == 1
    assert "django 1.8: pyup.io-" in capsys.readouterr().out


def test_a_list_of_what_is_installed_is_made(tmp_path, monkeypatch, capsys):
    """Of a small environment: that of the tests takes seconds to check against CycloneDX's schema."""
    names = ("streamlit", "starlette", "zxcvbn")
    environment = tmp_path / "venv"
    venv.create(environment, symlinks=os.name != "nt")
    (packages,) = environment.rglob("site-packages")
    for name in names:
        record = metadata.distribution(name).locate_file(
            f"{name}-{metadata.version(name)}.dist-info"
        )
        shutil.copytree(record, packages / record.name)
    monkeypatch.setattr(sys, "prefix", str(environment))
    monkeypatch.setattr(audit_dependencies, "ask", lambda _: read({"dependencies": [CLEAN]}))
    file = tmp_path / "sbom.json"
    assert audit_dependencies.main(["--sbom", str(file)]) == 0
    sbom = json.loads(file.read_text(encoding="utf-8"))
    assert sbom["bomFormat"] == "CycloneDX"
    assert {part["name"] for part in sbom["components"]} == set(names)
