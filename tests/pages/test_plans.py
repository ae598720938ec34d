"""计划管理, 全部计划 and the switcher through Streamlit's test runner."""

from __future__ import annotations

import datetime as dt
import shutil

import pytest
import streamlit as st

from lib import planning
from lib.core import schema
from lib.store import open_store, plan_names
from tests.conftest import ROOT
from tests.pages.reading import facts, open_app, words

FIXTURES = ROOT / "tests" / "fixtures"
DOCX = FIXTURES / "plans" / "2019-libreoffice.docx"


@pytest.fixture
def place(folder, monkeypatch):
    monkeypatch.setenv("PLAN_DATA_DIR", str(folder))
    return folder


def adopt(folder, name="2019", path=DOCX):
    """Import a document through the library, as the command line does."""
    content = path.read_bytes()
    where = planning.context(folder, name)
    reading = planning.understand(planning.read_document(content, path.name))
    proposal = planning.proposed(reading, where)
    ready = proposal.adopted([one.key for one in proposal.doubts])
    return open_store(folder, name).submit(planning.draft(ready, where, user="李四"))


def begin(path=DOCX, user="张三"):
    app = open_app("plan")
    app.text_input("plan-user").set_value(user)
    app.get("file_uploader")[0].set_value((path.name, path.read_bytes(), "")).run()
    assert not app.exception
    return app


def button(app, label):
    return next(one for one in app.button if one.label.startswith(label))


def test_a_document_is_reviewed_settled_committed_and_shown(place):
    app = begin()
    text = words(app)
    assert ":blue-background[10家以上]" in text
    assert ":green-background[2019年6月底前]" in text
    assert "疑问2处" in text
    assert "正文与分解表有4处不一致" in text
    differences = app.table[0].value
    assert "产业合作　数量不一致　正文不少于12家，分解表不少于10家" in list(differences["差异"])
    assert not any(one.label.startswith("确认导入") for one in app.button)
    everything = next(one for one in app.checkbox if one.label.startswith("全部接受"))
    everything.check().run()
    assert not plan_names(place)
    button(app, "确认导入6项任务").click().run()
    assert "已记为第1号 计划调整" in words(app)
    assert plan_names(place) == ["2019"]
    assert app.selectbox("plan").options == ["2018（默认）", "2019"]
    button(app, "看这个计划的总览").click().run()
    assert not app.exception
    assert app.title[0].value.startswith("还没有填报：5项任务")
    assert app.selectbox("plan").value == "2019"


def test_pasted_text_of_the_running_plan_has_nothing_to_change(place):
    app = open_app("plan")
    app.text_input("plan-user").set_value("张三").run()
    text = (FIXTURES / "plan-2018.txt").read_text(encoding="utf-8")
    app.text_area[0].set_value(text).run()
    assert not app.exception
    assert "没有疑问" in words(app)
    assert "正文与分解表有7处不一致" in words(app)
    assert "与现在的计划相同，没有变化" in words(app)


def test_a_file_that_cannot_be_read_says_what_to_do(place, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda program: None)  # no LibreOffice
    app = begin(FIXTURES / "plans" / "2019-libreoffice.doc")
    assert (
        "另存为" in app.dataframe[0].value.iloc[0]["应为"] + app.dataframe[0].value.iloc[0]["问题"]
    )


def test_what_gave_no_task_and_what_each_column_was_taken_for(place, tmp_path):
    path = tmp_path / "清单.csv"
    path.write_text(
        "2020年工作清单,,,\n工作任务,责任单位,完成时限,资金渠道\n修路1条,县交通局,全年,自筹\n",
        encoding="utf-8",
    )
    app = begin(path)
    assert "没有读出任务的地方1处" in words(app)
    unread = next(table.value for table in app.table if "位置" in table.value)
    assert list(unread["位置"]) == ["表1「资金渠道」列"]
    columns = next(frame.value for frame in app.dataframe if "读作" in frame.value)
    assert dict(zip(columns["表头"], columns["读作"], strict=True)) == {
        "工作任务": "工作计划主要内容",
        "责任单位": "责任单位",
        "完成时限": "计划完成时间",
        "资金渠道": "不读取",
    }


def test_a_table_that_nobody_knows_asks_which_column_is_which(place, tmp_path):
    path = tmp_path / "清单.csv"
    path.write_text("点,谁,啥\n修路,某人,无\n", encoding="utf-8")
    app = begin(path)
    columns = next(frame.value for frame in app.dataframe if "读作" in frame.value)
    assert list(columns["表头"]) == ["点", "谁", "啥"]
    assert "各列读作什么" in [expander.label for expander in app.expander]


