"""The real server and a real browser, shared by the browser tests and the screenshots."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Request

from deploy.local import stop, wait_for
from lib.ui.kit import navigation

ROOT = Path(__file__).resolve().parents[2]

# Path in the address and the name in the navigation, in the order of the navigation.
PAGES = {
    "/": "总览",
    "/categories": "分类",
    "/units": "单位",
    "/months": "月度",
    "/gantt": "甘特图",
    "/task": "任务",
    "/search": "查找",
    "/papers": "汇报材料",
    "/present": "汇报模式",
    "/portfolio": "全部计划",
    "/report": "填报",
    "/matters": "督办事项",
    "/history": "上报记录",
    "/plan": "计划管理",
    "/explain": "怎么算的",
    "/help": "使用说明",
}
DESKTOP = (1920, 1080)
LAPTOP = (1366, 768)
PHONE = (390, 844)

CHROMIUM_FLAGS = [
    "--no-sandbox",  # CI runs as root, where Chromium's sandbox refuses to start
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]

SETTLE_SECONDS = 60
# Nothing may change for this long before a page counts as settled, nor in so many looks at it: a
# browser that has no time to draw is not quiet.
QUIET_MS = 400
QUIET_LOOKS = 10

# Counts what the page has sent to the server since a message of the server came: what a click sent
# is answered, so on a busy machine a page that has not begun to change is not taken for settled.
_COUNT_UNANSWERED = """
  window.__unanswered = 0;
  window.WebSocket = class extends WebSocket {
    constructor(...words) {
      super(...words);
      this.addEventListener('message', () => { window.__unanswered = 0; });
      this.addEventListener('close', () => { window.__unanswered = 0; });
    }
    send(message) { window.__unanswered += 1; super.send(message); }
  };
"""

# One poll: true once the script has ended, nothing is stale or loading, every chart is drawn and
# the height of the page has stopped moving. These test ids are Streamlit's DOM, which can change
# with a release: this file is the only place that waits on them.
_SETTLED = """([quiet, looks]) => {
  const app = document.querySelector('[data-testid="stApp"]');
  const main = document.querySelector('[data-testid="stMain"]');
  const ready = app && main && !window.__unanswered
    && app.dataset.testConnectionState === 'CONNECTED'
    && app.dataset.testScriptState === 'notRunning'
    && main.querySelector('[data-testid="stElementContainer"], [data-testid="stException"]')
    && !document.querySelector('[data-stale="true"], [data-testid="stSkeleton"], '
                               + '[data-testid="stSpinner"]')
    && [...document.querySelectorAll('[data-testid="stPlotlyChart"]')]
         .every(chart => chart.querySelector('.main-svg'))
    && document.fonts.status === 'loaded';
  const state = ready ? `${location.href} ${main.scrollHeight} ${main.scrollWidth} `
                        + main.querySelectorAll('*').length : null;
  if (state === null || window.__settled?.state !== state) {
    window.__settled = {state, since: performance.now(), looks: 0};
    return false;
  }
  window.__settled.looks += 1;
  return performance.now() - window.__settled.since >= quiet && window.__settled.looks >= looks;
}"""

_IS_DARK = """dark => {
  const colour = getComputedStyle(document.querySelector('[data-testid="stApp"]')).backgroundColor;
  return Math.max(...colour.match(/\\d+/g).slice(0, 3).map(Number)) < 128 === dark;
}"""

_OPACITY_OF_CONTROLS = """wanted => [...document.querySelectorAll('*')].some(host => {
  const controls = host.shadowRoot?.querySelector('.controls');
  return controls && getComputedStyle(controls).opacity === wanted;
})"""


@dataclass
class Visit:
    """One opened page and everything the browser reported while it was open."""

    page: Page
    url: str
    console_errors: list[str] = field(default_factory=list)
    page_errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def settle(self) -> None:
        """Wait until the page is drawn; call it after each click."""
        settle(self.page)

    def resize(self, size: tuple[int, int]) -> None:
        """Give the window another size: the page is laid out as if it had been opened so."""
        self.page.set_viewport_size({"width": size[0], "height": size[1]})
        self.settle()

    def colours(self, scheme: Literal["light", "dark"]) -> None:
        """Have the system turn dark, or light, under the page."""
        self.page.emulate_media(color_scheme=scheme)
        self.page.wait_for_function(_IS_DARK, arg=scheme == "dark")
        self.settle()

    def foreign_requests(self) -> list[str]:
        """Requests, web sockets included, that went anywhere but to the server under test."""
        own = urlsplit(self.url).netloc
        return [
            url
            for url in self.requests
            if urlsplit(url).scheme not in {"data", "blob", "about"} and urlsplit(url).netloc != own
        ]


def find_chromium() -> str | None:
    """Path of the system's Chromium, or None; first the one that never has a window.

    It is the same engine and opens a page of the dashboard with two thirds of the processor time.
    """
    names = ("chromium-headless-shell", "chromium", "chromium-browser")
    return next((path for path in map(shutil.which, names) if path), None)


def launch(playwright: Playwright) -> Browser:
    """A headless Chromium from the system; playwright's own build is never downloaded."""
    path = find_chromium()
    if path is None:
        raise FileNotFoundError("chromium is not on PATH")
    return playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)


