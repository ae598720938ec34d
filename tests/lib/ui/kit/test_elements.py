"""Texts for pages: data never becomes markup."""

from __future__ import annotations

import re

import pytest
from markdown_it import MarkdownIt

from lib.core.status import Status
from lib.ui.kit.elements import badges, markdown_table, plain


@pytest.mark.parametrize(
    "text",
    [
        "*粗*",
        "[点这里](http://example.org)",
        "# 标题",
        "a|b",
        "<b>",
        "`x`",
        "$1$",
        ":red[红]",
        "1_2_3",
        "1. 甲",
        "甲\n===",
        "&lt;",
    ],
)
def test_data_is_shown_as_it_is(text):
    inline = MarkdownIt("js-default").parse(plain(text))[1]
    assert {token.type for token in inline.children} <= {"text", "text_special", "softbreak"}
    shown = "".join(token.content or "\n" for token in inline.children)
    assert shown.replace("\u2060", "") == text


@pytest.mark.parametrize(
    "text",
    [
        "www.e.cn",
        "a@b.cn",
        "http://e.cn",
        "HTTPS://e.cn",
        "a--b",
        "->",
        ">=",
        ":material/key:",
        ":streamlit:",
    ],
)
def test_what_a_browser_looks_for_in_text_is_taken_apart_by_what_nobody_sees(text):
    """Streamlit's page makes links of addresses, icons and signs of text after Markdown was read."""
    looked_for = r"https?://|www(?=\.)|@[-\w]|:[a-z]|--|->|>="
    shown = re.sub(r"\\(.)", r"\1", plain(text))
    assert re.search(looked_for, text, re.IGNORECASE)
    assert not re.search(looked_for, shown, re.IGNORECASE)
    assert shown.replace("\u2060", "") == text


def test_cells_become_a_table_with_a_head():
    rendered = MarkdownIt("js-default").render(
        markdown_table([["任务", plain("完|成")], ["一-1", "80%"]])
    )
    assert rendered.count("<th>") == 2
    assert "<th>完|成</th>" in rendered
    assert "<td>80%</td>" in rendered


def test_a_badge_names_the_state_in_words():
    assert "逾期" in badges([Status.OVERDUE])