def test_the_switcher_changes_every_page_and_forgets_the_other_plans_filters(place):
    assert "plan" not in [one.key for one in open_app().selectbox]
    adopt(place)
    app = open_app(month="2018-06", category="产业帮扶")
    assert app.title[0].value.startswith("截至6月末总体略低于计划（完成22.1%")
    app.selectbox("plan").set_value("2019").run()
    assert not app.exception
    assert app.title[0].value.startswith("还没有填报：5项任务")
    assert app.selectbox("category").value is None
    app.selectbox("plan").set_value("2018（默认）").run()
    assert app.title[0].value.startswith("截至9月末总体略低于计划（完成65.9%")


def test_a_link_names_the_plan(place):
    adopt(place)
    app = open_app("gantt", plan="2019")
    assert "2019年东西部协作工作计划" in words(app)
    assert open_app(plan="2017").title[0].value.startswith("截至9月末总体略低于计划（完成65.9%")


def test_a_task_shows_what_its_document_says_besides(place):
    adopt(place)
    app = open_app("task", plan="2019")
    app.selectbox("chosen_task").set_value("一-2").run()
    known = facts(app)
    assert (known["责任领导"], known["备注"]) == ("王某", "结转")
    edit(place, "二-6", "计划完成时间", "6～10月")
    app = open_app("task")
    app.selectbox("chosen_task").set_value("二-6").run()
    assert "6～8月" in facts(app)["基准时间"]


def test_the_portfolio_lists_all_plans_and_compares_two(place):
    app = open_app("portfolio")
    assert "现在只有一个计划" in words(app)
    adopt(place)
    app = open_app("portfolio")
    assert app.title[0].value.startswith("全部计划：2个计划")
    table = app.dataframe[0].value
    assert list(table["计划"]) == ["2018（默认）", "2019"]
    assert list(table["逾期（项）"]) == [2, 0]
    assert "没有相同的类型" in words(app)


def test_the_default_plan_may_be_broken_while_another_one_is_shown(place, rewrite):
    adopt(place)
    rewrite("plan.csv", "4～11月", "适时")
    app = open_app("portfolio")
    assert app.selectbox("plan").options == ["默认", "2019"]
    assert app.dataframe[0].value.iloc[0]["文件"] == "默认"
    app.selectbox("plan").set_value("2019").run()
    app.switch_page("pages/overview.py").run()
    assert app.title[0].value.startswith("还没有填报：5项任务")


def test_a_broken_plan_is_told_and_the_others_are_shown(place):
    adopt(place)
    path = place / "plans" / "2019" / "plan.csv"
    text = path.read_text(encoding="utf-8").replace("年底前", "择机")
    path.write_text(text, encoding="utf-8")
    app = open_app("portfolio")
    assert "1个计划" in app.title[0].value
    assert "计划数据有错误" in app.dataframe[0].value.iloc[0]["问题"]


def test_reports_that_cannot_be_read_are_told_and_are_no_zeros(place):
    adopt(place)
    (place / "plans" / "2019" / "progress.csv").write_text("编号\n", encoding="utf-8")
    app = open_app("portfolio")
    assert "1个计划" in app.title[0].value
    assert "计划数据有错误" in app.dataframe[0].value.iloc[0]["问题"]


def edit(folder, task, header, value):
    """Amend one cell of the running plan through the library."""
    where = planning.context(folder, "")
    proposal = planning.proposal.of_running_plan(where.current, *where.tables)
    plan = proposal.plan.copy()
    plan.loc[plan[schema.PLAN.headers["task_id"]] == task, header] = value
    edited = proposal.edited(plan, proposal.targets)
    return open_store(folder).submit(planning.draft(edited, where, user="王五", reason="协商"))


def test_an_amended_plan_can_be_read_against_its_baseline(place):
    assert "baseline" not in [one.key for one in open_app().toggle]
    edit(place, "二-6", "计划完成时间", "6～10月")
    app = open_app("gantt")
    assert "1项时间有调整（二-6）" in words(app)
    assert "1项逾期、" in words(app)
    app.toggle("baseline").set_value(True).run()
    assert not app.exception
    assert "2项逾期、" in words(app)
    assert "对照基准" in app.info[0].value


def amend(monkeypatch, change, user="王五"):
    """Open 调整计划 where the editor gives the plan as changed: the runner cannot type in one."""
    draw = st.data_editor

    def edited(table, **options):
        draw(table, **options)
        return change(table) if options["key"].startswith("tasks-") else table

    monkeypatch.setattr(st, "data_editor", edited)
    app = open_app("plan")
    app.segmented_control("plan-task").set_value("调整计划").run()
    app.text_input("plan-user").set_value(user).run()
    assert not app.exception
    return app


def test_the_running_plan_opens_in_an_editor(place, monkeypatch):
    app = amend(monkeypatch, lambda table: table)
    assert "还没有改动" in words(app)


