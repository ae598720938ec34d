"""Plans amended as the 计划 page amends them."""

from __future__ import annotations

from lib.core import schema
from lib.files import csv_tables
from lib.store import Changes, Draft, Kind
from lib.store.changes import empty, keyed


def amended(store, old, new, name="plan.csv"):
    """Return a plan file with one text replaced, as the 计划 page would send it."""
    text = csv_tables.decode(store.plan_files()[name], name)
    assert old in text
    return {name: b"\xef\xbb\xbf" + text.replace(old, new, 1).encode()}


def amend(store, old, new, name="plan.csv", **more):
    files = amended(store, old, new, name)
    return store.submit(Draft("管理员", Changes.none(), Kind.PLAN, files=files, **more))


def window(store, task="五-1", **when):
    return store.dataset(**when).tasks.at[task, "window_text"]


def without(store, task):
    """Return the changes that remove a task's reports."""
    rows = schema.PROGRESS.texts(store.progress)
    return Changes(keyed(rows[rows["任务编号"] == task]), empty())
