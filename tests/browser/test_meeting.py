"""What the presenter does at the meeting, in a real browser against the real server."""

from __future__ import annotations

import io
import re
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
from PIL import Image
from pptx import Presentation

from lib.store import open_store
from tests.browser import harness
from tests.browser.harness import DESKTOP, LAPTOP, PHONE

pytestmark = pytest.mark.browser
UNIT = "%E5%8C%BA%E5%86%9C%E4%B8%9A%E5%B1%80"  # 区农业局


def shown(visit):
    return visit.page.locator("img.slide").get_attribute("alt")


def press(visit, key, expected):
    visit.page.keyboard.press(key)
    visit.page.wait_for_selector(f'img.slide[alt^="{expected}"]')
    visit.settle()


def address(visit):
    return {name: values[0] for name, values in parse_qs(urlsplit(visit.page.url).query).items()}


def content_of(download):
    return harness.Path(download.value.path()).read_bytes()


def test_keys_walk_through_the_slides_and_escape_returns(open_page):
    visit = open_page(f"/units?month=2018-06&focus_unit={UNIT}")
    harness.go_to(visit.page, "汇报模式")
    visit.page.wait_for_url("**/present**")
    visit.settle()
    assert shown(visit).startswith("封面")
    assert address(visit)["month"] == "2018-06"
    press(visit, "ArrowRight", "总体情况")
    press(visit, "PageDown", "分类进展")  # what a presenter's remote sends
    press(visit, "ArrowLeft", "总体情况")
    visit.page.keyboard.type("3")
    press(visit, "Enter", "分类进展")
    assert address(visit)["slide"] == "3"
    visit.page.reload()
    visit.settle()
    assert shown(visit).startswith("分类进展")
    press(visit, "Home", "封面")
    # The reload began a new session: go there again to have somewhere to return to.
    visit = open_page(f"/units?month=2018-06&focus_unit={UNIT}")
    harness.go_to(visit.page, "汇报模式")
    visit.page.wait_for_url("**/present**")
    visit.settle()
    visit.page.keyboard.press("Escape")
    visit.page.wait_for_url("**/units**")
    visit.settle()
    assert address(visit)["month"] == "2018-06"
    assert address(visit)["focus_unit"] == "区农业局"
    assert visit.page.get_by_text("区农业局：2项任务").count() == 1


def test_the_presenters_window_and_the_hall_follow_each_other(open_page):
    hall = open_page("/present?month=2018-09")
    with hall.page.context.expect_page() as opened:
        hall.page.keyboard.press("p")
    presenter = opened.value
    presenter.locator("img.next").wait_for()
    assert presenter.locator("img.next").get_attribute("alt").startswith("下一页：总体情况")
    presenter.get_by_role("button", name="逾期和滞后").first.click()  # a question: jump there
    hall.page.wait_for_selector('img.slide[alt^="逾期和滞后"]')
    assert "对接会因档期再次推迟" in presenter.locator(".notes").inner_text()
    assert re.match(r"\d\d:\d\d　本页 0:0\d", presenter.locator(".time").inner_text())
    assert hall.page.locator(".notes").count() == 0
    presenter.keyboard.press("b")
    hall.page.locator(".black").wait_for(state="visible")
    presenter.keyboard.press("b")
    hall.page.locator(".black").wait_for(state="hidden")
    hall.page.bring_to_front()
    hall.page.keyboard.press("Home")
    presenter.wait_for_selector('img.slide[alt^="封面"]')


def test_a_presenter_on_another_device_follows_and_turns_the_hall(open_page, browser, base_url):
    """Another profile of the browser: nothing goes between the two but what the server knows."""
    hall = open_page("/present?month=2018-09")
    hall.page.keyboard.press("ArrowRight")
    hall.page.wait_for_selector('img.slide[alt^="总体情况"]')
    device = harness.new_context(browser)
    try:
        other = harness.open_page(device, f"{base_url}/present?presenter=true", *harness.PHONE)
        phone = other.page
        phone.wait_for_selector('img.slide[alt^="总体情况"]')
        phone.wait_for_selector(".joined")
        assert not phone.locator(".ask").is_visible()
        assert address(other)["month"] == "2018-09"
        phone.get_by_role("button", name="下一页").click()
        hall.page.wait_for_selector('img.slide[alt^="分类进展"]')
        hall.page.keyboard.press("b")
        phone.locator(".black").wait_for(state="visible")
        hall.page.context.set_offline(True)
        hall.page.keyboard.press("End")  # nobody hears of it yet, and the hall goes on
        last = hall.page.locator("img.slide").get_attribute("alt")
        hall.page.context.set_offline(False)
        phone.wait_for_selector(f'img.slide[alt="{last}"]')
        assert hall.page.locator("img.slide").get_attribute("alt") == last
    finally:
        device.close()


def test_the_hall_sees_the_slide_alone_after_two_seconds(open_page):
    visit = open_page("/present?month=2018-09")
    controls = visit.page.locator(".controls")
    visit.page.mouse.move(300, 300)
    harness.wait_for_controls(visit.page)
    harness.wait_for_controls(visit.page, shown=False)
    visit.page.mouse.move(400, 400)
    harness.wait_for_controls(visit.page)
    assert controls.get_by_role("button", name="下一页").is_visible()
    # a lost connection keeps the slides
    visit.page.context.set_offline(True)
    visit.page.keyboard.press("ArrowRight")
    visit.page.wait_for_selector('img.slide[alt^="总体情况"]')


def test_unattended_it_turns_its_pages(context, base_url):
    context.clock.install()
    visit = harness.open_page(context, f"{base_url}/present?month=2018-09&auto=true", *DESKTOP)
    context.clock.fast_forward("00:16")
    visit.page.wait_for_selector('img.slide[alt^="总体情况"]')
    assert "自动翻页中" in visit.page.locator(".count").inner_text()


