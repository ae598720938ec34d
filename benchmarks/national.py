"""A data folder of national size: the shipped plan and one synthetic plan per paired county."""

from __future__ import annotations

from pathlib import Path

from benchmarks import synthetic
from lib.core import schema
from lib.files import csv_tables

PLANS, ROWS = 600, 1_000_000


def build(folder: Path, plans: int = PLANS, rows: int = ROWS) -> int:
    """Write the plans below ``folder/plans`` and return how many reports they hold.

    ``folder`` holds the default plan already. Each plan has its own tasks and windows.
    """
    total = 0
    for number in range(plans):
        made = synthetic.dataset(rows // plans, seed=number)
        place = folder / "plans" / f"结对{number + 1:03d}"
        place.mkdir(parents=True)
        tasks = made.tasks.reset_index().assign(number="", start_month=None, end_month=None)
        frames = {
            schema.PLAN: tasks.astype({"start_month": "Int32", "end_month": "Int32"}),
            schema.TARGETS: made.targets,
            schema.PROGRESS: made.progress,
        }
        for table, frame in frames.items():
            (place / table.file).write_bytes(csv_tables.to_csv(table.texts(frame)))
        (place / "settings.toml").write_text(
            f'[plan]\nyear = {synthetic.YEAR}\ntitle = "结对{number + 1:03d}（合成数据）"\n',
            encoding="utf-8",
        )
        total += len(made.progress)
    return total
