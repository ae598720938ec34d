"""督办事项 go round: taken down in the meeting, signed, answered, verified; three people, two plans."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from lib.access import open_access
from tests.browser import harness
from tests.browser.harness import DESKTOP, LAPTOP, PHONE
from tests.people import BOSS, PASSWORD, PEOPLE
from tests.shipped import copy_data

pytestmark = pytest.mark.browser
NUMBER = "事项〔2018〕1号"


@pytest.fixture
def served(chromium_path, tmp_path):
    folder = tmp_path / "data"
    copy_data(folder)
    copy_data(folder / "plans" / "二期")
    access = open_access(folder)
    for login, (name, role, units) in PEOPLE.items():
        access.accounts.add(BOSS, login, name, role, units, PASSWORD)
    with harness.running_app(folder, tmp_path / "server.log") as url:
        yield url


@pytest.fixture
def sign_in(browser, served):
    """``sign_in("admin", "/matters", size)`` is somebody with a browser of their own."""
    contexts = []

    def signed_in(login, path, size):
        context = harness.new_context(browser)
        contexts.append(context)
        page = context.new_page()
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.goto(served + path)
        page.get_by_label("账号").fill(login)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        harness.settle(page)
        return page

    yield signed_in
    for context in contexts:
        context.close()


def choose(page, option):
    page.get_by_role("radio", name=option, exact=True).click()
    harness.settle(page)


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()
    harness.settle(page)


def test_the_whole_circle(sign_in, served):
    office = sign_in("admin", "/matters", DESKTOP)
    office.goto(f"{served}/present?month=2018-09")
    harness.settle(office)
    expect(office.locator("img.slide")).to_be_visible()
    office.keyboard.press("d")
    office.get_by_label("议定事项").fill("完成劳务协作站选址")
    office.get_by_label("责任单位").select_option("妇联")
    office.get_by_label("期限").fill("2030-09-30")
    office.get_by_role("button", name="记下").click()
    said = f"已记下 {NUMBER}：妇联，2030-09-30前，完成劳务协作站选址"
    expect(office.get_by_role("status").filter(has_text=said)).to_be_visible()

    unit = sign_in("fulian", "/matters", PHONE)
    title = unit.get_by_role("heading", level=1)
    expect(title).to_have_text("我的事项：1件待签收")
    press(unit, "签收")
    expect(title).to_have_text("我的事项：1件都在期限内办理")
    choose(unit, "反馈")
    unit.get_by_label("办理结果").fill("已选定，合同已签")
    unit.get_by_label("办理结果").blur()
    harness.settle(unit)
    press(unit, "反馈")
    expect(title).to_have_text("我的事项：1件待核实")

    leader = sign_in("leader", "/matters", LAPTOP)
    leader.get_by_label("批示内容").fill("抓紧挂牌")
    leader.get_by_label("批示内容").blur()
    harness.settle(leader)
    press(leader, "批示")
    expect(leader.get_by_test_id("stMain")).to_contain_text("抓紧挂牌")

    office.goto(f"{served}/matters?plan=二期")
    harness.settle(office)
    expect(office.get_by_role("heading", level=1)).to_have_text("督办事项：还没有")
    office.goto(f"{served}/matters")
    harness.settle(office)
    choose(office, "核实销号")
    choose(office, "现场")
    press(office, "核实销号")
    expect(office.get_by_role("heading", level=1)).to_have_text("督办事项：1件全部销号")
    office.goto(f"{served}/present?month=2018-09&slide=2")
    opening = re.compile(r"会议议定的1件：1件已销号")
    expect(office.locator("img.slide")).to_have_attribute("alt", opening)
