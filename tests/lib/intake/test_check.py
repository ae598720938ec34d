"""Every mistake of a report, by cell, with how to put it right."""

from __future__ import annotations

import pytest

from lib import intake
from lib.core import months
from tests.lib.intake.reports import GOOD, PERCENT, book, findings, text, with_cell


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("３", 3),
        ("1,200", 1200),
        ("１，２００", 1200),
        ("2家", 2),
        ("2 家", 2),
        ("2.5", 2.5),
        ("+3", 3),
    ],
)
def test_quantities_as_people_write_them(shipped, written, value):
    row = '"' + written + '"'
    checked = intake.check(text(with_cell(GOOD, "本月完成", row)).encode(), "a.csv", shipped)
    assert not checked.errors
    assert checked.rows["quantity"].tolist() == [value]


def test_a_session_written_as_chang_is_the_same_as_changci(shipped):
    row = ["七-3", "2018-10", "区人社局", "专场招聘会", "1场", "", ""]
    assert not intake.check(text(row).encode(), "a.csv", shipped).errors


@pytest.mark.parametrize("written", ["85%", "８５％", "85", "85.0"])
def test_percentages_as_people_write_them(shipped, written):
    row = with_cell(PERCENT, "累计完成率", written)
    checked = intake.check(text(row).encode(), "a.csv", shipped)
    assert not checked.findings
    assert checked.rows["cumulative_percent"].tolist() == [85]


ERRORS = [
    (GOOD, "任务编号", "二一1", "计划中没有这个任务", "二-1"),
    (GOOD, "任务编号", "", "计划中没有这个任务", "任务编号"),
    (GOOD, "填报单位", "区商务局", "不是这个任务的责任单位", "区农业局"),
    (GOOD, "填报单位", "", "没有填写填报单位", "名称"),
    (GOOD, "指标", "对接农业企业", "这个任务没有这个指标", "到紫阳县对接的农业企业"),
    (GOOD, "月份", "2018-13", "无法识别的月份", "2018-04"),
    (GOOD, "月份", "", "没有填写月份", "2018-04"),
    (GOOD, "月份", "2019-02", "不在计划年度之内", "2018-12"),
    (GOOD, "月份", "12月", "晚于填报月份2018-10", "2018-10"),
    (GOOD, "本月完成", "-2", "不能是负数", "0或正数"),
    (GOOD, "本月完成", "两家", "不是数字", "0或正数"),
    (GOOD, "本月完成", "约3", "不是数字", "0或正数"),
    (GOOD, "本月完成", "2人", "与指标的计量单位「家」不一致", "按家计"),
    (GOOD, "本月完成", "50%", "与指标的计量单位「家」不一致", "按家计"),
    (GOOD, "本月完成", "", "缺少数量", "本月新增"),
    (GOOD, "累计完成率", "50", "定量任务按指标计算", "清空"),
    (PERCENT, "累计完成率", "101", "超过100", "0到100"),
    (PERCENT, "累计完成率", "-1", "不能是负数", "0到100"),
    (PERCENT, "累计完成率", "大半", "不是数字", "0到100"),
    (PERCENT, "累计完成率", "50家", "数字后面多了「家」", "0到100"),
    (PERCENT, "累计完成率", "", "缺少完成率", "0到100"),
    (PERCENT, "本月完成", "3", "定性任务不填数量", "清空"),
    (PERCENT, "指标", "次数", "定性任务没有指标", "定性任务不填指标"),
]


@pytest.mark.parametrize(("row", "column", "value", "problem", "fix"), ERRORS)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_mistake_is_told_by_cell_with_how_to_put_it_right(
    shipped, row, column, value, problem, fix, kind
):
    wrong = with_cell(row, column, value)
    other = PERCENT if row is GOOD else GOOD
    content = text(other, wrong).encode("gbk") if kind == "csv" else book(other, wrong)
    checked = intake.check(content, f"a.{kind}", shipped, month=months.parse("2018-10"))
    errors = [error for error in checked.errors if error.column == column]
    assert len(errors) == 1, checked.table().to_string()
    assert (errors[0].row, errors[0].value) == (3, value)
    assert problem in errors[0].problem
    assert fix in errors[0].fix
    assert checked.wrong == {3}
    assert checked.rows.index.tolist() == [2]


def test_all_mistakes_are_told_at_once(shipped):
    rows = [with_cell(GOOD, "本月完成", "x"), with_cell(PERCENT, "累计完成率", "999"), GOOD]
    checked = intake.check(text(*rows).encode(), "a.csv", shipped)
    assert [(row, column) for row, column, _, _ in findings(checked)] == [
        (2, "任务编号"),
        (2, "本月完成"),
        (3, "累计完成率"),
        (4, "任务编号"),
    ]
    assert "第2、4行重复" in checked.errors[0].problem
    assert checked.unusable


def test_rows_of_another_unit_are_refused_and_rows_without_one_are_the_units_own(shipped):
    rows = [with_cell(GOOD, "填报单位", ""), PERCENT]
    checked = intake.check(text(*rows).encode(), "a.csv", shipped, unit="区农业局")
    assert [(row, column) for row, column, _, _ in findings(checked)] == [(3, "填报单位")]
    assert checked.rows["unit"].tolist() == ["区农业局"]


def test_other_spellings_of_a_unit_are_known(shipped):
    checked = intake.check(
        text(with_cell(PERCENT, "填报单位", "党政办公室")).encode(), "a.csv", shipped
    )
    assert checked.rows["unit"].tolist() == ["区党政办"]


def test_the_only_indicator_of_a_task_need_not_be_written(shipped):
    checked = intake.check(text(with_cell(GOOD, "指标", "")).encode(), "a.csv", shipped)
    assert checked.rows["indicator"].tolist() == ["到紫阳县对接的农业企业"]


@pytest.mark.parametrize(
    ("title", "asked"),
    [
        ("2018年9月工作进展情况填报表", True),
        ("9月份进展表", True),
        ("2018年10月工作进展情况填报表", False),
        ("进展表（填报日期：11月2日）", False),
    ],
)
def test_a_title_that_names_another_month_than_the_chosen_one_is_asked_about(shipped, title, asked):
    lines = [title, "任务编号,填报单位,指标,本月完成,累计完成率,进展说明", "八-2,妇联,,,90,走访"]
    october = months.parse("2018-10")
    checked = intake.check(
        "\n".join(lines).encode(), "十月.csv", shipped, unit="妇联", month=october
    )
    about_month = [finding for finding in checked.findings if finding.column == "月份"]
    assert [finding.needs_consent for finding in about_month] == [asked]
