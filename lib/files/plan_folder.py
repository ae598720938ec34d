"""A plan in a data folder: which files make it, and how they are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pandas as pd

from lib.core import schema
from lib.core.dataset import Dataset, read_aliases
from lib.core.matters import Step, StepsError, from_table, to_table
from lib.core.problems import DataError, Problem, missing_file
from lib.core.settings import SETTINGS_FILE, Settings, parse_settings
from lib.files import csv_tables, parquet_copy

ALIASES_FILE = schema.ALIASES.file
BASELINE_FILE = "baseline.csv"
BASELINE_TARGETS_FILE = "baseline_targets.csv"
PLAN_FILES = (
    schema.PLAN.file,
    schema.TARGETS.file,
    SETTINGS_FILE,
    ALIASES_FILE,
    BASELINE_FILE,
    BASELINE_TARGETS_FILE,
    schema.MATTERS.file,
)
"""The files that make a plan; the first two must be there. Reports are no plan file."""


def load(folder: Path, files: Mapping[str, bytes] | None = None) -> Dataset:
    """Return the dataset of a data folder; raise `DataError` for a broken plan or targets.

    The folder holds ``plan.csv``, ``targets.csv``, ``progress.csv`` and, optionally, the other
    `PLAN_FILES`. ``files`` are their contents by name where they have been read already. Why a
    broken progress file cannot be used stands in ``progress_problems``.
    """
    if files is None:
        files = {
            name: csv_tables.read_bytes(folder / name)
            for name in PLAN_FILES
            if (folder / name).exists()
        }
    broken: tuple[Problem, ...] = ()
    path, content = folder / schema.PROGRESS.file, b""
    try:
        content = files[path.name] if path.name in files else csv_tables.read_bytes(path)
        progress = parquet_copy.read(schema.PROGRESS, path, content)
    except DataError as error:
        progress, broken = schema.PROGRESS.empty(), error.problems
    dataset = read(files, progress)
    if broken:
        dataset = replace(dataset, progress_problems=broken)
    contents = {**files, **({} if dataset.progress_problems else {path.name: content})}
    dirty = dirty_files(contents)
    return replace(dataset, cleaned_files=tuple(dirty)) if dirty else dataset


def dirty_files(files: Mapping[str, bytes]) -> list[str]:
    """Return which CSV files hold characters that are left out when they are read."""
    dirty = []
    for name, content in files.items():
        with suppress(DataError):  # one that cannot be read is told elsewhere
            if name.endswith(".csv") and csv_tables.is_dirty(content, name):
                dirty.append(name)
    return dirty


def read(files: Mapping[str, bytes], progress: pd.DataFrame) -> Dataset:
    """Return the dataset of plan files' contents and typed reports (`lib.core.schema.ProgressModel`).

    ``files`` holds `PLAN_FILES` by name. Without settings the plan's year is that of the first
    report, or the current one. ``baseline.csv`` makes a baseline; its targets are
    ``baseline_targets.csv`` or, without that file, the targets of its tasks. Raises `DataError`
    for a file that is missing or broken; but figures do not wait for ``matters.csv``: what is wrong
    there stands in ``step_problems``.
    """
    contents = tuple((name, files[name]) for name in PLAN_FILES if name in files)
    settings = parse_settings(files.get(SETTINGS_FILE), progress)
    return _without_reports(settings, contents).with_progress(progress)


# Reports come every day, and the plan that they are held against hardly ever changes.
@lru_cache(maxsize=8)
def _without_reports(settings: Settings, contents: tuple[tuple[str, bytes], ...]) -> Dataset:
    """Return the dataset of plan files' contents with no report in it."""
    files = dict(contents)
    plan, targets = (_table(table, files) for table in (schema.PLAN, schema.TARGETS))
    aliases = None
    if ALIASES_FILE in files:
        aliases = read_aliases(_table(schema.ALIASES, files))
    dataset = Dataset.build(settings, plan, targets, schema.PROGRESS.empty(), aliases)
    steps, problems = readable_steps(files)
    if steps or problems:
        known = tuple(
            step for step in steps if step.of_task and step.task_id in dataset.tasks.index
        )
        dataset = replace(dataset, task_steps=known, step_problems=problems)
    if BASELINE_FILE not in files:
        return dataset
    first = csv_tables.parse(schema.PLAN, files[BASELINE_FILE], BASELINE_FILE)
    first_targets = None
    if BASELINE_TARGETS_FILE in files:
        content = files[BASELINE_TARGETS_FILE]
        first_targets = csv_tables.parse(schema.TARGETS, content, BASELINE_TARGETS_FILE)
    return dataset.with_baseline(first, first_targets, (BASELINE_FILE, BASELINE_TARGETS_FILE))


def matter_steps(files: Mapping[str, bytes]) -> list[Step]:
    """Return the steps of the 督办事项 among plan files' contents; raise `DataError` for a fault."""
    content = files.get(schema.MATTERS.file)
    if content is None:
        return []
    return from_table(csv_tables.parse(schema.MATTERS, content, schema.MATTERS.file))


def readable_steps(files: Mapping[str, bytes]) -> tuple[Sequence[Step], tuple[Problem, ...]]:
    """Return the steps among plan files' contents that can be read, and what is wrong with others."""
    try:
        return matter_steps(files), ()
    except StepsError as error:
        return error.steps, tuple(error.problems)
    except DataError as error:
        return (), tuple(error.problems)


def matter_file(steps: Sequence[Step]) -> bytes | None:
    """Return the bytes of ``matters.csv``; no file without a step."""
    if not steps:
        return None
    return csv_tables.to_csv(csv_tables.escape(schema.MATTERS.texts(to_table(steps))))


def _table(table: schema.Table, files: Mapping[str, bytes]) -> pd.DataFrame:
    if table.file not in files:
        raise missing_file(table.file)
    return csv_tables.parse(table, files[table.file], table.file)
