"""Chinese numerals."""

from __future__ import annotations

from lib.planning.numerals import numeral


def test_numerals():
    assert [numeral(n) for n in (1, 9, 10, 11, 20, 21, 99)] == [
        "一",
        "九",
        "十",
        "十一",
        "二十",
        "二十一",
        "九十九",
    ]
