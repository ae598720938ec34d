"""What is not of this server's own pages is refused before anything looks at it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from lib import web
from lib.access import Config
from lib.store import open_store
from lib.web.request_gate import place_of
from tests import serving
from tests.people import access_to

PLACES = ("/", "/units", "/plain", "/healthz", "/api/v1/completion", "/media/a.csv", "/static/x.js")
HERE = "127.0.0.1:8501"


@pytest.fixture
def at_the_machine(folder):
    return serving.local(folder, access_to(folder, Config(hosts=("plan.example.cn",))))


@pytest.mark.parametrize("path", PLACES)
@pytest.mark.parametrize("host", ["evil.example", "evil.example:8501", "10.0.0.9:8501", "a@b", ""])
def test_another_name_is_refused_everywhere(at_the_machine, path, host):
    """DNS rebinding: the stranger's page names its own host."""
    answer = at_the_machine.get(path, headers={"Host": host})
    assert answer.status_code == 403
    assert "PLAN_ACCESS_HOSTS" in answer.json()["message"]


@pytest.mark.parametrize("host", [HERE, "localhost:8501", "LOCALHOST.", "plan.example.cn:80"])
def test_own_names_are_taken(at_the_machine, host):
    assert at_the_machine.get("/healthz", headers={"Host": host}).status_code != 403


@pytest.mark.parametrize("path", PLACES)
@pytest.mark.parametrize("origin", ["http://evil.example", "http://127.0.0.1:9999", "null", "x"])
def test_another_origin_is_refused_everywhere(at_the_machine, path, origin):
    for method in ("GET", "POST"):
        assert at_the_machine.request(method, path, headers={"Origin": origin}).status_code == 403


@pytest.mark.parametrize("origin", [f"http://{HERE}", "https://plan.example.cn"])
def test_own_origins_are_taken(at_the_machine, origin):
    assert at_the_machine.get("/healthz", headers={"Origin": origin}).status_code != 403


@pytest.mark.parametrize(
    ("bound", "reached", "host", "refused"),
    [
        ("0.0.0.0", "192.168.1.5", "192.168.1.5:8501", False),  # noqa: S104
        ("0.0.0.0", "::ffff:192.168.1.5", "192.168.1.5:8501", False),  # noqa: S104
        ("0.0.0.0", "192.168.1.5", "192.168.1.6:8501", True),  # noqa: S104
        ("0.0.0.0", "192.168.1.5", "office.lan:8501", True),  # noqa: S104
        ("office.lan", "192.168.1.5", "office.lan:8501", False),
    ],
)
def test_the_address_that_the_server_listens_on_needs_no_setting(
    folder, bound, reached, host, refused
):
    """The very address of the connection is safe: no stranger's name is an address in figures."""
    visitor = serving.client(folder, access_to(folder), bound=bound)
    app = visitor.app

    async def reached_there(scope, receive, send):
        await app(
            {**scope, "server": (reached, 8501)} if scope["type"] == "http" else scope,
            receive,
            send,
        )

    client = TestClient(reached_there, base_url=f"http://{host}")
    assert (client.get("/healthz").status_code == 403) is refused


def socket_app(folder, hosts=()):
    async def talk(socket):
        await socket.accept()
        await socket.send_text(socket.headers["host"])
        await socket.close()

    access = access_to(folder, Config(hosts=hosts or ("plan.example.cn",)))
    backend = web.Backend(
        lambda plan: open_store(folder, plan), list, lambda: access, lambda: "127.0.0.1"
    )
    app = Starlette(
        routes=[WebSocketRoute("/_stcore/stream", talk)],
        middleware=[Middleware(web.RequestGate, backend=backend)],
    )
    return TestClient(app, base_url=f"http://{HERE}")


def opens(client, **headers):
    try:
        with client.websocket_connect("/_stcore/stream", headers=headers) as socket:
            # Behind the gate a socket asks the host of its page, as Streamlit wants it.
            return socket.receive_text() == headers["Origin"].partition("://")[2]
    except WebSocketDisconnect:
        return False