def test_a_window_is_moved_and_moved_back(place, monkeypatch):
    def later(table):
        return table.assign(计划完成时间=table["计划完成时间"].replace("6～8月", "6～10月"))

    app = amend(monkeypatch, later)
    assert "预览：调整1项任务" in words(app)
    assert "全部保留" in words(app)
    assert button(app, "确认调整").disabled
    app.text_input("amend-reason").set_value("两地协商").run()
    button(app, "确认调整").click().run()
    assert "已记为第1号 计划调整：两地协商" in words(app)
    assert open_store(place).dataset().baseline_tasks is not None
    button(app, "撤销这次提交").click().run()
    assert open_store(place).dataset().baseline_tasks is None
    history = open_app("history")
    history.selectbox("journal-revision").set_value(1).run()
    assert "6～8月 → 6～10月" in history.table[0].value["内容"].iloc[0].replace("\\", "")


def test_a_task_that_goes_hands_its_reports_on_or_loses_them(place, monkeypatch):
    app = amend(monkeypatch, lambda table: table[table["任务编号"] != "二-2"])
    assert "取消1项任务" in words(app)
    assert "条填报不符合调整后的计划" in words(app)
    app.selectbox("move-二-2").set_value("二-3").run()
    assert "改正后才能提交" in app.error[0].value
    app.selectbox("move-二-2").set_value("删除填报").run()
    app.text_input("amend-reason").set_value("取消").run()
    assert button(app, "确认调整").disabled
    app.checkbox("remove-reports").check().run()
    button(app, "确认调整").click().run()
    assert "已记为第1号" in words(app)
    assert "二-2" not in set(open_store(place).progress["task_id"])


def test_an_edit_that_breaks_the_plan_is_told(place, monkeypatch):
    app = amend(monkeypatch, lambda table: table.assign(计划完成时间="择机"))
    assert "改正后才能提交" in app.error[0].value


def test_a_broken_plan_cannot_be_amended_but_imported_anew(place, rewrite):
    rewrite("plan.csv", "4～11月", "适时")
    app = open_app("plan")
    app.segmented_control("plan-task").set_value("调整计划").run()
    assert "不能调整" in app.info[0].value
    app.segmented_control("plan-task").set_value("导入计划").run()
    app.text_input("plan-user").set_value("张三").run()
    app.text_area[0].set_value((FIXTURES / "plan-2018.txt").read_text(encoding="utf-8")).run()
    assert not app.exception
    next(one for one in app.checkbox if one.label.startswith("全部接受")).check().run()
    button(app, "确认导入").click().run()
    # The names of the indicators are the document's now: the reports under other names stay out.
    assert "这个任务没有这个指标" in app.error[0].value
    assert open_store(place).revision == 0


def test_a_name_that_is_taken_asks_for_another(place):
    adopt(place)
    app = begin()
    assert app.text_input("plan-name-2019").value == "2019-2"
    app.text_input("plan-name-2019").set_value("2019").run()
    assert "已经有" in words(app)
    app.text_input("plan-name-2019").set_value("a/b").run()
    assert "不能用" in app.error[0].value
    app.text_input("plan-name-2019").set_value("").run()
    assert "请写简称" in words(app)


def test_a_document_without_a_year_asks_for_it(place, tmp_path):
    path = tmp_path / "计划.txt"
    path.write_text(
        "类型\t工作任务\t责任单位\t完成时限\n产业\t考察2次。\t区经发局\t全年\n", encoding="utf-8"
    )
    app = begin(path)
    assert "请先填写计划年度" in words(app)
    app.number_input[0].set_value(2024).run()
    assert "没有疑问" in words(app)
    assert "文件没有分节的正文" in words(app)
    assert app.text_input("plan-name-2024").value == "2024"


def test_a_time_from_the_day_of_issue_asks_for_that_day(place, tmp_path):
    path = tmp_path / "计划.txt"
    header = "2024年计划\n类型\t工作任务\t责任单位\t完成时限\n"
    path.write_text(header + "产业\t考察2次。\t区经发局\t自发文之日起两个月内\n", encoding="utf-8")
    app = begin(path)
    assert "疑问1处" in words(app)
    app.date_input[0].set_value(dt.date(2024, 4, 9)).run()
    assert not app.exception
    assert "没有疑问" in words(app)


def test_what_was_chosen_for_one_plan_is_not_kept_for_another(place):
    adopt(place)
    app = open_app("report")
    app.selectbox("report_unit").set_value("妇联").run()
    app.selectbox("plan").set_value("2019").run()
    assert not app.exception
    assert app.selectbox("report_unit").value is None
    assert "区发改局" in app.selectbox("report_unit").options


def test_two_plans_of_the_same_categories_are_compared(place, tmp_path):
    text = (FIXTURES / "plan-2018.txt").read_text(encoding="utf-8").replace("2018年", "2020年")
    path = tmp_path / "2020.txt"
    path.write_text(text, encoding="utf-8")
    adopt(place, "2020", path)
    app = open_app("portfolio")
    assert "2020比2018（默认）：0个类型更快，9个更慢" in words(app)
    app.selectbox("compare_other").set_value("2018（默认）").run()
    assert "两个不同的计划" in words(app)
