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

pytestmark = pytest.mark.thorough

UPGRADE = "proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade;"
HOST = "proxy_set_header Host $http_host;"


@contextmanager
def nginx(folder, upstream, settings):
    """The address of an nginx in front of the app, with some settings of its `location /`."""
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin")
    if program is None:
        pytest.skip("nginx is not installed (Debian: nginx-light)")
    port = harness.free_port()
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


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param(HOST, id="no-upgrade-and-buffered"),
        pytest.param(UPGRADE, id="host-rewritten"),  # what nginx does if it is told nothing,
    ],
)
def test_a_proxy_that_lets_no_web_socket_through_is_said(browser, base_url, tmp_path, settings):
    # By name, as an office opens it: a page of this machine's own address is let in all the same.
    rule = "--host-resolver-rules=MAP plan.example.cn 127.0.0.1"
    here = browser.browser_type.launch(
        executable_path=harness.find_chromium(), args=[*harness.CHROMIUM_FLAGS, rule]
    )
    context = harness.new_context(here)
    with nginx(tmp_path, base_url, settings) as address:
        address = address.replace("127.0.0.1", "plan.example.cn")
        page = context.new_page()
        page.goto(f"{address}/?month=2018-09")
        page.get_by_text("没有放行 WebSocket").wait_for()
        assert "截至9月末" in page.get_by_role("heading", level=1).first.inner_text()
        page.goto(f"{address}/plain?month=2018-09")
        assert "截至9月末" in page.get_by_role("heading", level=1).inner_text()
    here.close()


def test_a_proxy_that_cuts_silent_lines_does_not_cut_an_open_page(browser, base_url, tmp_path):
    """An open page speaks each 3 s: a line that is cut after 60 s of silence, here 5, stays."""
    context = harness.new_context(browser)
    with nginx(tmp_path, base_url, f"{UPGRADE} {HOST} proxy_read_timeout 5s;") as address:
        visit = harness.open_page(context, f"{address}/?month=2018-09", *LAPTOP)
        opened = []
        visit.page.on("websocket", lambda line: opened.append(line))  # a new one comes after a cut
        visit.page.wait_for_timeout(12_000)
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
