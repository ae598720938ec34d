"""Text that can be kept: by databases, CSV files, papers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.core import texts


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("走访\v座谈", "走访\n座谈"),
        ("走访\u2028座谈", "走访\n座谈"),
        ("走访\r\n座谈\r", "走访\n座谈\n"),
        ("送教\0上门", "送教上门"),
        ("岗位表\x1b[0m已张贴\x08\uffff", "岗位表已张贴"),
        ("开班_x000B_结业_x001F_就业", "开班\n结业就业"),
        ("岗位\ud83d已发", "岗位已发"),
        ("已发\U0001f600", "已发\U0001f600"),
        ("甲\t乙\n丙", "甲\t乙\n丙"),
        ("任务_x_编号", "任务_x_编号"),
    ],
)
def test_what_no_store_can_hold_becomes_a_line_break_or_goes(written, kept):
    assert texts.clean(written) == kept


@given(st.text(alphabet=st.characters(codec=None)))
def test_clean_text_stays_as_it_is(text):
    once = texts.clean(text)
    assert texts.clean(once) == once
    assert texts.is_clean(once)
    once.encode()


@pytest.mark.parametrize(
    "word", ["/", "—", "无", "无。", "暂无", "N/A", " - ", "没有问题", "无困难"]
)
def test_words_for_nothing(word):
    assert texts.says_nothing(word)


@pytest.mark.parametrize("word", ["", "0", "无车辆接送", "本月无新增", "/月底前补齐", "问题不大"])
def test_words_that_say_something(word):
    assert not texts.says_nothing(word)
