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
from lib.api import Site
from lib.ui import site

EARLY = ("Metric", "Selectbox", "Checkbox", "PageLink", "withFullScreenWrapper")


def served() -> Site:
    """Return what the HTTP routes serve."""
    return Site(site.unguarded, site.plans, site.access, site.bound, claims, site.base())


def routes() -> list[BaseRoute]:
    """Return the routes beside Streamlit's."""
    return web.routes(served())


def middleware() -> list[Middleware]:
    """Return what stands in front of Streamlit's routes, the outermost first."""
    return [Middleware(web.Headers, modules=modules()), Middleware(web.Gate, site=served())]


def modules() -> list[str]:
    """Return Streamlit's scripts that draw what nearly every page has, relative to a page.

    Its own page asks for them only when the first of them is to be drawn. A release may name
    them otherwise: then there is nothing to fetch early.
    """
    folder = Path(streamlit.__file__).parent / "static" / "static" / "js"
    return [
        f"./static/js/{path.name}" for name in EARLY for path in sorted(folder.glob(f"{name}.*.js"))
    ]


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
