"""Every page through Streamlit's own test runner: what the viewer sees after each interaction."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from lib.core import findings
from lib.store import StoreError
from lib.ui.frame import filters, signing
from tests.conftest import ROOT
from tests.pages.reading import facts, open_app, tiles, word_tables, words

PAGES = ["overview", "categories", "units", "months", "gantt", "task", "help"]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_has_a_title_and_the_filters(page):
    app = open_app(page)
    assert app.title[0].value
    assert app.selectbox("month").value == "2018-09"


@pytest.mark.parametrize("page", PAGES[:-1])
def test_the_demo_banner_stands_on_every_page_with_figures(page):
    assert "演示数据" in open_app(page).warning[0].value


def test_the_overview_answers_in_one_sentence_and_tiles():
    app = open_app()
    assert app.title[0].value.startswith("截至9月，22项任务已完成6项，总体完成率65.9%")
    shown = tiles(app)
    assert len(shown) == 6
    assert shown["总体完成率"] == ("65.9%", "+7.9个百分点")
    assert shown["▲ 滞后"] == ("3项", "持平")
    assert shown["× 逾期"] == ("2项", "+1项")
    text = words(app)
    assert "应于8月完成，实际0%" in text
    assert "7项任务需要关注" in text


def test_choosing_a_month_changes_the_answer():
    app = open_app()
    app.selectbox("month").set_value("2018-06").run()
    assert app.title[0].value.startswith("截至6月，22项任务已完成5项")
    assert not app.exception


def test_a_link_reproduces_the_view():
    app = open_app(month="2018-06", unit="妇联")
    assert app.title[0].value.startswith("截至6月，2项任务")
    assert app.selectbox("unit").value == "妇联"


def test_a_control_that_never_says_what_the_page_was_told_runs_it_once_more(monkeypatch):
    runs = []

    def contrary(data):
        runs.append(data)
        return filters.Control(False, lambda: True)

    monkeypatch.setattr(filters, "against_baseline", contrary)
    app = open_app()
    assert app.title[0].value.startswith("截至9月，22项任务")
    assert len(runs) == 2
    app.selectbox("month").set_value("2018-06").run()
    assert app.title[0].value.startswith("截至6月，22项任务")
    assert len(runs) == 4


def test_a_page_that_breaks_keeps_its_filters(monkeypatch):
    def fault(figures):
        raise RuntimeError(figures.selection.month)

    monkeypatch.setattr(findings, "headline", fault)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert app.exception
    assert app.selectbox("month").value == "2018-09"


def test_a_store_that_goes_while_the_sidebar_is_drawn_is_told(monkeypatch):
    def gone(who):
        raise StoreError("读取没有成功：与数据库的连接断了")

    monkeypatch.setattr(signing, "corner", gone)
    app = open_app()
    assert "数据暂时读不到" in [title.value for title in app.title]
    assert "恢复后本页会自动更新" in app.error[0].value


def test_a_month_that_does_not_exist_shows_the_latest():
    app = open_app(month="2018-13")
    assert app.title[0].value.startswith("截至9月")
    assert app.selectbox("month").value == "2018-09"


def test_the_narratives_promises_count_only_when_switched_on():
    app = open_app()
    app.toggle("narrative").set_value(True).run()
    assert "29项任务" in app.title[0].value


@pytest.mark.parametrize("page", PAGES[:-1])
def test_an_empty_selection_says_what_to_do(page):
    app = open_app(page, category="人才帮扶", unit="妇联")
    assert "没有符合" in app.title[0].value
    assert "清除" in app.info[0].value


def test_a_category_shows_its_tasks_and_indicators():
    app = open_app("categories")
    app.selectbox("focus_category").set_value("劳务帮扶").run()
    assert "劳务帮扶：4项任务完成1项" in words(app)
    assert list(app.dataframe[0].value["任务编号"]) == ["七-1", "七-2", "七-3", "七-4"]
    assert "8／10场次" in list(app.dataframe[1].value["完成／目标"])
    app.selectbox("focus_category").set_value("组织领导").run()
    assert "定性任务" in app.info[0].value


def test_a_units_page_and_who_has_not_reported():
    app = open_app("units")
    assert "催报清单：区商务局、妇联、河海街道3个单位9月有3项任务未报" in words(app)
    for unit, task in (("区商务局", "二\\-4"), ("妇联", "八\\-2"), ("河海街道", "九\\-1")):
        assert f"- **{unit}**　{task} " in words(app)
    app.selectbox("focus_unit").set_value("妇联").run()
    assert list(app.dataframe[0].value["任务编号"]) == ["八-1", "八-2"]
    later = open_app("units", unit="区党政办")
    assert "不用催报" in later.info[0].value


def test_the_months_page_lists_what_starts_falls_due_and_changed():
    app = open_app("months")
    assert "10月没有任务启动，也没有未完成的任务到期" in words(app)
    assert word_tables(app)[0]["到期任务"].iloc[7] == "二-6"
    assert "五-2" in list(app.dataframe[0].value["任务编号"])
    app.selectbox("month").set_value("2018-01").run()
    assert "没有变化" in app.info[0].value


def test_the_gantt_filters_by_state():
    app = open_app("gantt")
    assert "9月有18项任务在计划期内，2项逾期未完成" in words(app)
    app.pills("states").set_value(["已完成"]).run()
    assert "0项逾期未完成" in words(app)
    app.pills("states").set_value(["未到期"]).run()
    assert "取消上面的状态" in app.info[0].value


def test_a_task_shows_its_text_window_units_and_reports():
    app = open_app("task")
    app.selectbox("chosen_task").set_value("七-2").run()
    assert "新增新北区2家以上劳务合作机构" in words(app)
    assert "2018年1月—2018年7月" in facts(app)["时间的理解"]
    assert len(app.dataframe[-1].value) == 4
    app.selectbox("chosen_task").set_value("二-4").run()
    assert "还没有填报" in app.info[0].value
    assert "定性任务" in words(app)


def test_the_table_of_a_chart_opens_with_its_download():
    app = open_app("categories")
    before = len(app.dataframe)
    app.session_state["table-类型完成率"] = True
    app.run()
    assert len(app.dataframe) == before + 1
    assert "完成率（%）" in app.dataframe[0].value


@pytest.mark.parametrize("page", PAGES[:-1])
def test_a_broken_plan_shows_where_and_the_help_still_opens(page, folder, rewrite, monkeypatch):
    monkeypatch.setenv("PLAN_DATA_DIR", str(folder))
    rewrite("plan.csv", "4～11月", "适时")
    app = open_app(page)
    problem = app.dataframe[0].value.iloc[0]
    assert [problem["文件"], problem["行"], problem["列"], problem["填写的是"]] == [
        "plan.csv",
        3,
        "计划完成时间",
        "适时",
    ]
    assert open_app("help").title[0].value == "使用说明"


@pytest.mark.parametrize("page", PAGES[:-1])
def test_broken_reports_leave_the_plan_readable(page, folder, rewrite, monkeypatch):
    monkeypatch.setenv("PLAN_DATA_DIR", str(folder))
    rewrite("progress.csv", "2018-01", "一月")
    app = open_app(page, month="2018-09")
    assert "未计入任何上报" in app.error[0].value
    assert app.dataframe[0].value.iloc[0]["填写的是"] == "一月"
    assert app.title[0].value


def test_no_reports_at_all_says_what_to_do(folder, monkeypatch):
    monkeypatch.setenv("PLAN_DATA_DIR", str(folder))
    path = folder / "progress.csv"
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0], encoding="utf-8")
    app = open_app()
    assert "还没有任何上报" in app.info[0].value
    assert app.title[0].value.startswith("截至1月")


def test_real_reports_take_the_banner_away(folder, monkeypatch):
    monkeypatch.setenv("PLAN_DATA_DIR", str(folder))
    path = folder / "progress.csv"
    text = path.read_text(encoding="utf-8").replace("演示（虚构示例，非真实进展）", "单位填报")
    path.write_text(text, encoding="utf-8")
    assert not open_app().warning


def test_text_of_data_is_never_markup(folder, rewrite, monkeypatch):
    monkeypatch.setenv("PLAN_DATA_DIR", str(folder))
    rewrite("plan.csv", "选派2～3名机关", ":red[**甲**]<b>[x](http://a)选派2～3名机关")
    app = open_app("task", task="六-1")
    app.selectbox("chosen_task").set_value("六-1").run()
    assert r"\:red\[\*\*甲\*\*\]\<b\>\[x\]\(http\://a\)" in words(app)
