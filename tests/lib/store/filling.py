"""A store with everything that there is."""

from __future__ import annotations

from lib.store import Changes, Draft, Kind, open_store
from tests.lib.store.amending import amend
from tests.lib.store.matters import CREATED, do
from tests.lib.store.sending import LINE, evidence, send


def fill(address):
    """Give a store everything that there is: states, evidence, plan files, a second plan."""
    store = open_store(address)
    first = store.plan_files()
    send(store, LINE.format(80))
    amend(store, "review = false", "review = true", name="settings.toml", details={"文号": [1.0]})
    november = LINE.format(82).replace("2018-10", "2018-11")
    for line in (LINE.format(81), november, "八-2,2018-10,总工会,,,83,走访"):
        send(store, line, user="李四")
    store.review(3, "区党政办", accept=True)
    store.review(4, "区党政办", accept=False, reason="缺材料")
    store.submit(Draft("王五", Changes.none(), Kind.ATTACH, "妇联", evidence=[evidence()]))
    store.submit(Draft("办", Changes.none(), Kind.SEAL, details={"month": "2018-09"}))
    store.revert(9, "办")
    do(store, CREATED)
    other = open_store(address, "镇村_2019")
    other.submit(Draft("管理员", Changes.none(), Kind.PLAN, files=first))
    send(other, LINE.format(7))
