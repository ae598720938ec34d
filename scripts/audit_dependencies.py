"""Known vulnerabilities of the installed packages: `python -m scripts.audit_dependencies`.

pip-audit asks an advisory service. A finding fails (exit code 1). A service that cannot be
reached, or does not know the packages, does not: then the output says that nothing, or only a
part, was audited, because a check that was not made must not look like one that was passed.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SERVICES = ("pypi", "osv")
SECONDS = 120


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


def main() -> int:
    """Ask the services in turn until one has audited something; 1 if it found something."""
    outcome = Outcome()
    for service in SERVICES:
        outcome = ask(service)
        if outcome.audited:
            break
    print(outcome)
    return 1 if outcome.findings else 0


if __name__ == "__main__":
    sys.exit(main())
