"""Who is there: 单机, local accounts, OIDC."""

from __future__ import annotations

import pytest

from lib.access import Because, Config, Mode, Permission, Role, Visitor
from lib.access.config import Grant
from tests.people import Clock, access_to, people_in, with_people

HERE = {"peer": "127.0.0.1", "bound": "127.0.0.1", "host": "localhost:8501"}


@pytest.mark.parametrize(
    ("facts", "local"),
    [
        ({}, True),
        ({"peer": "::1", "bound": "::1", "host": "[::1]:8501"}, True),
        ({"peer": "127.0.0.9"}, True),
        ({"host": "127.0.0.1"}, True),
        ({"host": "LOCALHOST."}, True),
        ({"peer": "10.0.0.7"}, False),
        ({"bound": "0.0.0.0"}, False),  # noqa: S104
        ({"bound": "::"}, False),
        ({"bound": ""}, False),
        ({"bound": "unix:///run/plan.sock", "peer": ""}, False),
        ({"host": "plan.example.cn"}, False),
        ({"host": "127.0.0.1.evil.example"}, False),
        ({"host": "localhost.evil.example:8501"}, False),
        ({"forwarded": True}, False),
    ],
)
def test_only_somebody_at_this_very_machine_needs_no_account(tmp_path, facts, local):
    found = access_to(tmp_path).actor(Visitor(**{**HERE, **facts}))
    assert found.local == local
    assert found.may(Permission.REPORT, {"妇联"}) == local
    assert found.may(Permission.READ)
    if not local:
        assert found.because is Because.SETUP


def test_the_first_account_ends_the_local_user(tmp_path):
    access = access_to(tmp_path)
    assert access.mode is Mode.SINGLE
    assert access.actor(Visitor(**HERE)).local
    with_people(access)
    assert access.mode is Mode.ACCOUNTS
    assert access.actor(Visitor(**HERE)).role is None


@pytest.mark.parametrize("mode", [Mode.ACCOUNTS, Mode.OIDC])
def test_a_mode_that_is_set_holds_without_any_account(tmp_path, mode):
    access = access_to(tmp_path, Config(mode))
    assert access.actor(Visitor(**HERE)).role is None


def test_reading_without_signing_in_is_a_setting(tmp_path):
    access = people_in(tmp_path, Config(read_needs_sign_in=False))
    visitor = access.actor(Visitor(peer="10.0.0.7"))
    assert (visitor.role, visitor.because) == (Role.VISITOR, Because.SIGN_IN)
    assert [one for one in Permission if visitor.may(one)] == [Permission.READ]


GRANTS = (
    Grant("email", "Wang@example.cn", Role.ADMIN),
    Grant("groups", "leaders", Role.LEADER),
    Grant("groups", "fulian", Role.REPORTER, ("妇联",)),
    Grant("dept", "tuanwei", Role.REPORTER, ("团区委",)),
)


@pytest.mark.parametrize(
    ("claims", "role", "units"),
    [
        ({"email": "wang@EXAMPLE.cn"}, Role.ADMIN, ()),
        ({"email": "wang@example.cn", "email_verified": True}, Role.ADMIN, ()),
        ({"email": "wang@example.cn", "email_verified": False}, None, ()),
        ({"groups": ["fulian"]}, Role.REPORTER, ("妇联",)),
        ({"groups": ["fulian"], "dept": "tuanwei"}, Role.REPORTER, ("妇联", "团区委")),
        ({"groups": ["leaders", "fulian"]}, Role.REPORTER, ("妇联",)),
        ({"groups": "leaders"}, Role.LEADER, ()),
        ({"groups": "leaders-not"}, None, ()),
        ({"groups": [1, None]}, None, ()),
        ({}, None, ()),
    ],
)
def test_claims_become_a_role(tmp_path, claims, role, units):
    access = access_to(tmp_path, Config(Mode.OIDC, grants=GRANTS))
    found = access.actor(Visitor(claims={"sub": "u1", "name": "王", **claims}))
    assert (found.role, found.units, found.name) == (role, units, "王")
    if role is None:
        assert found.because is Because.UNKNOWN


def test_an_identity_that_is_too_old_has_to_sign_in_again(tmp_path):
    clock = Clock()
    access = access_to(tmp_path, Config(Mode.OIDC, grants=GRANTS), clock)
    claims = {"email": "wang@example.cn", "iat": clock.now - 60}
    assert access.actor(Visitor(claims=claims)).role is Role.ADMIN
    clock.now += 13 * 3600
    assert access.actor(Visitor(claims=claims)).because is Because.SIGN_IN


def test_a_cookie_of_local_accounts_is_nothing_under_oidc(tmp_path):
    access = people_in(tmp_path)
    outcome = access.sign_in("admin", "long-enough-7", "10.0.0.7")
    oidc = access_to(tmp_path, Config(Mode.OIDC, grants=GRANTS))
    assert oidc.actor(Visitor(cookie=outcome[0])).role is None
    assert access.actor(Visitor(claims={"email": "wang@example.cn"})).role is None
