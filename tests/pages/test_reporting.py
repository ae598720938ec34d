"""填报 and 上报记录 through Streamlit's test runner."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from lib.core import months
from lib.store import open_store
from tests.conftest import ROOT
from tests.pages.reading import open_app, read, words

OCTOBER = months.parse("2018-10")
CSV = "任务编号,月份,填报单位,指标,本月完成,累计完成率,进展说明\n"


@pytest.fixture
def place(folder, monkeypatch):
    monkeypatch.setenv("PLAN_DATA_DIR", str(folder))
    return folder


def begin(unit="妇联", user="张三"):
    app = open_app("report")
    app.selectbox("report_unit").set_value(unit).run()
    app.selectbox("report_month").set_value(OCTOBER)
    return app.text_input("report_user").set_value(user).run()


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
    assert not list(place.glob("journal*"))
    button(app, "确认提交").click().run()
    assert "已提交为第1号，1行" in words(app)
    assert open_store(place).revision == 1
    button(app, "撤销这次提交").click().run()
    assert open_store(place).revision == 2
    assert len(open_store(place).progress) == 252


def test_errors_are_listed_and_good_rows_need_a_tick(place):
    app = upload(begin(), "八-2,10月,妇联,,,90,走访", "八-1,10月,妇联,爱心捐赠活动,很多,,走访")
    assert "有1处错误（1行），1行可以提交" in words(app)
    (table,) = app.table
    assert table.value["问题"].tolist() == ["不是数字"]
    button(app, "确认提交").click().run()
    assert "没有提交：有错误" in words(app)
    app.checkbox("good-rows").check()
    button(app, "确认提交").click().run()
    assert "已提交为第1号，1行" in words(app)


def test_a_fall_needs_its_reason_and_the_reason_is_kept(place):
    app = upload(begin("区党政办"), "一-1,10月,区党政办,,,10,")
    button(app, "确认提交").click().run()
    assert "没有提交：请写明累计完成率下降的理由" in words(app)
    app.text_input("reason").set_value("上月填报有误")
    button(app, "确认提交").click().run()
    assert open_store(place).submissions[0].reason == "上月填报有误"


def test_without_a_name_nothing_can_be_confirmed(place):
    app = upload(begin(user=""), "八-2,10月,妇联,,,90,走访")
    button(app, "确认提交").click().run()
    assert "没有提交：请先在上面填写填报人" in words(app)
    assert open_store(place).revision == 0


def test_another_month_is_told_first_and_must_be_confirmed(place):
    app = upload(begin(), "八-2,9月,妇联,,,90,走访")
    assert "1行都是2018-09，您选的是2018-10" in app.table[0].value["问题"].iloc[0].replace("\\", "")
    assert "写入2018-09" in read(words(app))
    button(app, "确认提交").click().run()
    assert "没有提交：请核对上面的提醒" in words(app)
    app.checkbox("consent").check()
    button(app, "确认提交").click().run()
    assert "已提交为第1号，1行" in words(app)


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
    app.text_input("journal-actor").set_value("李四")
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
    assert "应报的任务都报了" in words(app)  # what waits is reported
    seen = open_app(month="2018-10")
    assert seen.title[0].value == before
    seen.toggle("pending").set_value(True).run()
    assert seen.title[0].value != before
    assert "含待审" in words(seen)
    app = open_app("history")
    assert "1次待审核" in app.title[0].value
    app.text_input("journal-actor").set_value("区党政办")
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


def open_form(app):
    app.get("button_group")[0].set_value("在线填写").run()
    assert not app.exception
    return app


def fill_in(app, **texts):
    """Type into the fields of the task that is shown."""
    for label, typed in texts.items():
        field = next(f for f in [*app.text_input, *app.text_area] if f.label.startswith(label))
        field.set_value(typed)
    app.run()
    assert not app.exception
    return app


def test_the_form_goes_through_the_same_checks_and_is_recorded_as_a_form(place):
    app = fill_in(open_form(begin("区党政办")), 累计完成率="180", 进展说明="调研")
    assert "有1处错误" in words(app)
    assert "超过100" in "".join(app.table[0].value["问题"])
    fill_in(app, 累计完成率="８０", 进展说明="调研")
    assert "预览：新增1行" in words(app)
    button(app, "确认提交").click().run()
    (told,) = open_store(place).submissions
    assert (str(told.kind), told.unit, told.user) == ("在线填报", "区党政办", "张三")
    (row,) = open_store(place).changes(1).after.to_dict("records")
    assert (row["累计完成率"], row["进展说明"]) == ("80", "调研")


@pytest.mark.parametrize("typed", ["2+1", "约50", "5-10", "五"])
def test_what_is_no_number_is_said_and_never_another_one(place, typed):
    app = fill_in(open_form(begin("区人社局")), 累计完成率=typed)
    assert app.table[0].value["您填写的"].iloc[0].replace("\\", "") == typed
    assert "不是数字" in app.table[0].value["问题"].iloc[0]


def test_a_number_with_a_measure_is_read_as_a_file_is(place):
    app = open_form(begin("区人社局"))
    while "有组织劳务对接：" not in words(app):
        button(app, "下一项").click().run()
    fill_in(app, 本月完成="0.01万")
    assert "按100人次计入" in "".join(app.table[0].value["问题"])


def test_one_task_at_a_time_keeps_what_was_typed_before(place):
    app = fill_in(open_form(begin("区人社局")), 累计完成率="80")
    button(app, "下一项").click().run()
    button(app, "上一项").click().run()
    assert next(f for f in app.text_input if f.label.startswith("累计完成率")).value == "80"
    assert "预览：新增1行" in words(app)


def test_a_text_deleted_in_the_form_is_deleted(place):
    app = upload(begin("区党政办"), "一-1,10月,区党政办,,,85,走访")
    button(app, "确认提交").click().run()
    app = fill_in(open_form(begin("区党政办")), 进展说明="")
    button(app, "确认提交").click().run()
    assert open_store(place).changes(2).after["进展说明"].tolist() == [""]


def test_an_untouched_form_offers_nothing_to_submit(place):
    app = open_form(begin("区党政办"))
    assert "填好的项在下面预览" in words(app)
    assert not [one for one in app.button if one.label.startswith("确认提交")]


def test_a_unit_with_nothing_left_to_do_is_told_so(place):
    assert "没有未完成的任务" in words(open_form(begin("区委组织部")))


def test_after_sending_the_page_says_what_moved_and_what_is_still_to_do(place):
    app = upload(begin("区人社局"), "七-1,10月,区人社局,,,90,走访")
    button(app, "确认提交").click().run()
    told = app.success[0].value.replace("\\", "")
    assert "区人社局2018-10已提交为第1号，1行" in told
    assert "区人社局" in told.partition("完成率：")[2]
    assert "2018-10还没有报：七-3、七-4" in told
    link = next(link for link in app.get("page_link") if link.proto.label == "看总览")
    assert "2018-10" in link.proto.query_string
    app.selectbox("report_unit").set_value("妇联").run()
    assert not app.success


def test_files_of_many_units_are_one_preview_and_a_submission_each(place):
    app = open_app("report")
    app.selectbox("report_month").set_value(OCTOBER)
    app.text_input("report_user").set_value("张三").run()
    both = CSV + "八-2,2018-10,妇联,,,90,走访\n一-1,2018-10,区党政办,,,很多,\n"
    one = "任务编号,月份,累计完成率\n七-1,2018-10,90\n"
    files = [
        ("汇总.csv", both.encode(), "text/csv"),
        ("区人社局10月.csv", one.encode(), "text/csv"),
    ]
    app.get("file_uploader")[0].set_value(files).run()
    assert not app.exception
    assert "预览：2个单位2行可以提交" in words(app)
    button(app, "确认提交").click().run()
    assert "没有提交：请看过上面的问题" in words(app)
    app.checkbox("collect-agreed").check()
    button(app, "确认提交").click().run()
    assert "已提交2份" in words(app)
    # The part of 区党政办 was not taken: its marked copy can still be had.
    assert [one.label for one in app.get("download_button")] == ["下载退回各单位的文件（.zip）"]
    submissions = open_store(place).submissions
    assert sorted((s.unit, s.rows, s.file_name) for s in submissions) == [
        ("区人社局", 1, "区人社局10月.csv"),
        ("妇联", 1, "汇总.csv"),
    ]


def test_evidence_of_a_wrong_type_is_told_and_the_right_one_is_kept(place):
    app = begin()
    app.get("button_group")[0].set_value("佐证材料").run()
    picture = (ROOT / "lib" / "ui" / "frame" / "icon.png").read_bytes()
    files = [("走访.png", picture, "image/png"), ("恶意.png", b"MZ\x90\x00", "image/png")]
    app.get("file_uploader")[0].set_value(files).run()
    assert "下列文件不能作为佐证材料" in app.error[0].value
    assert "恶意" in app.error[0].value
    button(app, "提交1份材料").click().run()
    ((_, kept),) = open_store(place).evidence("八-1")
    assert (kept.name, kept.month, kept.unit) == ("走访.png", "2018-10", "妇联")
    shown = open_app("task", task="八-1")
    assert "佐证材料1份" in words(shown)


def test_the_original_that_was_altered_is_not_passed_off_as_the_original(place):
    app = begin()
    app.get("button_group")[0].set_value("佐证材料").run()
    picture = (ROOT / "lib" / "ui" / "frame" / "icon.png").read_bytes()
    app.get("file_uploader")[0].set_value([("走访.png", picture, "image/png")]).run()
    button(app, "提交1份材料").click().run()
    ((_, kept),) = open_store(place).evidence("八-1")
    with closing(sqlite3.connect(place / "journal.db")) as connection:
        connection.execute("UPDATE kept_file SET content = 'x' WHERE sha256 = ?", [kept.sha256])
        connection.commit()
    assert "被改动过或损坏了" in open_app("task", task="八-1").error[0].value


def test_an_undo_that_comes_too_late_says_what_stands_in_the_way(place):
    first = upload(begin(), "八-2,10月,妇联,,,90,走访")
    button(first, "确认提交").click().run()
    second = upload(begin(user="李四"), "八-2,10月,妇联,,,91,走访")
    button(second, "确认提交").click().run()
    button(first, "撤销这次提交").click().run()
    assert "请先撤销第2号" in first.error[0].value
    assert open_store(place).revision == 2


def test_a_returned_report_shows_its_reason_and_cannot_be_acted_on_again(place, rewrite):
    rewrite("settings.toml", "review = false", "review = true")
    app = upload(begin(), "八-2,10月,妇联,,,100,走访")
    button(app, "确认提交").click().run()
    app = open_app("history")
    app.text_input("journal-actor").set_value("区党政办")
    app.text_input("journal-reason").set_value("缺少佐证")
    button(app, "退回").click().run()
    assert "审核退回已记为第2号" in words(app)
    app.selectbox("journal-revision").set_value(1).run()
    assert "已退回" in words(app)
    assert "退回理由：缺少佐证（区党政办）" in app.warning[0].value
    assert not [one for one in app.button if one.label in ("审核通过", "退回", "撤销")]


def test_the_unit_is_told_of_a_return_until_it_reports_anew(place, rewrite):
    rewrite("settings.toml", "review = false", "review = true")
    app = upload(begin(), "八-2,10月,妇联,,,100,走访")
    button(app, "确认提交").click().run()
    open_store(place).review(1, "区党政办", accept=False, reason="缺少佐证")
    app = begin()
    assert "被区党政办退回：缺少佐证" in app.warning[0].value
    assert not begin("总工会").warning
    app = upload(app, "八-2,10月,妇联,,,90,走访")
    button(app, "确认提交").click().run()
    assert not begin().warning


def test_without_any_report_the_history_says_where_to_begin(place):
    assert "还没有上报记录" in words(open_app("history"))


def test_many_mistakes_come_as_a_list_that_scrolls(place):
    app = upload(
        begin(), *(f"八-2,{month}月,妇联,,,很多,走访" for month in range(1, 11) for _ in "1234567")
    )
    assert len(app.dataframe[0].value) > 60
    assert not app.table


def test_a_correction_takes_the_place_of_what_waits_and_the_office_sees_both(place, rewrite):
    rewrite("settings.toml", "review = false", "review = true")
    app = upload(begin(), "八-2,10月,妇联,,,80,走访")
    button(app, "确认提交").click().run()
    app = begin()
    assert "待审核，还没有计入；同样的任务再报一次，就更正这一次" in words(app)
    upload(app, "八-2,10月,妇联,,,90,走访")
    button(app, "确认提交").click().run()
    app = open_app("history")
    assert app.title[0].value == "上报记录：共2次，1次待审核"
    assert "更正第1号（不再审核，不计入），原来报的是" in words(app)
    shown = [table.value for table in app.tabs[0].dataframe]
    assert ["80" in str(shown[1]), "90" in str(shown[2])] == [True, True]
    app.selectbox("journal-revision").set_value(1).run()
    assert "已被更正" in words(app)
    assert not [one for one in app.button if one.label in ("审核通过", "退回", "撤销")]


def test_a_report_is_signed_for_its_unit_before_it_is_reviewed(place, rewrite):
    rewrite("settings.toml", "review = false", "review = true")
    rewrite("settings.toml", "sign = false", "sign = true")
    app = upload(begin(), "八-2,10月,妇联,,,80,走访")
    button(app, "确认提交").click().run()
    app = open_app("history")
    assert app.title[0].value == "上报记录：共1次，1次待审签"
    app.text_input("journal-actor").set_value("张三")
    button(app, "审签同意").click().run()
    assert "要由单位负责人审签" in app.error[0].value
    app.text_input("journal-actor").set_value("周主席")
    button(app, "审签同意").click().run()
    app = open_app("history")  # the office: what waits is chosen, not the signature above it
    app.text_input("journal-actor").set_value("王主任")
    button(app, "审核通过").click().run()
    assert open_store(place).submissions[0].state == "已生效"


def test_control_characters_in_the_data_are_told_with_what_to_do(place):
    path = place / "progress.csv"
    path.write_bytes(
        path.read_bytes().replace("推进".encode(), b"\xe6\x8e\xa8\x00\x0b\xe8\xbf\x9b", 1)
    )
    app = open_app()
    assert "rebuild" in app.warning[0].value
    assert "数字不受影响" in app.warning[0].value
