"""A small OpenID Connect provider on loopback: authorization code flow with PKCE.

It follows OpenID Connect Core 1.0 and RFC 7636 where a relying party can tell: discovery, a
sign-in page of its own, single-use codes bound to client, redirect URI and challenge, client
authentication, an RS256 identity token with nonce, JWKS and userinfo.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from typing import Any
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT, SECRET = "work-plan", "a-client-secret"


class Provider:
    """One provider with its users: ``{login: claims}``. Whoever picks a login is that user."""

    def __init__(self, issuer: str, redirect_uri: str, users: dict[str, dict[str, Any]]) -> None:
        self.issuer, self.redirect_uri, self.users = issuer, redirect_uri, users
        self.key = RSAKey.generate_key(2048, parameters={"kid": "1", "use": "sig", "alg": "RS256"})
        self.codes: dict[str, dict[str, str]] = {}
        self.tokens: dict[str, str] = {}
        self.age = 0
        """How many seconds ago identity tokens claim to have been issued."""
        self.app = Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self.discovery),
                Route("/authorize", self.authorize, methods=["GET", "POST"]),
                Route("/token", self.token, methods=["POST"]),
                Route("/userinfo", self.userinfo),
                Route("/jwks", self.jwks),
            ]
        )

    def discovery(self, _: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "userinfo_endpoint": f"{self.issuer}/userinfo",
                "jwks_uri": f"{self.issuer}/jwks",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "scopes_supported": ["openid", "email", "profile"],
                "code_challenge_methods_supported": ["S256"],
                "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            }
        )

    async def authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        wrong = (
            asked.get("client_id") != CLIENT
            or asked.get("redirect_uri") != self.redirect_uri
            or asked.get("response_type") != "code"
            or "openid" not in asked.get("scope", "").split()
            or asked.get("code_challenge_method") != "S256"
        )
        if wrong:
            return HTMLResponse("bad request", 400)
        if request.method == "GET":
            buttons = "".join(
                f'<button name="login" value="{escape(one)}">{escape(one)}</button>'
                for one in self.users
            )
            return HTMLResponse(f'<form method="post"><h1>统一身份认证</h1>{buttons}</form>')
        login = (await request.body()).decode().partition("=")[2]
        code = secrets.token_urlsafe(16)
        self.codes[code] = {**asked, "login": login}
        query = urlencode({"code": code, "state": asked["state"]})
        return RedirectResponse(f"{self.redirect_uri}?{query}", 303)

    async def token(self, request: Request) -> Response:
        form = await request.form()
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {basic}":
            return JSONResponse({"error": "invalid_client"}, 401)
        asked = self.codes.pop(str(form.get("code")), None)
        verifier = hashlib.sha256(str(form.get("code_verifier")).encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).rstrip(b"=").decode()
        if (
            asked is None
            or form.get("grant_type") != "authorization_code"
            or form.get("redirect_uri") != asked["redirect_uri"]
            or challenge != asked["code_challenge"]
        ):
            return JSONResponse({"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": asked["login"],
            "iat": now - self.age,
            "exp": now + 300,
            "nonce": asked["nonce"],
            **self.users[asked["login"]],
        }
        access = secrets.token_urlsafe(16)
        self.tokens[access] = asked["login"]
        return JSONResponse(
            {
                "access_token": access,
                "token_type": "Bearer",
                "expires_in": 300,
                "id_token": jwt.encode({"alg": "RS256", "kid": "1"}, claims, self.key),
            },
            headers={"Cache-Control": "no-store"},
        )

    def userinfo(self, request: Request) -> Response:
        login = self.tokens.get(request.headers.get("authorization", "").removeprefix("Bearer "))
        if login is None:
            return JSONResponse({"error": "invalid_token"}, 401)
        return JSONResponse({"sub": login, **self.users[login]})

    def jwks(self, _: Request) -> Response:
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})


@contextmanager
def running(port: int, redirect_uri: str, users: dict[str, dict[str, Any]]) -> Iterator[Provider]:
    """A provider that listens on loopback."""
    provider = Provider(f"http://127.0.0.1:{port}", redirect_uri, users)
    config = uvicorn.Config(provider.app, host="127.0.0.1", port=port, log_level="warning")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.02)
    yield provider
    server.should_exit = True
    thread.join(timeout=10)
