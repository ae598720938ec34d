"""Real old Chromium builds, from the npm registry, against every page.

Each build is 50 MB, so the tests are `thorough`: `make thorough` runs them, where npm is installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from tests.browser import harness
from tests.browser.harness import LAPTOP, PAGES

pytestmark = pytest.mark.thorough

BUILDS = {
    103: "@sparticuz/chromium@103.0.0",
    109: "@sparticuz/chromium@109.0.6",  # the last one on Windows 7
    92: "chrome-aws-lambda@10.1.0",
}
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
    subprocess.run(["npm", "pack", "--silent", BUILDS[version]], cwd=folder, check=True)
    (archive,) = folder.glob("*.tgz")
    with tarfile.open(archive) as content:
        content.extractall(folder, filter="data")
    subprocess.run(["node", "-e", UNPACK], cwd=folder, check=True)
    for part in folder.glob("*.tar"):
        with tarfile.open(part) as content:
            content.extractall(folder, filter="data")
    (folder / "chromium").chmod(0o755)
    return folder / "chromium"


def wait_for_text(page, words):
    """Playwright's own locators ask old builds for what they do not have."""
    page.wait_for_function("words => document.body.innerText.includes(words)", arg=words)


@pytest.fixture(scope="module", params=BUILDS, ids=str)
def old(request, browser, tmp_path_factory):
    """The version of an old build, and a page in it."""
    program = fetched(request.param, tmp_path_factory.mktemp("old"))
    build = browser.browser_type.launch(
        executable_path=program,
        args=[*harness.CHROMIUM_FLAGS, "--headless", "--single-process", "--no-zygote"],
        env={**os.environ, "LD_LIBRARY_PATH": str(program.parent / "lib")},
    )
    assert build.version.startswith(f"{request.param}.")
    page = build.new_page(viewport={"width": LAPTOP[0], "height": LAPTOP[1]})
    yield request.param, page
    build.close()


def test_every_page_draws_or_says_what_is_needed(old, base_url):
    version, page = old
    for path in PAGES:
        page.goto(f"{base_url}{path}?month=2018-09")
        if version < 94:
            wait_for_text(page, "Chrome 或 Edge 94以上")
        else:
            harness.settle(page)
            assert page.locator("h1").count() or path == "/present", path
            assert page.get_by_test_id("stException").count() == 0, path
            assert not page.locator("#cannot-open").count(), path


def test_a_file_is_uploaded_and_checked(old, base_url, tmp_path):
    version, page = old
    if version < 94:
        pytest.skip("this build is told what is needed")
    file = tmp_path / "妇联.csv"
    file.write_text("任务编号,月份,累计完成率,进展说明\n八-2,8月,88,走访\n", encoding="utf-8")
    page.goto(f"{base_url}/report?unit=妇联")
    harness.settle(page)
    page.locator("input[type=file]").first.set_input_files(file)
    wait_for_text(page, "预览：新增1行")


def test_a_bar_of_the_gantt_leads_to_its_task(old, base_url):
    version, page = old
    if version < 94:
        pytest.skip("this build is told what is needed")
    page.goto(f"{base_url}/gantt?month=2018-09")
    harness.settle(page)
    page.evaluate("document.querySelector('[data-testid=stMain] a[href*=task]').click()")
    page.wait_for_function("location.pathname.endsWith('/task')")
    harness.settle(page)
    assert page.get_by_test_id("stException").count() == 0
    assert page.locator("h1").count() == 1
