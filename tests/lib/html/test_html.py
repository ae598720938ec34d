"""Lists and charts as HTML: what stands in them, and that data never becomes markup."""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lib.core import months
from lib.core.answers import Answers
from lib.core.figures import Figures, Selection
from lib.core.gantt import gantt
from lib.core.search import search
from lib.html import answers as html
from lib.html import explain
from lib.html.calendar import calendar, story
from lib.html.gantt import gantt_html, gantt_legend
from lib.html.hits import hit_list
from lib.html.indicators import indicator_list
from lib.html.lights import task_lights, unit_lights
from lib.html.markup import Links, points
from lib.html.plain_page import plain_page
from tests.small_plans import as_of, plan, report, target, task

LINKS = Links((("month", "2018-09"), ("unit", "区人社局")))
HOSTILE = '<img src=x onerror="alert(1)">\'&<script>'


class Reader(HTMLParser):
    """The tags of some HTML with their attributes' names, and its text."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.text = [], set(), ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data):
        self.text += data


def everything(word):
    """All HTML there is of a small plan whose texts are ``word``."""
    data = plan(
        [
            task("一-1", "1～4月", f"甲{word}", category=f"类{word}", content=f"内容{word}"),
            task(
                "一-2",
                "全年",
                f"甲{word}",
                category=f"类{word}",
                content=f"二{word}",
                milestones=f"6月：做{word}",
            ),
            task("一-3", "1～6月", "乙", category="另类", content=f"三{word}"),
        ],
        [target("一-3", 3, f"指标{word}")],
        [
            report("一-1", 3, unit=f"甲{word}", percent=10)
            | dict.fromkeys(("issues", "next_steps", "coordination", "note"), f"话{word}"),
            report("一-2", 5, unit=f"甲{word}", percent=20)
            | dict.fromkeys(("issues", "coordination"), f"话{word}"),
        ],
    )
    figures = as_of(data, 5)
    answers = Answers(figures)
    only = figures.of_tasks(["一-1"])
    reports = data.progress
    return [
        plain_page(figures),
        html.strip(answers, LINKS),
        html.gap_bars(answers.categories, LINKS, "categories", "focus_category"),
        html.gap_bars(answers.units, LINKS, "units", "focus_unit", before=answers.units_before),
        html.late_list(answers, LINKS),
        html.due_list(answers, LINKS),
        html.change_list(answers, LINKS),
        html.request_list(answers, LINKS),
        html.curve(answers, dark=False),
        gantt_html(figures, gantt(figures), LINKS),
        gantt_legend(figures, gantt(figures)),
        indicator_list(figures, LINKS),
        html.missing_list(answers, LINKS),
        task_lights(figures, LINKS),
        unit_lights(figures, LINKS),
        calendar(figures, LINKS),
        story(
            only, reports[reports["task_id"] == "一-1"], {months.parse("2018-04"): [f"督办{word}"]}
        ),
        hit_list(search(data, "内容"), LINKS),
        explain.total(figures, LINKS),
        explain.category(figures.of_category("另类"), LINKS),
        explain.task(figures.of_tasks(["一-3"])),
        explain.task(only),
        explain.reports(
            reports,
            {("2018-03", f"甲{word}"): f"图{word}"},
            {("一-1", "2018-03", f"甲{word}", ""): (f"第1号{word}", f"{word}.xlsx 第3行")},
            2018,
        ),
    ]


@cache
def plain_pages():
    return [Reader(text) for text in everything("x")]


@settings(
    max_examples=settings.default.max_examples // 5, suppress_health_check=[HealthCheck.too_slow]
)
@given(st.text(alphabet="<>&\"'`=a1!", min_size=1, max_size=12))
def test_data_never_becomes_markup(word):
    """Whatever texts say, the tags and attributes are those of the same plan with plain texts."""
    for expected, hostile in zip(plain_pages(), everything(word), strict=True):
        got = Reader(hostile)
        assert got.tags == expected.tags
        assert got.attributes == expected.attributes


def test_hostile_text_is_shown_as_it_is():
    texts = everything(HOSTILE)
    assert all("<img src=x" not in text for text in texts)
    assert all("<script" not in text for text in texts)
    assert HOSTILE in Reader(texts[4]).text


def test_lists_are_cut_with_the_rest_counted(shipped):
    answers = Answers(Figures(shipped, Selection(months.from_parts(2018, 11))))
    text = html.late_list(answers, Links())
    assert text.count('<a class="task-row"') == 7
    assert "另8项" in text
    assert text.index("task=%E4%BA%8C-4") < text.index("task=%E4%BA%8C-6")


def test_a_late_row_names_unit_task_reason_completion_and_gap(shipped):
    answers = Answers(Figures(shipped, Selection(months.from_parts(2018, 9))))
    first = Reader(re.findall(r'<a class="task-row".*?</a>', html.late_list(answers, Links()))[0])
    for words in ("逾期", "区经发局", "合作对接会", "应于8月完成", "0%", "−100"):
        assert words in first.text


def test_the_strip_says_how_punctual_the_reports_are(shipped):
    answers = Answers(Figures(shipped, Selection(shipped.latest_month)))
    assert "按时率 <b>84%</b>" in html.strip(answers, Links())


def test_a_gantt_row_says_the_task_aloud_and_marks_only_what_there_is(shipped):
    figures = Figures(shipped, Selection(months.from_parts(2018, 9)))
    text = gantt_html(figures, gantt(figures), Links())
    rows = re.split(r'(?=<div class="gantt-row)', text)[2:]
    assert len(rows) == 22
    overdue = next(row for row in rows if "task=%E4%BA%8C-6" in row)
    assert 'class="overdue-line"' in overdue
    assert 'class="done"' not in overdue
    assert sum('class="overdue-line"' in row for row in rows) == 2
    assert all('class="tick"' not in row for row in rows if "gantt-row completed" in row)
    for row in rows:
        places = [float(place) for place in re.findall(r"(?:left|width):([\d.]+)%", row)]
        assert all(0 <= place <= 100 for place in places)


def test_only_a_group_below_plan_has_a_colour_and_the_legend_says_which(shipped):
    answers = Answers(Figures(shipped, Selection(months.from_parts(2018, 9))))
    text = html.gap_bars(answers.units, Links(), "units", "focus_unit", before={"妇联": 5})
    ahead = next(row for row in text.split("</a>") if "妇联" in row)
    assert 'class="bar neutral"' in ahead
    assert "（5）" in ahead
    assert text.count('class="bar overdue"') == 3  # two units and the legend
    assert "低于序时进度，有滞后" in text
    cut = html.gap_bars(answers.categories, Links(), "categories", "focus_category", limit=4)
    assert "另5个" in cut


def test_lights_and_bars_stand_in_one_order(shipped):
    answers = Answers(Figures(shipped, Selection(months.from_parts(2018, 9))))
    text = unit_lights(answers.figures, Links())
    places = [text.index(f">{unit}</a>") for unit in answers.units["key"]]
    assert places == sorted(places)
    silent = as_of(plan([task("一-1", "1～4月")]), 5)
    assert (
        "lamp overdue" not in task_lights(silent, Links()).split("<tbody>")[1].split("</tbody>")[0]
    )


def test_lights_say_what_turned(shipped):
    figures = Figures(shipped, Selection(months.from_parts(2018, 9)))
    for text in (task_lights(figures, Links()), unit_lights(figures, Links())):
        assert "→逾期" in text
        assert 'class="lights-legend"' in text
        assert 'title="逾期"' in text


def test_explanations_say_row_reporter_and_rule(shipped):
    figures = Figures(shipped, Selection(months.from_parts(2018, 9)))
    assert "总体完成率 65.9%" in Reader(explain.total(figures, Links())).text
    rows = shipped.progress[shipped.progress["task_id"] == "一-1"]
    text = Reader(explain.reports(rows, {}, {}, 2018)).text
    assert f"progress.csv 第{rows.index[0] + 2}行" in text


@pytest.mark.parametrize(("gap", "text"), [(-0.253, "−25"), (0.05, "+5"), (0.001, "0")])
def test_points(gap, text):
    assert points(gap) == text


def test_a_month_says_its_kinds_once(shipped):
    """启动 and 到期 stand before their first row; a month of one kind has it in its heading alone."""
    text = calendar(Figures(shipped, Selection(months.parse("2018-02"))), LINKS)
    parts = re.split("<h3>", text)[1:]
    for part in parts:
        kinds = [kind for kind in ("启动", "到期") if kind in part.partition("</h3>")[0]]
        expected = 1 if len(kinds) == 2 else 0
        assert [part.count(f"<span>{kind}</span>") for kind in kinds] == [expected] * len(kinds)
    assert {part.count("<span>启动</span>") for part in parts} == {0, 1}
