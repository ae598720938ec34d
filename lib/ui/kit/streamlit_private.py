"""The private names of Streamlit that this app needs, each where it is used and nowhere else.

A new Streamlit may move any of them. Then the app still starts and works for whoever sits at the
machine (单机 mode); what is lost stands at each function, and a test takes the names away.
"""

from __future__ import annotations

import json
import logging
from typing import TypeVar

from starlette.requests import HTTPConnection

T = TypeVar("T")


def page_is_running() -> bool:
    """Return whether a page is being run for a viewer, as opposed to a thread of a download.

    Without Streamlit's name a download is asked for in the name of nobody, and refused.
    """
    try:
        from streamlit.runtime.scriptrunner import get_script_run_ctx
    except ImportError:
        return _lost("get_script_run_ctx", True)
    return get_script_run_ctx(suppress_warning=True) is not None


def oidc_claims(connection: HTTPConnection) -> dict[str, object] | None:
    """Return the identity in Streamlit's own signed cookie, made by `st.login`.

    Without Streamlit's names nobody is signed in by OIDC, for the HTTP routes.
    """
    try:
        from streamlit.auth_util import get_cookie_with_chunks
        from streamlit.web.server.server_util import get_cookie_secret
        from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
        from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME
    except ImportError:
        return _lost("get_cookie_with_chunks", None)

    def signed(name: str) -> bytes | None:
        value = connection.cookies.get(name)
        if value is None:
            return None
        return decode_signed_value(get_cookie_secret(), name, value.encode("latin-1", "replace"))

    content = get_cookie_with_chunks(signed, USER_COOKIE_NAME)
    if not content:
        return None
    claims = json.loads(content)
    return claims if isinstance(claims, dict) and claims.get("is_logged_in") else None


def say_uncaught_errors(text: str) -> None:
    """Replace what Streamlit says where an error's own words are kept from the viewer.

    Without Streamlit's name it says so in English.
    """
    from streamlit.elements import exception

    if not hasattr(exception, "_GENERIC_UNCAUGHT_EXCEPTION_TEXT"):
        return _lost("_GENERIC_UNCAUGHT_EXCEPTION_TEXT", None)
    exception._GENERIC_UNCAUGHT_EXCEPTION_TEXT = text  # type: ignore[misc]


def _lost(name: str, instead: T) -> T:
    """Return what stands in for a private name that this Streamlit does not have; log it."""
    logging.getLogger(__name__).warning("Streamlit has no %s any more", name)
    return instead
