"""What papers are made of: what they say of their source, and the reports behind them."""

from __future__ import annotations

from datetime import date

from lib.core.figures import Figures
from lib.report import Material
from lib.report.material import date_words


def test_a_paper_names_source_revision_month_and_scope(september):
    assert Material(september, 7).source == (
        "数据来源：各责任单位填报（截至上报记录第7号），截至2018年9月末，分解表任务"
    )
    assert "起始数据" in Material(september).source
    pending = Material(september.of_unit("区农业局"), 7, with_pending=True)
    assert pending.scope == "分解表任务 · 区农业局 · 含待审核的填报"


def test_the_date_is_written_as_documents_write_it(september):
    assert date_words(date(2018, 10, 8)) == "2018年10月8日"
    assert Material(september, made=date(2018, 9, 30)).date_words == "2018年9月30日"


def test_reports_are_those_of_the_selection_and_the_latest_count(september):
    unit = Material(september.of_unit("区农业局"))
    assert set(unit.reports["unit"]) == {"区农业局"}
    assert unit.reports["month"].max() <= september.selection.month
    latest = unit.latest_reports
    assert (latest.groupby("task_id")["month"].nunique() == 1).all()


def test_remarks_of_completed_tasks_are_left_out_where_asked(september):
    material = Material(september)
    tasks = material.figures.tasks.set_index("task_id")
    open_ = {task for task, _, _ in material.remarks("note")}
    assert all(tasks.at[task, "status"] != "已完成" for task in open_)
    assert open_ < {task for task, _, _ in material.remarks("note", open_only=False)}


def test_a_text_that_says_there_is_nothing_is_printed_in_no_paper(september):
    reports = september.dataset.progress
    dataset = september.dataset.with_progress(reports.assign(issues="无。", coordination="/"))
    material = Material(Figures(dataset, september.selection))
    assert material.remarks("issues", open_only=False) == []
    assert material.remarks("coordination", open_only=False) == []
    assert material.remarks("note")
