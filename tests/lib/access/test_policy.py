"""Who may do what, as one table; nothing that the table does not say is permitted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.access import Actor, Permission, Role, local_actor
from lib.access.policy import OF_OWN_UNITS

READ_ONLY = {Permission.READ, Permission.EVIDENCE, Permission.ORIGINAL}
OWN = ("妇联", "团区委")


@pytest.mark.parametrize(
    ("role", "permitted"),
    [
        (None, set()),
        (Role.VISITOR, {Permission.READ}),
        (Role.LEADER, READ_ONLY | {Permission.MATTERS, Permission.INSTRUCT}),
        (
            Role.REPORTER,
            READ_ONLY
            | {Permission.REPORT, Permission.REVERT, Permission.SIGN}
            | {Permission.MATTERS, Permission.ANSWER},
        ),
        (Role.ADMIN, set(Permission)),
    ],
)
def test_each_role_may_do_this_and_nothing_else(role, permitted):
    actor = Actor(role, units=OWN)
    assert {one for one in Permission if actor.may(one)} == permitted


def test_the_local_user_may_do_everything():
    assert all(local_actor().may(one, {"区农业局"}) for one in Permission)


UNITS = st.sets(st.sampled_from(["妇联", "团区委", "总工会", "区农业局"]))


@given(own=UNITS, asked=UNITS)
def test_a_reporter_acts_only_where_every_unit_is_the_own(own, asked):
    actor = Actor(Role.REPORTER, units=tuple(own))
    for permission in OF_OWN_UNITS:
        assert actor.may(permission, asked) == (bool(asked) and asked <= own)
        assert actor.may(permission) == bool(own)


def test_nobody_without_units_reports():
    assert not Actor(Role.REPORTER).may(Permission.REPORT)
