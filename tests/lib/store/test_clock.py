"""The office's time holds whatever zone the machine has."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime

import pytest

from lib.store.clock import DEFAULT, use_office_time


@pytest.fixture
def elsewhere(monkeypatch):
    """A container in New York, whose own zone comes back after the test."""
    monkeypatch.setenv("TZDIR", os.environ.get("TZDIR", "/usr/share/zoneinfo"))
    monkeypatch.setenv("TZ", "America/New_York")
    monkeypatch.delenv("PLAN_TIME_ZONE", raising=False)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="Windows keeps its own zone")
@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize(("zone", "hours"), [("", 8), ("Asia/Urumqi", 6)])
def test_times_are_the_offices(monkeypatch, zone, hours):
    monkeypatch.setenv("PLAN_TIME_ZONE", zone)
    use_office_time()
    offset = datetime.now().astimezone().utcoffset()
    assert offset.total_seconds() == hours * 3600
    evening = datetime(2018, 9, 30, 17, 0, tzinfo=UTC).timestamp()
    assert datetime.fromtimestamp(evening).day == (1 if hours == 8 else 30)


@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize("zone", ["北京", "Asia/Beijing", "../etc/passwd"])
def test_a_zone_that_does_not_exist_is_said(monkeypatch, zone):
    monkeypatch.setenv("PLAN_TIME_ZONE", zone)
    with pytest.raises(ValueError, match=r"没有「.*」这个时区") as error:
        use_office_time()
    assert DEFAULT in str(error.value)
