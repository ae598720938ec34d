"""(i) Files that ask for more than a report is worth: seconds and megabytes of their check."""

from __future__ import annotations

import time
import tracemalloc
from typing import Any

from lib import intake
from lib.files import plan_folder
from tests.browser.harness import ROOT
from tests.lib.intake.limits import FILES


def run() -> list[dict[str, Any]]:
    """Return, by file, its size, and what its check takes and says."""
    dataset = plan_folder.load(ROOT / "data")
    rows = []
    for name, (file, make) in FILES.items():
        content = make()
        start = time.perf_counter()
        checked = intake.check(content, file, dataset)
        seconds = time.perf_counter() - start
        tracemalloc.start()  # a run of its own: it slows the check down
        intake.check(content, file, dataset)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        rows.append(
            {
                "file": name,
                "megabytes": len(content) / 1e6,
                "check_s": seconds,
                "peak_mb": peak / 1e6,
                "findings": len(checked.findings),
                "listed": len(checked.shown),
            }
        )
    return rows
