"""The server that ``app.py`` is: its own routes and middleware beside Streamlit's."""

from __future__ import annotations

import json
from pathlib import Path

import streamlit
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection
from starlette.routing import BaseRoute
from streamlit.auth_util import get_cookie_with_chunks
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from lib import web
from lib.ui.kit import deployment
from lib.web.api import Backend

FRONT = Path(streamlit.__file__).parent / "static"
HERE = Path(__file__).parent


def served() -> Backend:
    """Return what the HTTP routes serve."""
    return Backend(
        deployment.unguarded,
        deployment.plans,
        deployment.access,
        deployment.bound,
        claims,
        deployment.base(),
    )


def routes() -> list[BaseRoute]:
    """Return the routes beside Streamlit's."""
    return web.routes(served())


def middleware() -> list[Middleware]:
    """Return what stands in front of Streamlit's routes, the outermost first."""
    return [
        Middleware(
            web.Assets,
            folder=FRONT / "static",
            prefix=f"{deployment.base()}/static",
            changed={web.CHARTS: web.lighter},
        ),
        Middleware(web.Headers, head=head()),
        Middleware(web.Gate, site=served()),
    ]


def head() -> str:
    """Return what is added to the head of Streamlit's page."""

    def read(name: str) -> str:
        return (HERE / name).read_text(encoding="utf-8")

    return web.head(read("screen.css") + read("print.css"), read("print.js"))


def claims(connection: HTTPConnection) -> dict[str, object] | None:
    """Return the identity in Streamlit's own signed cookie, made by `st.login`."""

    def one(name: str) -> bytes | None:
        value = connection.cookies.get(name)
        if value is None:
            return None
        return decode_signed_value(get_cookie_secret(), name, value.encode("latin-1", "replace"))

    content = get_cookie_with_chunks(one, USER_COOKIE_NAME)
    if not content:
        return None
    found = json.loads(content)
    return found if isinstance(found, dict) and found.get("is_logged_in") else None
