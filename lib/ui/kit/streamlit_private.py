"""The private names of Streamlit that this app needs, each where it is used and nowhere else.

A new Streamlit may move any of them. Then the app still starts and works for whoever sits at the
machine (单机 mode); what is lost stands at each function, and a test takes the names away.
"""

from __future__ import annotations

import json
import logging
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from starlette.requests import HTTPConnection

if TYPE_CHECKING:
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
    from streamlit.runtime.app_session import AppSession

    Words = Mapping[tuple[int, ...], ForwardMsg]
    """Titles, texts and HTML of a page, as they were sent to its browser, by their places."""

T = TypeVar("T")
WORDS = ("heading", "markdown", "html")
"""Elements that keep nothing of a session: any page can show those of another."""


class OpenPage:
    """A page in a browser, which the server can run again; `lib.ui.frame.news` does.

    It keeps no session alive: one that Streamlit has given up is closed.
    """

    NEEDS = (
        "_scriptrunner",
        "_client_state",
        "_create_scriptrunner",
        "_call_soon_on_event_loop",
        "_enqueue_forward_msg",
        "_browser_queue",
    )

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

        return not (Runtime.exists() and Runtime.instance().is_active_session(self.key))

    @property
    def sending(self) -> bool:
        """Whether something waits to be sent to its browser."""
        session = self._session()
        return session is not None and not session._browser_queue.is_empty()

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

    def show(self, words: Words, still: Callable[[], bool]) -> None:
        """Put words of a page like this one in the places of its own, without a run.

        Not while it is running, and only if it is ``still`` as it was when this was asked for: on
        the event loop both are known, so older words never cover newer ones.
        """
        session = self._session()
        if session is None:
            return

        def unless_it_runs() -> None:
            if session._scriptrunner is None and still():
                for message in words.values():
                    session._enqueue_forward_msg(message)

        session._call_soon_on_event_loop(unless_it_runs)


@contextmanager
def words_sent() -> Iterator[Words]:
    """Give the words that the page which is being run sends to its browser from now on.

    Without Streamlit's names there are none, and each page waits for its own run.
    """
    words: dict[tuple[int, ...], ForwardMsg] = {}
    try:
        from streamlit.runtime.scriptrunner import get_script_run_ctx

        context = get_script_run_ctx(suppress_warning=True)
        enqueue = context.enqueue  # type: ignore[union-attr]
    except (ImportError, AttributeError):
        yield words
        return

    def enqueue_and_note(message: ForwardMsg) -> None:
        enqueue(message)
        if message.delta.new_element.WhichOneof("type") in WORDS:
            words[tuple(message.metadata.delta_path)] = message

    context.enqueue = enqueue_and_note  # type: ignore[union-attr, method-assign]
    try:
        yield words
    finally:
        del context.enqueue  # type: ignore[union-attr]


def open_page() -> OpenPage | None:
    """Return the page that is being run; ``None`` where nobody could run it from the server.

    Without Streamlit's names each page asks for news by a timer of its own.
    """
    try:
        from streamlit.runtime import Runtime
        from streamlit.runtime.app_session import AppSession
        from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx  # noqa: F401
    except ImportError:
        return _lost("RerunData, Runtime or AppSession", None)
    context = get_script_run_ctx(suppress_warning=True)
    if context is None or not Runtime.exists():
        return None
    session = Runtime.instance().get_app_session(context.session_id)
    if not isinstance(session, AppSession):  # none, or a test's stand-in
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


def asked_for(content: bytes) -> tuple[str, str]:
    """Return what a message of an open page asks for, such as ``rerun_script`` or ``deferred_file``.

    Beside it stands the number of the file that is to be made, if it asks for one. Without
    Streamlit's name nothing is known of it, and it is passed on.
    """
    try:
        from streamlit.proto.BackMsg_pb2 import BackMsg
    except ImportError:
        return _lost("BackMsg", ("", ""))
    try:
        message = BackMsg.FromString(content)
    except Exception:  # noqa: BLE001 - protobuf's errors differ by its implementation
        return "", ""
    kind: str = message.WhichOneof("type") or ""
    request = message.backend_operation_request
    return request.WhichOneof("payload") or kind, request.deferred_file.file_id


def kept_uploads(page: str) -> tuple[int, int, int]:
    """Return how many files and bytes an open page keeps that were uploaded, and bytes of all pages.

    Without Streamlit's names nothing is counted.
    """
    try:
        from streamlit.runtime import get_instance

        storage = get_instance().uploaded_file_mgr.file_storage  # type: ignore[attr-defined]
    except (ImportError, AttributeError, RuntimeError):
        return _lost("uploaded_file_mgr", (0, 0, 0))
    sizes = {
        name: [len(file.data) for file in [*kept.values()]] for name, kept in [*storage.items()]
    }
    own = sizes.get(page, [])
    return len(own), sum(own), sum(map(sum, sizes.values()))


_made: weakref.WeakKeyDictionary[AppSession, set[str]] = weakref.WeakKeyDictionary()
"""The files that were made for each open page when they were asked for."""


def made_for_page(make: Callable[[], bytes], name: str, media_type: str) -> Callable[[], bytes]:
    """Return what makes a download and notes that it belongs to the page that is being run.

    Streamlit itself knows the page of a file that it is given, but not of one that it had made.
    """
    page = open_page()

    def make_and_note() -> bytes:
        from streamlit.runtime import get_instance
        from streamlit.runtime.media_file_storage import MediaFileKind

        content = make()
        session = None if page is None else page._session()
        if session is not None:
            storage = get_instance().media_file_mgr._storage
            file = storage.load_and_get_id(content, media_type, MediaFileKind.DOWNLOADABLE, name)
            _made.setdefault(session, set()).add(file)
        return content

    return make_and_note


def pages_of_download(file_id: str) -> list[tuple[dict[str, str], str]] | None:
    """Return cookies and address of each open page that offers a download or picture, or had it made.

    ``None`` without Streamlit's names: then whoever may read and knows the address gets the file.
    """
    try:
        from streamlit.runtime import get_instance

        runtime = get_instance()
        offered = runtime.media_file_mgr._files_by_session_and_coord
        deferred = runtime.media_file_mgr._deferred_ids_by_session
        sessions = runtime._session_mgr.list_active_sessions()
    except (ImportError, AttributeError, RuntimeError):
        return _lost("media_file_mgr", None)
    pages = []
    for info in sessions:
        context = info.client.client_context
        # While a page runs, it offers what it has drawn so far; a click may have come before.
        files = {*offered.get(info.session.id, {}).values(), *deferred.get(info.session.id, ())}
        if context is not None and file_id in files | _made.get(info.session, set()):
            pages.append((dict(context.cookies), str(context.remote_ip or "")))
    return pages


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
