"""Real proxies that are not set up for web sockets: the page says so, or goes on.

`thorough`: `pytest -m thorough tests/browser/test_proxies.py`. deploy/nginx.conf itself runs in test_replicas.
"""

from __future__ import annotations

import shutil
import subprocess
from contextlib import contextmanager

import pytest

from deploy.local import stop, wait_for
from tests.browser import harness
from tests.browser.harness import LAPTOP
from tests.shipped import copy_data

pytestmark = pytest.mark.thorough

UPGRADE = "proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade;"
NAME = "plan.example.cn"
HOST = "proxy_set_header Host $http_host;"


@contextmanager
def nginx(folder, upstream, settings, port=None):
    """The address of an nginx in front of the app, with some settings of its `location /`."""
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin")
    if program is None:
        pytest.skip("nginx is not installed (Debian: nginx-light)")
    port = port or harness.free_port()
    folder.chmod(0o755)
    conf = folder / "nginx.conf"
    conf.write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/log; events {{}}\n"
        f"http {{ access_log off; server {{ listen 127.0.0.1:{port}; location / {{\n"
        f"proxy_pass {upstream}; proxy_http_version 1.1; {settings}\n}} }} }}\n"
    )
    process = subprocess.Popen([program, "-c", conf, "-e", folder / "log"])
    try:
        wait_for(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        stop(process)


@pytest.fixture(scope="module")
def named(chromium_path, tmp_path_factory):
    """The address of a server that speaks each second on a silent line, and the port of its name."""
    folder = tmp_path_factory.mktemp("named")
    port = harness.free_port()
    environment = {
        "PLAN_ACCESS_HOSTS": f"{NAME}:{port}",
        "STREAMLIT_SERVER_WEBSOCKET_PING_INTERVAL": "1",
    }
    with harness.running_app(
        copy_data(folder / "data"), folder / "server.log", environment=environment
    ) as url:
        yield url, port


@contextmanager
def by_name(browser):
    """A page of a browser that finds the name here, as an office opens it."""
    here = browser.browser_type.launch(
        executable_path=harness.find_chromium(),
        args=[*harness.CHROMIUM_FLAGS, f"--host-resolver-rules=MAP {NAME} 127.0.0.1"],
    )
    yield harness.new_context(here).new_page()
    here.close()


def test_a_proxy_that_lets_no_web_socket_through_is_said(browser, named, tmp_path):
    url, port = named
    with nginx(tmp_path, url, HOST, port) as address, by_name(browser) as page:
        address = address.replace("127.0.0.1", NAME)
        page.goto(f"{address}/?month=2018-09")
        page.get_by_text("没有放行 WebSocket").wait_for()
        assert "截至9月末" in page.get_by_role("heading", level=1).first.inner_text()
        page.goto(f"{address}/plain?month=2018-09")
        assert "截至9月末" in page.get_by_role("heading", level=1).inner_text()


def test_a_proxy_that_rewrites_the_host_is_let_through_where_its_name_is_set(
    browser, named, tmp_path
):
    url, port = named
    with nginx(tmp_path, url, UPGRADE, port) as address, by_name(browser) as page:
        page.goto(f"{address.replace('127.0.0.1', NAME)}/?month=2018-09")
        page.locator("[data-test-connection-state=CONNECTED]").wait_for()
        page.get_by_role("heading", name="截至9月末").wait_for()


def test_a_proxy_that_cuts_silent_lines_does_not_cut_an_open_page(browser, named, tmp_path):
    """The server speaks each 30 s, here 1: a line that is cut after 60 s of silence, here 3, stays."""
    context = harness.new_context(browser)
    url, _ = named
    with nginx(tmp_path, url, f"{UPGRADE} {HOST} proxy_read_timeout 3s;") as address:
        visit = harness.open_page(context, f"{address}/?month=2018-09", *LAPTOP)
        opened = []
        visit.page.on("websocket", lambda line: opened.append(line))  # a new one comes after a cut
        visit.page.wait_for_timeout(10_000)
        assert opened == []
    context.close()


def test_a_line_that_is_cut_comes_back_by_itself(browser, base_url, tmp_path):
    context = harness.new_context(browser)
    with nginx(tmp_path, base_url, f"{UPGRADE} {HOST} proxy_read_timeout 2s;") as address:
        page = harness.open_page(context, f"{address}/units?month=2018-09", *LAPTOP).page
        title = page.get_by_role("heading", level=1).inner_text()
        with page.expect_websocket(timeout=30_000):
            pass  # cut, and connected anew
        page.locator("[data-test-connection-state=CONNECTED]").wait_for()
        assert page.get_by_role("heading", level=1).inner_text() == title
    context.close()
