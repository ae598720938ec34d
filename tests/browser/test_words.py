"""No English word that a viewer sees or hears; a page that cannot open says why."""

from __future__ import annotations

import re

import pytest

from tests.browser import harness
from tests.browser.harness import DESKTOP, LAPTOP, PAGES

# Names of programs, of kinds of files, of keys and of fields that people here write in Latin letters.
NAMES = re.compile(
    r"(?<![a-z])(?:excel|word|wps|office|csv|xlsx?|docx?|pptx?|pdf|txt|png|svg|ppt|html|ics|spi|pv|ev|"
    r"libreoffice|postgresql|ctrl|esc|home|end|pageup|pagedown|heic|jpg|plan|progress|targets|units|"
    r"settings|matters|journal|toml|db|zip)(?![a-z])",
    re.IGNORECASE,
)
SAID = """() => {
  const words = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const silent = 'script, style, code, noscript, [data-testid=stIconMaterial], [data-testid=stExpanderIcon],'
    + '[data-testid=stAlertDynamicIcon], [data-testid=stExpander] table';  // a template's fields
  for (let node; (node = walker.nextNode()); )
    if (!node.parentElement.closest(silent)) words.push(node.data);
  for (const element of document.querySelectorAll('*'))
    for (const name of ['aria-label', 'title', 'placeholder', 'alt'])
      if (element.getAttribute(name)) words.push(element.getAttribute(name));
  return [...words, document.title];
}"""


def english(page):
    """What stands on a page, and is read aloud, in English."""
    return [text for text in page.evaluate(SAID) if re.search(r"[A-Za-z]{3,}", NAMES.sub("", text))]


@pytest.mark.parametrize("path", [path for path in PAGES if path != "/help"])
def test_a_page_speaks_chinese(open_page, path):
    assert english(open_page(path, *LAPTOP).page) == []


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


def test_a_server_that_is_away_is_said_in_chinese(browser, tmp_path, chromium_path):
    context = harness.new_context(browser)
    with harness.running_app(harness.ROOT / "data", tmp_path / "server.log") as url:
        page = harness.open_page(context, url, *DESKTOP).page
    page.get_by_text("与服务器的连接断了").wait_for()
    assert english(page) == []
    context.close()


def test_scripts_that_do_not_run_leave_the_answers_and_a_sentence(browser, base_url):
    context = harness.new_context(browser)
    page = context.new_page()
    page.route("**/static/js/**", lambda route: route.abort())
    page.goto(f"{base_url}/?month=2018-09")
    assert "截至9月末" in page.get_by_role("heading", level=1).inner_text()
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
