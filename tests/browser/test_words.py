"""No English word that a viewer sees or hears; a page that cannot open says why."""

from __future__ import annotations

from tests.browser import harness
from tests.browser.harness import DESKTOP
from tests.browser.words import english


def test_what_opens_and_what_fails_speaks_chinese(open_page, tmp_path):
    visit = open_page("/report", *DESKTOP)
    page = visit.page
    page.get_by_role("combobox", name="填报单位").click()
    page.get_by_role("option", name="妇联").wait_for()
    assert english(page) == []
    page.get_by_role("option", name="妇联").click()
    visit.settle()
    wrong = tmp_path / "报表.exe"
    wrong.write_text("x")
    page.locator("input[type=file]").first.set_input_files(wrong)
    page.get_by_text("报表").first.wait_for()
    assert [text for text in english(page) if ".exe" not in text] == []


def test_a_new_server_opens_at_any_link_and_says_in_chinese_when_it_is_away(context, tmp_path):
    with harness.running_app(harness.ROOT / "data", tmp_path / "server.log") as url:
        page = harness.open_page(context, f"{url}/units?month=2018-06", *DESKTOP).page
        assert page.get_by_role("heading", level=1).inner_text().startswith("区人社局最差：")
    page.get_by_text("与服务器的连接断了").wait_for()
    assert english(page) == []


def test_scripts_that_do_not_run_leave_the_answers_and_a_sentence(context, base_url):
    page = context.new_page()
    page.clock.install()
    page.route("**/static/js/**", lambda route: route.abort())
    page.goto(f"{base_url}/?month=2018-09")
    assert "截至9月末" in page.get_by_role("heading", level=1).inner_text()
    page.clock.fast_forward("00:11")
    page.get_by_text("页面还没有显示出来").wait_for()
    page.get_by_role("link", name="简明页").click()
    page.get_by_text("2018-09").first.wait_for()
    assert "截至9月末" in page.get_by_role("heading", level=1).inner_text()
    context.close()


def test_a_gateway_without_web_sockets_is_said(browser, base_url):
    context = harness.new_context(browser)
    context.add_init_script(
        "window.WebSocket = class extends WebSocket { constructor(u, p) { super('ws://127.0.0.1:9/', p); } }"
    )
    page = context.new_page()
    page.goto(base_url)
    page.get_by_text("没有放行 WebSocket").wait_for()
    context.close()
