"""The Gantt: windows, completed shares, deadlines, and windows that were moved."""

import pandas as pd
import pytest

from lib import planning
from lib.charts import LIGHT
from lib.charts.gantt import gantt
from lib.core import schema
from lib.core.figures import Figures, Selection
from lib.planning import adoption
from lib.planning.proposal import of_running_plan
from lib.store import open_store

P = schema.PLAN.headers


def test_the_gantt_draws_the_completed_share_and_deadlines(september):
    chart = gantt(september, LIGHT)
    bars_ = [trace for trace in chart.figure.data if trace.type == "bar"]
    drawn = {
        task: float(x)
        for trace in bars_[1::2]
        for task, x in zip(trace.customdata, trace.x, strict=True)
    }
    assert drawn["七-4"] == pytest.approx(12 * 0.58)
    assert drawn["五-1"] == pytest.approx(1)
    named = {trace.name: trace for trace in chart.figure.data}
    assert list(named["截止时间"].x) == [pd.Period("2018-08", "M").ordinal]
    assert set(named["所选月份的月末"].x) == {pd.Period("2018-10", "M").ordinal}
    written = [
        text for trace in chart.figure.select_traces({"mode": "text"}) for text in trace.text
    ]
    assert "<b>产业帮扶</b>" in written
    assert "× <b>50%</b>" in written
    assert len(written) == 2 * 22 + 9
    hover = " ".join(text for trace in bars_ for text in trace.hovertext)
    assert "组织10家以上农业企业赴紫阳县对接合作资源" in hover.replace("<br>", "")


def test_the_gantt_shows_the_window_first_adopted_under_the_present_one(folder):
    where = adoption.context(folder, "")
    proposal = of_running_plan(where.current, *where.tables)
    edited = proposal.plan.copy()
    edited.loc[edited[P["task_id"]] == "二-6", P["window_text"]] = "6～10月"
    draft = planning.draft(proposal.edited(edited, proposal.targets), where, user="张三")
    open_store(folder).submit(draft)
    data = open_store(folder).dataset()
    figure = gantt(Figures(data, Selection(data.latest_month)), LIGHT).figure
    (first,) = [trace for trace in figure.data if trace.name == "基准"]
    assert list(first.customdata) == ["二-6"]
    assert list(first.x) == [3]
    assert "6～8月" in first.hovertext[0]
