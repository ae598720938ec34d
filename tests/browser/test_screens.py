"""What a leader sees without scrolling, on each screen and on paper, and who cannot see well as well."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser import harness
from tests.browser.harness import DESKTOP, LAPTOP, PHONE
from tests.small_plans import large, write

ANSWERS = ("answer-plan", "answer-late", "answer-due", "answer-worst", "answer-changed")
SCREENS = ["/", "/gantt", "/categories", "/units", "/months", "/task", "/search", "/explain"]


def boxes(page, selector):
    """Left, top, right and bottom of each element that is seen."""
    return page.evaluate(
        """selector => [...document.querySelectorAll(selector)].map(each => {
             const box = each.getBoundingClientRect();
             return [box.left, box.top, box.right, box.bottom];
           }).filter(([left, top, right, bottom]) => bottom > top)""",
        selector,
    )


def ends(page):
    """Where each of the five answers ends, and where it begins, by its key."""
    found = {}
    for key in ANSWERS:
        ((_, top, _, bottom),) = boxes(page, f".st-key-{key}")
        found[key] = (top, bottom)
    return found


@pytest.mark.parametrize(
    ("size", "whole"),
    [(DESKTOP, ANSWERS), (LAPTOP, ANSWERS[:4]), (PHONE, ANSWERS[:3])],
    ids=["desk", "laptop", "phone"],
)
def test_the_answers_stand_on_the_first_screen(open_page, size, whole):
    visit = open_page("/?month=2018-09", *size)
    answers = ends(visit.page)
    height = size[1]
    assert {key: bottom for key, (_, bottom) in answers.items() if bottom <= height}.keys() >= set(
        whole
    ), answers
    assert answers["answer-worst"][0] < height
    # What is cut must say so by an ellipsis; nothing may stand outside of the screen.
    assert all(right <= size[0] for _, _, right, _ in boxes(visit.page, ".figures *"))


@pytest.mark.parametrize(
    ("size", "smallest"), [(DESKTOP, 15), (LAPTOP, 13)], ids=["desk", "laptop"]
)
def test_the_gantt_shows_the_22_tasks_on_one_screen_in_readable_type(open_page, size, smallest):
    visit = open_page("/gantt?month=2018-09", *size)
    rows = boxes(visit.page, ".gantt-row:not(.head)")
    assert len(rows) == 22
    assert rows[-1][3] <= size[1]
    fonts = visit.page.evaluate(
        """() => [...document.querySelectorAll('.gantt-row .task, .gantt-row .number')]
             .map(each => parseFloat(getComputedStyle(each).fontSize))"""
    )
    assert min(fonts) >= smallest


@pytest.fixture(scope="module")
def large_url(chromium_path, tmp_path_factory):
    """The app with a plan of a hundred and twenty tasks."""
    folder = tmp_path_factory.mktemp("large")
    write(large(120), folder / "data")
    with harness.running_app(folder / "data", folder / "server.log") as url:
        yield url


def test_the_head_of_a_long_gantt_stays_in_place(large_url, context):
    visit = harness.open_page(context, f"{large_url}/gantt?month=2018-09", *DESKTOP)
    page = visit.page
    assert len(boxes(page, ".gantt-row:not(.head)")) == 120
    page.locator(".gantt-row").last.scroll_into_view_if_needed()
    ((_, top, _, bottom),) = boxes(page, ".gantt-row.head")
    ((_, _, _, below_the_bar),) = boxes(page, '[data-testid="stHeader"]')
    assert below_the_bar - 1 <= top < 120
    assert bottom < DESKTOP[1] / 4
    assert page.locator(".gantt-row.head .now").is_visible()


def test_a_tap_shows_a_task_whole_and_a_click_on_its_name_opens_it(browser, base_url):
    context = harness.new_context(browser, touch=True)
    visit = harness.open_page(context, f"{base_url}/gantt?month=2018-09", *PHONE)
    row = visit.page.locator(".gantt-row:not(.head)").nth(6)
    row.locator(".track").tap()
    details = row.locator(".details")
    details.wait_for(state="visible")
    assert "两地联合组织一次合作对接会" in details.inner_text()
    row.locator("a.task").tap()
    visit.page.locator("h1", has_text="二-6").wait_for()
    context.close()


def words_on_paper(pdf):
    """Each word of a PDF with the box of its letters and the size of its page."""
    text = subprocess.run(
        ["pdftotext", "-bbox", pdf, "-"], check=True, capture_output=True, text=True
    ).stdout
    for page in text.split("<page ")[1:]:
        width, height = (
            float(value) for value in re.findall(r'(?:width|height)="([\d.]+)"', page)[:2]
        )
        for left, top, right, bottom, word in re.findall(
            r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)</word>',
            page,
        ):
            yield word, (float(left), float(top), float(right), float(bottom)), (width, height)


@pytest.mark.parametrize("path", SCREENS)
def test_each_page_prints_on_two_sheets_of_a4_with_nothing_cut(open_page, tmp_path, path):
    if shutil.which("pdftotext") is None:
        pytest.skip("poppler-utils is not installed")
    visit = open_page(f"{path}?month=2018-09")
    pdf = tmp_path / "page.pdf"
    visit.page.pdf(path=pdf, prefer_css_page_size=True, print_background=True)
    facts = subprocess.run(["pdfinfo", pdf], check=True, capture_output=True, text=True).stdout
    sheets = int(re.search(r"Pages:\s+(\d+)", facts)[1])
    assert sheets <= (1 if path in {"/", "/gantt"} else 2)
    sizes = []
    for word, (left, top, right, bottom), (width, height) in words_on_paper(pdf):
        assert left >= 0, word
        assert top >= 0, word
        assert right <= width, word
        assert bottom <= height, word
        sizes.append(bottom - top)
    if path == "/gantt":
        assert min(sizes) >= 8


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_no_page_has_an_accessibility_finding(browser, base_url, dark):
    context = harness.new_context(browser, dark=dark)
    for path in SCREENS:
        visit = harness.open_page(context, f"{base_url}{path}?month=2018-09", *LAPTOP)
        findings = Axe().run(visit.page).response["violations"]
        assert [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in findings] == [], path
        visit.page.close()
    context.close()


def test_the_bars_of_the_categories_are_saved_as_a_picture(open_page):
    visit = open_page("/categories?month=2018-09")
    visit.page.get_by_text("数据表与下载").first.click()
    visit.settle()
    for ending, start in (("svg", b"<svg "), ("png", b"\x89PNG")):
        with visit.page.expect_download() as download:
            visit.page.get_by_role("button", name=f"下载图片 {ending.upper()}").click()
        assert download.value.suggested_filename == f"类型完成率_2018-09.{ending}"
        assert Path(download.value.path()).read_bytes().startswith(start)


_LOOK_OF_FOCUS = """async () => {
  const focused = document.activeElement;
  if (!focused || focused === document.body) return null;
  const around = [focused];
  for (let up = focused.parentElement; up && around.length < 5; up = up.parentElement)
    around.push(up);
  const look = () => around.flatMap(each => {
    const style = getComputedStyle(each);
    const outline = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
    return [outline ? style.outline : '', style.boxShadow, style.borderColor];
  });
  const seen = look();
  focused.blur();  // the page answers to it before the frame after next
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  const without = look();
  focused.focus({ preventScroll: true, focusVisible: true });
  const name = focused.getAttribute('aria-label') || focused.innerText || focused.tagName;
  return { name: name.slice(0, 40), shown: seen.some((part, n) => part !== without[n]) };
}"""


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_who_goes_by_the_keyboard_sees_where_they_are(browser, base_url, dark):
    """A link, a row of the Gantt, a field, an upload, a button: each shows that it has the focus."""
    context = harness.new_context(browser, dark=dark)
    unseen = []
    for path in ("/", "/gantt", "/task", "/report", "/matters", "/papers"):
        page = harness.open_page(context, f"{base_url}{path}?month=2018-09", *LAPTOP).page
        page.add_style_tag(content="* { transition: none !important; }")  # looks change at once
        reached = 0
        for _ in range(30):
            page.keyboard.press("Tab")
            focused = page.evaluate(_LOOK_OF_FOCUS)
            reached += focused is not None
            if focused and not focused["shown"]:
                unseen.append((path, focused["name"]))
        assert reached > 20, path
        page.close()
    context.close()
    assert not unseen
