"""Light viewers: what a browser says to Streamlit over its web socket, without drawing."""

from __future__ import annotations

import http.client
import threading
import time
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

ROUTE = "dashboard_route"


class Viewer(threading.Thread):
    """One browser that opens the overview, keeps it open, and comes back when it is cut off.

    ``seen`` counts complete pages with a title, ``connected`` its web sockets so far; `look`
    asks for the page once more.
    """

    def __init__(self, address: str) -> None:
        super().__init__(daemon=True)
        self.netloc = urlsplit(address).netloc
        self.route = ""
        self.seen = self.connected = 0
        self._wanted = 1
        self._over = threading.Event()

    def look(self) -> None:
        self._wanted += 1

    def stop(self) -> None:
        self._over.set()

    @property
    def satisfied(self) -> bool:
        return self.seen >= self._wanted

    def run(self) -> None:
        while not self._over.is_set():
            try:
                self._open()
            except (OSError, WebSocketException, http.client.HTTPException):
                time.sleep(0.2)  # as Streamlit's page does: try again shortly

    def _open(self) -> None:
        self._fetch()
        with connect(
            f"ws://{self.netloc}/_stcore/stream",
            additional_headers={"Cookie": f"{ROUTE}={self.route}"},
            origin=f"http://{self.netloc}",
            subprotocols=["streamlit"],
            max_size=None,
            open_timeout=30,
        ) as socket:
            self.connected += 1
            while not self._over.is_set():
                if self.satisfied:
                    self._idle(socket)
                else:
                    self._view(socket)

    def _fetch(self) -> None:
        """Get the page itself: the proxy gives the cookie that keeps to one server."""
        connection = http.client.HTTPConnection(self.netloc, timeout=30)
        try:
            headers = {"Cookie": f"{ROUTE}={self.route}"} if self.route else {}
            connection.request("GET", "/", headers=headers)
            answer = connection.getresponse()
            if answer.status != 200:
                raise OSError(f"HTTP {answer.status}")
            cookie = SimpleCookie(answer.getheader("Set-Cookie") or "")
            if ROUTE in cookie:
                self.route = cookie[ROUTE].value
        finally:
            connection.close()

    def _view(self, socket: ClientConnection) -> None:
        ask = BackMsg()
        ask.rerun_script.query_string = ""
        socket.send(ask.SerializeToString())
        titled = False
        while True:
            told = ForwardMsg.FromString(socket.recv(timeout=90))  # type: ignore[arg-type]
            titled |= "截至" in told.delta.new_element.heading.body
            if told.WhichOneof("type") == "script_finished":
                break
        if titled:
            self.seen += 1

    def _idle(self, socket: ClientConnection) -> None:
        try:
            socket.recv(timeout=0.3)
        except TimeoutError:
            return
