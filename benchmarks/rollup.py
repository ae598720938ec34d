"""(e) Roll-ups on 10 k, 100 k and 1 M reports, against polars and DuckDB, results compared."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from benchmarks import engines, synthetic
from lib.core.dataset import Dataset
from lib.core.figures import Figures, Selection
from lib.core.progress import assess
from lib.core.rollup import roll_up

SIZES = (10_000, 100_000, 1_000_000)
VALUES = ["planned_value", "earned_value"]


def ours(dataset: Dataset) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the product's own roll-ups by category and month and by unit and month."""
    figures = Figures(dataset, Selection(dataset.axis[-1]), assess(dataset))
    return roll_up(figures.history, ["category", "month"]), figures.unit_by_month


def timed(work: Callable[[], Any], runs: int) -> tuple[float, Any]:
    """Return the median of ``runs`` wall times in seconds, and the last result."""
    times, result = [], None
    for _ in range(runs):
        gc.collect()
        start = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - start)
    return float(np.median(times)), result


def same(one: tuple[pd.DataFrame, ...], other: tuple[pd.DataFrame, ...]) -> bool:
    """Whether two results hold the same groups, months and values to nine decimals."""
    for left, right in zip(one, other, strict=True):
        a, b = (
            frame.astype({"key": "str", "month": "int64"})
            .set_index(["key", "month"])[VALUES]
            .sort_index()
            for frame in (left, right)
        )
        if not a.index.equals(b.index) or not np.allclose(a, b, rtol=0, atol=1e-9):
            return False
    return True


def run(sizes: tuple[int, ...] = SIZES, runs: int = 5) -> list[dict[str, Any]]:
    """Return a row per size: seconds of each engine, ratio to the faster one, equality."""
    rows = []
    for size in sizes:
        dataset = synthetic.dataset(size)
        own, result = timed(lambda dataset=dataset: ours(dataset), runs)
        frames, base = engines.in_polars(dataset), engines.in_duckdb(dataset)
        polars, polars_result = timed(lambda frames=frames: engines.polars_roll_up(frames), runs)
        duck, duck_result = timed(lambda base=base: engines.duckdb_roll_up(base), runs)
        rows.append(
            {
                "reports": len(dataset.progress),
                "tasks": len(dataset.tasks),
                "ours_s": own,
                "polars_s": polars,
                "duckdb_s": duck,
                "ratio": own / min(polars, duck),
                "equal": same(result, polars_result) and same(result, duck_result),
            }
        )
    return rows
