"""A change reaches the pages that are open, without a browser: over the web sockets they hold."""

from __future__ import annotations

import time

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks import client
from benchmarks.incremental import report


def titles_until_finished(server) -> list[str]:
    """Read what the server sends of its own accord, until a run has ended; return its headings."""
    titles = []
    while True:
        message = ForwardMsg.FromString(server.recv(timeout=10))
        if message.WhichOneof("type") == "script_finished":
            return titles
        if message.delta.new_element.WhichOneof("type") == "heading":
            titles.append(message.delta.new_element.heading.body)


def test_a_change_is_seen_within_three_seconds_on_the_page_and_month_that_are_open(
    base_url, own_data
):
    with client.connected(base_url) as server:
        client.ask(server, "/units", month="2018-08")
        report(own_data, "")
        started = time.monotonic()
        titles = titles_until_finished(server)
        seconds = time.monotonic() - started
    assert any("8月" in title for title in titles), titles
    assert seconds < 3
