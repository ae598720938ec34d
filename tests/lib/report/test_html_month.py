"""The month as one HTML file: nothing fetched, every task in it, the figures of the roll-up."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

from lib.core import wording
from lib.report import Material
from lib.report.export import export
from tests.small_plans import as_of, plan, task


def test_it_holds_the_figures_and_every_task_and_fetches_nothing(any_material):
    text = export(any_material, "html").decode()
    assert "Content-Security-Policy\" content=\"default-src 'none'" in text
    assert not re.search(r"<script|<link|<iframe|@import|url\(", text)
    addresses = set(re.findall(r'(?:src|href)="([^"]*)"', text))
    assert all(address.startswith("data:") for address in addresses)
    assert any_material.answers.verdict in unescape(text)
    figures = any_material.figures
    assert text.count("<tr>") == (len(figures.tasks) + 1 if len(figures.tasks) else 0)
    for row in figures.tasks.itertuples():
        assert figures.dataset.tasks.at[row.task_id, "content"] in unescape(text)
        assert f'<td class="number">{wording.percent(row.completion)}</td>' in text


def test_text_of_data_is_never_markup():
    data = plan(
        [task("1", "2018年3月", content='<img src=x onerror="alert(1)">', units="<b>局</b>")]
    )
    text = export(Material(as_of(data, 4), made=date(2018, 5, 1)), "html").decode()
    assert "<img" not in text
    assert "<b>局" not in text
