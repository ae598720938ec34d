"""Where a report comes from: submission, file and row, through a change and its 撤销."""

from __future__ import annotations

import pytest

from lib import intake
from lib.core import months
from lib.intake.sources import report_key, rows_of, submissions_of
from lib.store import Draft, Kind, Original, open_store
from tests.lib.intake.reports import PERCENT, text, with_cell

OCTOBER = months.parse("2018-10")
KEY = ("一-1", "2018-10", "区党政办", "")


@pytest.fixture
def store(folder):
    return open_store(str(folder))


def submit(store, percent, name):
    content = text(with_cell(PERCENT, "累计完成率", percent)).encode()
    checked = intake.check(content, name, store.dataset())
    preview = intake.preview(store.dataset(), checked, "张三")
    original = Original(name, content)
    return store.submit(Draft("张三", preview.changes, Kind.REPORT, "区党政办", original=original))


def test_a_report_is_followed_to_the_submission_and_the_row_of_its_file(store):
    first = submit(store, "85", "区党政办10月.csv")
    rows = store.progress
    reported = rows[(rows["task_id"] == "一-1") & (rows["month"] == OCTOBER)].iloc[0]
    assert report_key(reported) == KEY
    assert submissions_of(store, store.submissions, [KEY]) == {KEY: first}
    original = store.original(first.revision)
    assert rows_of(original, store.dataset(), first.unit, OCTOBER)[KEY] == 2


def test_what_a_revert_brings_back_is_of_the_submission_that_wrote_it(store):
    first = submit(store, "85", "一.csv")
    second = submit(store, "90", "二.csv")
    assert submissions_of(store, store.submissions, [KEY])[KEY] == second
    store.revert(second.revision, "李四", reason="填错")
    assert submissions_of(store, store.submissions, [KEY])[KEY] == first
    demo = ("一-1", "2018-09", "区党政办", "")
    assert submissions_of(store, store.submissions, [demo]).get(demo) is None
