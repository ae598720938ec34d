"""Drafts on 填报: what is typed or uploaded is found again until it is sent or thrown away."""

from __future__ import annotations

import pytest

from lib.access import open_access
from lib.store import UnsentWork, open_store
from lib.store.unsent import FILE
from lib.ui.kit import deployment
from tests.conftest import ROOT
from tests.pages.reading import open_app, words
from tests.pages.test_reporting import CSV, OCTOBER, begin, button, fill_in, open_form, upload
from tests.people import BOSS, PASSWORD, PEOPLE, QUICK


@pytest.fixture
def place(folder, monkeypatch):
    monkeypatch.setenv("PLAN_DATA_DIR", str(folder))
    return folder


@pytest.fixture
def sign_in(place, monkeypatch, visitor):
    """``sign_in("fulian", "office")``: an account in a browser."""
    access = open_access(place, passwords=QUICK)
    for login in ("admin", "fulian"):
        name, role, units = PEOPLE[login]
        access.accounts.add(BOSS, login, name, role, units, PASSWORD)
    monkeypatch.setattr(deployment, "access", lambda: access)
    visitor.update(peer="10.0.0.7", host="plan.example.cn", bound="0.0.0.0")  # noqa: S104

    def enter(login, browser="office"):
        visitor["cookie"] = access.sign_in(login, PASSWORD, "10.0.0.7")[0]
        visitor["browser"] = browser

    return enter


def again():
    """What a browser shows after F5, in a second tab, or when the server was started anew."""
    return open_app("report")


def chosen(app):
    return (
        app.selectbox("report_unit").value,
        app.selectbox("report_month").value,
        app.text_input("report_user").value,
    )


def field(app, label):
    return next(f for f in [*app.text_input, *app.text_area] if f.label.startswith(label))


def test_what_is_typed_is_found_again_and_gone_when_sent(place):
    app = fill_in(open_form(begin("区党政办")), 累计完成率="80", 进展说明="调研")
    assert not list(place.glob("journal*"))
    app = again()
    assert chosen(app) == ("区党政办", OCTOBER, "张三")
    assert "草稿已保存" in words(app)
    assert (field(app, "累计完成率").value, field(app, "进展说明").value) == ("80", "调研")
    assert "预览：新增1行" in words(app)
    button(app, "确认提交").click().run()
    assert "已提交为第1号" in words(app)
    assert "没有提交" not in words(again())


def test_an_upload_is_found_again_and_gone_when_sent(place):
    upload(begin(), "八-2,10月,妇联,,,90,走访")
    app = again()
    assert chosen(app) == ("妇联", OCTOBER, "张三")
    assert "草稿里的文件：十月.csv" in words(app).replace("\\", "")
    assert "预览：新增1行" in words(app)
    button(app, "确认提交").click().run()
    assert open_store(place).submissions[0].file_name == "十月.csv"
    assert "没有提交" not in words(again())


def test_another_month_another_page_and_back(place):
    app = fill_in(open_form(begin("区党政办")), 累计完成率="80")
    app.selectbox("report_month").set_value(OCTOBER + 1).run()
    assert field(app, "累计完成率").value == ""
    assert "还有草稿没有提交：区党政办 2018-10" in words(app).replace("\\", "")
    app.switch_page("pages/history.py").run()
    app.switch_page("pages/report.py").run()
    button(app, "接着填").click().run()
    assert app.selectbox("report_month").value == OCTOBER
    assert field(app, "累计完成率").value == "80"


def test_a_draft_is_thrown_away(place):
    app = fill_in(open_form(begin("区党政办")), 累计完成率="80")
    button(app, "确定丢弃").click().run()
    assert field(app, "累计完成率").value == ""
    assert "没有提交" not in words(app)
    app = upload(begin(), "八-2,10月,妇联,,,90,走访")
    button(again(), "丢弃").click().run()
    assert "没有提交" not in words(again())


def test_a_file_that_is_taken_out_of_the_field_is_no_draft_any_more(place):
    app = upload(begin(), "八-2,10月,妇联,,,90,走访")
    app.get("file_uploader")[0].set_value(None).run()
    assert "没有提交" not in words(again())


def test_a_file_goes_along_with_the_month_that_is_chosen(place):
    app = upload(begin(), "八-2,2018-09,妇联,,,90,走访")
    app.selectbox("report_month").set_value(OCTOBER - 1).run()
    assert chosen(again())[1] == OCTOBER - 1


def test_two_tabs_hold_the_same_draft(place):
    one = fill_in(open_form(begin("区党政办")), 累计完成率="80")
    other = fill_in(again(), 进展说明="调研")
    one.run()
    assert field(one, "进展说明").value == "调研"
    fill_in(other, 累计完成率="85")
    one.run()
    assert field(one, "累计完成率").value == "85"


def test_a_click_never_sends_what_another_tab_has_typed_unseen(place):
    sender = fill_in(open_form(begin("区党政办")), 累计完成率="80")
    fill_in(again(), 累计完成率="85")
    button(sender, "确认提交").click().run()
    assert "草稿刚在另一个网页里改过" in words(sender)
    assert open_store(place).revision == 0
    button(sender, "确认提交").click().run()
    assert open_store(place).changes(1).after["累计完成率"].tolist() == ["85"]


