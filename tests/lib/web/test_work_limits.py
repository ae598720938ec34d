"""What one address or one open page may hold at once; the rest go on working."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect
from streamlit.proto.BackMsg_pb2 import BackMsg

from lib import web
from lib.access.sessions import COOKIE
from lib.store import open_store
from lib.ui.kit.streamlit_private import asked_for
from lib.web import Limits, WorkLimits
from tests.people import PASSWORD, access_to, people_in


def backend(folder, access=None):
    access = access or access_to(folder)
    return web.Backend(
        lambda plan: open_store(folder, plan), list, lambda: access, lambda: "127.0.0.1"
    )


async def echo(scope, receive, send):
    """Answers a socket with what it is sent, a request with the size of its content."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        while True:
            message = await receive()
            if message["type"] == "websocket.disconnect":
                return
            if message["type"] == "websocket.receive":
                await send({"type": "websocket.send", "bytes": message["bytes"]})
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        size += len(message.get("body", b""))
        more = message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": str(size).encode()})


def client(app, address="10.0.0.7"):
    return TestClient(app, base_url="http://127.0.0.1:8501", client=(address, 50000))


def open_socket(client):
    return client.websocket_connect("/_stcore/stream")


def test_sockets_are_counted_by_address_and_given_back(folder):
    app = WorkLimits(echo, backend(folder), limits=Limits(sockets=2, all_sockets=3))
    here, there = client(app), client(app, "10.0.0.8")
    with open_socket(here), open_socket(here):
        with pytest.raises(WebSocketDisconnect) as refused, open_socket(here):
            pass
        assert refused.value.code == 1013
        with open_socket(there), pytest.raises(WebSocketDisconnect), open_socket(there):
            pass
    with open_socket(here):
        pass


def message(kind):
    content = BackMsg()
    if kind == "deferred_file":
        content.backend_operation_request.deferred_file.file_id = "x"
    elif kind == "clear_cache":
        content.clear_cache = True
    elif kind == "install_skills":
        content.backend_operation_request.install_skills.SetInParent()
    else:
        content.rerun_script.query_string = "month=2018-09"
    return content.SerializeToString()


@pytest.mark.parametrize("kind", ["clear_cache", "install_skills"])
def test_nobody_clears_what_all_share_or_installs_anything(folder, kind):
    app = WorkLimits(echo, backend(folder), asked_for)
    with open_socket(client(app)) as socket:
        socket.send_bytes(message(kind))
        socket.send_bytes(message("rerun_script"))
        assert socket.receive_bytes() == message("rerun_script")


def test_a_download_is_made_for_the_visitor_whose_page_offers_it_alone(folder):
    access = people_in(folder)
    own, other = (access.sign_in(login, PASSWORD, "10.0.0.7")[0] for login in ("fulian", "admin"))
    offered = {"x": [({COOKIE: own}, "10.0.0.7")]}
    served = replace(backend(folder, access), offering=lambda file: offered.get(file, []))
    app = WorkLimits(echo, served, asked_for)
    for cookie, passed in (("", "rerun_script"), (other, "rerun_script"), (own, "deferred_file")):
        headers = {"Cookie": f"{COOKIE}={cookie}"}
        with client(app).websocket_connect("/_stcore/stream", headers=headers) as socket:
            socket.send_bytes(message("deferred_file"))
            socket.send_bytes(message("rerun_script"))
            assert socket.receive_bytes() == message(passed)


def test_what_is_no_message_is_left_to_streamlit():
    assert asked_for(b"\xff\xff") == ("", "")


def request(app, parts, address="10.0.0.7"):
    """Send a content in parts, ``None`` for silence; return the answer's status and body."""
    answer = {}

    async def receive():
        part = parts.pop(0)
        if part is None:
            await asyncio.sleep(60)
        return {"type": "http.request", "body": part, "more_body": bool(parts)}

    async def send(sent):
        answer.update(sent)

    scope = {"type": "http", "method": "POST", "path": "/", "headers": [], "client": (address, 1)}
    return asyncio.wait_for(app(scope, receive, send), 30), answer


def test_a_sender_that_says_nothing_is_gone_and_the_rest_are_served(folder):
    app = WorkLimits(echo, backend(folder), limits=Limits(bodies=2, part_seconds=1))

    async def scene():
        parts = [[b"half", None, b""] for _ in range(2)]
        halves = [request(app, of_one) for of_one in parts]
        waiting = [asyncio.ensure_future(half) for half, _ in halves]
        while any(len(of_one) > 1 for of_one in parts):
            await asyncio.sleep(0.01)
        more, refused = request(app, [b"x"])
        await more
        other, served = request(app, [b"x"], "10.0.0.8")
        await other
        await asyncio.gather(*waiting)
        again, after = request(app, [b"x"])
        await again
        return refused["status"], served["status"], halves[0][1], after["status"]

    with ThreadPoolExecutor(
        1
    ) as thread:  # a browser test before this one leaves its loop running here
        assert thread.submit(asyncio.run, scene()).result() == (429, 200, {}, 200)


@pytest.mark.parametrize(
    ("kept", "length", "status"),
    [
        ((0, 0, 0), 10, 200),
        ((3, 0, 0), 10, 413),
        ((1, 95, 95), 10, 413),
        ((1, 10, 995), 10, 413),
    ],
)
def test_an_open_page_keeps_so_many_uploads(folder, kept, length, status):
    limits = Limits(upload_files=3, upload_bytes=100, all_upload_bytes=1000)
    app = WorkLimits(echo, backend(folder), kept_uploads=lambda _: kept, limits=limits)
    sent = client(app).put("/_stcore/upload_file/page/file", content=b"x" * length)
    assert sent.status_code == status
    if status == 413:
        assert "文件太多" in sent.json()["message"]
