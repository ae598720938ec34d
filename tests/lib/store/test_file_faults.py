"""A fault at every call to the file system: killed, EIO, full disk. What is said is what is so."""

from __future__ import annotations

import pytest

SCENARIOS = (
    "first",
    "next",
    "attach",
    "amend",
    "revert",
    "edited",
    "history",
    "rebuild",
    "take over",
    "account",
)
FAULTS = ("kill", "EIO", "ENOSPC")
SAMPLE = {"next": 28, "edited": 34, "first": 90, "take over": 100}
"""What the quick run takes, and which call is about the middle of the act."""


def check_calls(ask, tmp_path, scenario, fault, calls):
    """Check what was said and what is there; return how many calls were tried."""
    tried = ask(scenario, fault, calls, str(tmp_path))
    wrong = [point for point in tried if point["wrong"]]
    assert not wrong, wrong[:3]
    return len(tried)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("scenario", SAMPLE)
def test_some_calls(ask, tmp_path, scenario, fault):
    """The three faults a quarter, half and three quarters of the way."""
    middle = SAMPLE[scenario]
    call = middle // 2 * (1 + FAULTS.index(fault))
    assert check_calls(ask, tmp_path, scenario, fault, [call]) == 1


@pytest.mark.slow
@pytest.mark.thorough
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_call(ask, tmp_path, scenario, fault):
    assert check_calls(ask, tmp_path, scenario, fault, []) > 10
