"""Pages as each role meets them, through Streamlit's test runner."""

from __future__ import annotations

import pyotp
import pytest
import sqlalchemy as sa

from lib.access import Visitor, open_access
from lib.store import open_store
from lib.ui.kit import deployment
from tests.lib.store.sending import LINE, send
from tests.pages.reading import open_app, rows, words
from tests.people import BOSS, PASSWORD, PEOPLE, QUICK


@pytest.fixture
def place(folder, monkeypatch):
    monkeypatch.setenv("PLAN_DATA_DIR", str(folder))
    return folder


@pytest.fixture
def access(place, monkeypatch):
    made = open_access(place, passwords=QUICK)
    for login, (name, role, units) in PEOPLE.items():
        made.accounts.add(BOSS, login, name, role, units, PASSWORD)
    monkeypatch.setattr(deployment, "access", lambda: made)
    return made


@pytest.fixture
def as_(access, visitor):
    """``as_("fulian")`` makes the viewer that account."""

    def sign_in(login):
        visitor.update(peer="10.0.0.7", host="plan.example.cn", bound="0.0.0.0")  # noqa: S104
        visitor["cookie"] = access.sign_in(login, PASSWORD, "10.0.0.7")[0]

    return sign_in


def button(app, label):
    return next(one for one in app.button if one.label == label)


@pytest.mark.parametrize("page", ["overview", "report", "history", "task", "accounts", "account"])
def test_whoever_is_not_signed_in_sees_nothing_but_how_to(access, visitor, page):
    app = open_app(page)
    assert app.title[0].value == "请先登录"
    assert not rows(app, "task-row")
    assert not app.dataframe


@pytest.mark.parametrize("page", ["overview", "history", "task"])
@pytest.mark.parametrize("login", list(PEOPLE))
def test_everybody_with_an_account_reads(as_, login, page):
    as_(login)
    app = open_app(page)
    assert "登录" not in app.title[0].value
    assert PEOPLE[login][0] in words(app).replace("\\", "")


@pytest.mark.parametrize(
    ("login", "page", "title"),
    [
        ("leader", "report", "没有权限填报"),
        ("leader", "accounts", "没有权限管理账号"),
        ("fulian", "accounts", "没有权限管理账号"),
        ("admin", "accounts", "账号管理：4个账号，4个可以使用"),
        ("fulian", "account", "我的账号：张三，经办人"),
    ],
)
def test_a_page_addressed_directly_answers_by_role(as_, access, login, page, title):
    as_(login)
    app = open_app(page)
    assert app.title[0].value == title
    if title.startswith("没有权限"):
        assert not app.dataframe
        assert access.trail.entries()[0].allowed is False
        app.run()
        app.run()
        assert sum(not one.allowed for one in access.trail.entries()) == 1  # noted once


def test_a_reporter_is_offered_the_own_unit_and_named_by_the_account(as_):
    as_("fulian")
    app = open_app("report")
    assert app.selectbox("report_unit").options == ["妇联"]
    assert app.selectbox("report_unit").value == "妇联"
    assert (app.text_input("report_user").value, app.text_input("report_user").disabled) == (
        "张三",
        True,
    )


def test_an_administrator_reports_for_any_unit(as_, shipped):
    as_("admin")
    assert tuple(open_app("report").selectbox("report_unit").options) == shipped.units


def test_originals_and_undo_are_offered_where_they_are_permitted(as_, place):
    send(open_store(place), LINE.format(90))
    for login, original, undo in (
        ("fulian", True, True),
        ("nongye", False, False),
        ("leader", True, False),
        ("admin", True, True),
    ):
        as_(login)
        app = open_app("history")
        offered = [button.label for button in app.get("download_button")]
        assert any(label.startswith("下载原件") for label in offered) == original, login
        assert any(one.label == "撤销" for one in app.button) == undo, login


