"""What a leader sees without scrolling, on each screen and on paper, and who cannot see well as well."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser import harness
from tests.browser.harness import DESKTOP, LAPTOP, PHONE
from tests.small_plans import large, write

ANSWERS = ("answer-plan", "answer-late", "answer-due", "answer-worst", "answer-changed")


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


def test_the_answers_stand_on_the_first_screen(open_page):
    visit = open_page("/?month=2018-09")
    for size, whole in ((DESKTOP, ANSWERS), (LAPTOP, ANSWERS[:4]), (PHONE, ANSWERS[:3])):
        visit.resize(size)
        answers = ends(visit.page)
        shown = {key for key, (_, bottom) in answers.items() if bottom <= size[1]}
        assert shown >= set(whole), (size, answers)
        assert answers["answer-worst"][0] < size[1]
        # What is cut must say so by an ellipsis; nothing may stand outside of the screen.
        assert all(right <= size[0] for _, _, right, _ in boxes(visit.page, ".figures *")), size


def test_the_gantt_shows_the_22_tasks_on_one_screen_in_readable_type(open_page):
    visit = open_page("/gantt?month=2018-09")
    for size, smallest in ((DESKTOP, 15), (LAPTOP, 13)):
        visit.resize(size)
        rows = boxes(visit.page, ".gantt-row:not(.head)")
        assert len(rows) == 22
        assert rows[-1][3] <= size[1]
        fonts = visit.page.evaluate(
            """() => [...document.querySelectorAll('.gantt-row .task, .gantt-row .number')]
                 .map(each => parseFloat(getComputedStyle(each).fontSize))"""
        )
        assert min(fonts) >= smallest


def test_the_head_of_a_long_gantt_stays_in_place(open_page, own_data):
    write(large(120), own_data / "plans" / "long")
    visit = open_page("/gantt?plan=long&month=2018-09")
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


@pytest.mark.parametrize("path", ["/", "/gantt", "/task", "/report", "/matters", "/papers"])
def test_who_goes_by_the_keyboard_sees_where_they_are(open_page, path):
    """A link, a row of the Gantt, a field, an upload, a button: each shows that it has the focus.

    There in light colours, and back in dark ones.
    """
    visit = open_page(f"{path}?month=2018-09", *LAPTOP)
    page = visit.page
    page.add_style_tag(content="* { transition: none !important; }")  # looks change at once
    for key, colours in (("Tab", "light"), ("Shift+Tab", "dark")):
        visit.colours(colours)
        focused = []
        for _ in range(30):
            page.keyboard.press(key)
            focused.append(page.evaluate(_LOOK_OF_FOCUS))
        reached = [each for each in focused if each is not None]
        assert len(reached) > 20, colours
        assert [each["name"] for each in reached if not each["shown"]] == [], colours
