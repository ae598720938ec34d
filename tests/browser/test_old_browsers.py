"""Real old Chromium builds, from the npm registry, against every page, as it is and transpiled.

Each build is 50 MB, so the tests are `thorough`: `make thorough` runs them, where npm is installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest
import streamlit

from scripts.transpile_front import transpile, unpacked
from tests.browser import harness
from tests.browser.harness import LAPTOP, PAGES
from tests.shipped import copy_data

pytestmark = pytest.mark.thorough

BUILDS = {
    103: "@sparticuz/chromium@103.0.0",
    109: "@sparticuz/chromium@109.0.6",  # the last one on Windows 7
    92: "chrome-aws-lambda@10.1.0",
    83: "chrome-aws-lambda@3.1.1",
}
CASES = {"83": (83, False), "92": (92, False), "103": (103, False), "109": (109, False)}
CASES |= {"83 transpiled": (83, True), "92 transpiled": (92, True), "109 transpiled": (109, True)}
UNPACK = """
const fs = require("fs"), zlib = require("zlib");
for (const file of fs.readdirSync("package/bin"))
  fs.writeFileSync(file.replace(/\\.br$/, ""),
    zlib.brotliDecompressSync(fs.readFileSync("package/bin/" + file)));
"""


def fetched(version: int, folder: Path) -> Path:
    """The program of a build, fetched with npm and unpacked."""
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed: old browsers cannot be fetched")
    unpacked(BUILDS[version], folder)
    subprocess.run(["node", "-e", UNPACK], cwd=folder, check=True)
    for part in folder.glob("*.tar"):
        with tarfile.open(part) as content:
            content.extractall(folder, filter="data")
    (folder / "chromium").chmod(0o755)
    return folder / "chromium"


def wait_for_text(page, words):
    """Playwright's own locators ask old builds for what they do not have."""
    page.wait_for_function("words => document.body.innerText.includes(words)", arg=words)


@pytest.fixture(scope="module")
def transpiled_url(tmp_path_factory):
    """The address of a server whose Streamlit is transpiled."""
    packages = tmp_path_factory.mktemp("transpiled") / "site-packages"
    shutil.copytree(Path(streamlit.__file__).parent, packages / "streamlit")
    transpile(packages)
    environment = {"PYTHONPATH": str(packages), "STREAMLIT_GLOBAL_DEVELOPMENT_MODE": "false"}
    folder = packages.parent
    copy_data(folder / "data")
    with harness.running_app(
        folder / "data", folder / "server.log", environment=environment
    ) as address:
        yield address


@pytest.fixture(scope="module", params=CASES.values(), ids=CASES)
def old(request, browser, tmp_path_factory):
    """Whether an old build can open the pages, their address, and a page in it."""
    version, transpiled = request.param
    program = fetched(version, tmp_path_factory.mktemp("old"))
    build = browser.browser_type.launch(
        executable_path=program,
        args=[*harness.CHROMIUM_FLAGS, "--headless", "--single-process", "--no-zygote"],
        env={**os.environ, "LD_LIBRARY_PATH": str(program.parent / "lib")},
    )
    assert build.version.startswith(f"{version}.")
    page = build.new_page(viewport={"width": LAPTOP[0], "height": LAPTOP[1]})
    url = request.getfixturevalue("transpiled_url" if transpiled else "base_url")
    yield version >= (80 if transpiled else 94), url, page
    build.close()


def test_every_page_draws_or_says_what_is_needed(old):
    opens, url, page = old
    for path in PAGES:
        page.goto(f"{url}{path}?month=2018-09")
        if not opens:
            wait_for_text(page, "Chrome 或 Edge 94以上")
        else:
            harness.settle(page)
            assert page.locator("h1").count() or path == "/present", path
            assert page.get_by_test_id("stException").count() == 0, path
            assert not page.locator("#cannot-open").count(), path


def test_a_file_is_uploaded_and_checked(old, tmp_path):
    opens, url, page = old
    if not opens:
        pytest.skip("this build is told what is needed")
    file = tmp_path / "妇联.csv"
    file.write_text("任务编号,月份,累计完成率,进展说明\n八-2,8月,88,走访\n", encoding="utf-8")
    page.goto(f"{url}/report?unit=妇联")
    harness.settle(page)
    page.locator("input[type=file]").first.set_input_files(file)
    wait_for_text(page, "预览：新增1行")


def test_a_bar_of_the_gantt_leads_to_its_task(old):
    opens, url, page = old
    if not opens:
        pytest.skip("this build is told what is needed")
    page.goto(f"{url}/gantt?month=2018-09")
    harness.settle(page)
    page.evaluate("document.querySelector('[data-testid=stMain] a[href*=task]').click()")
    page.wait_for_function("location.pathname.endsWith('/task')")
    harness.settle(page)
    assert page.get_by_test_id("stException").count() == 0
    assert page.locator("h1").count() == 1


SAFARI_15 = """
window.RegExp = new Proxy(RegExp, {
  apply: (native, _, given) => checked(native, given),
  construct: (native, given, asked) => checked(native, given, asked),
});
function checked(native, [pattern, flags], asked = native) {
  if (/\\(\\?<[=!]/.test(String(pattern)) || String(flags).includes("v"))
    throw new SyntaxError("Invalid regular expression: invalid group specifier name");
  return Reflect.construct(native, [pattern, flags], asked);
}
"""


def test_patterns_that_look_behind_are_not_needed(browser, transpiled_url):
    """What Safari before 16.4 lacks, taken from a new Chromium: no Safari is at hand."""
    context = harness.new_context(browser)
    context.add_init_script(SAFARI_15)
    page = context.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    for path in ("/", "/gantt", "/method", "/help"):
        page.goto(f"{transpiled_url}{path}?month=2018-09")
        harness.settle(page)
        assert page.locator("h1").count(), path
        assert page.get_by_test_id("stException").count() == 0, path
        assert not page.locator("#cannot-open").count(), path
    assert page.evaluate("RegExp('(?<=a)b').source") == "b"  # so it was taken away
    assert not errors
    context.close()
