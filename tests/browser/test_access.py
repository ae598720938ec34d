"""People with accounts, in real browsers on the real server."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from lib.access import open_access
from lib.store import open_store
from tests import oidc_provider
from tests.browser import harness
from tests.browser.harness import DESKTOP, PHONE
from tests.people import BOSS, PASSWORD, PEOPLE
from tests.shipped import copy_data

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return copy_data(tmp_path_factory.mktemp("access") / "data")


@pytest.fixture(scope="module")
def access(folder):
    made = open_access(folder)
    for login, (name, role, units) in PEOPLE.items():
        made.accounts.add(BOSS, login, name, role, units, PASSWORD)
    return made


@pytest.fixture(scope="module")
def served(chromium_path, folder, access):
    with harness.running_app(folder, folder.parent / "server.log") as url:
        yield url


@pytest.fixture
def visit(browser, served):
    """``visit()`` is somebody new, with a browser of their own."""
    contexts = []

    def made(path="/", size=DESKTOP):
        context = harness.new_context(browser)
        contexts.append(context)
        page = context.new_page()
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.goto(served + path)
        return page

    yield made
    for context in contexts:
        context.close()


def sign_in(page, login, password=PASSWORD):
    page.get_by_label("账号").fill(login)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()
    harness.settle(page)
    return page


def main_text(page):
    return page.get_by_test_id("stMain").inner_text()


def navigation(page):
    """The names of all pages in the navigation, those of its drop-downs too."""
    top = page.get_by_test_id("stHeader")
    names = top.get_by_test_id("stTopNavLink").all_inner_texts()
    for group in top.get_by_test_id("stTopNavSection").all():
        group.click()
        page.get_by_role("menuitem").first.wait_for()
        names += page.get_by_role("menuitem").all_inner_texts()
        page.keyboard.press("Escape")
        page.get_by_role("menuitem").first.wait_for(state="detached")
    return [name.split()[-1] for name in names]


def who(page):
    """Open what the corner says about who is signed in; returns its text."""
    page.locator(".st-key-who button").first.click()
    page.get_by_role("button", name="退出").wait_for()
    return page.get_by_test_id("stPopoverBody").inner_text()


def test_signing_in_leads_on_survives_a_reload_and_ends_everywhere(visit, access):
    page = visit("/units?month=2018-09", PHONE)
    assert page.title() == "登录 · 工作计划看板"
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    page.get_by_label("账号").fill("leader")
    page.get_by_label("密码").fill("wrong-one")
    page.get_by_role("button", name="登录").click()
    assert page.get_by_role("alert").inner_text() == "账号或密码不对"
    sign_in(page, "leader")
    assert page.url.endswith("/units?month=2018-09")
    page.reload()
    harness.settle(page)
    assert "区经发局最差：" in main_text(page)
    assert page.evaluate("document.cookie.includes('plan_session')") is False
    access.accounts.set_password(BOSS, "leader", PASSWORD + "x")
    page.get_by_role("heading", name="请先登录").wait_for()
    access.accounts.set_password(BOSS, "leader", PASSWORD)
    page.get_by_role("link", name="登录").click()
    sign_in(page, "leader")
    assert "区经发局最差：" in main_text(page)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_pages_of_accounts_are_accessible_and_fit(visit, size):
    page = visit("/accounts", size)
    assert harness.findings(page) == []
    sign_in(page, "admin")
    for part in ("账号清单", "新增账号", "修改账号", "审计记录"):
        page.get_by_role("radio", name=part).click()
        harness.settle(page)
        assert harness.findings(page) == [], part
        assert page.get_by_test_id("stMain").evaluate("e => e.scrollWidth <= e.clientWidth")
    page.goto(page.url.partition("/accounts")[0] + "/account")
    harness.settle(page)
    assert harness.findings(page) == []


def test_each_role_sees_its_pages_and_is_refused_the_others(visit):
    leader = sign_in(visit(), "leader")
    reporter = sign_in(visit("/report"), "fulian")
    admin = sign_in(visit("/accounts"), "admin")
    assert {"填报", "账号管理"} & set(navigation(leader)) == set()
    assert "账号管理" not in navigation(reporter)
    assert {"填报", "账号管理"} <= set(navigation(admin))
    assert "账号管理：4个账号" in main_text(admin)
    leader.goto(leader.url.partition("?")[0] + "report")
    harness.settle(leader)
    assert "没有权限填报" in main_text(leader)
    assert leader.locator("input[type=file]").count() == 0
    reporter.goto(reporter.url.replace("/report", "/accounts"))
    harness.settle(reporter)
    assert "没有权限管理账号" in main_text(reporter)
    assert "王主任" not in main_text(reporter)


def test_a_reporter_reports_for_the_own_unit_in_the_own_name(visit, folder, tmp_path):
    page = sign_in(visit("/report"), "fulian")
    expect(page.get_by_role("textbox", name="填报人")).to_have_value("张三")
    assert page.get_by_role("textbox", name="填报人").is_disabled()
    page.get_by_role("combobox", name="填报单位").click()
    assert page.get_by_role("option").all_inner_texts() == ["妇联"]
    page.keyboard.press("Escape")
    file = tmp_path / "妇联.csv"
    file.write_text("任务编号,月份,累计完成率,进展说明\n八-2,8月,88,走访\n", encoding="utf-8")
    page.locator("input[type=file]").first.set_input_files(file)
    page.get_by_role("button", name="确认提交").click()
    page.get_by_text("已提交为第1号").wait_for()
    told = open_store(folder).submissions[0]
    assert (told.user, told.unit) == ("张三", "妇联")

    other = sign_in(visit("/history"), "nongye")
    assert "原件只有本单位的经办人" in main_text(other)
    assert other.get_by_role("button", name="下载原件").count() == 0
    assert other.get_by_role("button", name="撤销").count() == 0
    mine = sign_in(visit("/history"), "fulian")
    with mine.expect_download() as download:
        mine.get_by_role("button", name="下载原件").click()
    assert download.value.path().read_bytes() == file.read_bytes()
    mine.get_by_role("button", name="撤销").click()
    mine.get_by_role("heading", name="上报记录：共2次").wait_for()
    assert open_store(folder).submissions[1].user == "张三"


def test_a_new_account_is_made_signs_in_and_changes_its_password(visit):
    admin = sign_in(visit("/accounts"), "admin")
    admin.get_by_role("radio", name="新增账号").click()
    harness.settle(admin)
    admin.get_by_role("textbox", name="账号").fill("xin")
    admin.get_by_role("textbox", name="姓名").fill("新人<b>")
    admin.get_by_role("combobox", name="角色").click()
    admin.get_by_role("option", name="领导").click()
    admin.get_by_role("button", name="新增账号").click()
    admin.get_by_text("已新增账号").wait_for()
    password = admin.get_by_test_id("stCode").inner_text().strip()
    page = sign_in(visit("/"), "xin", password)
    assert "请先修改初始密码" in main_text(page)
    for label, value in (("原密码", password), ("新密码", "mine-alone-55")):
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_label("再输入一次新密码").fill("mine-alone-55")
    page.get_by_role("button", name="修改密码").click()
    page.get_by_text("请用新密码登录").wait_for()
    page.get_by_role("link", name="登录").click()
    sign_in(page, "xin", "mine-alone-55")
    assert "新人<b>" in who(page)
    page.get_by_role("button", name="退出").click()
    page.get_by_role("heading", name="请先登录").wait_for()


def test_a_stolen_or_forged_cookie_over_the_web_socket(visit, served, access):
    page = visit("/")
    context = page.context
    for value in ("forged", "x.y", ""):
        context.add_cookies([{"name": "plan_session", "value": value, "url": served}])
        page.goto(served + "/accounts")
        assert page.title() == "登录 · 工作计划看板"
    cookie, _ = access.sign_in("fulian", PASSWORD, "127.0.0.1")
    context.add_cookies([{"name": "plan_session", "value": cookie, "url": served}])
    page.goto(served + "/accounts")
    harness.settle(page)
    assert "没有权限管理账号" in main_text(page)
    access.sessions.end(cookie)
    page.get_by_role("heading", name="请先登录").wait_for()


def test_an_upload_without_the_token_of_the_page_is_refused(visit, served):
    page = sign_in(visit("/report"), "fulian")
    answer = page.request.put(
        f"{served}/_stcore/upload_file/some-session/some-file",
        multipart={"file": {"name": "a.csv", "mimeType": "text/csv", "buffer": b"x"}},
    )
    assert (answer.status, "XSRF" in answer.text() or "_xsrf" in answer.text()) == (403, True)


def test_open_to_the_network_without_accounts_says_how_to_begin(browser, chromium_path, tmp_path):
    data = copy_data(tmp_path / "data")
    context = harness.new_context(browser)
    log = tmp_path / "server.log"
    with harness.running_app(data, log, address="0.0.0.0") as url:  # noqa: S104
        visit = harness.open_page(context, url + "/report", *PHONE)
        assert "account add admin --role 管理员" in main_text(visit.page)
        assert visit.page.locator("input[type=file]").count() == 0
        open_access(data).accounts.add(BOSS, "admin", "王主任", PEOPLE["admin"][1], (), PASSWORD)
        visit.page.goto(url + "/report")
        sign_in(visit.page, "admin")
        assert "填报：下载模板" in main_text(visit.page)
    context.close()


USERS = {
    "wang": {"email": "wang@example.cn", "email_verified": True, "name": "王主任"},
    "zhang": {"email": "zhang@example.cn", "name": "张三", "groups": ["fulian"]},
    "guest": {"email": "guest@example.cn", "name": "外人"},
}
ACCESS = """
[access]
mode = "oidc"
[[access.people]]
email = "wang@example.cn"
role = "管理员"
[[access.people]]
claim = "groups"
value = "fulian"
role = "经办人"
units = ["妇联"]
"""


@pytest.fixture(scope="module")
def oidc(chromium_path, tmp_path_factory):
    """The address of a server that knows people by a provider, the provider, its data."""
    tmp_path = tmp_path_factory.mktemp("oidc")
    data = copy_data(tmp_path / "data")
    with (data / "settings.toml").open("a", encoding="utf-8") as settings:
        settings.write(ACCESS)
    port, own = harness.free_port(), harness.free_port()
    back = f"http://127.0.0.1:{own}/oauth2callback"
    secrets = tmp_path / "secrets.toml"
    secrets.write_text(
        f"""[auth]
