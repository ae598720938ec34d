"""Pictures of every page: `python -m tests.browser.screenshots --page units --query month=2018-09`.

Each page gives six files: at a desk, on a laptop and on a phone, the first screen and the whole page.
`--readme` makes the two that the README opens with.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import BrowserContext, sync_playwright

from tests.browser import harness
from tests.browser.harness import DESKTOP, LAPTOP, PAGES, PHONE, ROOT

SIZES = {"1920x1080": DESKTOP, "1366x768": LAPTOP, "390x844": PHONE}


def main() -> None:
    options = _options()
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        data = Path(scratch) / "data"
        # A copy: a picture must never change the plan.
        shutil.copytree(options.data, data)
        log = Path(scratch) / "server.log"
        with (
            harness.running_app(data, log, script=options.app) as base_url,
            sync_playwright() as playwright,
        ):
            browser = harness.launch(playwright)
            context = harness.new_context(browser, dark=options.dark)
            if options.readme:
                _take_for_readme(context, base_url)
            for path in [] if options.readme else options.page or PAGES:
                url = base_url + path + (f"?{options.query}" if options.query else "")
                for picture in _take(context, url, _stem(path, options.dark), options.out):
                    print(picture)
            browser.close()


def _take(context: BrowserContext, url: str, stem: str, out: Path) -> list[Path]:
    """The files written for one page: first screen and whole page at each size."""
    pictures = []
    for size, (width, height) in SIZES.items():
        visit = harness.open_page(context, url, width, height)
        first, whole = out / f"{stem}-{size}.png", out / f"{stem}-{size}-full.png"
        visit.page.screenshot(path=first)
        harness.fit_to_content(visit.page)
        visit.page.screenshot(path=whole)
        visit.page.close()
        pictures += [first, whole]
    return pictures


def _take_for_readme(context: BrowserContext, base_url: str) -> None:
    """Write 总览 and 甘特图 as a laptop shows them, in so few colours that they are small."""
    for path in ("/", "/gantt"):
        visit = harness.open_page(context, f"{base_url}{path}?month=2018-09", *LAPTOP)
        content = Image.open(BytesIO(visit.page.screenshot()))
        picture = ROOT / "docs" / "pictures" / f"{_stem(path, dark=False)}.png"
        picture.parent.mkdir(exist_ok=True)
        content.convert("RGB").quantize(64).save(picture, optimize=True)
        print(picture)


def _stem(path: str, dark: bool) -> str:
    return (path.strip("/") or "overview") + ("-dark" if dark else "")


def _page(text: str) -> str:
    """The path of a page given as `units`, `/units`, `单位` or, for the first one, `overview`."""
    for path, name in PAGES.items():
        if text.strip("/") in {path.strip("/"), name, _stem(path, dark=False)}:
            return path
    raise argparse.ArgumentTypeError(f"no such page: {text} ({' '.join(PAGES)})")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--page", type=_page, action="append", help="one page; may be repeated")
    parser.add_argument("--query", default="", help="filters, e.g. month=2018-09&narrative=true")
    parser.add_argument("--out", type=Path, default=ROOT / "screenshots", help="folder to fill")
    parser.add_argument("--data", type=Path, default=ROOT / "data", help="data folder to show")
    parser.add_argument("--dark", action="store_true", help="with the system set to dark")
    parser.add_argument("--readme", action="store_true", help="only the README's, into docs/")
    parser.add_argument("--app", type=Path, default=ROOT / "app.py", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
