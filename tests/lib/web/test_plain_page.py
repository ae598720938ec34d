"""``/plain`` and the first words of 总览: the same answers without a script, for readers alone."""

from __future__ import annotations

import pytest

from lib.core import months
from lib.core.answers import Answers
from lib.core.figures import Figures, Selection
from lib.store import open_store
from tests import serving
from tests.people import access_to


@pytest.fixture
def reader(folder):
    """Somebody at the machine itself: nobody signs in, everybody there reads."""
    return serving.local(folder, access_to(folder))


def answers(folder, month=None):
    dataset = open_store(folder).dataset()
    return Answers(
        Figures(dataset, Selection(months.parse(month) if month else dataset.latest_month))
    )


def test_the_page_says_the_months_answers_without_a_script(folder, reader):
    page = reader.get("/plain", params={"month": "2018-08"}).text
    expected = answers(folder, "2018-08")
    assert f"<h1>{expected.verdict}</h1>" in page
    for title in (expected.late_title, expected.due_title, expected.change_title):
        assert title in page
    for task in expected.figures.tasks["task_id"]:
        assert expected.figures.dataset.tasks.loc[task, "content"] in page
    assert "<script" not in page
    assert 'href="plain?month=2018-07"' in page
    assert "演示数据" in page


def test_no_month_or_an_unknown_one_is_the_latest_reported(folder, reader):
    latest = answers(folder, "2018-09").verdict
    assert latest in reader.get("/plain").text
    assert latest in reader.get("/plain?month=2031-01").text


def test_a_new_report_is_on_the_page(folder, reader):
    before = reader.get("/plain").text
    file = folder / "progress.csv"
    file.write_text(
        "\n".join(line for line in file.read_text("utf-8").splitlines() if "2018-09" not in line),
        encoding="utf-8",
    )
    assert answers(folder).verdict in reader.get("/plain").text
    assert answers(folder).verdict not in before


def test_who_may_not_read_gets_neither_the_page_nor_the_words(visitor):
    assert visitor.get("/plain").headers["location"] == "/sign-in?next=%2Fplain"
    assert visitor.get("/").status_code == 303
    serving.sign_in(visitor)
    assert visitor.get("/plain").status_code == 200
    assert "first-words" not in visitor.get("/").text  # 经办人 land on 填报


def test_the_overview_comes_with_its_first_words(folder, reader):
    words = f'<div id="first-words" class="figures light"><h1>{answers(folder, "2018-09").verdict}'
    assert words in reader.get("/").text
    assert answers(folder, "2018-03").verdict in reader.get("/?month=2018-03").text
    for address in ("/?unit=妇联", "/?plan=x", "/units", "/gantt?month=2018-09"):
        assert "first-words" not in reader.get(address).text


def test_the_words_lead_where_the_page_does(reader):
    assert "categories?month=2018-09&amp;focus_category=" in reader.get("/").text


def test_a_broken_plan_is_said(folder, reader):
    (folder / "plan.csv").write_text("编号\n", encoding="utf-8")
    answer = reader.get("/plain")
    assert answer.status_code == 503
    assert "计划数据有错误" in answer.text
    assert "first-words" not in reader.get("/").text
