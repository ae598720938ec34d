"""The journal's tables: submissions for people, a task's reports with their evidence."""

from __future__ import annotations

from dataclasses import replace

from lib.store import Attachment, Kind, State, Submission, listing

REPORT = Submission(
    1, Kind.REPORT, "张三", "区农业局", "2018-05-03T10:20:30+08:00", 2, 1, 0, file_name="四月.xlsx"
)
RETURNED = replace(REPORT, state=State.RETURNED)
RETURN = Submission(
    2,
    Kind.RETURN,
    "王主任",
    "区农业局",
    "2018-05-04T09:00:00+08:00",
    0,
    0,
    0,
    reason="数量不对",
    refers_to=1,
)


def test_the_journal_is_shown_with_the_latest_first():
    table = listing.journal_table([RETURNED, RETURN])
    assert list(table["编号"]) == [2, 1]
    assert table.iloc[0][["类别", "关于", "说明"]].tolist() == ["审核退回", "第1号", "数量不对"]
    assert table.iloc[1][["时间", "新增", "修改", "删除", "状态", "文件"]].tolist() == [
        "2018-05-03 10:20",
        2,
        1,
        0,
        "已退回",
        "四月.xlsx",
    ]


def test_a_step_of_a_matter_names_it():
    step = replace(RETURN, refers_to=None, details={"matters": ["事项〔2018〕1号"]})
    assert listing.journal_table([step])["关于"].tolist() == ["事项〔2018〕1号"]


def test_an_empty_journal_keeps_its_columns():
    assert list(listing.journal_table([]).columns) == listing.JOURNAL_COLUMNS


def test_a_unit_sees_what_was_returned_until_it_reports_again():
    assert listing.unanswered_returns([RETURNED, RETURN], "区农业局") == [(RETURNED, RETURN)]
    assert listing.unanswered_returns([RETURNED, RETURN], "妇联") == []
    again = replace(REPORT, revision=3)
    assert listing.unanswered_returns([RETURNED, RETURN, again], "区农业局") == []


def test_a_return_stands_until_its_own_month_is_reported_again():
    may, june = {"months": ["2018-05"]}, {"months": ["2018-06"]}
    returned = replace(RETURNED, details=may)
    of_june = replace(REPORT, revision=3, details=june)
    of_may = replace(REPORT, revision=4, details=may)
    assert listing.unanswered_returns([returned, RETURN, of_june], "区农业局") == [
        (returned, RETURN)
    ]
    assert listing.unanswered_returns([returned, RETURN, of_june, of_may], "区农业局") == []
    taken_back = replace(of_may, state=State.REVERTED)
    assert listing.unanswered_returns([returned, RETURN, taken_back], "区农业局")


def test_a_return_that_was_taken_back_is_no_return():
    assert listing.returns([REPORT, replace(RETURN, state=State.REVERTED)]) == {}


def test_a_tasks_reports_name_their_evidence(september):
    evidence = [
        (None, Attachment("招聘会.jpg", "", 1, "image/jpeg", "七-3", "2018-09", "区人社局")),
        (None, Attachment("培训.pdf", "", 1, "application/pdf", "七-3", "2018-09", "区人社局")),
    ]
    reports = listing.report_table(september, "七-3", evidence)
    files = reports.groupby("月份")["佐证材料"].unique().map("／".join)
    assert files["2018-09"] == "招聘会.jpg、培训.pdf"
    assert files["2018-08"] == ""
    assert reports["月份"].is_monotonic_decreasing
    assert len(reports) == 21