def test_the_name_of_an_undo_is_the_accounts(as_, place):
    send(open_store(place), LINE.format(90))
    as_("fulian")
    app = open_app("history")
    button(app, "撤销").click().run()
    assert open_store(place).submissions[1].user == "张三"


def test_review_is_the_administrators(as_, place, rewrite):
    rewrite("settings.toml", "review = false", "review = true")
    send(open_store(place), LINE.format(90))
    as_("fulian")
    assert [one.label for one in open_app("history").button if one.label != "退出"] == ["撤销"]
    as_("admin")
    app = open_app("history")
    button(app, "审核通过").click().run()
    assert open_store(place).submissions[1].user == "王主任"


def test_a_session_that_ends_meanwhile_ends_on_the_page(as_, access, place):
    as_("admin")
    app = open_app("history")
    access.accounts.set_password(BOSS, "admin", "another-one-8")
    app.run()
    assert app.title[0].value == "请先登录"


def test_signing_out(as_, access, visitor):
    as_("leader")
    app = open_app()
    button(app, "退出").click().run()
    assert app.title[0].value == "请先登录"
    assert access.sessions.accounts([visitor["cookie"]]) == {}


def part(app, name):
    return app.segmented_control("accounts-part").set_value(name).run()


def test_a_new_account_has_a_password_that_is_shown_once(as_, access):
    as_("admin")
    app = part(open_app("accounts"), "新增账号")
    app.text_input[0].set_value("xin")
    app.text_input[1].set_value("新人")
    app.multiselect[0].set_value(["妇联", "团区委"])
    button(app, "新增账号").click().run()
    password = app.code[0].value
    assert access.accounts.right_password("xin", password).must_change
    assert access.accounts.find("xin").units == ("团区委", "妇联")
    app.run()
    assert not app.code


def test_an_impossible_account_is_told(as_, access):
    as_("admin")
    app = part(open_app("accounts"), "新增账号")
    app.text_input[0].set_value("fulian")
    app.multiselect[0].set_value(["妇联"])
    button(app, "新增账号").click().run()
    assert "已经有账号" in app.error[0].value


def test_an_account_is_changed_disabled_and_given_a_new_password(as_, access):
    as_("admin")
    app = part(open_app("accounts"), "修改账号")
    app.selectbox("account-chosen").set_value("nongye").run()
    app.multiselect[0].set_value(["区农业局", "区商务局"])
    button(app, "保存角色和单位").click().run()
    assert access.accounts.find("nongye").units == ("区农业局", "区商务局")
    button(app, "重设密码").click().run()
    assert access.accounts.right_password("nongye", app.code[0].value)
    app.selectbox("account-chosen").set_value("nongye").run()
    button(app, "停用").click().run()
    assert access.accounts.find("nongye").disabled
    app.selectbox("account-chosen").set_value("admin").run()
    button(app, "停用").click().run()
    assert "唯一的管理员" in app.error[0].value


def test_the_audit_trail_is_on_the_page(as_, access):
    access.sign_in("fulian", "wrong", "10.1.1.1")
    as_("admin")
    app = part(open_app("accounts"), "审计记录")
    assert "登录" in set(app.dataframe[0].value["动作"])
    app.toggle("audit-refused").set_value(True).run()
    assert set(app.dataframe[0].value["结果"]) == {"× 拒绝"}
    assert not app.error


def test_a_trail_that_was_cut_is_told_above_it(as_, access):
    as_("admin")
    with access.database.writing() as connection:
        connection.execute(sa.text("DROP TRIGGER access_audit_no_delete"))
        connection.execute(sa.text("DELETE FROM access_audit WHERE id = 2"))
    app = part(open_app("accounts"), "审计记录")
    assert "第2条不见了" in app.error[0].value


