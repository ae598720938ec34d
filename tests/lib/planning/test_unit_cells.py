"""Cells of units over several lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.core.units import parse_units
from lib.planning.unit_cells import join_lines


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("区春江镇、西夏墅镇、\n奔牛镇、河海街道", "区春江镇、西夏墅镇、奔牛镇、河海街道"),
        ("区社会事\n业局", "区社会事业局"),
        ("区人社局\n总工会\n妇联", "区人社局、总工会、妇联"),
        ("区人社局、总工会、", "区人社局、总工会"),
        ("牵头单位：\n区发改局", "牵头单位：区发改局"),
        ("", ""),
    ],
)
def test_units_over_several_lines(text, joined):
    assert join_lines(text) == joined


UNIT = st.sampled_from(
    ["区人社局", "总工会", "妇联", "区委组织部", "奔牛镇", "河海街道", "县教育局"]
)


BREAK = st.sampled_from(["、", "、\n", "\n、", "\n", "，\n", " 、 "])


@given(st.lists(st.tuples(UNIT, BREAK), min_size=1, max_size=6))
def test_units_come_out_as_they_went_in_wherever_the_lines_break(pieces):
    text = "".join(unit + separator for unit, separator in pieces)
    joined = join_lines(text)
    assert "\n" not in joined
    assert list(parse_units(joined)) == list(dict.fromkeys(unit for unit, _ in pieces))


@given(st.text(max_size=60))
def test_joining_lines_again_changes_nothing(text):
    joined = join_lines(text)
    assert "\n" not in joined
    assert join_lines(joined) == joined
