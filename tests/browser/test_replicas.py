"""Two servers on one PostgreSQL behind nginx: one is as good as the other, and as both."""

from __future__ import annotations

import os
import shutil
import socket
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
import pytest
from sqlalchemy import make_url

from deploy.local import site
from lib.store import open_store
from tests.browser import harness
from tests.browser.harness import DESKTOP, PHONE, ROOT
from tests.browser.test_access import sign_in
from tests.browser.test_reporting import choose, headline, upload
from tests.browser.viewers import ROUTE, Viewer
from tests.people import access_to, with_people

pytestmark = [pytest.mark.browser, pytest.mark.slow]
VIEWERS = 20


@pytest.fixture
def running(browser, tmp_path, monkeypatch):
    if not shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin"):
        reason = "nginx is not installed (Debian: apt-get install nginx-light)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    # Behind a proxy nobody counts as local: who reports has an account; anybody may look.
    monkeypatch.setenv("PLAN_ACCESS_READ", "anyone")
    with site(ROOT / "data", logs=tmp_path) as started:
        with_people(access_to(started.database)).database.close()
        yield started
    assert all(server.poll() is not None for server in started.servers)  # it ends what it began
    host, port = urlsplit(started.address).netloc.split(":")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((host, int(port))).close()


def server_of(route, tmp_path):
    """Return the port that nginx last sent a browser's requests to."""
    lines = (tmp_path / "routes.log").read_text().splitlines()
    to = [line.split()[1] for line in lines if line.startswith(f"{route} ")]
    return int(to[-1].rsplit(":", 1)[1])


def open_on(running, browser, tmp_path, port, path="/"):
    """Open a page in a fresh browser profile that nginx keeps with a given server."""
    for _ in range(20):
        context = harness.new_context(browser)
        context.request.get(running.address + "/_stcore/health")
        (cookie,) = [one for one in context.cookies() if one["name"] == ROUTE]
        context.request.get(running.address + "/_stcore/health")
        if server_of(cookie["value"], tmp_path) == port:
            return harness.open_page(context, running.address + path, *DESKTOP)
        context.close()
    pytest.fail(f"nginx sends nobody to {port}")


@contextmanager
def unreachable(url):
    """Cut all connections to a database and let nobody in."""
    name = make_url(url).database
    there = make_url(url).set(drivername="postgresql", database="template1")
    address = there.render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        try:
            yield
        finally:
            connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


def report(visit, tmp_path, percent):
    choose(visit, "填报月份", "2018-10")
    path = tmp_path / f"{percent}.csv"
    path.write_text(f"任务编号,月份,累计完成率\n八-2,10月,{percent}\n", encoding="utf-8")
    upload(visit, path)
    visit.page.get_by_role("button", name="确认提交").click()


def test_two_servers_are_one_dashboard(running, browser, tmp_path):
    one, other = running.ports
    watcher = open_on(running, browser, tmp_path, other, "/?month=2018-10")
    before = headline(watcher)
    visit = open_on(running, browser, tmp_path, one)
    visit.page.goto(running.address + "/sign-in?next=/report")
    sign_in(visit.page, "fulian")

    # a submission through one server shows in the other without a reload
    report(visit, tmp_path, 80)
    visit.page.get_by_text("已提交为第1号").wait_for()
    watcher.page.wait_for_function(
        "before => document.querySelector('h1')?.innerText !== before", arg=before
    )
    watcher.settle()
    reported = headline(watcher)

    # without the database an open page stays, a new one says so and recovers by itself
    with unreachable(running.database):
        late = harness.open_page(watcher.page.context, running.address + "/?month=2018-10", *PHONE)
        assert headline(late) == "数据暂时读不到"
        assert headline(watcher) == reported
    late.page.wait_for_function(
        "after => document.querySelector('h1')?.innerText === after", arg=reported
    )
    late.page.close()

    # one server is killed under twenty viewers: those of the other notice nothing, the rest
    # come back through the proxy by themselves
    viewers = [Viewer(running.address) for _ in range(VIEWERS)]
    try:
        for viewer in viewers:
            viewer.start()
        harness.until(lambda: all(viewer.satisfied for viewer in viewers))
        killed = [viewer for viewer in viewers if server_of(viewer.route, tmp_path) == other]
        assert 0 < len(killed) < VIEWERS
        running.servers[1].kill()
        running.servers[1].wait()
        for viewer in viewers:
            viewer.look()
        harness.until(lambda: all(viewer.satisfied for viewer in viewers))
        spared = [viewer for viewer in viewers if viewer not in killed]
        assert [viewer.connected for viewer in spared] == [1] * len(spared)
        assert all(viewer.connected > 1 for viewer in killed)
    finally:
        for viewer in viewers:
            viewer.stop()
        for viewer in viewers:
            viewer.join(10)

    # the browser whose server is gone goes on with the other one, and sees what is new
    watcher.settle()
    assert headline(watcher) == reported  # the whole page, its title too
    store = open_store(running.database)
    store.revert(1, "张三")
    store.database.engine.dispose()
    watcher.page.wait_for_function(
        "before => document.querySelector('h1')?.innerText === before", arg=before
    )
    assert not watcher.page_errors
    assert watcher.foreign_requests() == []
