"""What this server is set up to serve: the store's address, the stores, and the access to them."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

import streamlit as st

from lib.access import Access, Actor, GuardedStore, open_access
from lib.store import Store, UnsentWork, open_store, plan_names

ROOT = Path(__file__).resolve().parents[3]


def address() -> str:
    """Return the store's address: the environment's PLAN_DATA_DIR, else ``data`` of the checkout."""
    return os.environ.get("PLAN_DATA_DIR", str(ROOT / "data"))


def unguarded_store(plan: str = "", *, url: str = "") -> Store:
    """Return the store of a plan itself. Pages ask `lib.ui.kit.data.store`, which checks who asks."""
    return _store(url or address(), plan)


@lru_cache(maxsize=4096)
def _store(url: str, plan: str) -> Store:
    return open_store(url, plan)


def plans() -> list[str]:
    """Return the names of the other plans, sorted."""
    return plan_names(address())


def unsent_work() -> UnsentWork:
    """Return what people have typed or uploaded and not sent."""
    return _unsent_work(address())


@lru_cache(maxsize=8)
def _unsent_work(url: str) -> UnsentWork:
    return UnsentWork(url)


def access() -> Access:
    """Return the access to the store; its settings are read once, when the server starts.

    Raises `lib.access.ConfigError`.
    """
    return _access(address())


@lru_cache(maxsize=8)
def _access(url: str) -> Access:
    return open_access(url)


def store_for(actor: Actor, plan: str = "") -> GuardedStore:
    """Return the store of a plan as an actor may use it."""
    return GuardedStore(unguarded_store(plan), actor, access().trail)


def listening_address() -> str:
    """Return the address that the server listens on; without one it is every address."""
    return str(st.get_option("server.address") or "0.0.0.0")  # noqa: S104 - nothing is bound


def base_path() -> str:
    """Return the path that everything stands under, such as ``/plan``, or an empty text."""
    path = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{path}" if path else ""
