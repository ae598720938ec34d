"""(g) What one submission costs: 22 tasks and 252 reports, and a plan of a million reports.

``python -m benchmarks.submission [--reports N] [--runs N]`` prints JSON. It uses nothing but the
interface of `lib.store`, so that the same file measures an older version of the program in its
own checkout.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import national, synthetic
from lib.core import schema
from lib.store import Changes, Draft, Original, open_store
from lib.store.changes import keyed
from tests.shipped import copy_data

ROOT = Path(__file__).resolve().parents[1]
PERCENT = schema.PROGRESS.headers["cumulative_percent"]


def measure(folder: Path, runs: int) -> dict[str, Any]:
    """Return seconds of the first submission, and of the median and quickest of the next."""
    store = open_store(folder)

    def submit(number: int) -> float:
        state = keyed(schema.PROGRESS.texts(store.dataset().progress))
        row = state[state[PERCENT] != ""].iloc[[-1]]
        after = row.assign(**{PERCENT: str(number % 90 + 1)})
        draft = Draft("张三", Changes(row, after), original=Original("表.csv", b"%d" % number))
        started = time.perf_counter()
        store.submit(draft)
        return time.perf_counter() - started

    first, *rest = [submit(number) for number in range(runs + 1)]
    return {
        "reports": len(store.progress),
        "first_s": first,
        "median_s": statistics.median(rest),
        "quickest_s": min(rest),
    }


def run(data: Path, reports: int = 1_000_000, runs: int = 5) -> list[dict[str, Any]]:
    """Return the figures of the shipped plan (``data``, a copy) and of a large one."""
    figures = [measure(data, 8 * runs)]
    with tempfile.TemporaryDirectory() as scratch:
        large = Path(scratch) / "large"
        national.write(large, synthetic.dataset(reports), "合成数据")
        return [*figures, measure(large, runs)]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        data = Path(scratch) / "data"
        copy_data(data)
        print(json.dumps(run(data, options.reports, options.runs), indent=1))


if __name__ == "__main__":
    sys.exit(main())
