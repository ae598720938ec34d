"""What a leader does, in a real browser against the real server."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser import harness

pytestmark = pytest.mark.browser


def heading(visit):
    return visit.page.get_by_role("heading", level=1).inner_text()


def same_session(visit):
    """Mark the document; the mark is gone once the browser has loaded another one."""
    visit.page.evaluate("document.documentElement.dataset.mark = 'here'")

    def same():
        return visit.page.evaluate("document.documentElement.dataset.mark") == "here"

    return same


def test_the_address_holds_the_view_from_the_first_moment(open_page):
    visit = open_page("/")
    assert "month=2018-09" in visit.page.url
    expect(visit.page.get_by_role("combobox", name="截至月份")).to_have_value("2018-09")


def test_filters_stay_when_moving_between_pages(open_page):
    visit = open_page("/?month=2018-06&unit=%E5%A6%87%E8%81%94")
    assert "截至6月末总体领先计划（完成70.0%" in heading(visit)
    harness.go_to(visit.page, "月度")
    assert "6月末完成70.0%" in heading(visit)
    assert "month=2018-06" in visit.page.url
    assert "unit=" in visit.page.url
    assert "妇联" in visit.page.locator(".st-key-filters").inner_text()


def test_on_the_way_back_figures_and_filters_say_the_same(open_page):
    """There the address has the last word over what the filters said on the page before."""
    visit = open_page("/?month=2018-09")
    month = visit.page.get_by_role("combobox", name="截至月份")
    harness.go_to(visit.page, "月度")
    month.click()
    visit.page.get_by_role("option", name="2018-06", exact=True).click()
    visit.page.get_by_text("截至2018年6月末").wait_for()
    visit.settle()
    visit.page.go_back()
    visit.page.locator("h1", has_text="截至9月").wait_for()
    visit.settle()
    assert "截至9月" in heading(visit)
    expect(month).to_have_value("2018-09")
    # the month that 月度 wrote into its address was no step of its own
    assert urlsplit(visit.page.url).path == "/"
    visit.page.go_forward()
    visit.page.get_by_text("截至2018年6月末").wait_for()
    visit.settle()
    assert visit.page.get_by_text("截至2018年6月末").count() == 1
    expect(month).to_have_value("2018-06")


def test_a_page_that_stops_early_keeps_its_filters(open_page):
    """Nothing is selected: the filters that have to be cleared stand there, and clear it."""
    visit = open_page(
        "/categories?category=%E4%BA%BA%E6%89%8D%E5%B8%AE%E6%89%B6&unit=%E5%A6%87%E8%81%94"
    )
    assert "没有符合" in heading(visit)
    unit = visit.page.get_by_role("combobox", name="责任单位")
    harness.open_filters(visit.page)
    expect(unit).to_have_value("妇联")
    visit.page.keyboard.press("Escape")
    harness.go_to(visit.page, "月度")
    harness.open_filters(visit.page)
    expect(unit).to_have_value("妇联")
    unit.click()
    visit.page.keyboard.press("Control+A")
    visit.page.keyboard.type("河海街道")
    visit.page.get_by_role("option", name="河海街道", exact=True).click()
    visit.settle()
    assert "unit=%E6%B2%B3%E6%B5%B7%E8%A1%97%E9%81%93" in visit.page.url


def test_the_arrows_step_through_the_months(open_page):
    visit = open_page("/?month=2018-09")
    visit.page.get_by_role("button", name="◀").click()
    visit.page.locator("h1", has_text="截至8月末").wait_for()
    visit.settle()
    assert "month=2018-08" in visit.page.url
    expect(visit.page.get_by_role("combobox", name="截至月份")).to_have_value("2018-08")
    visit.page.get_by_role("button", name="▶").click()
    visit.page.locator("h1", has_text="截至9月末").wait_for()


def test_clicking_a_category_opens_its_tasks(open_page):
    visit = open_page("/")
    same = same_session(visit)
    visit.page.locator(".st-key-answer-worst a.gap-row", has_text="组织领导").click()
    visit.page.wait_for_url("**/categories**")
    visit.page.get_by_text("组织领导：1项任务完成0项").wait_for()
    visit.settle()
    assert "focus_category=" in visit.page.url
    assert visit.page.get_by_text("组织领导：1项任务完成0项").count() == 1
    expect(visit.page.get_by_role("combobox", name="查看一个类型")).to_have_value("组织领导")
    assert same()


def test_drilling_down_twice_keeps_the_month_and_opens_the_second_task(open_page):
    visit = open_page("/gantt?month=2018-06")
    same = same_session(visit)
    for task in ("三-2", "五-1"):
        visit.page.locator(f'.gantt-row a.task[href*="{quote(task)}"]').click()
        visit.page.wait_for_url("**/task**")
        # The address changes before the page does: on a slow machine the old one still stands.
        visit.page.locator("h1", has_text=task).wait_for()
        visit.settle()
        assert heading(visit).startswith(task)
        assert "month=2018-06" in visit.page.url
        harness.go_to(visit.page, "甘特图")
        visit.page.locator(".gantt-row").first.wait_for()
    assert same()


def test_clicking_a_late_task_opens_it(open_page):
    visit = open_page("/?month=2018-08")
    same = same_session(visit)
    visit.page.locator(".st-key-answer-late a.task-row").first.click()
    visit.page.wait_for_url("**/task**")
    visit.page.locator("h1", has_text="二-6").wait_for()
    visit.settle()
    assert heading(visit).startswith("二-6")
    assert "month=2018-08" in visit.page.url
    assert same()


def test_a_click_anywhere_on_a_row_of_the_gantt_opens_the_task(open_page):
    visit = open_page("/gantt")
    same = same_session(visit)
    row = visit.page.locator(".gantt-row[tabindex]", has_text="现场调研").first
    row.hover()
    assert "责任单位：" in row.locator(".details").inner_text()
    row.locator(".track").click()
    visit.page.wait_for_url("**/task**")
    visit.page.locator("h1", has_text="一-1").wait_for()
    visit.settle()
    assert "task=" in visit.page.url
    assert "完成80.0%" in heading(visit)
    assert same()
    visit.page.go_back()
    visit.page.locator(".gantt-row").first.wait_for()
    visit.settle()
    assert "22项任务完成6项，2项逾期" in heading(visit)


def test_the_gantt_shows_only_the_open_tasks(open_page):
    visit = open_page("/gantt")
    rows = visit.page.locator(".gantt-row[tabindex]")
    assert rows.count() == 22
    visit.page.get_by_text("只看未完成").click()
    expect(rows).to_have_count(16)
    visit.settle()
    assert "open=true" in visit.page.url
    assert visit.page.locator(".gantt-row.completed").count() == 0


def test_the_gantt_is_ordered_by_urgency(open_page):
    visit = open_page("/gantt")
    visit.page.get_by_text("最急的在前").click()
    first = visit.page.locator(".gantt-row[tabindex]").first
    expect(first).to_contain_text("合作对接会")
    states = visit.page.locator(".gantt-row[tabindex]").evaluate_all(
        "rows => rows.map(row => row.classList[1])"
    )
    assert states[:6] == ["overdue"] * 2 + ["behind"] * 3 + ["neutral"]


def test_words_are_searched_from_any_page(open_page):
    visit = open_page("/gantt?month=2018-09")
    harness.go_to(visit.page, "查找")
    box = visit.page.get_by_role("textbox", name="查找任务、单位和填报内容")
    box.fill("合作对接会")
    box.press("Enter")
    visit.page.locator("h1", has_text="找到1项任务").wait_for()
    visit.page.locator("a.task-row").click()
    visit.page.locator("h1", has_text="二-6").wait_for()
    assert "month=2018-09" in visit.page.url


def test_a_figure_leads_to_its_reports_in_three_clicks(open_page):
    """怎么算的: the total, a category, a task; there stand the reports, each with its row."""
    visit = open_page("/?month=2018-09")
    visit.page.locator(".st-key-answer-plan a", has_text="怎么算的").click()
    visit.page.locator("h1", has_text="总体完成率是怎么算的").wait_for()
    visit.page.locator(".explained a", has_text="组织领导").click()
    visit.page.locator("h1", has_text="组织领导的完成率是怎么算的").wait_for()
    visit.page.locator(".explained a", has_text="一-1").click()
    visit.page.locator("h1", has_text="一-1").wait_for()
    visit.settle()
    assert "progress.csv 第" in visit.page.locator(".explained").last.inner_text()


def test_a_chart_gives_its_table_and_a_csv_for_excel(open_page):
    visit = open_page("/categories")
    visit.page.get_by_text("数据表与下载").first.click()
    visit.settle()
    with visit.page.expect_download() as download:
        visit.page.get_by_role("button", name="下载 CSV").first.click()
    content = harness.Path(download.value.path()).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert "产业帮扶,7" in content.decode("utf-8-sig")
    assert download.value.suggested_filename == "类型完成率_2018-09.csv"


def test_new_data_shows_after_a_reload(open_page, data_dir):
    visit = open_page("/?month=2018-09")
    assert heading(visit).endswith("；2项逾期、3项滞后")
    path = data_dir / "progress.csv"
    kept = path.read_bytes()
    text = kept.decode("utf-8-sig").replace("合作对接会,0,", "合作对接会,1,", 1)
    path.write_text(text, encoding="utf-8-sig", newline="")
    try:
        visit.page.reload()
        visit.settle()
        assert heading(visit).endswith("；1项逾期、3项滞后")
        assert "已完成 7／22项" in visit.page.locator(".st-key-answer-plan").inner_text()
    finally:
        path.write_bytes(kept)
