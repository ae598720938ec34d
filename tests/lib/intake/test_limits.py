"""Work grows with the file and not faster: lines that run, bytes that are held, never a clock on the wall."""

from __future__ import annotations

import sys
import time
import tracemalloc

import pytest

from lib import intake
from lib.intake import collecting
from tests.lib.intake import limits


def lines_run(work):
    """How many lines of lib run: what a machine's speed does not change."""
    counted = 0

    def trace(frame, event, _):
        nonlocal counted
        if "/lib/intake/" not in frame.f_code.co_filename.replace("\\", "/"):
            return None
        counted += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return counted


@pytest.mark.parametrize("make", [limits.same_key, limits.many_errors])
def test_twice_the_rows_is_twice_the_work(shipped, make):
    small, large = (
        lines_run(lambda rows=rows: intake.check(make(rows), "a.csv", shipped))
        for rows in (500, 1_000)
    )
    assert small < large < 2.2 * small


@pytest.mark.parametrize("name", ["newlines", "merged_everything"])
def test_what_a_file_claims_costs_nothing(shipped, name):
    file, make = limits.FILES[name]
    content = make()
    checks = []
    assert lines_run(lambda: checks.append(intake.check(content, file, shipped))) < 20_000
    (checked,) = checks
    assert checked.sheet is not None
    assert len(checked.sheet.cells) <= 7
    assert max(len(str(finding)) for finding in checked.findings) < 400


def test_rows_that_are_not_there_are_not_held(shipped):
    content = limits.last_row()
    checked = intake.check(content, "a.xlsx", shipped)
    assert checked.sheet.cells.index.tolist() == [2, 1_048_576]
    assert "第2、1048576行重复" in str(checked.errors[0])
    _, copy = intake.corrected_copy(checked, content)
    assert len(copy) < 20_000


def test_a_small_file_that_unpacks_to_a_large_one_is_refused_or_empty(shipped):
    checked = intake.check(limits.zip_bomb(30), "a.xlsx", shipped)
    assert checked.unusable
    assert checked.errors


def marked(content, file, dataset):
    return intake.corrected_copy(intake.check(content, file, dataset), content)


def split(content, file, dataset):
    return collecting.split([(file, content)], dataset, dataset.axis[-1])


@pytest.mark.parametrize("door", [intake.check, marked, split])
@pytest.mark.parametrize("name", ["merged_everything", "last_row"])
def test_what_a_sheet_of_some_kilobytes_claims_is_not_held(shipped, name, door):
    file, make = limits.FILES[name]
    content = make()
    assert len(content) < 8_000
    tracemalloc.start()
    door(content, file, shipped)
    held = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert held < 8_000_000


def test_files_of_many_units_are_twice_the_work_for_twice_the_rows(shipped):
    small, large = (
        lines_run(lambda rows=rows: split(limits.same_key(rows), "a.csv", shipped))
        for rows in (500, 1_000)
    )
    assert small < large < 2.2 * small


@pytest.mark.parametrize("door", [intake.check, marked, split])
def test_eight_times_the_newlines_is_not_sixty_four_times_the_work(shipped, door):
    """A pattern runs no line of Python: the thread's own work tells, one length against another."""

    def work(length):
        content = limits.newlines(length)
        started = time.thread_time()
        door(content, "a.csv", shipped)
        return time.thread_time() - started

    work(10)  # what is loaded and remembered once
    assert work(32_000) < 16 * max(work(4_000), 0.02)
