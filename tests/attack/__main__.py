"""Starts a server of its own and tries what SECURITY.md says does not work; exit code 1 if it does.

    .venv/bin/python -m tests.attack

Bounded: a few hundred requests, some minutes, no address but 127.0.0.1. Each line is one kind of
attempt; a line that begins with FAILED names what came back.
"""

from __future__ import annotations

import http.client
import json
import re
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from lib.access import Scope, open_access
from lib.access.sessions import COOKIE
from lib.access.throttle import PER_ACCOUNT
from tests.browser import harness
from tests.people import BOSS, PASSWORD, PEOPLE
from tests.shipped import copy_data

PAGES = (*harness.PAGES, "/accounts", "/account", "/plain")
READING = ("/api/v1/completion", "/api/v1/tasks", "/api/v1/progress", "/api/v1/matters")
DEEP, SURROGATE, NUL = (
    b"[" * 3000,
    b'{"rows": [{"task_id": "\\ud800"}]}',
    b'{"a\\u0000": "\\u0000"}',
)
BAD = {
    "deep JSON": DEEP,
    "deeper JSON": b'{"a":' * 20_000,
    "a lone surrogate": SURROGATE,
    "NUL": NUL,
    "no UTF-8": b"\xff\xfe",
    "a huge number": b'{"rows": [{"task_id": "x", "month": "1", "quantity": '
    + b"9" * 5000
    + b"}]}",
    "infinity": b'{"rows": [{"task_id": "x", "month": "1", "quantity": 1e999}]}',
    "nothing": b"",
}


