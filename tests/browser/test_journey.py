"""What a leader does, in a real browser against the real server."""

from __future__ import annotations

import pytest

from tests.browser import harness

pytestmark = pytest.mark.browser


def click_bar(visit, bar):
    """Click in the middle of a bar as a hand does: move there, wait for the hover, press."""
    box = bar.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    visit.page.mouse.move(x - 3, y)
    visit.page.mouse.move(x, y, steps=5)
    visit.page.wait_for_selector(".hoverlayer .hovertext")
    visit.page.mouse.click(x, y)


def test_the_address_holds_the_view_from_the_first_moment(open_page):
    visit = open_page("/")
    assert "month=2018-09" in visit.page.url
    assert visit.page.get_by_role("combobox", name="截至月份").input_value() == "2018-09"


def test_filters_stay_when_moving_between_pages(open_page):
    visit = open_page("/?month=2018-06&unit=%E5%A6%87%E8%81%94")
    assert "截至6月，2项任务" in visit.page.get_by_role("heading", level=1).inner_text()
    visit.page.get_by_role("link", name="单位").click()
    visit.settle()
    assert "2项任务" in visit.page.get_by_role("heading", level=1).inner_text()
    assert "month=2018-06" in visit.page.url
    assert "unit=" in visit.page.url


def test_on_the_way_back_figures_and_filters_say_the_same(open_page):
    """There the address has the last word over what the filters said on the page before."""
    visit = open_page("/?month=2018-09")
    month = visit.page.get_by_role("combobox", name="截至月份")
    visit.page.get_by_role("link", name="月度").click()
    visit.settle()
    month.click()
    visit.page.get_by_role("option", name="2018-06", exact=True).click()
    visit.page.get_by_text("截至2018年6月末").wait_for()
    visit.settle()
    visit.page.go_back()
    visit.page.locator("h1", has_text="截至9月").wait_for()
    visit.settle()
    assert "截至9月" in visit.page.get_by_role("heading", level=1).inner_text()
    assert month.input_value() == "2018-09"
    visit.page.go_forward()
    visit.page.get_by_text("截至2018年6月末").wait_for()
    visit.settle()
    assert visit.page.get_by_text("截至2018年6月末").count() == 1
    assert month.input_value() == "2018-06"


def test_a_page_that_stops_early_keeps_its_filters(open_page):
    """Nothing is selected: the filters that have to be cleared stand there, and clear it."""
    visit = open_page(
        "/categories?category=%E4%BA%BA%E6%89%8D%E5%B8%AE%E6%89%B6&unit=%E5%A6%87%E8%81%94"
    )
    assert "没有符合" in visit.page.get_by_role("heading", level=1).inner_text()
    unit = visit.page.get_by_role("combobox", name="责任单位")
    assert unit.input_value() == "妇联"
    visit.page.get_by_role("link", name="月度").click()
    visit.settle()
    assert visit.page.get_by_role("combobox", name="责任单位").input_value() == "妇联"
    unit.click()
    visit.page.keyboard.press("Control+A")
    visit.page.keyboard.type("河海街道")
    visit.page.get_by_role("option", name="河海街道", exact=True).click()
    visit.settle()
    assert "unit=%E6%B2%B3%E6%B5%B7%E8%A1%97%E9%81%93" in visit.page.url


def test_clicking_a_category_opens_its_tasks(open_page):
    visit = open_page("/")
    click_bar(visit, visit.page.locator(".js-plotly-plot").first.locator(".point path").last)
    visit.page.wait_for_url("**/categories**")
    visit.settle()
    assert "focus_category=" in visit.page.url
    assert visit.page.get_by_text("组织领导：1项任务完成0项").count() == 1


def test_drilling_down_twice_keeps_the_month_and_opens_the_second_task(open_page):
    visit = open_page("/gantt?month=2018-06")
    for position, expected in ((0, "三-2"), (1, "五-1")):
        bars = visit.page.locator(".js-plotly-plot .trace.bars").first.locator(".point path")
        click_bar(visit, bars.nth(position))
        visit.page.wait_for_url("**/task**")
        # The address changes before the page does: on a slow machine the old one still stands.
        visit.page.locator("h1", has_text=expected).wait_for()
        visit.settle()
        heading = visit.page.get_by_role("heading", level=1).inner_text()
        assert heading.startswith(expected), heading
        assert "month=2018-06" in visit.page.url
        visit.page.get_by_role("link", name="甘特图").click()
        visit.settle()


def test_clicking_a_task_in_the_attention_list_opens_it(open_page):
    visit = open_page("/?month=2018-08")
    visit.page.get_by_role("link", name="二-6").first.click()
    visit.page.wait_for_url("**/task**")
    visit.settle()
    assert visit.page.get_by_role("heading", level=1).inner_text().startswith("二-6")
    assert "month=2018-08" in visit.page.url


def test_clicking_a_bar_of_the_gantt_opens_the_task(open_page):
    visit = open_page("/gantt")
    click_bar(visit, visit.page.locator(".js-plotly-plot .point path").first)
    visit.page.wait_for_url("**/task**")
    visit.settle()
    assert "task=" in visit.page.url
    assert "完成100.0%，已完成" in visit.page.get_by_role("heading", level=1).inner_text()


def test_the_gantt_shows_only_the_chosen_states(open_page):
    visit = open_page("/gantt")
    visit.page.get_by_role("button", name="× 逾期").click()
    visit.settle()
    text = visit.page.locator(".js-plotly-plot").inner_text()
    assert "二-6" in text
    assert "一-1" not in text


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
    assert "已完成6项" in visit.page.get_by_role("heading", level=1).inner_text()
    path = data_dir / "progress.csv"
    kept = path.read_bytes()
    text = kept.decode("utf-8-sig").replace("合作对接会,0,", "合作对接会,1,", 1)
    path.write_text(text, encoding="utf-8-sig", newline="")
    try:
        visit.page.reload()
        visit.settle()
        assert "已完成7项" in visit.page.get_by_role("heading", level=1).inner_text()
    finally:
        path.write_bytes(kept)


def test_the_first_visitor_may_come_by_any_link(browser, data_dir, tmp_path):
    """A link to a page works on a server that nobody has opened before."""
    with harness.running_app(data_dir, tmp_path / "server.log") as url:
        context = harness.new_context(browser)
        visit = harness.open_page(context, f"{url}/units?month=2018-06", *harness.DESKTOP)
        assert "22项任务完成5项" in visit.page.get_by_role("heading", level=1).inner_text()
        context.close()
