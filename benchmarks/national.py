"""A data folder of national size: the shipped plan and one synthetic plan per paired county."""

from __future__ import annotations

from pathlib import Path

from benchmarks import synthetic
from lib.core import schema
from lib.core.dataset import Dataset
from lib.files import csv_tables

PLANS, ROWS = 600, 1_000_000


def build(folder: Path, plans: int = PLANS, rows: int = ROWS) -> int:
    """Write the plans below ``folder/plans`` and return how many reports they hold.

    ``folder`` holds the default plan already. Each plan has its own tasks and windows.
    """
    total = 0
    for number in range(plans):
        title = f"结对{number + 1:03d}"
        plan = synthetic.dataset(rows // plans, seed=number)
        write(folder / "plans" / title, plan, f"{title}（合成数据）")
        total += len(plan.progress)
    return total


def write(folder: Path, plan: Dataset, title: str) -> None:
    """Write the files of a synthetic plan into a new folder."""
    folder.mkdir(parents=True)
    tasks = plan.tasks.reset_index().assign(number="", start_month=None, end_month=None)
    frames = {
        schema.PLAN: tasks.astype({"start_month": "Int32", "end_month": "Int32"}),
        schema.TARGETS: plan.targets,
        schema.PROGRESS: plan.progress,
    }
    for table, frame in frames.items():
        (folder / table.file).write_bytes(csv_tables.to_csv(table.texts(frame)))
    (folder / "settings.toml").write_text(
        f'[plan]\nyear = {synthetic.YEAR}\ntitle = "{title}"\n', encoding="utf-8"
    )
