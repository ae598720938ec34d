"""The server that ``app.py`` is: its own routes and middleware beside Streamlit's."""

from __future__ import annotations

import gc
from functools import partial
from pathlib import Path

import streamlit
from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from lib import web
from lib.html.colours import ANSWERS_CSS, css_variables
from lib.store import open_store
from lib.ui.kit import deployment
from lib.ui.kit.streamlit_private import (
    asked_for,
    kept_uploads,
    oidc_claims,
    pages_of_download,
)

FRONT = Path(streamlit.__file__).parent / "static"
HERE = Path(__file__).parent


def collect_seldom() -> None:
    """Have Python look for objects that hold each other at every 50,000 new ones, not at every 700.

    Tables make objects by the hundred thousand, and each look goes through many that stay: of an
    upload of 100,000 rows that took a tenth of the time.
    """
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)


def backend() -> web.Backend:
    """Return what the HTTP routes serve."""
    return web.Backend(
        deployment.unguarded_store,
        deployment.plans,
        deployment.access,
        deployment.listening_address,
        oidc_claims,
        deployment.base_path(),
        pages_of_download,
        lambda plan: open_store(deployment.address(), plan),
    )


def routes() -> list[BaseRoute]:
    """Return the routes beside Streamlit's; the server has begun, so it also learns its patience."""
    web.close_half_open()
    return web.routes(backend())


def middleware() -> list[Middleware]:
    """Return what stands in front of Streamlit's routes, the outermost first."""
    return [
        Middleware(web.RequestGate, backend=backend()),
        Middleware(
            web.StaticFilesInMemory,
            folder=FRONT / "static",
            prefix=f"{deployment.base_path()}/static",
            changes={web.CHART_SCRIPT: web.with_cartesian_plotly},
        ),
        Middleware(
            web.StaticFilesInMemory,
            folder=web.POLYFILLS,
            prefix=f"{deployment.base_path()}/polyfills",
        ),
        Middleware(web.PageHeaders, head=head(), words=partial(web.first_words, backend())),
        Middleware(
            web.WorkLimits,
            backend=backend(),
            asked_for=asked_for,
            kept_uploads=kept_uploads,
        ),
        Middleware(web.SignInGate, backend=backend()),
    ]


def head() -> str:
    """Return what is added to the head of Streamlit's page."""

    def read(*paths: Path) -> str:
        return "".join(path.read_text(encoding="utf-8") for path in paths)

    words = (HERE / "words.js").read_text(encoding="utf-8")
    words = words.replace("__WORDS__", (HERE / "words.json").read_text(encoding="utf-8"))
    style = css_variables() + read(
        ANSWERS_CSS, HERE / "screen.css", HERE / "first_words.css", HERE / "print.css"
    )
    scripts = ("first_words.js", "links.js", "theme.js", "sidebar_list.js", "print.js", "unsent.js")
    script = read(*(HERE / name for name in scripts)) + words
    transpiled = (FRONT / web.TRANSPILED).exists()
    return web.html_head(style, script, deployment.base_path(), transpiled=transpiled)