@pytest.mark.parametrize(
    ("headers", "opened"),
    [
        ({"Host": HERE, "Origin": f"http://{HERE}"}, True),
        ({"Host": HERE}, False),
        ({"Host": HERE, "Origin": "http://127.0.0.1:9999"}, False),
        ({"Host": HERE, "Origin": "http://localhost:8501"}, False),
        ({"Host": HERE, "Origin": "http://evil.example"}, False),
        ({"Host": "evil.example", "Origin": "http://evil.example"}, False),
        # A proxy that does not pass the Host on: its name stands in the settings.
        ({"Host": HERE, "Origin": "https://plan.example.cn"}, True),
        ({"Host": HERE, "Origin": "https://plan.example.cn:444"}, False),
    ],
)
def test_a_web_socket_comes_from_a_page_of_this_server(folder, headers, opened):
    assert opens(socket_app(folder), **headers) == opened


@pytest.mark.parametrize("path", ["/units%00", "/healthz?a=%00", "/units?unit=%ED%A0%80", "/%ff"])
def test_an_address_that_is_no_text_is_refused_in_chinese(at_the_machine, path):
    answer = at_the_machine.get(path)
    assert answer.status_code == 400
    assert "不能识别的字符" in answer.json()["message"]


def gated(folder, endpoint):
    """A client of a server that has one route, /broken, behind the gate."""
    access = access_to(folder)
    backend = web.Backend(
        lambda plan: open_store(folder, plan), list, lambda: access, lambda: "127.0.0.1"
    )
    app = Starlette(
        routes=[Route("/broken", endpoint)],
        middleware=[Middleware(web.RequestGate, backend=backend)],
    )
    return TestClient(app, base_url=f"http://{HERE}")


def test_a_client_that_goes_in_the_middle_of_its_request_is_no_fault(folder, caplog):
    async def reads(request):
        raise ClientDisconnect

    with pytest.raises(AssertionError, match="did not receive any response"):
        gated(folder, reads).get("/broken")
    assert not caplog.text


def test_what_nobody_has_caught_is_an_answer_in_chinese(folder, caplog):
    def broken(_):
        raise KeyError("oops")

    client = gated(folder, broken)
    assert client.get("/broken").json()["message"] == "服务器出错了，请联系管理员"
    page = client.get("/broken", headers={"Accept": "text/html"})
    assert (page.status_code, page.text) == (500, "服务器出错了，请联系管理员")
    assert "oops" in caplog.text


FORWARDING = ["X-Forwarded-For", "X-Forwarded-Proto", "Forwarded", "Via", "X-Real-IP"]


@pytest.mark.parametrize("name", FORWARDING)
def test_a_proxy_ends_the_rights_of_the_machine_for_good(folder, name):
    access = access_to(folder)
    client = serving.local(folder, access)
    assert client.put("/_stcore/upload_file/1").status_code == 200
    assert client.put("/_stcore/upload_file/1", headers={name: "x"}).status_code == 403
    # The next request may come through the same proxy without a word of it.
    assert client.put("/_stcore/upload_file/1").status_code == 403
    trusted = replace(access, config=replace(access.config, trusted=("127.0.0.1",)))
    client = serving.local(folder, trusted)
    assert client.put("/_stcore/upload_file/1", headers={name: "x"}).status_code == 200


@pytest.mark.parametrize("connection", ["close", "upgrade"])
def test_a_plain_proxy_pass_has_no_rights_of_the_machine(folder, connection):
    client = serving.local(folder, access_to(folder))
    header = {"Connection": connection}
    assert client.put("/_stcore/upload_file/1", headers=header).status_code == 403
    assert client.put("/_stcore/upload_file/1").status_code == 200


def test_nor_has_http_1_0_which_nginx_speaks_by_itself(folder):
    local = serving.local(folder, access_to(folder))

    async def old(scope, receive, send):
        await local.app({**scope, "http_version": "1.0"}, receive, send)

    client = TestClient(old, base_url=f"http://{HERE}", client=("127.0.0.1", 50000))
    assert client.put("/_stcore/upload_file/1").status_code == 403


@pytest.mark.parametrize("host", ["", "a b", "[::1", "a:b", "a:1:2", "http://a", "a/b", "::1"])
def test_what_is_no_host(host):
    assert place_of(host) is None
