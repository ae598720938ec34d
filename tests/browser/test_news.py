"""A change reaches the pages that are open, without a browser: over the web sockets they hold."""

from __future__ import annotations

import time
from contextlib import ExitStack

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks import client
from benchmarks.incremental import report

Words = dict[tuple[int, ...], str]


def words_until_finished(server) -> tuple[Words, Words]:
    """Read what the server sends of its own accord, until a run has ended.

    Return titles and HTML by their places: those that came before the run, and those of the run.
    """
    before: Words = {}
    own: Words = {}
    words = before
    while True:
        message = ForwardMsg.FromString(server.recv(timeout=60))
        kind = message.WhichOneof("type")
        if kind == "script_finished":
            return before, own
        if kind == "new_session":
            words = own
        element = message.delta.new_element
        if element.WhichOneof("type") in ("heading", "html"):
            words[tuple(message.metadata.delta_path)] = element.heading.body or element.html.body


def test_a_change_is_seen_within_three_seconds_on_the_page_and_month_that_are_open(
    base_url, own_data
):
    with client.connected(base_url) as server:
        client.ask(server, "/units", month="2018-08")
        report(own_data, "")
        started = time.monotonic()
        _, words = words_until_finished(server)
        seconds = time.monotonic() - started
    assert any("8月" in text for text in words.values()), words
    assert seconds < 3


def test_what_changes_on_one_page_comes_to_others_before_their_own_run(base_url, own_data):
    """On a busy machine some run before the first one's words have come, but not all of them."""
    with ExitStack() as stack:
        servers = [stack.enter_context(client.connected(base_url)) for _ in range(6)]
        for server in servers:
            client.ask(server)
        report(own_data, "")
        seen = [words_until_finished(server) for server in servers]
    assert any(informed for informed, _ in seen)
    drawn = seen[0][1]
    assert all(informed.items() <= drawn.items() == own.items() for informed, own in seen)