@dataclass
class Attack:
    """A running server and what has been tried on it."""

    netloc: str
    tokens: dict[str, str]
    cookies: dict[str, str]
    failures: list[str] = field(default_factory=list)
    tried: int = 0

    def request(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        """Return status, headers and content of an answer; header names with ``_`` for ``-``."""
        self.tried += 1
        connection = http.client.HTTPConnection(self.netloc, timeout=30)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.putrequest(method, path, skip_host="Host" in named)
            for name, value in named.items():
                connection.putheader(name, value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    def expect(self, what: str, status: int, allowed: tuple[int, ...]) -> None:
        """Note an answer that is none of the allowed ones."""
        if status not in allowed:
            self.failures.append(f"{what}: {status}, not {allowed}")

    def opens(self, **headers: str) -> bool:
        """Return whether a web socket opens with these headers and no others."""
        self.tried += 1
        origin = headers.pop("Origin", None)
        host = headers.pop("Host", self.netloc)
        with socket.create_connection(("127.0.0.1", urlsplit(f"//{self.netloc}").port)) as sock:
            try:
                with connect(
                    f"ws://{host}/_stcore/stream",
                    sock=sock,
                    origin=origin,  # type: ignore[arg-type]
                    subprotocols=["streamlit"],  # type: ignore[list-item]
                    additional_headers=headers,
                ):
                    return True
            except InvalidStatus:
                return False

    def page(self, login: str = "") -> ClientConnection:
        """Open a page's web socket as a browser does, for a person of the accounts or a stranger."""
        return connect(
            f"ws://{self.netloc}/_stcore/stream",
            origin=f"http://{self.netloc}",  # type: ignore[arg-type]
            subprotocols=["streamlit"],  # type: ignore[list-item]
            additional_headers={"Cookie": f"{COOKIE}={self.cookies.get(login, '')}"},
            max_size=None,
        )


def pages_by_visitor(attack: Attack) -> None:
    """Every page and every download, for each who is not, or may not be, let in."""
    visitors = {
        "a stranger": {},
        "a forged cookie": {"Cookie": f"{COOKIE}=forged.signature"},
        "a session that has ended": {"Cookie": f"{COOKIE}={attack.cookies['ended']}"},
        "a token in the place of a session": {"Cookie": f"{COOKIE}={attack.tokens['admin']}"},
    }
    for visitor, headers in visitors.items():
        for path in PAGES:
            status, _, _ = attack.request("GET", path, **headers)
            attack.expect(f"{visitor} opens {path}", status, (303, 401))
        for path in READING:
            status, _, _ = attack.request("GET", path, **headers)
            attack.expect(f"{visitor} reads {path}", status, (401,))
        for method, path, allowed in (
            ("GET", "/media/abc.csv", (401, 404)),
            ("PUT", "/_stcore/upload_file/a/b", (403,)),
            ("GET", "/_stcore/metrics", (404,)),
            ("GET", "/_stcore/agent", (404,)),
            ("POST", "/meeting", (401,)),
        ):
            status, _, _ = attack.request(method, path, b"" if method != "GET" else None, **headers)
            attack.expect(f"{visitor}: {method} {path}", status, allowed)
    for login in PEOPLE:
        status, _, _ = attack.request(
            "GET", "/media/abc.csv", Cookie=f"{COOKIE}={attack.cookies[login]}"
        )
        attack.expect(f"{login} opens a download that no page offers", status, (404,))


def other_names(attack: Attack) -> None:
    """DNS rebinding, and pages of other sites, on every kind of address."""
    admin = f"{COOKIE}={attack.cookies['admin']}"
    for path in (*PAGES, *READING, "/media/abc.csv", "/healthz", "/sign-in", "/_stcore/health"):
        for headers in (
            {"Host": "evil.example"},
            {"Host": "10.0.0.9"},
            {"Host": f"{attack.netloc}.evil.example"},
            {"Origin": "http://evil.example"},
            {"Origin": "http://127.0.0.1:1"},
            {"Origin": "null"},
        ):
            status, _, _ = attack.request("GET", path, Cookie=admin, **headers)
            attack.expect(f"{headers} on {path}", status, (403,))
    for headers, opened in (
        ({"Origin": f"http://{attack.netloc}"}, True),
        ({}, False),
        ({"Origin": "http://127.0.0.1:1"}, False),
        ({"Origin": "http://localhost"}, False),
        ({"Origin": "http://evil.example"}, False),
        ({"Origin": "http://evil.example", "Host": "evil.example"}, False),
    ):
        if attack.opens(**headers) != opened:
            attack.failures.append(f"a web socket with {headers}: opened is not {opened}")


def proxies(local: Attack) -> None:
    """A server of 单机 behind a proxy that says so, or says nothing."""
    body, kind = b"x", {"Content_Type": "text/csv"}
    send = ("POST", "/api/v1/progress?dry_run=true", body)
    local.expect("somebody at the machine", local.request(*send, **kind)[0], (200, 422))
    for sign in ({"Connection": "close"}, {"X_Forwarded_For": "10.1.1.1"}, {}):
        status = local.request(*send, **kind, **sign)[0]
        local.expect(f"单机 behind a proxy, {sign or 'afterwards'}", status, (401, 403))


def downloads(attack: Attack) -> None:
    """A file that is made when asked for: whose page does not offer it neither has it made nor gets it."""
    with attack.page("fulian") as own, attack.page("nongye") as other:
        own_number, button = _deferred(own, "report")
        other_number, other_button = _deferred(other, "report")
        if _made(other, other_number, button):
            attack.failures.append("nongye had a download of fulian's page made")
        address = _made(own, own_number, button) or "/media/none"
        for login, status in (("fulian", 200), ("nongye", 404)):
            cookie = f"{COOKIE}={attack.cookies[login]}"
            answer = attack.request("GET", address, Cookie=cookie)
            attack.expect(f"{login} opens what fulian had made", answer[0], (status,))
        if not _made(other, other_number, other_button):
            attack.failures.append("nongye's own download was not made")
        attack.tried += 3


def _deferred(page: ClientConnection, name: str) -> tuple[str, str]:
    """Run a page; return the number of its session and of its first download that is made when asked for."""
    message = BackMsg()
    message.rerun_script.page_name = name
    page.send(message.SerializeToString())
    session = button = ""
    while True:
        answer = ForwardMsg.FromString(page.recv(30))  # type: ignore[arg-type]
        kind = answer.WhichOneof("type")
        session = session or answer.new_session.initialize.session_id
        button = button or answer.delta.new_element.download_button.deferred_file_id
        if kind == "script_finished" and button:
            return session, button


def _made(page: ClientConnection, session: str, button: str) -> str:
    """Ask for a download to be made; return its address, empty where nothing comes of it."""
    message = BackMsg()
    request = message.backend_operation_request
    request.session_id, request.request_id, request.deferred_file.file_id = session, button, button
    page.send(message.SerializeToString())
    with suppress(TimeoutError):
        while True:
            answer = ForwardMsg.FromString(page.recv(5)).backend_operation_response  # type: ignore[arg-type]
            if answer.request_id == button:
                return answer.deferred_file.url
    return ""


def tokens(attack: Attack) -> None:
    """Tokens that have ended, or are for something else."""
    for name in ("revoked", "disabled", "old password", "forged"):
        header = f"Bearer {attack.tokens[name]}"
        for path in READING:
            status, _, _ = attack.request("GET", path, Authorization=header)
            attack.expect(f"token {name} on {path}", status, (401,))
    cases = {
        "read": "区农业局",
        "妇联 of 管理员": "区农业局",
        "fulian": "区农业局",
        "leader": "妇联",
    }
    for name, unit in cases.items():
        rows = {"rows": [{"task_id": "一-1", "month": "2018-09", "cumulative_percent": 99}]}
        rows["rows"][0]["unit"] = unit
        status, _, _ = attack.request(
            "POST",
            "/api/v1/progress?reason=x&good_rows=true",
            json.dumps(rows).encode(),
            Authorization=f"Bearer {attack.tokens[name]}",
            Content_Type="application/json",
        )
        attack.expect(f"token {name} reports for {unit}", status, (403, 422))


def malformed(attack: Attack) -> None:
    """Whatever is sent, the answer is a 4xx as JSON in Chinese."""
    header = {"Authorization": f"Bearer {attack.tokens['admin']}"}
    for name, body in BAD.items():
        for path in ("/api/v1/progress", "/api/v1/matters"):
            for kind in ("application/json", "text/csv", "text/plain", ""):
                answer = attack.request("POST", path, body, Content_Type=kind, **header)
                _is_refusal(attack, f"{name} as {kind} to {path}", answer)
        status, _, _ = attack.request(
            "POST",
            "/meeting",
            body,
            Content_Type="application/json",
            Cookie=f"{COOKIE}={attack.cookies['admin']}",
        )
        attack.expect(f"{name} to /meeting", status, (200, 400, 404))
    for path in (
        "/api/v1/completion",
        "/",
        "/plain",
        "/sign-in",
        "/healthz",
        "/media/x",
        "/nowhere",
    ):
        for query in ("month=%00", "month=%ED%A0%80", "plan=%ff"):
            _is_refusal(
                attack, f"{path}?{query}", attack.request("GET", f"{path}?{query}", **header)
            )
    for query in ("month=" + "9" * 5000, "unit=" + "x" * 5000, "by=a&by=b", "a=" * 1000):
        answer = attack.request("GET", f"/api/v1/completion?{query}", **header)
        _is_refusal(attack, f"completion?{query[:20]}", answer)


def _is_refusal(attack: Attack, what: str, answer: tuple[int, dict[str, str], bytes]) -> None:
    status, _, body = answer
    attack.expect(what, status, tuple(range(400, 500)))
    try:
        message = json.loads(body)["message"]
        chinese = re.search(r"[\u4e00-\u9fff]", message)
    except (ValueError, KeyError, TypeError):
        chinese = None
    if not chinese:
        attack.failures.append(f"{what}: no JSON in Chinese, but {body[:80]!r}")


def guessing(attack: Attack) -> None:
    """24 wrong passwords at once, each with a form of its own."""

    def guess(_: int) -> bytes:
        _, headers, page = attack.request("GET", "/sign-in")
        token = re.search(rb'name="token" value="([^"]+)"', page)
        cookie = headers["set-cookie"].partition(";")[0]
        fields = {
            "login": "nongye",
            "password": "guess",
            "token": token[1].decode() if token else "",
        }
        return attack.request(
            "POST",
            "/sign-in",
            urlencode(fields).encode(),
            Cookie=cookie,
            Content_Type="application/x-www-form-urlencoded",
        )[2]

    with ThreadPoolExecutor(12) as pool:
        answers = [answer.decode() for answer in pool.map(guess, range(24))]
    through = sum("账号或密码不对" in answer for answer in answers)
    if not 0 < through <= PER_ACCOUNT:
        attack.failures.append(f"{through} of 24 simultaneous guesses were tried")


def halves(attack: Attack) -> None:
    """300 connections that never end their head; the server answers within a second."""
    port = urlsplit(f"//{attack.netloc}").port
    opened = [socket.create_connection(("127.0.0.1", port)) for _ in range(300)]
    try:
        for connection in opened:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: ")
        _answers_soon(attack, "while 300 requests are half sent")
        time.sleep(20)
        still = 0
        for connection in opened:
            connection.settimeout(0.05)
            try:
                still += connection.recv(1) != b""
            except TimeoutError:
                still += 1
            except OSError:
                pass
        if still:
            attack.failures.append(f"{still} of 300 half requests are kept after 20 s")
    finally:
        for connection in opened:
            connection.close()


def caches(attack: Attack) -> None:
    """An open page asks that the shared caches be cleared: nothing comes of it."""
    message = BackMsg()
    message.clear_cache = True
    with attack.page() as page:
        for _ in range(200):
            page.send(message.SerializeToString())
    _answers_soon(attack, "after 200 requests to clear the caches")


def _answers_soon(attack: Attack, when: str) -> None:
    started = time.monotonic()
    status, _, _ = attack.request("GET", "/healthz")
    if time.monotonic() - started > 1 or status != 200:
        attack.failures.append(f"/healthz {when}: {status}, {time.monotonic() - started:.2f} s")


def prepared(folder: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Make accounts, tokens and sessions; some of them have ended."""
    access = open_access(folder)
    for login, (name, role, units) in PEOPLE.items():
        access.accounts.add(BOSS, login, name, role, units, PASSWORD)
    for login in ("gone", "changed"):
        access.accounts.add(BOSS, login, login, PEOPLE["admin"][1], (), PASSWORD)
    add = access.tokens.add
    made = {login: add(BOSS, login) for login in ("admin", "fulian", "leader")}
    made |= {"revoked": add(BOSS, "admin"), "disabled": add(BOSS, "gone")}
    made |= {"old password": add(BOSS, "changed"), "forged": "plan_" + "x" * 43}
    made |= {"read": add(BOSS, "admin", scope=Scope.READ)}
    made |= {"妇联 of 管理员": add(BOSS, "admin", units=["妇联"])}
    access.tokens.revoke(BOSS, 4)
    for disabled in (True, False):
        access.accounts.set_disabled(BOSS, "gone", disabled)
    access.accounts.set_password(BOSS, "changed", "another-one-8")
    sessions = {login: str(access.sign_in(login, PASSWORD, "127.0.0.1")[0]) for login in PEOPLE}
    sessions["ended"] = str(access.sign_in("leader", PASSWORD, "127.0.0.1")[0])
    access.sessions.end(sessions["ended"])
    return made, sessions


KINDS = (pages_by_visitor, other_names, downloads, tokens, malformed, guessing, caches, halves)


def runs(folder: Path) -> Iterator[tuple[str, Callable[[], None], Attack]]:
    """Yield every kind of attempt with the server that it is made on."""
    for name in ("open", "single"):
        copy_data(folder / name)
    settings = "\n[access]\nrequests_per_minute = 1000000\n"
    with (folder / "open" / "settings.toml").open("a", encoding="utf-8") as text:
        text.write(settings)
    made, sessions = prepared(folder / "open")
    with (
        harness.running_app(folder / "open", folder / "open.log") as address,
        harness.running_app(folder / "single", folder / "single.log") as single,
    ):
        attack = Attack(urlsplit(address).netloc, made, sessions)
        local = Attack(urlsplit(single).netloc, {}, {})
        for kind in KINDS:
            yield kind.__name__, lambda kind=kind: kind(attack), attack  # type: ignore[misc]
        yield "proxies", lambda: proxies(local), local


def main() -> int:
    """Run everything and print a line for each kind of attempt."""
    failed = False
    with tempfile.TemporaryDirectory(prefix="attack-") as folder:
        for name, run, attack in runs(Path(folder)):
            before, attack.failures = attack.tried, []
            run()
            failed |= bool(attack.failures)
            print(
                f"{'FAILED' if attack.failures else 'ok':6} {name}: {attack.tried - before} tried"
            )
            print("".join(f"       {failure}\n" for failure in attack.failures[:20]), end="")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
