"""Reports sent to a store as the command line sends them."""

from __future__ import annotations

from lib import intake
from lib.core import schema
from lib.store import Draft, Original
from lib.store.changes import keyed
from tests.conftest import ROOT

HEAD = "任务编号,月份,填报单位,指标,本月完成,累计完成率,进展说明\n"
LINE = "八-2,2018-10,妇联,,,{},走访"


def send(store, *lines, user="张三", base=None, file="十月.csv"):
    """Submit lines of a report file as the command line does, without a retry."""
    content = (HEAD + "\n".join(lines) + "\n").encode()
    data = store.dataset()
    assert not data.progress_problems
    checked = intake.check(content, file, data)
    assert not checked.errors, checked.table().to_string()
    planned = intake.preview(data, checked, user)
    draft = Draft(
        user, planned.changes, unit="区农业局", base=base, original=Original(file, content)
    )
    return store.submit(draft)


def percent(store, task="八-2", unit="妇联", month="2018-10", revision=None):
    """Return the 累计完成率 that a report says, ``None`` without a report."""
    texts = keyed(schema.PROGRESS.texts(store.dataset(revision=revision).progress))
    key = (task, month, unit, "")
    return texts.at[key, "累计完成率"] if key in texts.index else None


def evidence():
    """Return a picture as evidence of a task, with its bytes."""
    content = (ROOT / "lib" / "ui" / "frame" / "icon.png").read_bytes()
    return intake.attachment("图.png", content, task_id="八-1", month=585, unit="妇联"), content
