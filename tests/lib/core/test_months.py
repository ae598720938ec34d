"""Months: ordinals, texts and words."""

import pytest

from lib.core import months


def test_months_in_words():
    assert months.label(months.parse("2018-04"), 2018) == "4月"
    assert months.label(months.parse("2019-02"), 2018) == "2019年2月"
    with pytest.raises(months.MonthError, match="2018-4"):
        months.parse("2018-4")
