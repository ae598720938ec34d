"""What a paper of a month takes: the shipped plan, and a plan of a hundred and twenty tasks."""

from __future__ import annotations

import time
from typing import Any

from lib.core.figures import Figures, Selection
from lib.files import plan_folder
from lib.report import Material
from lib.report.export import FORMATS, export
from tests.browser.harness import ROOT
from tests.small_plans import as_of, large


def run() -> list[dict[str, Any]]:
    """Return a row per plan and paper: seconds and kilobytes; the first one of each kind counts."""
    shipped = plan_folder.load(ROOT / "data")
    plans = {
        "shipped": Figures(shipped, Selection(shipped.latest_month)),
        "120 tasks": as_of(large(120), 9),
    }
    rows = []
    for name, figures in plans.items():
        material = Material(figures)
        for form in FORMATS:
            started = time.perf_counter()
            content = export(material, form)
            seconds = time.perf_counter() - started
            rows.append(
                {"plan": name, "paper": form, "seconds": seconds, "KB": len(content) // 1024}
            )
    return rows
