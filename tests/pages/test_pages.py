"""Every page through Streamlit's own test runner: what the viewer sees after each interaction."""

from __future__ import annotations

import re
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from lib import intake
from lib.core.figures import Figures, Selection
from lib.report import Material
from lib.report.notices import issue, notices, numbered
from lib.store import Draft, Original, StoreError, open_store
from lib.ui import overview
from lib.ui.frame import filters, signing
from lib.ui.kit import charts
from lib.ui.kit.elements import plain
from tests.conftest import ROOT
from tests.lib.intake.reports import PERCENT, text, with_cell
from tests.pages.reading import facts, open_app, rows, words

PAGES = ["overview", "categories", "units", "months", "gantt", "task", "search", "explain"]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_has_a_title_and_the_filters(page):
    app = open_app(page)
    assert app.title[0].value
    assert app.selectbox("month").value == "2018-09"


@pytest.mark.parametrize("page", PAGES)
def test_the_demo_tag_stands_on_every_page_with_figures(page):
    assert "演示数据" in words(open_app(page))


def test_pages_without_figures_have_no_filters():
    assert "month" not in [box.key for box in open_app("help").selectbox]


def test_the_overview_answers_the_five_questions():
    app = open_app()
    assert app.title[0].value == (
        "截至9月末总体略低于计划（完成65.9%，低1.0个百分点）；产业帮扶差25.3个百分点；2项逾期、3项滞后"
    )
    text = words(app)
    assert "已完成  6 ／22项 ▲1" in text.replace("  ▲", " ▲")
    assert "未报  3 项：区商务局、妇联、河海街道" in text
    late = [row for row in rows(app, "task-row") if "逾期 区" in row or "滞后 区" in row]
    assert [row.split()[2] for row in late] == [
        "区经发局",
        "区社会事业局",
        "区商务局",
        "区农业局",
        "区人社局",
    ]
    assert late[0].endswith(
        "两地联合组织一次合作对接会 应于8月完成；对接会因档期再次推迟；10月中旬前举办 0% −100"
    )
    assert "没有说明" in late[2]
    assert "接下来到期：10月无，11月底6项，2项还没有进展" in text
    assert [row.split()[0] for row in rows(app, "gap-row")][1:4] == [
        "产业帮扶",
        "健康帮扶",
        "劳务帮扶",
    ]
    assert "比上月：13项有进展，新增1项已完成，新增1项逾期" in text
    assert "请紫阳县协调产品检测报告。" in text


def test_months_without_reports_are_said_in_the_title_and_above_it():
    app = open_app(month="2018-12")
    assert app.title[0].value.endswith("16项逾期（10—12月没有填报，完成率停在9月末）")
    assert "10—12月没有填报" in app.info[0].value


def test_choosing_a_month_changes_the_answer():
    app = open_app()
    app.selectbox("month").set_value("2018-06").run()
    assert app.title[0].value.startswith("截至6月末总体领先计划")
    app.button("month-on").click().run()
    assert app.title[0].value.startswith("截至7月末")
    app.button("month-back").click().run()
    assert app.selectbox("month").value == "2018-06"
    assert not app.exception


def test_a_link_reproduces_the_view():
    app = open_app(month="2018-06", unit="妇联")
    assert app.title[0].value.startswith("截至6月末")
    assert "／2项" in words(app)
    assert app.selectbox("unit").value == "妇联"


def test_a_control_that_never_says_what_the_page_was_told_runs_it_once_more(monkeypatch):
    runs = []

    def contrary(data):
        runs.append(data)
        return filters.Control(False, lambda: True)

    monkeypatch.setattr(filters, "against_baseline", contrary)
    app = open_app()
    assert app.title[0].value.startswith("截至9月末总体")
    assert len(runs) == 2
    app.selectbox("month").set_value("2018-06").run()
    assert app.title[0].value.startswith("截至6月末总体")
    assert len(runs) == 4


def test_a_page_that_breaks_keeps_its_filters_and_says_a_number_that_the_log_has(
    monkeypatch, caplog
):
    def fault(answers, links):
        raise RuntimeError(answers.month)

    monkeypatch.setattr(overview, "answer_lists", fault)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert app.exception
    assert app.selectbox("month").value == "2018-09"
    (number,) = re.findall(r"本页出错了（编号 (\w{6})）", app.error[-1].value)
    assert f"编号 {number}\nTraceback" in caplog.text
    assert "RuntimeError" in caplog.text
    assert app.exception[0].message == "这里出错了，没有显示出来。出错的详情在服务器的日志里。"