def test_the_own_password(as_, access):
    as_("fulian")
    app = open_app("account")
    old, new, again = app.text_input
    old.set_value(PASSWORD)
    new.set_value("another-one-8")
    again.set_value("not-the-same-8")
    button(app, "修改密码").click().run()
    assert "不一样" in app.error[0].value
    for field, value in zip(
        app.text_input, ("wrong", "another-one-8", "another-one-8"), strict=True
    ):
        field.set_value(value)
    button(app, "修改密码").click().run()
    assert "原密码不对" in app.error[0].value
    for field, value in zip(
        app.text_input, (PASSWORD, "another-one-8", "another-one-8"), strict=True
    ):
        field.set_value(value)
    button(app, "修改密码").click().run()
    assert "请用新密码登录" in app.success[0].value
    assert access.accounts.right_password("fulian", "another-one-8")


def test_before_an_administrator_exists_the_page_says_how_to_set_one_up(place, visitor):
    visitor.update(peer="10.0.0.7", host="plan.example.cn", bound="0.0.0.0")  # noqa: S104
    app = open_app("report")
    assert "account add admin --role 管理员" in app.code[0].value
    assert not app.get("file_uploader")
    assert rows(open_app(), "task-row")  # reading goes on


def test_evidence_is_not_given_to_whoever_has_not_signed_in(place, visitor):
    from tests.lib.access.test_guard import attach

    open_store(place).submit(attach())
    assert "照片" in words(open_app("task", task="八-2"))
    visitor.update(peer="10.0.0.7", host="plan.example.cn", bound="0.0.0.0")  # noqa: S104
    app = open_app("task", task="八-2")
    assert "登录后可以查看和下载" in words(app)
    assert not any("照片" in one.label for one in app.get("download_button"))


def test_settings_that_cannot_be_used_stop_everything(place, rewrite):
    rewrite("settings.toml", "[plan]", '[access]\nmode = "open"\n[plan]')
    app = open_app()
    assert "访问设置" in app.title[0].value
    assert "access.mode" in app.error[0].value.replace("\\", "")
    assert not rows(app, "task-row")


@pytest.mark.parametrize("page", ["overview", "report", "history"])
def test_a_return_is_told_wherever_the_unit_looks(as_, place, rewrite, page):
    rewrite("settings.toml", "review = false", "review = true")
    store = open_store(place)
    number = send(store, LINE.format(80)).revision  # in the name of 区农业局
    store.review(number, "王主任", accept=False, reason="缺少佐证")
    as_("nongye")
    warnings = [one.value.replace("\\", "") for one in open_app(page).warning]
    assert any("被王主任退回：缺少佐证" in warning for warning in warnings)
    as_("fulian")
    assert not any("退回" in one.value for one in open_app(page).warning)


def test_an_administrator_makes_and_ends_a_token(as_, access):
    as_("admin")
    app = open_app("accounts")
    app.segmented_control("accounts-part").set_value("令牌").run()
    (login,) = [box for box in app.selectbox if box.label == "账号"]
    login.set_value("fulian")
    (name,) = [box for box in app.text_input if box.label == "名称"]
    name.set_value("数据局")
    button(app, "生成令牌").click().run()
    token = app.code[0].value
    assert access.actor(Visitor(token=token)).account == "fulian"
    app.run()
    assert not app.code  # shown once
    assert app.dataframe[0].value["名称"].tolist() == ["数据局"]
    button(app, "作废").click().run()
    assert access.actor(Visitor(token=token)).role is None


def test_an_administrator_turns_the_second_factor_on_and_off(as_, access):
    as_("admin")
    app = open_app("account")
    secret = app.code[0].value
    (field,) = [box for box in app.text_input if "六位数字" in box.label]
    field.set_value(pyotp.TOTP(secret).now())
    button(app, "启用动态口令").click().run()
    assert access.second_factor.is_on("admin")
    button(app, "停用动态口令").click().run()
    assert not access.second_factor.is_on("admin")


def test_only_administrators_are_offered_a_second_factor(as_):
    as_("fulian")
    assert [heading.value for heading in open_app("account").subheader] == ["修改密码"]
