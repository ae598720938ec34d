"""Widths of Chinese text: wrapping loses nothing, fitting keeps to the room."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lib.report import measure


@given(st.text(max_size=200), st.floats(24, 64), st.floats(100, 2000))
def test_wrapping_loses_nothing_and_keeps_the_width(text, size, room):
    lines = measure.wrap(text, size, room)
    assert "\n".join(lines).replace("\n", "") == text.replace("\n", "")
    for line in lines:
        assert (
            measure.width(line.rstrip("，。；：、！？）》”’％%,.;:!?)"), size) <= room + 1e-6
            or len(line) == 1
        )


@given(st.text(max_size=60), st.floats(60, 600))
def test_fitting_never_exceeds_the_room(text, room):
    assert measure.width(measure.fit(text, 24, room), 24) <= room
