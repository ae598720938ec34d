"""Requests are counted per key, come back with time, and do not fill the memory."""

from __future__ import annotations

import time

import pytest

from lib.web.request_limit import RequestLimit
from tests.people import Clock


@pytest.fixture
def clock(monkeypatch):
    """The time that the limits library looks at; only a test moves it."""
    clock = Clock()
    monkeypatch.setattr(time, "time", clock)
    return clock


def test_requests_are_counted_per_key_and_come_back_with_time(clock):
    limit = RequestLimit(60)
    for _ in range(60):
        assert limit.wait("a") == 0
        clock.now += 0.5
    assert limit.wait("a") == 30, "the first request is forgotten 60 seconds after it was made"
    assert limit.wait("b") == 0
    clock.now += 31.2
    assert [limit.wait("a") > 0 for _ in range(4)] == [False, False, False, True]
    clock.now += 61
    assert limit.wait("a") == 0


def test_whoever_waits_as_long_as_told_is_let_in(clock):
    limit = RequestLimit(3)
    for _ in range(20):
        if wait := limit.wait("a"):
            assert 1 <= wait <= 60
            clock.now += wait + 0.001
            assert limit.wait("a") == 0
        clock.now += 0.7


def test_a_refused_request_does_not_count(clock):
    limit = RequestLimit(1)
    assert limit.wait("a") == 0
    for _ in range(59):
        clock.now += 1
        assert limit.wait("a") >= 1
    clock.now += 1.001
    assert limit.wait("a") == 0


def test_the_counts_do_not_grow_without_bound():
    limit = RequestLimit(1)
    for number in range(RequestLimit.KEYS + 100):
        limit.wait(str(number))
    assert len(limit._storage.events) <= RequestLimit.KEYS


def test_a_clock_that_is_set_back_shuts_nobody_out(clock):
    limit = RequestLimit(1)
    assert limit.wait("a") == 0
    clock.now -= 3600
    assert limit.wait("a") == 0
    assert 0 < limit.wait("a") <= 60