def test_a_finger_turns_the_pages(browser, base_url):
    context = harness.new_context(browser, touch=True)
    page = harness.open_page(context, f"{base_url}/present?month=2018-09", *PHONE).page
    hand = context.new_cdp_session(page)

    def swipe(left, right):
        for kind, places in (
            ("touchStart", [left]),
            ("touchMove", [(left + right) // 2]),
            ("touchMove", [right]),
            ("touchEnd", []),
        ):
            points = [{"x": x, "y": 300} for x in places]
            hand.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    # A tap that follows a swipe at once is the browser's own: it would stop the page's sliding.
    page.get_by_role("button", name="下一页").tap()
    page.wait_for_selector('img.slide[alt^="总体情况"]')
    swipe(300, 60)
    page.get_by_text("3／").wait_for()
    swipe(60, 300)
    page.wait_for_selector('img.slide[alt^="总体情况"]')
    context.close()


def test_a_slide_fills_the_screen_and_its_controls_are_readable_from_the_last_row(open_page):
    visit = open_page("/present?month=2018-09&slide=2")
    for size in (DESKTOP, LAPTOP, (2560, 1440)):
        visit.resize(size)
        box = visit.page.locator("img.slide").bounding_box()
        assert box["x"] == pytest.approx(0, abs=1)
        assert box["y"] == pytest.approx(0, abs=1)
        assert box["width"] == pytest.approx(size[0], abs=2)
        assert box["height"] == pytest.approx(size[1], abs=2)
        for part in ("stSidebar", "stHeader", "stTopNav", "stExpandSidebarButton"):
            assert not visit.page.get_by_test_id(part).is_visible(), part
        scrolls = visit.page.evaluate(
            "() => { const m = document.querySelector('[data-testid=\"stMain\"]');"
            " return [m.scrollHeight - m.clientHeight, m.scrollWidth - m.clientWidth]; }"
        )
        assert scrolls == [0, 0]
    visit.resize(DESKTOP)
    sizes = visit.page.locator(".controls :is(button, span)").evaluate_all(
        "all => all.map(one => parseFloat(getComputedStyle(one).fontSize))"
    )
    assert sizes
    assert min(sizes) >= 24


def test_a_chart_is_saved_as_png_and_svg_with_its_chinese_text(open_page):
    visit = open_page("/months?month=2018-09")
    visit.page.get_by_text("数据表与下载").first.click()
    visit.settle()
    with visit.page.expect_download() as download:
        visit.page.get_by_role("button", name="下载图片 SVG").click()
    assert download.value.suggested_filename == "进度曲线_2018-09.svg"
    drawn = ElementTree.fromstring(content_of(download).decode())  # noqa: S314
    text = "".join(drawn.itertext())
    assert "9月末完成65.9%，低于序时进度1.0个百分点" in text
    for words in ("完成率 65.9%", "序时进度 66.9%", "演示数据", "截至2018年9月末"):
        assert words in text
    with visit.page.expect_download() as download:
        visit.page.get_by_role("button", name="下载图片 PNG").click()
    assert download.value.suggested_filename == "进度曲线_2018-09.png"
    picture = Image.open(io.BytesIO(content_of(download))).convert("RGB")
    assert picture.size == (2 * int(drawn.get("width")), 2 * int(drawn.get("height")))
    colours = {colour for _, colour in picture.getcolors(1 << 24)}
    assert (31, 78, 158) in colours  # the bars
    assert (255, 255, 255) in colours
    ink = picture.crop((0, 0, picture.width, 80)).convert("L").point(lambda v: 255 * (v < 120))
    assert ink.getbbox() is not None  # the finding above the chart
    assert visit.foreign_requests() == []


def test_a_paper_is_made_with_a_progress_bar_and_downloaded(open_page):
    visit = open_page("/papers?month=2018-09")
    visit.page.get_by_role("button", name="生成汇报PPT").click()
    visit.page.get_by_role("button", name="下载 汇报PPT_2018-09.pptx").wait_for()
    visit.settle()
    with visit.page.expect_download() as download:
        visit.page.get_by_role("button", name="下载 汇报PPT_2018-09.pptx").click()
    assert download.value.suggested_filename == "汇报PPT_2018-09.pptx"
    file = Presentation(io.BytesIO(content_of(download)))
    assert "完成65.9%" in file.slides[1].shapes[0].text_frame.text


def test_sealing_at_the_meeting_and_looking_at_it_later(open_page, own_data):
    visit = open_page("/papers?month=2018-09")
    visit.page.get_by_label("定稿人").fill("张三")
    visit.page.get_by_role("button", name="9月定稿").click()
    visit.page.get_by_text("已定稿").wait_for()
    store = open_store(own_data)
    assert store.submissions[-1].details == {"month": "2018-09", "revision": 0}
    path = own_data / "progress.csv"
    text = path.read_text(encoding="utf-8-sig").replace("合作对接会,0,", "合作对接会,1,", 1)
    path.write_text(text, encoding="utf-8-sig", newline="")
    store.history()  # takes the edit in, as any page of 上报记录 does
    visit = open_page("/?edition=1")
    title = visit.page.get_by_role("heading", level=1).inner_text()
    assert title.endswith("；2项逾期、3项滞后")
    assert visit.page.get_by_text("定稿后有1项更正").is_visible()
    visit.page.locator(".st-key-answer-late a.task-row").first.click()
    visit.page.locator("h1", has_text="二-6").wait_for()
    visit.settle()
    assert "完成0.0%" in visit.page.get_by_role("heading", level=1).inner_text()
    assert address(visit)["edition"] == "1"
