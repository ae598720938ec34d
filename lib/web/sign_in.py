"""``/sign-in`` and ``/healthz``, and the HTTP interface mounted beside them."""

from __future__ import annotations

import hmac
import secrets
import time
from urllib.parse import parse_qs, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from lib.access import Mode
from lib.access.sessions import COOKIE
from lib.access.throttle import Rate
from lib.web import api, sign_in_page
from lib.web.api import Backend

SIGN_IN = "/sign-in"
FORM_COOKIE = "plan_form"
PER_MINUTE = 30
"""How many sign-ins a minute one address may try: each costs the server real work."""
_LONGEST = 4096


def routes(site: Backend) -> list[BaseRoute]:
    """Return the server's own routes."""
    rate = Rate(PER_MINUTE, time.monotonic)

    async def sign_in(request: Request) -> Response:
        if request.method == "POST":
            return await _signed_in(site, rate, request)
        return await run_in_threadpool(_ask, site, request)

    async def healthz(request: Request) -> Response:
        return await run_in_threadpool(api.health, site, request)

    return [
        Route(f"{site.base}{SIGN_IN}", sign_in, methods=["GET", "POST"]),
        Route(f"{site.base}/healthz", healthz, methods=["GET"]),
        Mount(f"{site.base}{api.PREFIX}", api.create(site)),
    ]


def _ask(site: Backend, request: Request) -> Response:
    """Draw the form; where nobody signs in with a password, go to the dashboard."""
    wanted = local_path(request.query_params.get("next", ""))
    access = site.access()
    if access.mode is not Mode.ACCOUNTS or site.actor(request).signed_in:
        return RedirectResponse(f"{site.base}{wanted}", 303)
    return _form(site, request, wanted)


def _form(
    site: Backend, request: Request, wanted: str, *, fault: str = "", status: int = 200
) -> Response:
    """Draw the form with its token, which the cookie must repeat when it comes back."""
    token = request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe(24)
    answer = HTMLResponse(
        sign_in_page.sign_in(f"{site.base}{SIGN_IN}", wanted, token, fault),
        status,
        {"Cache-Control": "no-store"},
    )
    answer.set_cookie(
        FORM_COOKIE,
        token,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
        path=f"{site.base}{SIGN_IN}",
    )
    return answer


async def _signed_in(site: Backend, rate: Rate, request: Request) -> Response:
    content = b""
    async for part in request.stream():
        content += part
        if len(content) > _LONGEST:
            return Response("内容太大", 413)
    fields = parse_qs(content.decode("utf-8", "replace"), keep_blank_values=True)
    values = {name: found[0] for name, found in fields.items()}
    return await run_in_threadpool(_try, site, rate, request, values)


def _try(site: Backend, rate: Rate, request: Request, values: dict[str, str]) -> Response:
    wanted = local_path(values.get("next", ""))
    kept = request.cookies.get(FORM_COOKIE, "")
    same = hmac.compare_digest(kept.encode(), values.get("token", "").encode())
    if not kept or not same:
        return _form(site, request, wanted, fault="页面已过期，请再登录一次", status=403)
    access = site.access()
    if access.mode is not Mode.ACCOUNTS:
        return RedirectResponse(f"{site.base}/", 303)
    address = request.client.host if request.client else ""
    wait = rate.wait(address)
    if wait:
        answer = _form(site, request, wanted, fault="请求太频繁，请稍后再试", status=429)
        answer.headers["Retry-After"] = str(int(wait) + 1)
        return answer
    outcome = access.sign_in(values.get("login", ""), values.get("password", ""), address)
    if isinstance(outcome, str):
        return _form(site, request, wanted, fault=outcome, status=401)
    answer = RedirectResponse(f"{site.base}{wanted}", 303)
    answer.set_cookie(
        COOKIE,
        outcome[0],
        max_age=int(access.config.session.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
        path=site.base or "/",
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def local_path(wanted: str) -> str:
    """Return a path of this server to go to; anything else becomes the start page.

    ``//host``, ``/\\host`` and control characters are ways to leave for another server.
    """
    parts = urlsplit(wanted)
    good = (
        wanted.startswith("/")
        and not wanted.startswith(("//", "/\\"))
        and "\\" not in wanted
        and wanted.isprintable()
        and not parts.scheme
        and not parts.netloc
        and not wanted.startswith(SIGN_IN)
    )
    return wanted if good else "/"