def test_a_table_that_breaks_says_a_number_that_the_log_has(monkeypatch, caplog):
    def fault(*_):
        raise RuntimeError

    monkeypatch.setattr(charts, "download", fault)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.session_state["table-进度曲线"] = True
    app.switch_page("pages/months.py").run()
    (number,) = re.findall(r"这张表出错了（编号 (\w{6})）", app.error[-1].value)
    assert f"编号 {number}\nTraceback" in caplog.text
    assert "RuntimeError" in caplog.text


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
    assert "／29项" in words(app)


@pytest.mark.parametrize("page", [page for page in PAGES if page != "search"])
def test_an_empty_selection_says_what_to_do(page):
    app = open_app(page, category="人才帮扶", unit="妇联")
    assert "清除" in app.info[0].value
    assert not app.exception


def test_a_category_shows_its_tasks_and_indicators():
    app = open_app("categories")
    app.selectbox("focus_category").set_value("劳务帮扶").run()
    assert "劳务帮扶：4项任务完成1项" in words(app)
    assert "区人社局 开展“四个一”模式劳务帮扶 ●" in " ".join(words(app).split())
    assert any("8／10场次" in row for row in rows(app, "task-row"))
    app.selectbox("focus_category").set_value("组织领导").run()
    assert "这些任务都是定性任务" in words(app)


def test_a_units_page_and_who_has_not_reported():
    app = open_app("units")
    assert "催报清单：区商务局、妇联、河海街道3个单位9月有3项任务未报" in words(app)
    missing = rows(app, "task-row")
    for row, start in zip(missing, ("区商务局 二-4", "妇联 八-2", "河海街道 九-1"), strict=True):
        assert row.startswith(start)
    app.selectbox("focus_unit").set_value("妇联").run()
    assert "妇联：2项任务完成1项" in words(app)
    assert "区人社局 积极动员社会爱心力量、整合爱心资源 ● ● ● ● ▲" in " ".join(words(app).split())
    later = open_app("units", unit="区党政办")
    assert "9月没有需要催报的单位" in words(later)


def test_the_months_page_lists_what_starts_falls_due_and_changed():
    app = open_app("months")
    assert "接下来到期：10月无，11月底6项" in words(app)
    assert "11月：到期6项" in words(app)
    assert any(
        row.strip().startswith("区商务局 组织紫阳县招商人员") for row in rows(app, "task-row")
    )
    assert any(
        "组织2次医疗卫生经验交流" in row and "0%→50%" in row for row in rows(app, "task-row")
    )
    app.selectbox("month").set_value("2018-01").run()
    assert "1月是计划的第一个月" in words(app)


def test_the_gantt_has_a_row_per_task_with_unit_window_completion_and_gap():
    app = open_app("gantt")
    assert app.title[0].value == "22项任务完成6项，2项逾期、3项滞后；11月底6项到期"
    shown = rows(app, "gantt-row")
    assert len(shown) == 23  # the head and 22 tasks
    assert shown[7].startswith("两地联合组织一次合作对接会 区经发局 6～8月 0% −100") or (
        "两地联合组织一次合作对接会 区经发局 6～8月 0% −100" in shown[7]
    )
    app.segmented_control("order").set_value("urgency").run()
    assert "两地联合组织一次合作对接会" in rows(app, "gantt-row")[1]
    app.toggle("open").set_value(True).run()
    assert len(rows(app, "gantt-row")) == 17


def test_a_search_finds_tasks_units_and_reports():
    app = open_app("search")
    app.text_input("q").set_value("物流成本").run()
    assert app.title[0].value == "找到1项任务"
    assert "9月区农业局填报：" in words(app)
    app.text_input("q").set_value("区商务局 招商").run()
    assert "组织紫阳县招商人员赴国内知名高校" in words(app)
    app.text_input("q").set_value("没有这个词").run()
    assert "没有找到" in app.info[0].value


def test_a_figure_is_followed_down_to_its_reports():
    total = open_app("explain")
    assert "总体完成率 65.9% ＝ 22项任务的完成率按权重（合计22）平均" in words(total)
    category = open_app("explain", focus_category="产业帮扶")
    assert "产业帮扶完成率 39.7% ＝ 下列7项任务" in words(category)
    task = open_app("explain", task="二-6")
    assert "完成率 0.0% ＝ 1个指标完成率的平均" in words(task)
    assert "progress.csv 第227行" in words(task)