def test_people_without_accounts_do_not_share_by_accident(place, visitor):
    visitor["browser"] = "a"
    fill_in(open_form(begin("区党政办", user="张三")), 累计完成率="80")
    visitor["browser"] = "b"
    assert "没有提交" not in words(again())
    visitor["browser"] = "a"
    app = open_form(begin("区党政办", user="李四"))
    assert field(app, "累计完成率").value == ""
    assert "还有「张三」的草稿没有提交" in words(app)
    button(app, "接着填").click().run()  # by intent it is handed over
    assert field(app, "累计完成率").value == "80"


def test_what_was_typed_before_the_name_is_not_lost_with_it(place):
    app = fill_in(open_form(begin("区党政办", user="")), 累计完成率="80")
    app.text_input("report_user").set_value("张三").run()
    assert field(app, "累计完成率").value == "80"
    assert chosen(again())[2] == "张三"


def test_accounts_have_each_their_own_wherever_they_sign_in(sign_in):
    sign_in("fulian", "office")
    app = again()
    app.selectbox("report_month").set_value(OCTOBER).run()
    fill_in(open_form(app), 进展说明="走访")
    sign_in("admin", "office")
    assert "没有提交" not in words(again())
    sign_in("fulian", "at home")
    assert field(again(), "进展说明").value == "走访"


def test_evidence_and_reason_are_found_again(place):
    app = begin()
    app.get("button_group")[0].set_value("佐证材料").run()
    picture = (ROOT / "lib" / "ui" / "frame" / "icon.png").read_bytes()
    app.selectbox("evidence-task").set_value("八-2").run()
    app.get("file_uploader")[0].set_value([("走访.png", picture, "image/png")]).run()
    app = again()
    assert app.selectbox("evidence-task").value == "八-2"
    button(app, "提交1份材料").click().run()
    ((_, kept),) = open_store(place).evidence("八-2")
    assert kept.name == "走访.png"
    app = upload(begin("区党政办"), "一-1,10月,区党政办,,,10,")
    app.text_input("reason").set_value("上月填报有误").run()
    assert again().text_input("reason").value == "上月填报有误"


def test_what_was_sent_is_said_though_another_draft_is_left(place):
    app = fill_in(open_form(begin("区党政办")), 累计完成率="80")
    app.get("button_group")[0].set_value("佐证材料").run()
    picture = (ROOT / "lib" / "ui" / "frame" / "icon.png").read_bytes()
    app.get("file_uploader")[0].set_value([("走访.png", picture, "image/png")]).run()
    open_form(app)
    button(app, "确认提交").click().run()
    assert "已提交为第1号" in words(app)
    assert "还没有提交" in words(app)
    fill_in(app, 累计完成率="85")
    assert "已提交为第1号" not in words(app)


def test_files_of_many_units_are_found_again(place):
    app = open_app("report")
    app.selectbox("report_month").set_value(OCTOBER).run()
    app.text_input("report_user").set_value("张三").run()
    files = [
        ("a.csv", (CSV + "八-2,2018-10,妇联,,,90,走访\n").encode(), "text/csv"),
        ("b.csv", (CSV + "七-1,2018-10,区人社局,,,90,\n").encode(), "text/csv"),
    ]
    app.get("file_uploader")[0].set_value(files).run()
    app = again()
    assert chosen(app) == (None, OCTOBER, "张三")
    assert "预览：2个单位2行可以提交" in words(app)
    button(app, "确认提交").click().run()
    assert "已提交2份" in words(app)
    assert "没有提交" not in words(again())


def test_a_draft_that_cannot_be_kept_is_said_and_stays_in_the_page(place):
    app = open_form(begin("区党政办"))
    (place / FILE).write_bytes(b"no database at all, but long enough to be one" * 100)
    fill_in(app, 累计完成率="80")
    assert "提交之前请不要关闭或刷新" in words(app)
    assert field(app, "累计完成率").value == "80"
    assert "预览：新增1行" in words(app)
    button(app, "确认提交").click().run()
    assert "已提交为第1号" in words(app)


def test_a_task_that_left_the_form_is_told_not_dropped(place):
    fill_in(open_form(begin("区党政办")), 累计完成率="80")
    app = begin("区党政办", user="李四")
    app.get("button_group")[0].set_value("上传文件").run()
    upload(app, "一-1,9月,区党政办,,,100,完成")
    for box in app.checkbox:
        box.check()
    app.run()
    button(app, "确认提交").click().run()
    assert UnsentWork(place).items("浏览器 ", "")
    app.text_input("report_user").set_value("张三").run()
    open_form(app)
    assert "草稿里还有本表已经没有的一项" in words(app)
    assert "没有未完成的任务" in words(app)


def test_a_reporters_list_of_what_is_to_do_comes_first_and_leads_on(sign_in):
    sign_in("fulian")
    app = again()
    assert app.expander[0].label == "我的待办：逾期未报7件"
    first = button(app, "逾期未报")
    assert first.label.replace("\\", "").startswith("逾期未报　妇联　2018-12还有")
    first.click().run()
    assert app.selectbox("report_month").value == OCTOBER + 2
    sign_in("admin")
    assert not [one for one in again().expander if one.label.startswith("我的待办")]


def test_who_reports_on_time_is_seen_with_what_to_send_to_the_others(place):
    app = open_app("history")
    assert [tab.label for tab in app.tabs] == ["每一次提交", "按时报送（按时率84%）"]
    assert "9月应报14家，按时11家，未报3家（区商务局、妇联、河海街道）" in words(app)
    grid = app.tabs[1].dataframe[0].value
    assert grid.iloc[0].tolist()[0] == "妇联"
    assert "区商务局：二-4" in app.code[0].value
