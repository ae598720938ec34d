"""One number for one thing: pages, slides, papers and exports count as the command line does."""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from datetime import date

import pytest
from docx import Document
from openpyxl import load_workbook

from lib.cli.__main__ import main
from lib.core import months
from lib.core.figures import Figures, Selection
from lib.core.gap import is_below_plan
from lib.report import Material
from lib.report.briefing import briefing
from lib.report.deck import deck
from lib.report.html_month import html_month
from lib.report.notices import notices
from lib.report.slides import Tiles
from lib.report.workbook import workbook
from tests.conftest import ROOT
from tests.pages.reading import open_app, words


def printed(capsys, month, by):
    assert main(["figures", "--data", str(ROOT / "data"), "--month", month, "--by", by]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.filterwarnings("ignore:.*extension is not supported")
@pytest.mark.parametrize("month", ["2018-06", "2018-09"])
def test_the_same_month_is_counted_the_same_everywhere(shipped, month, capsys):
    (total,) = printed(capsys, month, "overall")
    tasks = printed(capsys, month, "task")
    states = Counter(task["status"] for task in tasks)
    number = int(month[-2:])
    late, behind, completed = states["逾期"], states["滞后"], states["已完成"]
    below = sum(bool(is_below_plan(t["completion"], t["planned_value"])) for t in tasks)
    due = min(task["end"] for task in tasks if task["end"] > month and task["status"] != "已完成")
    due_next = sum(task["end"] == due and task["status"] != "已完成" for task in tasks)
    done = f"{total['earned_value'] * 100:.1f}%"
    counts = "、".join(
        f"{count}项{word}" for count, word in ((late, "逾期"), (behind, "滞后")) if count
    )
    falls_due = f"{int(due[-2:])}月底{due_next}项"
    assert [total[name] for name in ("overdue", "behind", "completed")] == [late, behind, completed]

    figures = Figures(shipped, Selection(months.parse(month)))
    unreported = len(figures.missing_reports)
    silent = sum("未报" in task["flags"] and task["status"] != "已完成" for task in tasks)
    assert figures.missing_reports["task_id"].nunique() == silent

    # pages
    overview = open_app(month=month)
    text = " ".join(words(overview).split())
    assert f"（完成{done}，" in overview.title[0].value
    assert overview.title[0].value.endswith(counts)
    assert f"已完成 {completed} ／{len(tasks)}项" in text
    assert f"逾期 {late} 项" in text
    assert f"滞后 {behind} 项" in text
    assert (f"未报 {unreported} 项" in text) == bool(unreported)
    assert falls_due in text
    gantt = open_app("gantt", month=month).title[0].value
    assert gantt == f"{len(tasks)}项任务完成{completed}项，{counts}；{falls_due}到期"
    assert open_app("months", month=month).title[0].value.startswith(f"{number}月末完成{done}，")
    assert falls_due in words(open_app("months", month=month))
    assert f"完成率 {done} ＝ {len(tasks)}项" in words(open_app("explain", month=month))
    assert f"{len(tasks)}项任务完成{completed}项，完成率{done}" in words(
        open_app("categories", month=month)
    )
    units = words(open_app("units", month=month))
    assert (f"有{unreported}项任务未报" in units) == bool(unreported)

    # slides, 通报, 督办单, exports
    material = Material(figures, 0, made=date(2018, 10, 8))
    slides = deck(material)
    headline = slides[1]
    assert headline.title == overview.title[0].value
    (tiles,) = [slides[1].content] if isinstance(slides[1].content, Tiles) else []
    assert tiles.tiles[0].value == done
    assert tiles.tiles[2].value == f"{late + behind}项"
    assert any(falls_due in sentence for sentence in tiles.sentences)
    paper = "".join(p.text for p in Document(io.BytesIO(briefing(material))).paragraphs)
    said = re.search(r"共(\d+)项任务，其中(.*?)。总体完成率([\d.]+%)", paper)
    assert said is not None
    assert (said[1], said[3]) == (str(len(tasks)), done)
    for status, count in states.items():
        assert (f"{status}{count}项" in said[2]) == bool(count)
    whole = {task["task_id"]: task["status"] for task in tasks}
    noticed = {notice.task_id for notice in notices(material)}
    for status in ("逾期", "滞后"):
        of_state = {task for task, word in whole.items() if word == status}
        assert of_state <= noticed
        assert len(of_state) == states[status]
    page = html_month(material).decode()
    assert overview.title[0].value in page
    ledger = load_workbook(io.BytesIO(workbook(material)), data_only=True)["台账"]
    rows = [row for row in ledger.iter_rows(min_row=4, values_only=True) if row[0] in whole]
    assert Counter(str(row[6]).split()[-1] for row in rows) == states
    assert sum(bool(is_below_plan(row[7], row[8])) for row in rows) == below
