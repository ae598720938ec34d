"""Figures of the shipped plan: roll-ups agree with one another and with the words."""

import json

import pandas as pd
import pytest

from lib.cli.__main__ import main
from lib.core import findings, views, wording
from lib.core.figures import GROUP_FIELDS, TASK_FIELDS, Figures, Selection
from lib.files import plan_folder
from lib.store import Attachment, listing


def test_every_state_is_in_the_sample(shipped):
    seen, flags = set(), set()
    for month in shipped.axis:
        rows = Figures(shipped, Selection(month)).rows("task")
        seen |= set(rows["status"])
        flags |= {flag for row in rows["flags"] for flag in row}
    assert seen == {"已完成", "未到期", "逾期", "滞后", "正常"}
    assert flags == {"提前", "临期", "未报"}


def test_a_month_row_is_the_overall_of_that_month(shipped, september):
    rows = september.rows("month")
    assert next(iter(rows["key"])) == "2018-01"
    assert len(rows) == 12
    for key, row in rows.set_index("key").iterrows():
        month = pd.Period(key, "M").ordinal
        overall = Figures(shipped, Selection(month)).rows("overall").iloc[0]
        assert row.drop("spi").to_dict() == pytest.approx(overall.drop(["key", "spi"]).to_dict())


def test_a_selected_units_total_is_its_row_in_the_ranking(shipped, september):
    ranking = september.by_unit.set_index("key")
    for unit in shipped.units:
        total = september.of_unit(unit).overall.iloc[0]
        assert total["earned_value"] == pytest.approx(ranking.at[unit, "earned_value"])
        assert total["tasks"] == ranking.at[unit, "tasks"]


def test_a_cross_year_window_draws_out_the_axis(folder, rewrite):

    rewrite("plan.csv", "区党政办,全年", "区党政办,2018年3月—2019年2月")
    data = plan_folder.load(folder)
    assert len(data.axis) == 14
    assert len(Figures(data, Selection(data.latest_month)).rows("month")) == 12


def test_the_headline_says_the_figures(september):
    total = september.overall.iloc[0]
    text = findings.headline(september)
    assert text.startswith(f"截至9月，22项任务已完成{total['completed']}项")
    assert wording.percent(total["earned_value"]) in text
    assert "落后序时进度1.0个百分点" in text


def test_reasons_name_what_is_late(september):
    reasons = dict(
        zip(
            september.attention["task_id"],
            findings.reasons(september, september.attention),
            strict=True,
        )
    )
    assert reasons["二-6"] == "应于8月完成，实际0%"
    assert "落后序时进度60.0个百分点" in reasons["二-4"]
    assert "9月未报：区商务局" in reasons["二-4"]
    assert reasons["八-2"] == "9月未报：妇联"


def test_sentences_at_the_edges_of_the_plan(shipped, september):
    first = september.at(shipped.axis[0])
    last = september.at(shipped.axis[-1])
    assert findings.changed(first) == "1月是计划的第一个月，没有上月可比"
    assert findings.due(last) == "12月是计划的最后一个月"
    assert findings.changed(september.at(shipped.axis[9])).startswith("与上月相比")
    assert "当月推进" not in findings.curve(first)
    october = september.at(shipped.axis[9])
    assert "11月到期" in " ".join(findings.reasons(october, october.attention))
    nobody = september.of_tasks([])
    assert findings.headline(nobody).startswith("没有符合条件的任务")
    for sentence in (findings.curve, findings.counts, findings.timeline):
        assert sentence(nobody) == "没有符合条件的任务"
    assert findings.attention(nobody) == "没有需要关注的任务"
    assert findings.groups(nobody.by_category, "类型") == "没有符合条件的任务"
    assert findings.missing(nobody) == "9月没有需要催报的单位"


def test_projection_in_words(september):
    assert findings.projection(september.of_tasks(["三-2"])) == "已于6月完成"
    assert findings.projection(september.of_tasks(["二-4"])) == "还没有进度，无法推算"
    assert findings.projection(september.of_tasks(["二-2"])).endswith("晚于计划")
    assert findings.task(september.of_tasks(["二-6"])).endswith("8月到期，已逾期")
    assert findings.task(september.of_tasks(["三-2"])).endswith("已完成")


