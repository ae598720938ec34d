"""Who looks at the page: the session's actor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from lib.access import Actor, GuardedStore, Permission, Role, Visitor
from lib.access.sessions import COOKIE
from lib.core import texts
from lib.core.dataset import Dataset
from lib.ui.kit import deployment, state
from lib.ui.kit.streamlit_private import page_is_running
from lib.web import is_forwarded, looks_forwarded

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

BROWSER = "plan_browser"
"""The cookie that tells browsers apart (`lib/ui/frame/unsent.js` sets it)."""


@contextmanager
def run_as_actor() -> Iterator[Actor]:
    """Look up who runs the page, and keep that for this run; raises `lib.access.ConfigError`.

    Callbacks, fragments and downloads run outside of it and look up anew: the session may have
    ended since the page was drawn. The plans' stamps are kept for the run as well, until something
    is written (`lib.ui.kit.acting.act`).
    """
    actor = st.session_state[state.ACTOR] = look_up_actor(touch=True)
    st.session_state[state.STAMPS] = {}
    try:
        yield actor
    finally:
        st.session_state.pop(state.ACTOR, None)
        st.session_state.pop(state.STAMPS, None)


def actor() -> Actor:
    """Return who the session belongs to."""
    known: Actor | None = st.session_state.get(state.ACTOR)
    return look_up_actor() if known is None else known


def look_up_actor(*, touch: bool = False) -> Actor:
    """Return who the session belongs to by the accounts; ``touch`` notes that the session is used."""
    return deployment.access().actor(visitor(), touch=touch)


def may(permission: Permission) -> bool:
    """Return whether the session's actor is permitted something."""
    return actor().may(permission)


def store_later(plan: str) -> Callable[[], GuardedStore]:
    """Return what gives the store of a plan when a download is made after the page was drawn.

    Streamlit makes such a download in a thread that knows no viewer: who asks is kept from now,
    and looked up again then.
    """
    asking = visitor()
    return lambda: deployment.store_for(deployment.access().actor(asking), plan)


def visitor() -> Visitor:
    """Return what the page's connection shows of itself; nobody where no page is running."""
    if not page_is_running():
        return Visitor()
    headers = st.context.headers
    user = st.user.to_dict()
    return Visitor(
        # Streamlit gives no address for this very machine, and none in its test runner.
        peer=st.context.ip_address or "",
        bound=deployment.listening_address(),
        host=headers.get("Host") or "",
        forwarded=is_forwarded(headers),
        doubtful=looks_forwarded(headers),
        cookie=st.context.cookies.get(COOKIE) or "",
        claims=dict(user) if user.get("is_logged_in") else None,
        browser=st.context.cookies.get(BROWSER) or "",
    )


def reporting_units(dataset: Dataset) -> tuple[str, ...]:
    """Return the units that the actor may report for, in the plan's order."""
    who = actor()
    if who.role is not Role.REPORTER:
        return dataset.units
    own = set(dataset.canonical(pd.Series(list(who.units), dtype="str")))
    return tuple(unit for unit in dataset.units if unit in own)


def signer(place: DeltaGenerator, label: str, key: str, width: int | str = "stretch") -> str:
    """Draw who signs what is to be written, and return the name, empty until there is one.

    At the machine itself the name is typed in; an account signs in no other name.
    """
    who = actor()
    if not who.local:
        st.session_state[key] = who.name
    name: str = place.text_input(
        label,
        placeholder="姓名",
        max_chars=40,
        key=key,
        disabled=not who.local,
        width=width,  # type: ignore[arg-type]
    )
    return texts.clean(name).strip()
