"""Next year's plan from the Word document to the dashboard and back, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from lib.store import open_store, plan_names
from tests.browser import harness
from tests.browser.harness import PHONE, ROOT

pytestmark = pytest.mark.browser
DOCX = ROOT / "tests" / "fixtures" / "plans" / "2019-libreoffice.docx"


def sign(visit, user):
    name = visit.page.get_by_role("textbox", name="操作人")
    name.fill(user)
    name.press("Enter")
    visit.settle()


def heading(visit, text):
    visit.page.get_by_role("heading", level=1).filter(has_text=text).wait_for()
    visit.settle()


def test_upload_review_commit_switch_and_undo(open_page, own_data):
    visit = open_page("/plan")
    sign(visit, "张三")
    visit.page.locator("input[type=file]").first.set_input_files(DOCX)
    visit.page.get_by_role("heading", name="疑问2处").wait_for()
    visit.settle()
    main = visit.page.get_by_test_id("stMain")
    assert "正文与分解表有4处不一致" in main.inner_text()
    marked = visit.page.locator(".st-key-plan-source span").filter(has_text="10家以上").first
    assert marked.evaluate("one => getComputedStyle(one).backgroundColor") != "rgba(0, 0, 0, 0)"
    assert visit.page.get_by_role("button", name="确认导入").count() == 0
    visit.page.get_by_text("全部接受").click()
    visit.settle()
    assert plan_names(own_data) == []
    visit.page.get_by_role("button", name="确认导入6项任务、6个指标").click()
    visit.page.get_by_text("已记为第1号").wait_for()
    assert plan_names(own_data) == ["2019"]

    visit.page.get_by_role("button", name="看这个计划的总览").click()
    heading(visit, "5项任务")
    assert "plan=2019" in visit.page.url
    harness.go_to(visit.page, "甘特图")
    heading(visit, "项任务的计划时间")
    expect(visit.page.locator(".gantt-row[tabindex]")).to_have_count(5)

    leader = open_page("/portfolio", *PHONE)
    assert "全部计划：2个计划" in leader.page.get_by_test_id("stMain").inner_text()
    assert leader.page.get_by_test_id("stMain").evaluate(
        "main => main.scrollWidth <= main.clientWidth"
    )

    bars = leader.page.locator(".js-plotly-plot").first.locator(".trace.bars").last
    bar = bars.locator(".point path").last.bounding_box()
    leader.page.mouse.click(bar["x"] + bar["width"] / 2, bar["y"] + bar["height"] / 2)
    heading(leader, "截至9月末总体略低于计划（完成65.9%")

    box = visit.page.get_by_role("combobox", name="计划", exact=True)
    box.click()
    visit.page.get_by_role("option", name="2018（默认）").click()
    expect(visit.page.locator(".gantt-row[tabindex]")).to_have_count(22)

    harness.go_to(visit.page, "计划管理")
    visit.page.get_by_role("button", name="撤销这次提交").click()
    visit.page.get_by_text("已记为第1号").wait_for(state="detached")
    visit.settle()
    assert plan_names(own_data) == []
    assert open_store(own_data).dataset().settings.year == 2018
    assert not visit.page_errors


def test_a_hostile_document_shows_as_text(open_page, own_data, tmp_path):
    text = (
        "2020年工作计划\n<img src=x onerror=alert(1)> :red[红] **粗** [链接](http://a) $x$\n"
        "类型\t工作任务\t责任单位\t完成时限\n"
        "产业\t<script>alert(1)</script>组织10家企业[x](http://a)\t区经发局\t全年\n"
    )
    path = tmp_path / "恶意.txt"
    path.write_text(text, encoding="utf-8")
    visit = open_page("/plan")
    sign(visit, "张三")
    visit.page.locator("input[type=file]").first.set_input_files(path)
    visit.page.get_by_text("文件原文").wait_for()
    visit.settle()
    source = visit.page.locator(".st-key-plan-source")
    text = source.inner_text().replace("\u2060", "")  # what keeps an address from being a link
    assert "<script>alert(1)</script>组织10家企业[x](http://a)" in text
    assert ":red[红] **粗** [链接](http://a) $x$" in text
    assert source.locator("a, img, script").count() == 0


def test_an_amended_window_shows_beside_its_baseline(open_page, own_data):
    visit = open_page("/plan")
    sign(visit, "张三")
    visit.page.get_by_text("或者粘贴从 Word 复制的文字").click()
    text = (ROOT / "tests" / "fixtures" / "plan-2018.txt").read_text(encoding="utf-8")
    box = visit.page.get_by_role("textbox", name="计划全文（含任务分解表）")
    box.fill(text.replace("\t6～8月\n", "\t6～10月\n"))
    box.press("Control+Enter")
    visit.page.get_by_role("heading", name="预览：调整1项任务").wait_for()
    visit.settle()
    assert "计划完成时间：6～8月 → 6～10月" in visit.page.get_by_test_id("stMain").inner_text()
    visit.page.get_by_role("button", name="确认导入29项任务、26个指标").click()
    visit.page.get_by_text("已记为第1号").wait_for()
    gantt = open_page("/gantt?month=2018-09")
    assert "1项时间有调整（二-6）" in gantt.page.get_by_test_id("stMain").inner_text()
    assert "，1项逾期" in gantt.page.get_by_test_id("stMain").inner_text()
    assert gantt.page.locator(".gantt-row .baseline").count() == 1
    harness.open_filters(gantt.page)
    gantt.page.get_by_text("对照基准").click()
    gantt.page.get_by_role("heading", name="，2项逾期").wait_for()
    assert "baseline=true" in gantt.page.url