def test_wording():
    assert wording.signed_points(0.021) == "+2.1个百分点"
    assert wording.signed_points(0.0) == "持平"
    assert wording.against_plan(0.5, 0.5) == "与序时进度持平"
    assert wording.percent(float("nan")) == "—"
    assert wording.short_title("3．举办10场次专场招聘会，开展") == "举办10场次专场招聘会"
    assert wording.listing(["甲", "乙", "丙", "丁"]) == "甲、乙、丙等4项"
    assert wording.listing(["甲"]) == "甲"


def test_tables_for_people(september):
    assert list(views.missing_table(september)["责任单位"]) == ["区商务局", "妇联", "河海街道"]
    indicators = views.indicator_table(september).set_index("指标")["完成／目标"]
    assert indicators["专场招聘会"] == "8／10场次"
    assert indicators["机关事业单位干部到紫阳县锻炼交流"] == "3／2～3名"
    calendar = views.calendar_table(september).set_index("月份")
    assert calendar.at["8月", "到期任务"] == "二-6"
    evidence = [
        (None, Attachment("招聘会.jpg", "", 1, "image/jpeg", "七-3", "2018-09", "区人社局")),
        (None, Attachment("培训.pdf", "", 1, "application/pdf", "七-3", "2018-09", "区人社局")),
    ]
    reports = listing.report_table(september, "七-3", evidence)
    shown = reports.groupby("月份")["佐证材料"].unique().map("／".join)
    assert shown["2018-09"] == "招聘会.jpg、培训.pdf"
    assert shown["2018-08"] == ""
    assert reports["月份"].is_monotonic_decreasing
    assert len(reports) == 21
    assert len(views.task_table(september)) == 22
    assert findings.changed(september).startswith("与上月相比，13项有进展")


@pytest.mark.parametrize("by", ["overall", "category", "unit", "month"])
def test_the_command_prints_the_pages_figures(capsys, september, by):
    assert main(["figures", "--data", "data", "--month", "2018-09", "--by", by]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [list(row) for row in rows] == [GROUP_FIELDS] * len(rows)
    expected = september.rows(by)
    assert [row["earned_value"] for row in rows] == pytest.approx(
        list(expected["earned_value"]), abs=1e-6
    )


def test_the_command_prints_tasks_and_null_while_spi_is_undefined(capsys):
    assert main(["figures", "--by", "task", "--with-narrative"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert len(rows) == 29
    assert list(rows[0]) == TASK_FIELDS
    assert rows[0]["units"] == ["区党政办"]
    assert main(["figures", "--by", "category", "--month", "2018-02"]) == 0
    rows = {row["key"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows["教育帮扶"]["spi"] is None


def test_the_command_writes_csv_for_excel(capfdbinary):
    assert main(["figures", "--by", "task", "--format", "csv"]) == 0
    text = capfdbinary.readouterr().out.decode("utf-8-sig")
    assert text.splitlines()[0] == ",".join(TASK_FIELDS)
    assert "区人社局、总工会、团区委、妇联" in text


def test_the_command_refuses_wrong_use_and_broken_data(capsys, folder, rewrite):
    assert main(["figures", "--month", "2031-01"]) == 2
    assert "不在计划的月份之内" in capsys.readouterr().err
    with pytest.raises(SystemExit) as wrong:
        main(["figures", "--month", "九月"])
    assert wrong.value.code == 2
    assert "应写成 2018-04" in capsys.readouterr().err
    rewrite("progress.csv", "2018-01", "一月")
    assert main(["figures", "--data", str(folder)]) == 1
    assert "progress.csv 第2行「月份」列：填写的是「一月」" in capsys.readouterr().err
    rewrite("plan.csv", "4～11月", "适时")
    assert main(["figures", "--data", str(folder)]) == 1
    assert "plan.csv 第3行" in capsys.readouterr().err
