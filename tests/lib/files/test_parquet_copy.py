"""The columnar copy of a large file: the same values and errors as the file itself, never old ones."""

from __future__ import annotations

import pandas as pd
import pytest

from lib.core import schema
from lib.core.problems import DataError
from lib.files import csv_tables, parquet_copy, plan_folder


@pytest.fixture
def every_file_is_large(monkeypatch):
    monkeypatch.setattr(parquet_copy, "SMALL", 0)


@pytest.fixture
def progress(folder, every_file_is_large):
    return folder / schema.PROGRESS.file


def copies(progress):
    return sorted((progress.parent / parquet_copy.FOLDER).glob("*"))


def test_the_copy_gives_what_the_file_gives(progress):
    plain = csv_tables.read(schema.PROGRESS, progress)
    first = parquet_copy.read(schema.PROGRESS, progress)
    (copy,) = copies(progress)
    written = copy.stat().st_mtime_ns
    second = parquet_copy.read(schema.PROGRESS, progress)
    pd.testing.assert_frame_equal(first, plain)
    pd.testing.assert_frame_equal(second, plain)
    assert copy.stat().st_mtime_ns == written


def test_an_edit_is_seen_at_once_and_the_old_copy_goes(progress, rewrite):
    parquet_copy.read(schema.PROGRESS, progress)
    before = copies(progress)
    rewrite("progress.csv", "2018-09,区党政办,,,80,", "2018-09,区党政办,,,81,")
    data = plan_folder.load(progress.parent)
    mine = data.progress[data.progress["unit"] == "区党政办"].set_index("month")
    assert mine["cumulative_percent"].max() == 81
    assert len(copies(progress)) == 1
    assert copies(progress) != before


def test_a_damaged_copy_is_made_anew(progress):
    plain = parquet_copy.read(schema.PROGRESS, progress)
    (copy,) = copies(progress)
    copy.write_bytes(copy.read_bytes()[:100])
    pd.testing.assert_frame_equal(parquet_copy.read(schema.PROGRESS, progress), plain)
    pd.testing.assert_frame_equal(parquet_copy.read(schema.PROGRESS, progress), plain)


def test_a_folder_that_cannot_hold_a_copy_is_read_all_the_same(progress):
    (progress.parent / parquet_copy.FOLDER).write_text("in the way")
    assert len(parquet_copy.read(schema.PROGRESS, progress)) == 252


def test_a_broken_file_is_told_and_leaves_no_copy(progress, rewrite):
    rewrite("progress.csv", "合作对接会,0,", "合作对接会,很多,")
    for _ in range(2):
        with pytest.raises(DataError, match="很多"):
            parquet_copy.read(schema.PROGRESS, progress)
    assert not copies(progress)


def test_a_small_file_needs_no_copy(folder):
    parquet_copy.read(schema.PROGRESS, folder / schema.PROGRESS.file)
    assert not (folder / parquet_copy.FOLDER).exists()
