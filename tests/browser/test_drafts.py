"""What is typed or uploaded is found again, in a real browser, at three sizes."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import harness
from tests.browser.harness import DESKTOP, LAPTOP, PHONE
from tests.browser.test_reporting import begin, choose

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def own(own_data):
    """Everything here is written to the data of the test alone."""


def open_form(open_page, unit):
    """The report page of a unit with 在线填写 open, on a laptop."""
    visit = open_page("/report", *LAPTOP)
    begin(visit, unit)
    visit.page.get_by_role("radio", name="在线填写").click()
    visit.settle()
    return visit


def test_the_form_holds_what_was_typed(open_page, browser, base_url):
    visit = open_form(open_page, "区科技局")
    page = visit.page

    # one task at a time, with its name and its own fields
    shown = page.get_by_role("combobox", name="任务")
    assert shown.count() == 1
    note = page.get_by_role("textbox", name="进展说明")
    assert note.count() == 1
    for size in (DESKTOP, LAPTOP, PHONE):
        visit.resize(size)
        box = note.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= size[0]

    page.get_by_role("textbox", name="累计完成率").fill("85")
    page.keyboard.press("Enter")
    page.get_by_text("预览：新增1行").wait_for()
    visit.settle()

    # typing over what stands there keeps every letter, the first ones too
    note.click()
    page.keyboard.type("第一次写的")
    page.keyboard.press("Control+Enter")
    visit.settle()
    assert page.get_by_text("草稿已保存").count()
    note.click()
    page.keyboard.press("Control+A")
    page.keyboard.type("走访了三户")
    page.keyboard.press("Control+Enter")
    visit.settle()
    expect(note).to_have_value("走访了三户")

    # F5 in the middle of a word: what stands in the field goes to the server before the page goes,
    # and the browser asks first
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    note.press("End")
    page.keyboard.type("，还在写")
    page.reload()
    visit.settle()
    assert asked == ["beforeunload"]
    expect(page.get_by_role("combobox", name="填报单位")).to_have_value("区科技局")
    expect(page.get_by_role("textbox", name="填报人")).to_have_value("张三")
    expect(note).to_have_value("走访了三户，还在写")

    # another tab of the same browser has it; another browser does not
    second = open_page("/report", *PHONE)
    expect(second.page.get_by_role("textbox", name="进展说明")).to_have_value("走访了三户，还在写")
    stranger_context = harness.new_context(browser)
    stranger = harness.open_page(stranger_context, f"{base_url}/report", *PHONE)
    assert not stranger.page.get_by_text("还没有提交").count()
    stranger_context.close()

    # another month and back; then one click sends, and nothing is asked any more
    choose(visit, "填报月份", "2018-11")
    choose(visit, "填报月份", "2018-10")
    page.get_by_role("button", name="确认提交").click()
    page.get_by_text("已提交为第").wait_for()
    visit.settle()
    assert not page.get_by_text("还没有提交").count()
    page.reload()
    visit.settle()
    assert asked == ["beforeunload"]
    assert not visit.page_errors


def test_a_chinese_input_method_keeps_every_letter_and_half_a_word_goes_nowhere(open_page):
    visit = open_form(open_page, "团区委")
    page = visit.page
    keyboard = page.context.new_cdp_session(page)

    def compose(*letters, word=None):
        for text in letters:
            caret = {"selectionStart": len(text), "selectionEnd": len(text)}
            keyboard.send("Input.imeSetComposition", {"text": text, **caret})
        if word is not None:
            keyboard.send("Input.insertText", {"text": word})

    # digits typed in Chinese mode; Enter while composing is the input method's, not the page's
    number = page.get_by_role("textbox", name="累计完成率")
    number.click()
    compose("８", "８５")
    page.keyboard.press("Enter")
    assert page.evaluate("window.__unanswered") == 0
    compose(word="８５")
    page.keyboard.press("Enter")
    page.get_by_text("预览：新增1行").wait_for()
    visit.settle()

    # typing over what stands there, twice, word by word
    note = page.get_by_role("textbox", name="进展说明")
    for words in ({"z": "走", "fang": "访"}, {"hui yi": "会议", "liang chang": "两场"}):
        note.click()
        page.keyboard.press("Control+A")
        for letters, word in words.items():
            compose(letters[0], letters, word=word)
        page.keyboard.press("Control+Enter")
        visit.settle()
        expect(note).to_have_value("".join(words.values()))

    # a page that is put away in the middle of a word does not take its letters for the word
    note.press("End")
    compose("j", "ji xu")
    page.evaluate(
        """Object.defineProperty(document, "hidden", {value: true, configurable: true});
        document.dispatchEvent(new Event("visibilitychange"));
        delete document.hidden;"""
    )
    compose(word="继续")
    expect(note).to_have_value("会议两场继续")
    page.keyboard.press("Control+Enter")
    visit.settle()
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    visit.settle()
    expect(note).to_have_value("会议两场继续")
    expect(page.get_by_role("textbox", name="累计完成率")).to_have_value("８５")
    assert not visit.page_errors


def test_a_word_typed_while_the_line_is_broken_is_there_after_f5(open_page):
    visit = open_form(open_page, "区商务局")
    page = visit.page
    page.get_by_role("textbox", name="累计完成率").fill("85")
    page.keyboard.press("Enter")
    page.get_by_text("预览：新增1行").wait_for()
    visit.settle()
    page.on("dialog", lambda dialog: dialog.accept())
    page.evaluate("WebSocket.prototype.send = () => {}")
    page.get_by_role("textbox", name="进展说明").click()
    page.keyboard.type("断线时写的")
    page.reload()
    page.get_by_role("textbox", name="进展说明").wait_for()
    visit.settle()
    expect(page.get_by_role("textbox", name="进展说明")).to_have_value("断线时写的")
    second = open_page("/report", *LAPTOP)
    expect(second.page.get_by_role("textbox", name="进展说明")).to_have_value("断线时写的")
    second.page.close()

    # once on the server it is the server's: what is changed after that is not undone by the browser
    visit.settle()
    page.get_by_role("textbox", name="进展说明").fill("改过了")
    page.keyboard.press("Control+Enter")
    visit.settle()
    page.reload()
    visit.settle()
    expect(page.get_by_role("textbox", name="进展说明")).to_have_value("改过了")
    assert not visit.page_errors


def test_a_double_click_sends_once_and_says_so(open_page, tmp_path):
    visit = open_page("/report", *LAPTOP)
    begin(visit, "妇联")
    path = tmp_path / "十月.csv"
    path.write_text("任务编号,月份,累计完成率\n八-2,10月,81\n", encoding="utf-8")
    visit.page.locator("input[type=file]").first.set_input_files(path)
    visit.page.get_by_text("1行可以提交").wait_for()
    visit.settle()
    visit.page.get_by_role("button", name="确认提交").dblclick()
    visit.page.get_by_text("妇联2018-10已提交为第").wait_for()
    visit.settle()
    assert not visit.page.get_by_text("没有提交：").count()
