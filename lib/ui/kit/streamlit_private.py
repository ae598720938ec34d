"""The private names of Streamlit that this app needs, each where it is used and nowhere else.

A new Streamlit may move any of them. Then the app still starts and works for whoever sits at the
machine (单机 mode); what is lost stands at each function, and a test takes the names away.
"""

from __future__ import annotations

import json
import logging
import weakref
from typing import TYPE_CHECKING, TypeVar

from starlette.requests import HTTPConnection

if TYPE_CHECKING:
    from streamlit.runtime.app_session import AppSession

T = TypeVar("T")


class OpenPage:
    """A page in a browser, which the server can run again; `lib.ui.frame.news` does.

    It keeps no session alive: one that Streamlit has given up is closed.
    """

    NEEDS = ("_scriptrunner", "_client_state", "_create_scriptrunner", "_call_soon_on_event_loop")

    def __init__(self, session: AppSession) -> None:
        self.key = session.id
        self._session = weakref.ref(session)

    @property
    def closed(self) -> bool:
        """Whether nobody can come back to the page any more."""
        return self._session() is None

    @property
    def away(self) -> bool:
        """Whether its browser is not there, and may come back."""
        from streamlit.runtime import Runtime

        return not Runtime.instance().is_active_session(self.key)

    def run(self) -> None:
        """Run the page as `st.rerun` does; not while it is running.

        Whether it is running is asked on the event loop, where the browser's own requests come in:
        so none of them is overtaken.
        """
        from streamlit.runtime.scriptrunner import RerunData

        session = self._session()
        if session is None:
            return

        def unless_it_runs() -> None:
            if session._scriptrunner is None:
                last = session._client_state
                again = RerunData(
                    query_string=last.query_string,
                    page_script_hash=last.page_script_hash,
                    context_info=last.context_info if last.HasField("context_info") else None,
                )
                session._create_scriptrunner(again)

        session._call_soon_on_event_loop(unless_it_runs)


def open_page() -> OpenPage | None:
    """Return the page that is being run; ``None`` where nobody could run it from the server.

    Without Streamlit's names each page asks for news by a timer of its own.
    """
    try:
        from streamlit.runtime import Runtime
        from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx  # noqa: F401
    except ImportError:
        return _lost("RerunData or Runtime", None)
    context = get_script_run_ctx(suppress_warning=True)
    if context is None or not Runtime.exists():
        return None
    session = Runtime.instance().get_app_session(context.session_id)
    if session is None:
        return None
    for name in OpenPage.NEEDS:
        if not hasattr(session, name):
            return _lost(f"AppSession.{name}", None)
    return OpenPage(session)


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


def _lost(name: str, instead: T) -> T:
    """Return what stands in for a private name that this Streamlit does not have; log it."""
    logging.getLogger(__name__).warning("Streamlit has no %s any more", name)
    return instead
