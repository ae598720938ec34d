"""Reports sent to a store, as lines of a file."""

from __future__ import annotations

import csv
from datetime import datetime

import pandas as pd

from lib import intake
from lib.store import Changes, Draft, Original
from lib.store.changes import HEADERS, KEY, keyed, texts
from tests.conftest import ROOT

HEAD = "任务编号,月份,填报单位,指标,本月完成,累计完成率,进展说明\n"
LINE = "八-2,2018-10,妇联,,,{},走访"


def send(store, *lines, user="张三", base=None, file="十月.csv"):
    """Submit lines of a report file; where a report stands already, its other cells stay.

    What `lib.intake` says to a file is no matter of a store: the lines are taken as they are.
    """
    content = (HEAD + "\n".join(lines) + "\n").encode()
    data = store.dataset()
    assert not data.progress_problems
    state, new = texts(data), []
    for cells in csv.DictReader(content.decode().splitlines()):
        key = tuple(cells[name] for name in KEY)
        row = dict(state.loc[key]) if key in state.index else dict.fromkeys(HEADERS, "")
        new.append(row | cells | {"填报人": user, "填报时间": f"{datetime.now():%F %T}"})
    after = keyed(pd.DataFrame(new, columns=HEADERS, dtype="str"))
    changes = Changes(state.loc[after.index.intersection(state.index)], after)
    return store.submit(
        Draft(user, changes, unit="区农业局", base=base, original=Original(file, content))
    )


def percent(store, task="八-2", unit="妇联", month="2018-10", revision=None):
    """Return the 累计完成率 that a report says, ``None`` without a report."""
    reports = texts(store.dataset(revision=revision))
    key = (task, month, unit, "")
    return reports.at[key, "累计完成率"] if key in reports.index else None


def evidence():
    """Return a picture as evidence of a task, with its bytes."""
    content = (ROOT / "lib" / "ui" / "frame" / "icon.png").read_bytes()
    return intake.attachment("图.png", content, task_id="八-1", month=585, unit="妇联"), content
