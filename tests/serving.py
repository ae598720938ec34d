"""The server's own routes and middleware around a stand-in for Streamlit's, in this process."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from lib import web
from lib.access import Access
from lib.store import open_store, plan_names
from tests.people import HOST, PASSWORD

RIGHT = {"login": "fulian", "password": PASSWORD}
PAGE = (
    '<!DOCTYPE html>\n<html lang="en"><head><script src="./static/js/index.js"></script></head>'
    "<body>the app</body></html>"
)


def client(
    folder: Path,
    access: Access | Callable[[], Access],
    *,
    peer: str = "10.0.0.7",
    host: str = HOST,
    bound: str = "0.0.0.0",  # noqa: S104
    scheme: str = "http",
    base: str = "",
    offering: Callable[[str], list[tuple[dict[str, str], str]] | None] = lambda _: None,
) -> TestClient:
    """A client at ``peer``; `local` facts are what 单机 mode asks for."""
    stores = {"": open_store(folder)}

    def store(plan: str):
        return stores.setdefault(plan, open_store(folder, plan)) if plan else stores[""]

    backend = web.Backend(
        store,
        lambda: plan_names(folder),
        access if callable(access) else lambda: access,
        lambda: bound,
        base=base,
        offering=offering,
    )
    stand_in = [
        Route("/media/{name}", lambda _: PlainTextResponse("a download")),
        Route(
            "/_stcore/upload_file/{name}",
            lambda _: PlainTextResponse("kept"),
            methods=["PUT", "OPTIONS"],
        ),
        Route("/_stcore/{name}", lambda _: PlainTextResponse("ok")),
        Route("/static/{name}", lambda _: PlainTextResponse("asset")),
        Route("/{path:path}", lambda _: HTMLResponse(PAGE)),
    ]
    app = Starlette(
        routes=[*web.routes(backend), *stand_in],
        middleware=[
            Middleware(web.RequestGate, backend=backend),
            Middleware(web.PageHeaders, words=partial(web.first_words, backend)),
            Middleware(web.SignInGate, backend=backend),
        ],
    )
    return TestClient(
        app,
        base_url=f"{scheme}://{host}",
        client=(peer, 50000),
        follow_redirects=False,
        raise_server_exceptions=True,
    )


def local(folder: Path, access: Access) -> TestClient:
    """A client at the machine itself, as 单机 mode means it."""
    return client(folder, access, peer="127.0.0.1", host="127.0.0.1:8501", bound="127.0.0.1")


def sign_in(client: TestClient, values=RIGHT, next_page: str = "/report"):
    """Open the form as a browser does, and send it back."""
    form = client.get("/sign-in", params={"next": next_page})
    token = re.search(r'name="token" value="([^"]+)"', form.text)[1]
    return client.post("/sign-in", data={"token": token, "next": next_page, **values})