def test_a_task_shows_its_text_window_units_and_reports():
    app = open_app("task")
    app.selectbox("chosen_task").set_value("七-2").run()
    assert "新增新北区2家以上劳务合作机构" in words(app)
    assert "2018年1月—2018年7月" in facts(app)["时间的理解"]
    assert "共4条填报" in words(app)
    app.selectbox("chosen_task").set_value("二-4").run()
    assert "还没有填报" in app.info[0].value
    assert "定性任务" in words(app)


def test_a_task_and_its_explanation_name_submission_file_row_and_notice(folder, monkeypatch):
    monkeypatch.setenv("PLAN_DATA_DIR", str(folder))
    store = open_store(str(folder))
    content = text(with_cell(PERCENT, "累计完成率", "70")).encode()
    checked = intake.check(content, "党政办.csv", store.dataset())
    changes = intake.preview(store.dataset(), checked, "张三").changes
    original = Original("党政办.csv", content)
    sent = store.submit(Draft("张三", changes, unit="区党政办", original=original))
    dataset = store.dataset()
    material = Material(Figures(dataset, Selection(dataset.latest_month)), sent.revision)
    batch = [notice for notice in notices(material) if notice.task_id == "一-1"]
    day = date(2018, 11, 8)
    batch = numbered(batch, [], issuer="李四", day=day, answer_by=day, year=2018)
    store.submit(issue(batch, "李四", sent.revision))

    explained = words(open_app("explain", task="一-1", month="2018-10"))
    assert f"第{sent.revision}号 张三" in explained
    assert "党政办.csv 第2行" in explained
    assert "progress.csv 第" in explained  # what stood there before the journal began
    story = words(open_app("task", task="一-1", month="2018-10"))
    assert "发区党政办督办单督办〔2018〕1号" in story
    assert "督办单督办" not in words(open_app("task", task="一-1", month="2018-09"))


def test_the_table_of_a_chart_opens_with_its_download():
    app = open_app("categories")
    before = len(app.dataframe)
    app.session_state["table-类型完成率"] = True
    app.run()
    assert len(app.dataframe) == before + 1
    assert "完成率（%）" in app.dataframe[0].value


@pytest.mark.parametrize("page", PAGES)
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


@pytest.mark.parametrize("page", PAGES)
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
    assert app.title[0].value.startswith("还没有填报：22项任务")
    assert not app.info
    assert "去填报" in words(app)
    assert len(rows(app, "gantt-row")) == 23
    assert "还没有任何填报" in open_app("units").info[0].value


def test_real_reports_take_the_tag_away(folder, monkeypatch):
    monkeypatch.setenv("PLAN_DATA_DIR", str(folder))
    path = folder / "progress.csv"
    text = path.read_text(encoding="utf-8").replace("演示（虚构示例，非真实进展）", "单位填报")
    path.write_text(text, encoding="utf-8")
    assert "演示数据" not in words(open_app())


def test_text_of_data_is_never_markup(folder, rewrite, monkeypatch):
    monkeypatch.setenv("PLAN_DATA_DIR", str(folder))
    rewrite("plan.csv", "选派2～3名机关", ":red[**甲**]<b>[x](http://a)选派2～3名机关")
    app = open_app("task", task="六-1")
    app.selectbox("chosen_task").set_value("六-1").run()
    assert plain(":red[**甲**]<b>[x](http://a)") in words(app)


def test_a_part_above_its_whole_is_a_banner_and_the_figures_stay(folder, monkeypatch):
    monkeypatch.setenv("PLAN_DATA_DIR", str(folder))
    path = folder / "targets.csv"
    head, *rows = path.read_text("utf-8-sig").splitlines()
    whole = {"七-3,贫困人口就业技能培训": "有组织劳务对接"}
    rows = [f"{row},{whole.get(','.join(row.split(',')[:2]), '')}" for row in rows]
    path.write_text("\n".join([f"{head},所属指标", *rows, ""]), encoding="utf-8-sig")
    path = folder / "progress.csv"
    reports = path.read_text("utf-8-sig")
    row = "七-3,2018-03,区人社局,贫困人口就业技能培训,"
    path.write_text(reports.replace(f"{row}0", f"{row}600"), encoding="utf-8-sig")
    shown = words(open_app("overview"))
    assert "其中的数超过了总数" in shown
    assert "进展数据有错误" not in shown
