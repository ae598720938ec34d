"""A proposal: doubts that edits settle, what acceptance fills in, the files it makes."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.core import schema
from lib.core.dataset import read_aliases
from lib.core.problems import DataError
from lib.core.windows import parse_window
from lib.files import csv_tables, plan_folder
from lib.planning import Context, propose, proposed, read_text, understand
from lib.planning.files import alias_file
from tests.timing import is_quick

TEXT = (
    "2020年工作计划\n序号\t类型\t工作任务\t目标值\t责任单位\t完成时限\n"
    "一\t产业\t引进企业10家以上，会议费不超过2万元。\t10家\t区经发局\t全年\n"
    "一\t产业\t选派5家。\t\t区科枝局\t择机\n"
    "二\t教育\t就业率达到90%以上。\t稳中有升\t\t4月\n"
)


@pytest.fixture
def proposal():
    return propose(understand(read_text(TEXT, "计划.txt")))


def doubts(proposal):
    return [(doubt.task_ids, doubt.column, doubt.value) for doubt in proposal.doubts]


def test_each_doubt_is_listed(proposal):
    assert doubts(proposal) == [
        (("一-2",), "计划完成时间", "择机"),
        (("二-1",), "责任单位", ""),
        (("一-2",), "责任单位", "区科枝局"),
        (("一-2",), "指标", "选派 5家"),
        (("二-1",), "指标", "就业率 不少于90%"),
        (("二-1",), "目标值", "稳中有升"),
    ]
    assert "区科技局" in proposal.doubts[2].problem


def test_nothing_is_adopted_while_a_doubt_is_open(proposal):
    with pytest.raises(DataError, match="没有责任单位"):
        proposal.adopted([doubt.key for doubt in proposal.doubts])
    with pytest.raises(DataError, match="择机"):
        proposal.adopted([])


def test_the_units_of_the_plan_are_known_for_highlighting(proposal):
    assert {"区科枝局", "区经发局"} <= proposal.units_seen


def set_cell(frame, task, header, value):
    changed = frame.copy()
    changed.loc[changed["任务编号"] == task, header] = value
    return changed


def test_edits_settle_doubts(proposal):
    plan = set_cell(proposal.plan, "二-1", "责任单位", "区社会事业局")
    plan = set_cell(plan, "一-2", "责任单位", "区科技局")
    plan = set_cell(plan, "一-2", "计划完成时间", "9月")
    targets = set_cell(proposal.targets, "一-2", "指标", "选派企业")
    edited = proposal.edited(plan, targets)
    assert [column for _, column, _ in doubts(edited)] == ["指标", "目标值"]
    ready = edited.adopted([doubt.key for doubt in edited.doubts])
    made = ready.dataset()
    assert made.targets["indicator"].tolist() == ["企业", "会议费", "选派企业", "就业率"]
    assert list(made.units) == ["区经发局", "区科技局", "区社会事业局"]


def test_accepting_an_unreadable_time_keeps_the_words_and_takes_the_year(proposal):
    plan = set_cell(proposal.plan, "二-1", "责任单位", "区社会事业局")
    edited = proposal.edited(plan, proposal.targets)
    made = edited.adopted([doubt.key for doubt in edited.doubts]).dataset()
    row = made.tasks.loc["一-2"]
    assert row["window_text"] == "择机"
    assert parse_window("全年", 2020).start.ordinal == row["start"]
    assert parse_window("全年", 2020).end.ordinal == row["end"]


def test_files_load_as_a_plan(proposal, tmp_path):
    plan = set_cell(proposal.plan, "二-1", "责任单位", "区社会事业局")
    edited = proposal.edited(plan, proposal.targets)
    files = edited.adopted([doubt.key for doubt in edited.doubts]).files()
    made = plan_folder.read(files, schema.PROGRESS.empty())
    assert made.settings.year == 2020
    assert made.tasks["goal"].tolist() == ["10家", "", "稳中有升"]
    assert "责任领导" not in files["plan.csv"].decode("utf-8-sig")


def test_a_year_must_be_known():
    reading = understand(read_text(TEXT.replace("2020年", "")))
    with pytest.raises(DataError, match="不知道是哪一年"):
        propose(reading)
    assert propose(reading, year=2031).settings.year == 2031


def test_two_indicators_of_one_name_are_told_apart():
    text = TEXT.splitlines()[0] + "\n类型\t工作任务\t责任单位\t完成时限\n"
    text += "产业\t引进企业2家；培育企业5家。\t区经发局\t全年\n"
    made = propose(understand(read_text(text)))
    assert made.targets["指标"].tolist() == ["企业", "企业（2）"]
    assert any("两个「企业」" in doubt.problem for doubt in made.doubts)


def test_indicators_of_the_running_plan_keep_their_names(shipped):
    text = (
        "2018年计划\n序号\t类型\t工作任务\t责任单位\t完成时限\n"
        "七\t劳务帮扶\t招聘。\t区人社局\t全年\n七\t劳务帮扶\t新增2家以上劳务合作机构。\t区人社局\t8月前\n"
    )
    present = schema.TARGETS.texts(shipped.targets)
    made = propose(understand(read_text(text)), present=present)
    assert made.targets["指标"].tolist() == ["新增劳务合作机构"]


def test_records_are_what_the_command_line_prints(proposal):
    first = proposal.records()[0]
    assert list(first) == [
        *("task_id", "category", "text", "units", "window"),
        *("start", "end", "source", "leader", "note", "milestones", "targets", "doubts"),
    ]
    assert (first["start"], first["end"], first["units"]) == ("2020-01", "2020-12", ["区经发局"])
    assert first["targets"][0] == {
        "indicator": "企业",
        "op": ">=",
        "value": 10.0,
        "upper": None,
        "unit": "家",
    }
    assert [target["op"] for target in first["targets"]] == [">=", "<="]
    assert proposal.records()[1]["start"] is None


def test_aliases_are_written_so_that_they_read_the_same():
    names = {"教育局": "区教育局", '带"引号"': "甲,乙"}
    table = csv_tables.parse(schema.ALIASES, alias_file(names), "units.csv")
    assert read_aliases(table) == names


@given(st.lists(st.sampled_from(["全年", "4月", "择机", "", "8月前"]), min_size=1, max_size=5))
@settings(max_examples=settings.default.max_examples // 2)
def test_every_window_is_read_or_doubted(windows):
    rows = "".join(f"产业\t考察{n}次。\t区经发局\t{text}\n" for n, text in enumerate(windows, 1))
    text = "2020年计划\n类型\t工作任务\t责任单位\t完成时限\n" + rows
    made = propose(understand(read_text(text)))
    ready = made.adopted([doubt.key for doubt in made.doubts])
    assert len(ready.dataset().tasks) == len(windows)
    assert isinstance(ready.plan, pd.DataFrame)


QUARTERS = (
    "2020年重点项目\n重点工作\t责任领导\t责任单位\t第一季度目标\t二季度\t完成情况\t完成时限\n"
    "新建公厕2座\t郑某\t县城管局\t\t开工。\t未开工\t\n"
    "新建路灯3盏\t郑某\t县城管局\t\t\t未开工\t\n"
    "新建绿道14公里\t吴某\t县园林中心\t完成选线。\t完成路基。\t已选线\t春节前\n"
)


def test_milestones_leaders_and_notes_are_kept():
    record = propose(understand(read_text(QUARTERS))).records()[2]
    assert record["milestones"] == [
        {"period": "2020-Q1", "text": "完成选线。"},
        {"period": "2020-Q2", "text": "完成路基。"},
    ]
    assert record["leader"] == "吴某"
    assert [target["value"] for target in record["targets"]] == [14]


def test_a_milestone_survives_adoption(tmp_path):
    proposal = propose(understand(read_text(QUARTERS)))
    ready = proposal.adopted([doubt.key for doubt in proposal.doubts])
    tasks = plan_folder.read(ready.files(), schema.PROGRESS.empty()).tasks
    months = [f"{month // 12 + 1970}-{month % 12 + 1:02d}" for month in tasks["due"].iloc[0]]
    assert months == ["2020-06", "2020-12"]


def test_equal_doubts_are_one_with_its_places():
    doubts = propose(understand(read_text(QUARTERS))).doubts
    (missing,) = [doubt for doubt in doubts if doubt.problem == "没有填写"]
    assert len(missing.task_ids) == 2


def test_a_holiday_is_asked_once_with_what_it_stands_for():
    proposal = propose(understand(read_text(QUARTERS)))
    (asked,) = [doubt for doubt in proposal.doubts if "哪个月" in doubt.problem]
    assert asked.assumed == "春节是2020年1月25日，按1月底前"
    ready = proposal.adopted([doubt.key for doubt in proposal.doubts])
    assert not [doubt for doubt in ready.doubts if "哪个月" in doubt.problem]


def test_the_report_tells_columns_doubts_and_what_gave_nothing():
    text = "2020年计划\n" + QUARTERS.split("\n", 1)[1].replace("完成情况", "资金渠道")
    report = propose(understand(read_text(text))).report()
    assert report["columns"]["责任领导"] == "责任领导"
    assert report["columns"]["第一季度目标"] == "进度安排"
    assert report["columns"]["资金渠道"] == "不读取"
    assert [unread["place"] for unread in report["unread"]] == ["表1「资金渠道」列"]
    assert any(doubt["value"] == "资金渠道" for doubt in report["doubts"])


@pytest.mark.parametrize(
    ("title", "unit"),
    [
        ("白鹭县2020年工作计划", "财政局"),
        ("新北区2020年工作计划", "区财政局"),
        ("2020年工作计划", "区财政局"),
    ],
)
def test_another_regions_units_are_not_ours(title, unit):
    text = f"{title}\n类型\t工作任务\t责任单位\t完成时限\n产业\t修路。\t财政局\t全年\n"
    ours = Context(aliases={"财政局": "区财政局"}, parties=("常州市新北区", "安康市紫阳县"))
    records = proposed(understand(read_text(text)), ours).records()
    assert records[0]["units"] == [unit]


def test_a_plan_of_500_tasks_is_read_proposed_and_written_in_seconds():
    aim = "围绕高质量发展要求，健全防止返贫动态监测和帮扶机制，推动项目落地见效；" * 6
    rows = [
        f"第{number % 16}类\t第{number}项：建设基地{number}个，{aim}培训{number}人次。"
        f"\t县第{number % 46}局\t{'12月底前' if number % 2 else '3～10月'}\n"
        for number in range(1, 501)
    ]
    text = "2020年工作计划\n类型\t工作任务\t责任单位\t完成时限\n" + "".join(rows)
    written = []

    def adopt():
        proposal = propose(understand(read_text(text)))
        written.append(proposal.adopted([doubt.key for doubt in proposal.doubts]).files())

    assert is_quick(adopt, 3)
    assert written[0]["plan.csv"].count(b"\n") == 501
