"""督办单: for whom, in which light, numbered once, one page each, recorded as issued."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
from docx import Document

from lib.report import Material, collect
from lib.report.notices import archive, document, issue, issued, notices, numbered
from lib.store import ConflictError, Kind, open_store
from tests.small_plans import as_of, plan, report, target, task

DAY, ANSWER = date(2018, 10, 8), date(2018, 10, 15)


def numbers(wanted, journal=()):
    return numbered(wanted, journal, issuer="李四", day=DAY, answer_by=ANSWER, year=2018)


def text_of(content):
    paper = Document(io.BytesIO(content))
    rows = [[cell.text for cell in row.cells] for row in paper.tables[0].rows]
    return [paragraph.text for paragraph in paper.paragraphs], dict(rows)


def test_each_late_task_of_each_unit_gets_one(official):
    batch = notices(official)
    assert [(notice.light, notice.unit, notice.task_id) for notice in batch] == [
        ("逾期", "区经发局", "二-6"),
        ("逾期", "区社会事业局", "五-2"),
        ("滞后", "区农业局", "二-2"),
        ("滞后", "区商务局", "二-4"),
        ("滞后", "区人社局", "七-4"),
        ("滞后", "妇联", "八-2"),  # of four units only this one is behind
    ]


def test_a_late_joint_task_is_for_every_unit_that_has_not_done_its_part():
    units = "区人社局、妇联、总工会"
    reports = [
        report("1", 9, unit=unit, percent=percent)
        for unit, percent in (("区人社局", 100), ("妇联", 80), ("总工会", 0))
    ]
    data = plan([task("1", "全年", units=units)], reports=reports)
    first, second = notices(Material(as_of(data, 9)))
    assert [(notice.unit, notice.light) for notice in (first, second)] == [
        ("妇联", "滞后"),
        ("总工会", "滞后"),
    ]
    assert "本单位完成率80.0%，序时进度75.0%，高于序时进度5.0个百分点" in first.progress_text
    assert "各责任单位合计完成率60.0%" in first.progress_text


def test_what_is_due_next_month_is_blue():
    data = plan([task("1", "4～10月")], [target("1", 2)], [report("1", 5, quantity=1)])
    (notice,) = notices(Material(as_of(data, 9)))
    assert notice.light == "临期"
    assert "2018年10月到期" in notice.demand
    _, rows = text_of(document(notice))
    assert rows["警　　示"] == "◆ 临期（蓝灯）"


def test_nothing_late_needs_no_notice():
    data = plan([task("1", "全年")], reports=[report("1", 9, percent=90)])
    assert notices(Material(as_of(data, 9))) == []


def test_the_document_says_what_a_notice_has_to_say(official):
    first = numbers(notices(official))[0]
    lines, rows = text_of(document(first))
    assert "督办〔2018〕1号　　2018年10月8日" in lines
    assert "签发人：李四" in lines
    assert rows["警　　示"] == "× 逾期（红灯）"
    assert rows["责任单位"] == "区经发局"
    assert rows["督办事项"].startswith("6．两地联合组织一次合作对接会")
    assert "2018年8月底前完成，现已逾期" in rows["要　　求"]
    assert "6～8月" in rows["时　　限"]
    assert "完成率0.0%，序时进度100.0%" in rows["序时进度\n与实际"]
    assert "合作对接会0／1次" in rows["序时进度\n与实际"]
    assert rows["存在问题"] == "对接会因档期再次推迟"
    assert rows["已报措施"] == "10月中旬前举办；请两地文旅部门确定参会企业名单"
    assert "2018年10月15日前反馈" in rows["反　　馈"]
    assert "演示数据" in "".join(lines)


def test_all_at_once_is_a_zip_with_a_file_for_each(official):
    batch, heard = numbers(notices(official)), []
    packed = zipfile.ZipFile(io.BytesIO(archive(batch, lambda share, name: heard.append(share))))
    assert packed.namelist()[0] == "督办2018-1_区经发局_二-6.docx"
    assert len(packed.namelist()) == len(batch) == 6
    for name, notice in zip(packed.namelist(), batch, strict=True):
        assert text_of(packed.read(name))[1]["责任单位"] == notice.unit
    assert heard[-1] == 1.0


def test_numbers_go_on_and_are_never_used_twice(folder, september):
    store = open_store(folder)
    wanted = notices(collect(store, september))
    first = numbers(wanted[:2])
    submission = store.submit(issue(first, "李四", store.revision))
    assert submission.kind == Kind.NOTICE
    assert submission.unit == "区经发局、区社会事业局"
    assert issued(store.submissions) == first
    second = numbers(wanted[2:], store.submissions)
    assert second[0].number == "督办〔2018〕3号"
    with pytest.raises(ConflictError):  # somebody else issued in between
        store.submit(issue(second, "李四", submission.revision - 1))
    store.revert(submission.revision, "李四")
    assert numbers(wanted, store.submissions)[0].number == "督办〔2018〕3号"


def test_an_issued_notice_prints_as_it_was(folder, september):
    store = open_store(folder)
    batch = numbers(notices(collect(store, september)))
    store.submit(issue(batch, "李四", store.revision))
    again = issued(open_store(folder).submissions)[0]
    assert text_of(document(again)) == text_of(document(batch[0]))
    # What the journal calls a field does not change: notices of earlier versions print as well.
    assert "standing" in store.submissions[-1].details["notices"][0]
