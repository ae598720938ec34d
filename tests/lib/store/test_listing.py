"""The journal's tables: a task's reports with their evidence."""

from lib.store import Attachment, listing


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
