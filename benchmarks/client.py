"""A viewer without a browser: what one says to the server over its web socket."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets import Origin, Subprotocol
from websockets.sync.client import ClientConnection, connect


def connected(url: str, sock: socket.socket | None = None) -> ClientConnection:
    """Return a connection to the app at ``url``, over a socket of one's own if given."""
    return connect(
        f"ws://{urlsplit(url).netloc}/_stcore/stream",
        sock=sock,
        origin=Origin(f"http://{urlsplit(url).netloc}"),
        subprotocols=[Subprotocol("streamlit")],
        max_size=None,
    )


def ask(server: ClientConnection, path: str = "", month: str = "") -> None:
    """Ask for a page, as of a month if given, and wait until it has been sent whole."""
    message = BackMsg()
    message.rerun_script.page_name = path.strip("/")
    if month:
        message.rerun_script.query_string = f"month={month}"
    server.send(message.SerializeToString())
    while True:
        told = ForwardMsg.FromString(server.recv(timeout=60))
        if told.WhichOneof("type") == "script_finished":
            return
