"""Connections whose request never begins or never ends its head, on a real server."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import contextmanager

import pytest
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from lib.web.half_open import close_half_open

CHANGED = (
    "connection_made",
    "on_message_begin",
    "on_headers_complete",
    "data_received",
    "connection_lost",
    "close_half_open",
)


async def hello(scope, receive, send):
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]}
    )
    await send({"type": "http.response.body", "body": b"ok"})


@pytest.fixture(scope="module")
def port():
    before = {name: vars(HttpToolsProtocol).get(name) for name in CHANGED}
    if before["close_half_open"]:  # a server in this process has done so before, with its own times
        del HttpToolsProtocol.close_half_open
    close_half_open(seconds=0.4, most=5000)
    close_half_open(seconds=99)  # wrapped once
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number = probe.getsockname()[1]
    config = uvicorn.Config(hello, port=number, http="httptools", log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield number
    server.should_exit = True
    thread.join()
    for name, value in before.items():
        if value is None:
            delattr(HttpToolsProtocol, name)
        else:
            setattr(HttpToolsProtocol, name, value)


@contextmanager
def connection(port):
    with socket.create_connection(("127.0.0.1", port), timeout=30) as opened:
        yield opened


WHOLE = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow: "])
def test_half_a_head_is_not_waited_for(port, sent):
    with connection(port) as half, connection(port) as other:
        half.sendall(sent)
        other.sendall(WHOLE)
        assert other.recv(100).startswith(b"HTTP/1.1 200")
        assert half.recv(1) == b""  # closed


def test_nor_half_a_second_head(port):
    with connection(port) as kept:
        kept.sendall(WHOLE)
        kept.recv(1000)
        kept.sendall(b"GET /")
        assert kept.recv(1) == b""


def test_a_head_without_end_is_cut(port):
    with connection(port) as endless:
        assert not sends(endless, [b"GET / HTTP/1.1\r\n"] + [b"X: " + b"y" * 4000 + b"\r\n"] * 50)


def sends(opened, parts):
    """Whether a server takes all of it."""
    try:
        for part in parts:
            opened.sendall(part)
            time.sleep(0.01)
        return opened.recv(1) != b""
    except OSError:
        return False


def test_who_sends_whole_heads_is_served_again_and_again(port):
    with connection(port) as kept:
        for _ in range(4):
            kept.sendall(WHOLE)
            assert kept.recv(1000).startswith(b"HTTP/1.1 200")
            time.sleep(0.2)
