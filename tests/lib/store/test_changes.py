"""Changes of reports: however they are played, they add up to the same, and undo what they did."""

from __future__ import annotations

import json

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from lib.store.changes import HEADERS, Changes, empty, keyed, replay

tasks = st.sampled_from(["一-1", "二-1", "二-2", "三-1"])
months = st.sampled_from(["2018-01", "2018-02"])


@st.composite
def states(draw):
    """Draw reports in some order, each key once."""
    keys = draw(st.lists(st.tuples(tasks, months), unique=True))
    rows = [
        {
            **dict.fromkeys(HEADERS, ""),
            "任务编号": task,
            "月份": month,
            "填报单位": "妇联",
            "累计完成率": str(draw(st.integers(0, 3))),
        }
        for task, month in keys
    ]
    return keyed(pd.DataFrame(rows, columns=HEADERS, dtype="str"))


@given(st.lists(states(), max_size=5))
def test_a_replay_is_what_the_steps_lead_to(steps):
    state, records = empty(), []
    for step in steps:
        changes = Changes.between(state, step)
        records += json.loads(json.dumps(list(changes.records())))
        state = changes.apply(state)
        assert set(state.index) == set(step.index)
        assert state.loc[step.index].equals(step)
    assert replay(records).equals(state)


@given(states(), states())
def test_an_undo_gives_the_rows_back(old, new):
    changes = Changes.between(old, new)
    assert changes.added + changes.changed + changes.removed == len(changes)
    applied = changes.apply(old)
    back = changes.inverse().apply(applied)
    assert back.loc[old.index].equals(old)
    assert len(back) == len(old)
    assert not len(changes.misfits(old))
    assert len(changes.misfits(applied)) == len(changes)


@given(states(), states())
def test_records_are_the_changes(old, new):
    changes = Changes.between(old, new)
    again = Changes.from_records(list(changes.records()))
    assert len(again) == len(changes)
    assert again.before.loc[changes.before.index].equals(changes.before)
    assert again.after.loc[changes.after.index].equals(changes.after)
    assert again.apply(old).equals(changes.apply(old))
