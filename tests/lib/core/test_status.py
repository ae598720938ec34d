"""The states: every one has a look, legible, and the theme's colours are the same."""

from __future__ import annotations

import tomllib

import pytest

from lib.core.status import LOOKS, Flag, Status, look, mark
from tests.conftest import ROOT


def luminance(colour):
    """The relative luminance of WCAG 2.2."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
        for share in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(colour, other):
    darker, lighter = sorted((luminance(colour), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_every_state_has_a_look_of_its_own_sign():
    assert set(LOOKS) == {*Status, *Flag}
    assert len({each.icon for each in LOOKS.values()}) == len(LOOKS)
    assert mark("逾期") == "× 逾期"
    assert look("临期") is LOOKS[Flag.DUE_NEXT]


@pytest.mark.parametrize("state", LOOKS)
def test_the_light_theme_has_the_colour_of_the_state(state):
    theme = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert theme["theme"]["light"][f"{LOOKS[state].badge}Color"] == LOOKS[state].colour


@pytest.mark.parametrize("state", LOOKS)
def test_text_on_a_state_is_legible(state):
    assert contrast(LOOKS[state].ink, LOOKS[state].colour) >= 4.5


@pytest.mark.parametrize("state", LOOKS)
def test_a_mark_stands_out_from_white(state):
    # 督查督办 asks for yellow; at 3:1 it would be brown, so its marks carry dark ink.
    least = 2 if state is Status.BEHIND else 3
    assert contrast(LOOKS[state].colour, "#FFFFFF") >= least


def test_words_of_states_are_the_documents():
    assert [status.value for status in Status] == [
        *("已完成", "未到期", "逾期", "滞后", "正常"),
        "已报完成、待核实",
    ]
    assert [flag.value for flag in Flag] == ["提前", "临期", "未报"]