redirect_uri = "{back}"
cookie_secret = "a-secret-for-this-test-alone"
client_id = "{oidc_provider.CLIENT}"
client_secret = "{oidc_provider.SECRET}"
server_metadata_url = "http://127.0.0.1:{port}/.well-known/openid-configuration"
""",
        encoding="utf-8",
    )
    environment = {"STREAMLIT_SECRETS_FILES": str(secrets)}
    log = tmp_path / "server.log"
    with (
        oidc_provider.running(port, back, USERS) as provider,
        harness.running_app(data, log, port=own, environment=environment) as url,
    ):
        yield url, provider, data


def by_provider(browser, url, login, path="/"):
    page = browser.new_context(locale="zh-CN").new_page()
    page.goto(url + path)
    harness.settle(page)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("button", name=login).click()
    page.wait_for_url(url + "/**")
    harness.settle(page)
    return page


def test_a_provider_says_who_is_there_and_the_settings_what_they_may(
    browser, oidc, tmp_path, monkeypatch
):
    url, provider, data = oidc
    stranger = browser.new_context(locale="zh-CN").new_page()
    stranger.goto(url + "/report")
    harness.settle(stranger)
    assert "请先登录" in main_text(stranger)
    assert stranger.request.get(url + "/media/x.csv").status == 401

    admin = by_provider(browser, url, "wang")
    assert "填报" in navigation(admin)
    assert "王主任" in who(admin)
    reporter = by_provider(browser, url, "zhang")
    reporter.goto(url + "/report")
    harness.settle(reporter)
    expect(reporter.get_by_role("textbox", name="填报人")).to_have_value("张三")
    file = tmp_path / "a.csv"
    file.write_text("任务编号,月份,累计完成率\n八-2,8月,88\n", encoding="utf-8")
    reporter.locator("input[type=file]").first.set_input_files(file)
    reporter.get_by_role("button", name="确认提交").click()
    reporter.get_by_text("已提交为第1号").wait_for()
    assert open_store(data).submissions[0].unit == "妇联"
    assert open_access(data).trail.entries()[0].account == "zhang@example.cn"

    guest = by_provider(browser, url, "guest")
    assert "您的账号还没有权限" in main_text(guest)
    assert guest.get_by_test_id("stTopNavLink").count() == 0
    assert guest.get_by_test_id("stSidebarNav").count() == 0

    who(reporter)
    reporter.get_by_role("button", name="退出").click()
    reporter.get_by_role("heading", name="请先登录").wait_for()

    monkeypatch.setattr(provider, "age", 13 * 3600)
    late = by_provider(browser, url, "wang")
    assert "请先登录" in main_text(late)


def test_an_identity_cookie_that_was_forged_is_nobody(browser, oidc):
    url, _, _ = oidc
    admin = by_provider(browser, url, "wang")
    (cookie,) = [one for one in admin.context.cookies() if one["name"] == "_streamlit_user"]
    head, dot, rest = cookie["value"].partition(".")
    forged = head[:-2] + ("AA" if head[-2:] != "AA" else "BB") + dot + rest
    other = browser.new_context(locale="zh-CN")
    other.add_cookies([{"name": "_streamlit_user", "value": forged, "url": url}])
    page = other.new_page()
    page.goto(url + "/accounts")
    harness.settle(page)
    assert "请先登录" in main_text(page)
    assert page.request.get(url + "/media/x.csv").status == 401
