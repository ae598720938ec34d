"""``/healthz``: whether the plans can be read, told within a second however busy the pages are."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from lib.core.problems import DataError
from lib.store import Store, StoreError
from lib.web.backend import Backend

_LOG = logging.getLogger(__name__)
PATIENCE = 0.7
"""Seconds that an answer waits for a look at the data; after that it is the last look's."""
PLANS_A_LOOK = 20
"""Other plans that have changed and are read in one look; the next look reads on."""
_UNKNOWN: dict[str, Any] = {"status": "unavailable", "store": "unknown", "revision": None}


class Health:
    """Looks at the data in a thread of its own, one look at a time, and keeps what it saw last."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="health")
        self._look: Future[tuple[int, dict[str, Any]]] | None = None
        self._last = (503, _UNKNOWN)
        self._faults: dict[str, tuple[Hashable, str]] = {}

    @property
    def route(self) -> Route:
        """The address."""
        return Route(f"{self._backend.base}/healthz", self._answer, methods=["GET"])

    async def _answer(self, _: Request) -> JSONResponse:
        look = self._look
        if look is None or look.done():
            look = self._look = self._pool.submit(self.state)
        done, _pending = await asyncio.wait({asyncio.wrap_future(look)}, timeout=PATIENCE)
        if done:
            self._last = look.result()
        status, content = self._last
        return JSONResponse(content, status)

    def state(self) -> tuple[int, dict[str, Any]]:
        """Return the status and what is said.

        503 where the server's own plan cannot be read. Of other plans that cannot, and of a damaged
        journal, 200 and ``degraded``: the rest goes on. Names of plans go to the log alone.
        """
        try:
            store = self._backend.store("")
            fault, damaged = _fault(store), bool(store.fault())
            revision = None if damaged else store.revision
        except (StoreError, OSError) as error:
            fault, damaged, revision = str(error), False, None
        if fault:
            _LOG.error("the store cannot be read: %s", fault)
            return 503, {"status": "unavailable", "store": "unreachable", "revision": None}
        content: dict[str, Any] = {
            "status": "ok",
            "store": "reachable",
            "revision": revision,
        }
        unreadable = self._unreadable()
        if unreadable:
            _LOG.error("plans that cannot be read: %s", unreadable)
            content |= {"status": "degraded", "unreadable_plans": len(unreadable)}
        if damaged:
            content |= {"status": "degraded", "journal": "damaged"}
        return 200, content

    def _unreadable(self) -> dict[str, str]:
        """Return the faults of other plans by name; only what has changed is read again."""
        unread = PLANS_A_LOOK
        names = self._backend.plans()
        for gone in self._faults.keys() - set(names):
            del self._faults[gone]
        for name in names:
            # A store of its own: the server's would keep the data of every plan in memory.
            store = (self._backend.new_store or self._backend.store)(name)
            try:
                stamp = store.stamp()
            except (StoreError, OSError) as error:
                self._faults[name] = (None, str(error))
                continue
            if unread and self._faults.get(name, (None, ""))[0] != stamp:
                unread -= 1
                self._faults[name] = (stamp, _fault(store))
        return {name: fault for name, (_, fault) in self._faults.items() if fault}


def _fault(store: Store) -> str:
    """Return why a plan has no figures; empty if it has."""
    try:
        problems = store.dataset().progress_problems
    except (StoreError, DataError, OSError) as error:
        return str(error)
    return str(problems[0]) if problems else ""
