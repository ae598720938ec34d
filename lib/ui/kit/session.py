"""Who looks at the page: the session's actor."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from lib.access import Actor, GuardedStore, Permission, Role, Visitor
from lib.access.sessions import COOKIE
from lib.core.dataset import Dataset
from lib.ui.kit import deployment

_FORWARDING = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Via")


def actor(*, touch: bool = False) -> Actor:
    """Return who the session belongs to, looked up anew: a session may have ended meanwhile."""
    return deployment.access().actor(visitor(), touch=touch)


def may(permission: Permission, unit: str | None = None) -> bool:
    """Return whether the session's actor is permitted something, for one unit if given."""
    return actor().may(permission, None if unit is None else {unit})


def later(plan: str) -> Callable[[], GuardedStore]:
    """Return what gives the store of a plan when a download is made after the page was drawn.

    Streamlit makes such a download in a thread that knows no viewer: who asks is kept from now,
    and looked up again then.
    """
    asking = visitor()
    return lambda: deployment.guarded(deployment.access().actor(asking), plan)


def visitor() -> Visitor:
    """Return what the page's connection shows of itself; nobody where no page is running."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return Visitor()
    headers = st.context.headers
    user = st.user.to_dict()
    return Visitor(
        # Streamlit gives no address for this very machine, and none in its test runner.
        peer=st.context.ip_address or "",
        bound=deployment.bound(),
        host=headers.get("Host") or "",
        forwarded=any(headers.get(name) for name in _FORWARDING),
        cookie=st.context.cookies.get(COOKIE) or "",
        claims=dict(user) if user.get("is_logged_in") else None,
    )


def reporting_units(dataset: Dataset) -> tuple[str, ...]:
    """Return the units that the actor may report for, in the plan's order."""
    who = actor()
    if who.role is not Role.REPORTER:
        return dataset.units
    own = set(dataset.canonical(pd.Series(list(who.units), dtype="str")))
    return tuple(unit for unit in dataset.units if unit in own)
