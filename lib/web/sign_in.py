"""``/sign-in``: the form, and a session for whoever gives the right password."""

from __future__ import annotations

import hmac
import secrets
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import parse_qs, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from lib.access import Mode
from lib.access.sessions import COOKIE
from lib.web.backend import Backend
from lib.web.request_limit import RequestLimit

SIGN_IN = "/sign-in"
FORM_COOKIE = "plan_form"
ATTEMPTS_PER_MINUTE = 30
"""How often a minute one address may try to sign in: each attempt costs the server real work."""
_LONGEST_BODY = 4096
_PAGE = Template(Path(__file__).with_name("sign_in_page.html").read_text(encoding="utf-8"))
"""Plain HTML without script, in the colours of the app."""


def route(backend: Backend) -> Route:
    """Return the route of the form and of its answer."""
    limit = RequestLimit(ATTEMPTS_PER_MINUTE)

    async def sign_in(request: Request) -> Response:
        if request.method != "POST":
            return await run_in_threadpool(_open, backend, request)
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > _LONGEST_BODY:
                return Response("内容太大", 413)
        fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
        form = {name: values[0] for name, values in fields.items()}
        return await run_in_threadpool(_submit, backend, limit, request, form)

    return Route(f"{backend.base}{SIGN_IN}", sign_in, methods=["GET", "POST"])


def _open(backend: Backend, request: Request) -> Response:
    """Return the form; where nobody signs in with a password, go on to the dashboard."""
    next_page = local_path(request.query_params.get("next", ""))
    if backend.access().mode is not Mode.ACCOUNTS or backend.actor(request).signed_in:
        return RedirectResponse(f"{backend.base}{next_page}", 303)
    return _form(backend, request, next_page)


def _form(
    backend: Backend, request: Request, next_page: str, *, fault: str = "", status: int = 200
) -> Response:
    """Return the form with a token that the cookie must repeat when the form comes back."""
    token = request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe(24)
    address = f"{backend.base}{SIGN_IN}"
    notice = f'<p class="fault" role="alert">{escape(fault)}</p>' if fault else ""
    html = _PAGE.substitute(
        action=escape(address), next_page=escape(next_page), token=escape(token), notice=notice
    )
    page = HTMLResponse(html, status)
    page.headers["Cache-Control"] = "no-store"
    page.set_cookie(
        FORM_COOKIE,
        token,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
        path=address,
    )
    return page


def _submit(
    backend: Backend, limit: RequestLimit, request: Request, form: dict[str, str]
) -> Response:
    """Start a session and go on to the page that was asked for, or return the form again."""
    next_page = local_path(form.get("next", ""))
    token = request.cookies.get(FORM_COOKIE, "")
    if not token or not hmac.compare_digest(token.encode(), form.get("token", "").encode()):
        return _form(backend, request, next_page, fault="页面已过期，请再登录一次", status=403)
    access = backend.access()
    if access.mode is not Mode.ACCOUNTS:
        return RedirectResponse(f"{backend.base}/", 303)
    address = request.client.host if request.client else ""
    if wait := limit.wait(address):
        page = _form(backend, request, next_page, fault="请求太频繁，请稍后再试", status=429)
        page.headers["Retry-After"] = str(wait)
        return page
    outcome = access.sign_in(
        form.get("login", ""), form.get("password", ""), address, form.get("code", "")
    )
    if isinstance(outcome, str):
        return _form(backend, request, next_page, fault=outcome, status=401)
    session, _ = outcome
    redirect = RedirectResponse(f"{backend.base}{next_page}", 303)
    redirect.set_cookie(
        COOKIE,
        session,
        max_age=int(access.config.session.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
        path=backend.base or "/",
    )
    redirect.headers["Cache-Control"] = "no-store"
    return redirect


def local_path(address: str) -> str:
    """Return the address if it is a path of this server to go on to, else the start page's.

    ``//host``, ``/\\host`` and control characters are ways to leave for another server.
    """
    parts = urlsplit(address)
    local = (
        address.startswith("/")
        and not address.startswith("//")
        and "\\" not in address
        and address.isprintable()
        and not parts.scheme
        and not parts.netloc
        and not address.startswith(SIGN_IN)
    )
    return address if local else "/"