def new_context(browser: Browser, *, dark: bool = False, touch: bool = False) -> BrowserContext:
    """A fresh Chinese-language profile, of a device that fingers touch if asked for."""
    context = browser.new_context(
        locale="zh-CN", color_scheme="dark" if dark else "light", has_touch=touch
    )
    context.add_init_script(_COUNT_UNANSWERED)
    return context


def open_page(context: BrowserContext, url: str, width: int, height: int) -> Visit:
    """A settled visit of `url` in a new tab of the given size."""
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": height})
    visit = Visit(page, url)

    def record(request: Request) -> None:
        visit.requests.append(request.url)

    page.on(
        "console",
        lambda message: (
            visit.console_errors.append(f"{message.text} ({message.location.get('url', '')})")
            if message.type == "error"
            else None
        ),
    )
    page.on("pageerror", lambda error: visit.page_errors.append(str(error)))
    page.on("request", record)
    page.on("websocket", lambda socket: visit.requests.append(socket.url))
    page.goto(url)
    visit.settle()
    return visit


def settle(page: Page) -> None:
    """Wait until the page's script has ended and its charts and fonts are drawn.

    Its tab comes to the front: a browser draws those behind it when it has nothing else to do.
    """
    page.bring_to_front()
    page.wait_for_function(_SETTLED, arg=[QUIET_MS, QUIET_LOOKS], timeout=SETTLE_SECONDS * 1000)


def until(condition: Callable[[], bool]) -> None:
    """Wait until something outside the browser is so."""
    deadline = time.monotonic() + SETTLE_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def go_to(page: Page, title: str) -> None:
    """Open a page by the navigation at the top; those of a group stand in its drop-down."""
    (group,) = [entry.group for entry in navigation.PAGES.values() if entry.title == title]
    top = page.get_by_test_id("stHeader")
    if group:
        top.get_by_text(group, exact=True).click()
        page.get_by_role("menuitem", name=title, exact=True).click()
    else:
        top.get_by_role("link", name=title, exact=True).click()
    settle(page)


def open_filters(page: Page) -> None:
    """Open what is folded behind the button in the line of the pages: 类型, 责任单位 and switches."""
    page.locator(".st-key-filters button").first.click()
    page.get_by_role("combobox", name="责任单位").wait_for()


def wait_for_controls(page: Page, *, shown: bool = True) -> None:
    """Wait until the buttons of 汇报模式 stand, or are gone: they fade after two seconds."""
    page.wait_for_function(_OPACITY_OF_CONTROLS, arg="1" if shown else "0")


SERIOUS = frozenset({"serious", "critical"})


def findings(page: Page, impacts: frozenset[str] = SERIOUS) -> list[str]:
    """What axe finds wrong for people who cannot see, or use a mouse, well."""
    return [
        f"{finding['id']}: {finding['help']}\n    {node['html'][:300]}"
        for finding in Axe().run(page).response["violations"]
        if finding["impact"] in impacts
        for node in finding["nodes"]
    ]


def fit_to_content(page: Page) -> None:
    """Make the viewport as tall as the page, which scrolls in a box of Streamlit's own."""
    height = page.evaluate("() => document.querySelector('[data-testid=\"stMain\"]').scrollHeight")
    size = page.viewport_size
    assert size is not None
    page.set_viewport_size({"width": size["width"], "height": max(height, size["height"])})
    settle(page)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_app(
    data_dir: Path,
    log: Path,
    *,
    script: Path = ROOT / "app.py",
    address: str = "127.0.0.1",
    port: int | None = None,
    environment: Mapping[str, str] | None = None,
) -> Iterator[str]:
    """The address of `script` served on a free port, reading and writing `data_dir`.

    `address` is what the server listens on; it is reached through 127.0.0.1 all the same.
    """
    port = port or free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script)]
    command += ["--server.port", str(port), "--server.address", address]
    command += ["--server.headless", "true"]
    variables = {**os.environ, "PLAN_DATA_DIR": str(data_dir), "PYTHONUNBUFFERED": "1"}
    variables |= environment or {}
    with log.open("wb") as output:
        server = subprocess.Popen(
            command, cwd=ROOT, env=variables, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            wait_for_health(server, port, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            stop(server)


def wait_for_health(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Wait until the app answers; raise `RuntimeError` with the end of its log if it does not."""
    try:
        wait_for(port, server)
    except RuntimeError as error:
        end = log.read_text(errors="replace")[-4000:]
        raise RuntimeError(f"the app did not start:\n{end}") from error
