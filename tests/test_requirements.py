"""What is installed: every requirement has its reason, every version that comes along is held."""

from __future__ import annotations

import os
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT

COMES_WITH_PYTHON = {"pip", "setuptools"}
"""What a new venv may already hold, in whatever version its Python brings."""


def requirements() -> list[Requirement]:
    """Return the requirements of both files as they are written."""
    return [
        Requirement(line)
        for name in ("requirements.txt", "requirements-dev.txt")
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines()
        if line and not line.startswith(("#", "-r"))
    ]


def constraints() -> list[Requirement]:
    """Return the lines of constraints.txt; a package may have one for each Python or system."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines if not line.lstrip().startswith("#")]


def reachable_packages() -> dict[str, str]:
    """Return name and version of each installed package that the requirements bring along here."""
    versions: dict[str, str] = {}
    waiting = [(requirement, "") for requirement in requirements()]
    asked = set()
    while waiting:
        requirement, extra = waiting.pop()
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(requirement.name)
        for wanted in ("", *requirement.extras):
            if (name, wanted) in asked:
                continue
            asked.add((name, wanted))
            try:
                distribution = metadata.distribution(name)
            except metadata.PackageNotFoundError:
                continue
            versions[name] = distribution.version
            waiting += [(Requirement(line), wanted) for line in distribution.requires or []]
    return versions


def test_every_requirement_is_pinned_and_has_its_reason():
    reasons = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    for requirement in requirements():
        assert [specifier.operator for specifier in requirement.specifier] == ["=="]
        assert requirement.name in reasons


def test_every_requirement_is_held_in_its_version():
    held = {(canonicalize_name(line.name), line.specifier) for line in constraints()}
    others = [
        str(requirement)
        for requirement in requirements()
        if (canonicalize_name(requirement.name), requirement.specifier) not in held
    ]
    assert others == [], "run `make constraints`"


def test_every_installed_package_is_held_in_its_version():
    here = {
        canonicalize_name(line.name): str(line.specifier).removeprefix("==")
        for line in constraints()
        if line.marker is None or line.marker.evaluate()
    }
    installed = {
        name: version
        for name, version in reachable_packages().items()
        if name not in COMES_WITH_PYTHON
    }
    assert sorted(installed.keys() - here.keys()) == [], "run `make constraints`"
    others = {name: version for name, version in installed.items() if here[name] != version}
    if others and not os.environ.get("CI"):
        pytest.skip(f"not installed with `-c constraints.txt`: {others}")
    assert not others


def test_the_constraints_name_no_place_to_download_from():
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    assert "://" not in text
    assert "--" not in text
