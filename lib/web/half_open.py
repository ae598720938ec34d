"""Connections that begin a request and never end its head are closed: uvicorn itself waits for ever."""

from __future__ import annotations

import asyncio
import logging

_LOG = logging.getLogger(__name__)
HEAD_SECONDS = 15.0
"""How long the head of a request may take; a browser sends it at once."""
HEAD_BYTES = 64 * 1024
"""How large it may be; cookies and an address of this app take 2 KB."""


def close_half_open(seconds: float = HEAD_SECONDS, most: int = HEAD_BYTES) -> None:
    """Make each connection of this process's uvicorn end when a head takes too long or is too large.

    uvicorn has no setting for it, so four methods of its protocol are wrapped, once. With another
    protocol than the usual one nothing is changed; nginx's ``client_header_timeout`` then does it.
    """
    try:
        from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
    except ImportError:
        _LOG.warning("half-open connections are not closed: uvicorn runs without httptools")
        return
    if hasattr(HttpToolsProtocol, "close_half_open"):
        return
    made, begin = HttpToolsProtocol.connection_made, HttpToolsProtocol.on_message_begin
    complete, received = HttpToolsProtocol.on_headers_complete, HttpToolsProtocol.data_received
    heads: dict[HttpToolsProtocol, tuple[asyncio.TimerHandle, int]] = {}

    def end(protocol: HttpToolsProtocol) -> None:
        heads.pop(protocol, None)
        protocol.transport.close()

    def wait(protocol: HttpToolsProtocol) -> None:
        if protocol not in heads:
            heads[protocol] = (protocol.loop.call_later(seconds, end, protocol), 0)

    def has_come(protocol: HttpToolsProtocol) -> None:
        if protocol in heads:
            heads.pop(protocol)[0].cancel()

    def connection_made(self: HttpToolsProtocol, transport: asyncio.Transport) -> None:
        made(self, transport)
        wait(self)

    def on_message_begin(self: HttpToolsProtocol) -> None:
        begin(self)
        wait(self)

    def on_headers_complete(self: HttpToolsProtocol) -> None:
        has_come(self)
        complete(self)

    def data_received(self: HttpToolsProtocol, data: bytes) -> None:
        if self in heads:
            timer, size = heads[self]
            heads[self] = (timer, size + len(data))
            # A whole content may come with its head: only what exceeds one by far is a head.
            if size > most:
                has_come(self)
                self.transport.close()
                return
        received(self, data)

    lost = HttpToolsProtocol.connection_lost

    def connection_lost(self: HttpToolsProtocol, error: Exception | None) -> None:
        has_come(self)
        lost(self, error)

    changed = {
        "connection_made": connection_made,
        "on_message_begin": on_message_begin,
        "on_headers_complete": on_headers_complete,
        "data_received": data_received,
        "connection_lost": connection_lost,
        "close_half_open": True,
    }
    for name, value in changed.items():
        setattr(HttpToolsProtocol, name, value)
