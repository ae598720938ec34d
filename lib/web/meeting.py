"""``/meeting``: which slide the hall shows, for a presenter who holds another device.

A hall announces itself and gets a code. The presenter's device joins by the same account, or by
the code, and follows and turns the slides; whoever only visits follows. What is known here is
lost with the server, and then announced anew: the slides themselves are in the browsers.

    hall ──POST /meeting──> code        presenter ──POST /meeting (code)──> the hall's slide
    both ──GET /meeting/key?turn=7──> the next turn        ──POST /meeting/key──> turn

The code is short, for people, and only joins, so often a minute; what it opens has a key that
nobody guesses.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lib.access import Actor, ConfigError, Permission, Role
from lib.core import texts
from lib.store import StoreError
from lib.web.backend import Backend
from lib.web.request_limit import RequestLimit

PATH = "/meeting"
JOINS_PER_MINUTE = 30
"""How often a minute one address may try a code."""
WAIT, LOOK = 20.0, 0.1
"""Seconds that a device waits for the next turn, and between two looks."""
ALIVE, FORGOTTEN = 10.0, 12 * 3600.0
"""Seconds without a word of the hall after which nobody can follow it, and its code is lost."""
MOST = 500
"""Meetings that are remembered."""
_LONGEST = 500
"""Characters of what a hall says of itself."""


@dataclass
class Meeting:
    """A hall: its ``key`` and ``code``, its slide, and ``turn``, which counts the changes.

    ``owner`` is the account that opened it (empty for the machine itself), ``channel`` the slides
    that it shows, ``query`` their address.
    """

    key: str
    code: str
    owner: str
    channel: str
    query: str
    number: int
    black: bool
    seen: float
    turn: int = 1

    @property
    def alive(self) -> bool:
        """Whether the hall has been heard of lately."""
        return time.monotonic() - self.seen < ALIVE

    def turned_by(self, actor: Actor) -> bool:
        """Whether somebody who has the code may turn the slides; a visitor only follows."""
        return actor.role is not Role.VISITOR

    def facts(self, actor: Actor) -> dict[str, Any]:
        """Return what a device is told."""
        return {
            "key": self.key,
            "code": self.code,
            "channel": self.channel,
            "query": self.query,
            "number": self.number,
            "black": self.black,
            "turn": self.turn,
            "turns": self.turned_by(actor),
        }


class Meetings:
    """The halls of this server; used on its event loop alone."""

    def __init__(self) -> None:
        self._meetings: dict[str, Meeting] = {}

    def open(self, actor: Actor, facts: Mapping[str, Any]) -> Meeting:
        """Return a hall's meeting: the one that it had, or a new one."""
        now = time.monotonic()
        known = self.get(_text(facts, "key"))
        channel, query = _text(facts, "channel"), _text(facts, "query")
        if known is not None and (known.owner, known.channel) == (actor.account, channel):
            known.seen = now
            return known
        for old in [old for old in self._meetings.values() if now - old.seen > FORGOTTEN]:
            del self._meetings[old.key]
        while len(self._meetings) >= MOST:
            del self._meetings[min(self._meetings.values(), key=lambda old: old.seen).key]
        code = ""
        while not code or self.of_code(code) is not None:
            code = f"{secrets.randbelow(10**6):06}"
        meeting = Meeting(
            secrets.token_urlsafe(12), code, actor.account, channel, query, *_slide(facts), now
        )
        self._meetings[meeting.key] = meeting
        return meeting

    def of_code(self, code: str) -> Meeting | None:
        """Return the meeting that one joins by a code."""
        return next((known for known in self._meetings.values() if known.code == code), None)

    def get(self, key: str) -> Meeting | None:
        """Return the meeting of a key."""
        return self._meetings.get(key)

    def of_account(self, actor: Actor) -> list[Meeting]:
        """Return the halls that the actor's account has open."""
        known = self._meetings.values()
        return [meeting for meeting in known if meeting.owner == actor.account and meeting.alive]


def routes(backend: Backend) -> list[Route]:
    """Return the routes: announce or join, follow, turn."""
    meetings, limit = Meetings(), RequestLimit(JOINS_PER_MINUTE)

    async def reader(request: Request) -> Actor | None:
        try:
            actor = await run_in_threadpool(backend.actor, request)
        except (ConfigError, StoreError):
            return None
        return actor if actor.may(Permission.READ) else None

    async def join(request: Request) -> Response:
        actor, facts = await reader(request), await _facts(request)
        if actor is None:
            return _fault("请先登录", 401)
        if not facts.get("presenter"):
            return JSONResponse(meetings.open(actor, facts).facts(actor))
        if code := "".join(_text(facts, "code").split()):
            if limit.wait(request.client.host if request.client else ""):
                return _fault("试得太频繁，请稍后再试", 429)
            meeting = meetings.of_code(code)
            return (
                _fault("没有这个会议码", 404)
                if meeting is None
                else JSONResponse(meeting.facts(actor))
            )
        halls = meetings.of_account(actor) if actor.role is not Role.VISITOR else []
        if len(halls) == 1:
            return JSONResponse(halls[0].facts(actor))
        words = (
            f"有{len(halls)}个会场，请输入会议码"
            if halls
            else "会场还没有打开汇报模式，或请输入会议码"
        )
        return _fault(words, 404)

    async def follow(request: Request) -> Response:
        actor = await reader(request)
        if actor is None:
            return _fault("请先登录", 401)
        known, until = request.query_params.get("turn", ""), time.monotonic() + WAIT
        while (meeting := meetings.get(request.path_params["key"])) is not None:
            if "hall" in request.query_params:
                meeting.seen = time.monotonic()
            elif not meeting.alive:
                return _fault("会场的电脑没有连上", 404)
            if str(meeting.turn) != known or time.monotonic() > until:
                return JSONResponse(meeting.facts(actor))
            await asyncio.sleep(LOOK)
            if await request.is_disconnected():
                break
        return _fault("会议已经结束", 404)

    async def turn(request: Request) -> Response:
        actor, facts = await reader(request), await _facts(request)
        meeting = meetings.get(request.path_params["key"])
        if actor is None:
            return _fault("请先登录", 401)
        if meeting is None:
            return _fault("会议已经结束", 404)
        if not meeting.turned_by(actor):
            return _fault("访客只能跟看，不能翻页", 403)
        meeting.number, meeting.black = _slide(facts)
        meeting.turn += 1
        return JSONResponse(meeting.facts(actor))

    path = f"{backend.base}{PATH}"
    return [
        Route(path, join, methods=["POST"]),
        Route(f"{path}/{{key}}", follow, methods=["GET"]),
        Route(f"{path}/{{key}}", turn, methods=["POST"]),
    ]


def _fault(words: str, status: int) -> JSONResponse:
    return JSONResponse({"fault": words}, status)


async def _facts(request: Request) -> Mapping[str, Any]:
    """Return what a device says; nothing where it is no small JSON object.

    Another site's page can send JSON only if it is asked first, and so never does.
    """
    if request.headers.get("content-type") != "application/json":
        return {}
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > 8 * _LONGEST:
            return {}
    try:
        facts = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return facts if isinstance(facts, dict) else {}


def _text(facts: Mapping[str, Any], name: str) -> str:
    value = facts.get(name)
    return texts.clean(value)[:_LONGEST] if isinstance(value, str) else ""


def _slide(facts: Mapping[str, Any]) -> tuple[int, bool]:
    number = facts.get("number")
    return (number if isinstance(number, int) and 1 <= number <= 9999 else 1), facts.get(
        "black"
    ) is True
