"""(g) Cold start from ``streamlit run`` to the first page; import time of the app."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from benchmarks.pages import FLOORS, visit
from tests.browser import harness
from tests.browser.harness import ROOT

IMPORTS = {
    "streamlit": "import streamlit",
    "the app": "import lib.ui.frame.run",
    "the command line": "import lib.cli.__main__",
}


def import_seconds(statement: str, runs: int) -> float:
    """Return the median wall time of a new interpreter that runs a statement, in seconds."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", statement], cwd=ROOT, check=True, capture_output=True)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def run(data: Path, log: Path, runs: int = 3) -> dict[str, Any]:
    """Return seconds from starting the server to its first drawn page, and of imports."""
    rows = {}
    with sync_playwright() as playwright:
        browser = harness.launch(playwright)
        for name, script in (("the app", ROOT / "app.py"), ("empty", FLOORS / "empty.py")):
            times = []
            for _ in range(runs):
                start = time.perf_counter()
                with harness.running_app(data, log, script=script) as url:
                    seen = visit(browser, url)
                    waiting = time.perf_counter() - start
                times.append(waiting - seen["quiet_ms"] / 1000)
            rows[name] = statistics.median(times)
        browser.close()
    bare = import_seconds("pass", runs)
    imports = {name: import_seconds(line, runs) - bare for name, line in IMPORTS.items()}
    return {"cold_start_s": rows, "import_s": imports}
