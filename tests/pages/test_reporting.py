"""填报 and 上报记录 through Streamlit's test runner."""

from __future__ import annotations

import pytest

from lib import months
from lib.store import open_store
from tests.pages.test_pages import open_app, words

OCTOBER = months.parse("2018-10")
CSV = "任务编号,月份,填报单位,指标,本月完成,累计完成率,进展说明\n"


@pytest.fixture
def place(folder, monkeypatch):
    monkeypatch.setenv("PLAN_DATA_DIR", str(folder))
    return folder


def begin(unit="妇联", user="张三"):
    app = open_app("report")
    app.selectbox("report_unit").set_value(unit).run()
    app.selectbox("report_month").set_value(OCTOBER).run()
    app.text_input("report_user").set_value(user).run()
    return app


def upload(app, *lines, name="十月.csv"):
    content = (CSV + "\n".join(lines) + "\n").encode("gbk")
    app.get("file_uploader")[0].set_value((name, content, "text/csv")).run()
    assert not app.exception
    return app


def button(app, label):
    return next(one for one in app.button if one.label.startswith(label))


def test_without_a_unit_the_page_says_what_to_do(place):
    assert "请先选择填报单位" in open_app("report").info[0].value


def test_upload_preview_confirm_and_undo(place):
    app = upload(begin(), "八-2,10月,妇联,,,90,走访")
    assert "没有错误，1行可以提交" in words(app)
    assert "预览：新增1行，修改0行，不变0行，错误0行" in words(app)
    tiles = {tile.label: tile.value for tile in app.metric}
    assert set(tiles) == {"妇联", "总体"}
    assert not (place / "journal").exists()
    button(app, "确认提交").click().run()
    assert "已提交为第1号，1行" in words(app)
    assert open_store(place).revision == 1
    button(app, "撤销这次提交").click().run()
    assert open_store(place).revision == 2
    assert len(open_store(place).progress) == 252


def test_errors_are_listed_and_good_rows_need_a_tick(place):
    app = upload(begin(), "八-2,10月,妇联,,,90,走访", "八-2,9月,妇联,,,很多,走访")
    assert "有1处错误（1行），1行可以提交" in words(app)
    (table,) = app.table
    assert table.value["问题"].tolist() == ["不是数字"]
    assert button(app, "确认提交").disabled
    app.checkbox("good-rows").check().run()
    button(app, "确认提交").click().run()
    assert "已提交为第1号，1行" in words(app)


def test_a_fall_needs_its_reason_and_the_reason_is_kept(place):
    app = upload(begin("区党政办"), "一-1,10月,区党政办,,,10,")
    assert button(app, "确认提交").disabled
    app.text_input("reason").set_value("上月填报有误").run()
    button(app, "确认提交").click().run()
    assert open_store(place).submissions[0].reason == "上月填报有误"


def test_without_a_name_nothing_can_be_confirmed(place):
    app = upload(begin(user=""), "八-2,10月,妇联,,,90,走访")
    assert "请先在上面填写填报人" in words(app)
    assert button(app, "确认提交").disabled


def test_a_submission_by_somebody_else_asks_for_a_new_preview(place):
    first = upload(begin(), "八-2,10月,妇联,,,90,走访")
    second = upload(begin(), "八-2,10月,妇联,,,91,走访")
    button(first, "确认提交").click().run()
    second.run()
    assert "您预览之后数据有了变化" in words(second)
    button(second, "重新预览").click().run()
    assert "修改1行" in words(second)
    button(second, "确认提交").click().run()
    assert open_store(place).revision == 2


def test_a_broken_progress_file_stops_reporting_and_says_where(place, rewrite):
    rewrite("progress.csv", "合作对接会,0,", "合作对接会,很多,")
    app = open_app("report")
    assert "改正之前不能填报" in app.error[0].value


def test_the_journal_can_be_filtered_and_a_submission_taken_back(place):
    app = upload(begin(), "八-2,10月,妇联,,,90,走访")
    button(app, "确认提交").click().run()
    app = open_app("history")
    assert app.title[0].value == "上报记录：共1次"
    assert "第1号 填报（张三，妇联" in words(app).replace("\\", "")
    button(app, "撤销").click().run()
    assert "请写明填报人" in app.error[0].value
    app.text_input("journal-actor").set_value("李四").run()
    button(app, "撤销").click().run()
    assert app.title[0].value == "上报记录：共2次"
    app.selectbox("journal-kind").set_value("撤销").run()
    assert app.selectbox("journal-revision").options[0].startswith("第2号 撤销")
    app.text_input("journal-user").set_value("王五").run()
    assert "没有符合条件的记录" in words(app)


def test_with_review_a_report_waits_and_the_switch_shows_it(place, rewrite):
    rewrite("settings.toml", "review = false", "review = true")
    before = open_app(month="2018-10").title[0].value
    app = upload(begin(), "八-2,10月,妇联,,,100,走访")
    button(app, "确认提交").click().run()
    assert "审核通过后计入" in words(app)
    seen = open_app(month="2018-10")
    assert seen.title[0].value == before
    seen.toggle("pending").set_value(True).run()
    assert seen.title[0].value != before
    assert "含待审" in words(seen)
    app = open_app("history")
    assert "1次待审核" in app.title[0].value
    app.text_input("journal-actor").set_value("区党政办").run()
    button(app, "退回").click().run()
    assert "退回需要写明理由" in app.error[0].value
    button(app, "审核通过").click().run()
    assert open_app(month="2018-10").title[0].value != before


def test_hostile_text_stays_text(place):
    nasty = "<script>alert(1)</script> [x](javascript:1)"
    app = upload(begin(user=nasty[:30]), f"八-2,10月,妇联,,,90,{nasty}", name=f"{nasty}.csv")
    button(app, "确认提交").click().run()
    for page in ("history", "report", "task"):
        shown = open_app(page, task="八-2")
        assert not shown.exception
        assert not any(
            "<script" in str(one.value) and "\\<" not in str(one.value) for one in shown.markdown
        )
