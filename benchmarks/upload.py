"""(f) An upload of 100 k rows, from its bytes to the preview."""

from __future__ import annotations

from typing import Any

from benchmarks import synthetic
from benchmarks.rollup import timed
from lib import intake
from lib.core import schema
from lib.core.dataset import Dataset
from lib.files import csv_tables
from lib.ui.frame.server import collect_seldom

ROWS = 100_000


def run(rows: int = ROWS, runs: int = 3) -> dict[str, Any]:
    """Return seconds of reading and checking, and of the preview, for a file of ``rows`` rows."""
    collect_seldom()  # as the server does
    full = synthetic.dataset(rows)
    texts = schema.PROGRESS.texts(full.progress)
    content = csv_tables.to_csv(texts)
    empty: Dataset = full.with_progress(full.progress.iloc[:0])
    check, checked = timed(lambda: intake.check(content, "填报.csv", empty), runs)
    preview, planned = timed(lambda: intake.preview(empty, checked, "压测"), runs)
    return {
        "rows": len(texts),
        "megabytes": len(content) / 2**20,
        "check_s": check,
        "preview_s": preview,
        "total_s": check + preview,
        "added": planned.counts["新增"],
        "errors": len(checked.errors),
    }
