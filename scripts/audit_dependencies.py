"""Known vulnerabilities of the installed packages: `python -m scripts.audit_dependencies`.

pip-audit asks an advisory service. Where none can be reached, the list that the package safety-db
ships is used: it ends in 2021, so it finds old packages and clears none. Exit code 0: audited by a
service, nothing known; 1: a finding; 3: no service was reached, and the list knows nothing: what was not
checked must not look like what was passed. ``--sbom FILE`` also writes what is installed as CycloneDX.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.specifiers import InvalidSpecifier, SpecifierSet

SERVICES = ("pypi", "osv")
SECONDS = 120
NOT_AUDITED = 3
"""The exit code where nothing was audited by a service."""


@dataclass(frozen=True)
class Outcome:
    """What one service said: packages audited and not, and findings as lines."""

    audited: int = 0
    skipped: int = 0
    findings: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        if not self.audited:
            return "NOT AUDITED: the advisory service could not be reached or knows no package"
        part = f" ({self.skipped} could not be audited)" if self.skipped else ""
        count = f"{len(self.findings)} known vulnerabilities" if self.findings else "none known"
        return "\n".join([f"{self.audited} packages audited{part}: {count}", *self.findings])


def read(report: Mapping[str, Any]) -> Outcome:
    """Return the outcome of a report in pip-audit's JSON."""
    packages = report["dependencies"]
    audited = [package for package in packages if "skip_reason" not in package]
    return Outcome(
        len(audited),
        len(packages) - len(audited),
        [
            f"{package['name']} {package['version']}: {vulnerability['id']}"
            f" (fixed in {', '.join(vulnerability['fix_versions']) or 'no version yet'})"
            for package in audited
            for vulnerability in package["vulns"]
        ],
    )


def ask(service: str) -> Outcome:
    """Return what a service says; an outcome without a package if it says nothing."""
    command = [sys.executable, "-m", "pip_audit", "--format", "json", "--progress-spinner", "off"]
    command += ["--vulnerability-service", service, "--timeout", "10"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
        return read(json.loads(done.stdout))
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        return Outcome()


def installed() -> dict[str, str]:
    """Return the versions of the installed packages by normal name."""
    return {
        str(package.metadata["Name"]).casefold().replace("_", "-"): package.version
        for package in metadata.distributions()
    }


def by_list(packages: Mapping[str, str], advisories: Mapping[str, list[Any]]) -> list[str]:
    """Return findings of a list kept offline: name → advisories with ``specs`` and an ``id``."""
    findings = []
    for name, version in sorted(packages.items()):
        for advisory in advisories.get(name, ()):
            for specifier in advisory["specs"]:
                try:
                    affected = SpecifierSet(specifier).contains(version, prereleases=True)
                except InvalidSpecifier:
                    continue
                if affected:
                    findings.append(f"{name} {version}: {advisory['id']} ({specifier})")
                    break
    return findings


def offline_list() -> dict[str, list[Any]]:
    """Return the advisories that safety-db ships; nothing where it is not installed.

    Its file is read, not its module: that looks for the file in the current folder.
    """
    try:
        files = metadata.files("safety-db") or []
    except metadata.PackageNotFoundError:
        return {}
    paths = [Path(str(file.locate())) for file in files if file.name == "insecure_full.json"]
    advisories: dict[str, list[Any]] = {}
    for path in paths:
        advisories |= json.loads(path.read_text(encoding="utf-8"))
    advisories.pop("$meta", None)
    return advisories


def write_sbom(path: Path) -> None:
    """Write what is installed as CycloneDX."""
    command = [sys.executable, "-m", "cyclonedx_py", "environment", "--output-reproducible"]
    command += ["--of", "JSON", "-o", str(path), sys.prefix]
    subprocess.run(command, check=True, timeout=SECONDS)


def main(arguments: list[str] | None = None) -> int:
    """Ask the services in turn until one has audited something; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m scripts.audit_dependencies")
    parser.add_argument("--sbom", type=Path, help="write what is installed as CycloneDX (JSON)")
    options = parser.parse_args(arguments)
    if options.sbom:
        write_sbom(options.sbom)
        print(f"written: {options.sbom}")
    outcome = Outcome()
    for service in SERVICES:
        outcome = ask(service)
        if outcome.audited:
            break
    print(outcome)
    if outcome.audited:
        return 1 if outcome.findings else 0
    advisories, packages = offline_list(), installed()
    findings = by_list(packages, advisories)
    if advisories:
        version = packages.get("safety-db", "?")
        print(f"by the list of safety-db {version} alone: {len(findings)} known vulnerabilities")
        print("\n".join(findings))
    return 1 if findings else NOT_AUDITED


if __name__ == "__main__":
    sys.exit(main())
