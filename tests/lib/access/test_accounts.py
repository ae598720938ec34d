"""Accounts, passwords, sessions, tokens, throttling: what people and attackers meet."""

from __future__ import annotations

import logging
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import psycopg
import pyotp
import pytest

from lib.access import (
    AccountError,
    Actor,
    Because,
    Config,
    ForbiddenError,
    Permission,
    Role,
    Scope,
    Visitor,
)
from lib.access.access import CODE, WRONG
from lib.access.accounts import TOO_MANY
from lib.access.passwords import PasswordError, Passwords, generate
from lib.access.throttle import PER_ACCOUNT, PER_ADDRESS, WINDOW
from lib.store import StoreError
from lib.store.database import FILE
from tests.people import BOSS, PASSWORD, access_to, actor, people_in, with_people

REWRITES = ("DELETE FROM access_audit", "UPDATE access_audit SET detail = ''")


def sign_in(access, login="fulian", password=PASSWORD, address="10.0.0.7"):
    outcome = access.sign_in(login, password, address)
    assert not isinstance(outcome, str), outcome
    return outcome[0]


def who(access, cookie, **more):
    return access.actor(Visitor(peer="10.0.0.7", bound="0.0.0.0", cookie=cookie, **more))  # noqa: S104


def stored(tmp_path):
    return (tmp_path / FILE).read_bytes()


def test_reading_creates_no_database(tmp_path):
    access = access_to(tmp_path)
    assert not access.accounts.any()
    assert access.accounts.list(BOSS) == []
    assert access.accounts.find("admin") is None
    assert access.trail.entries() == []
    assert access.tokens.list(BOSS) == []
    assert list(tmp_path.iterdir()) == []


def test_a_cookie_is_the_account_that_signed_in(access):
    found = who(access, sign_in(access))
    assert (found.name, found.role, found.units, found.account) == (
        "张三",
        Role.REPORTER,
        ("妇联",),
        "fulian",
    )


def test_a_login_is_one_however_it_is_typed(access):
    assert sign_in(access, " ＦuLian ")


def test_neither_password_nor_cookie_nor_token_is_kept_in_clear(in_folder, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    cookie = sign_in(in_folder)
    token = in_folder.tokens.add(BOSS, "fulian")
    in_folder.sign_in("fulian", "a-wrong-password", "10.0.0.7")
    content = stored(tmp_path)
    for secret in (PASSWORD, "a-wrong-password", cookie.rpartition(".")[0], token):
        assert secret.encode() not in content
        assert secret not in caplog.text
    assert b"$argon2id$" in content


@pytest.mark.parametrize(
    ("login", "password"),
    [("fulian", "wrong-password"), ("nobody", PASSWORD), ("", ""), ("robot", "")],
)
def test_every_failure_says_the_same(access, login, password):
    access.accounts.add(BOSS, "robot", "接口", Role.LEADER)
    assert access.sign_in(login, password, "10.0.0.7") == WRONG


def test_an_account_that_does_not_exist_costs_the_same_work(access, monkeypatch):
    checked = []
    real = Passwords.matches

    def counted(self, hashed, password):
        checked.append(bool(hashed))
        return real(self, hashed, password)

    monkeypatch.setattr(Passwords, "matches", counted)
    access.accounts.set_disabled(BOSS, "nongye", True)
    for login in ("nobody", "fulian", "nongye"):
        access.sign_in(login, "wrong", "10.0.0.7")
    assert len(checked) == 3


def test_a_disabled_account_is_out_at_once_and_back_when_enabled(access):
    cookie, token = sign_in(access), access.tokens.add(BOSS, "fulian")
    access.accounts.set_disabled(BOSS, "fulian", True)
    assert who(access, cookie).role is None
    assert who(access, "", token=token).role is None
    assert access.sign_in("fulian", PASSWORD, "10.0.0.7") == WRONG
    access.accounts.set_disabled(BOSS, "fulian", False)
    assert who(access, cookie).role is None
    assert who(access, "", token=token).role is None
    assert who(access, sign_in(access)).role is Role.REPORTER


@pytest.mark.parametrize(
    "forge",
    [
        # Not the very last character: some of its bits belong to no byte of the signature.
        lambda cookie: cookie[:-5] + ("A" if cookie[-5] != "A" else "B") + cookie[-4:],
        lambda cookie: ("x" if cookie[0] != "x" else "y") + cookie[1:],
        lambda cookie: cookie.rpartition(".")[0],
        lambda cookie: "",
        lambda cookie: "ü" * 50,
        lambda cookie: "." * 3,
    ],
)
def test_a_forged_cookie_is_nobody(access, forge):
    assert who(access, forge(sign_in(access))).role is None


def test_a_cookie_of_another_server_is_nobody(access, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    cookie = sign_in(with_people(access_to(other)))
    sign_in(access)
    assert who(access, cookie).role is None


def test_a_session_ends_after_its_time_and_after_idleness(tmp_path, clock):
    config = Config(session=timedelta(hours=3), idle=timedelta(hours=1))
    access = people_in(tmp_path, config, clock)
    cookie = sign_in(access)
    for _ in range(3):
        clock.now += 50 * 60
        assert access.actor(Visitor(cookie=cookie), touch=True).role is Role.REPORTER
    clock.now += 31 * 60
    assert access.actor(Visitor(cookie=cookie), touch=True).because is Because.SIGN_IN
    cookie = sign_in(access)
    clock.now += 61 * 60
    assert access.actor(Visitor(cookie=cookie)).role is None


def test_signing_out_ends_this_session_only(access):
    here, there = sign_in(access), sign_in(access)
    access.sign_out(who(access, here), here)
    assert who(access, here).role is None
    assert who(access, there).role is Role.REPORTER


def test_a_new_password_ends_every_session_of_that_account_alone(access):
    mine, phone, other = sign_in(access), sign_in(access), sign_in(access, "nongye")
    access.accounts.change_own_password(who(access, mine), PASSWORD, "another-one-8")
    assert who(access, mine).role is None
    assert who(access, phone).role is None
    assert who(access, other).role is Role.REPORTER
    assert access.sign_in("fulian", PASSWORD, "10.0.0.7") == WRONG
    assert sign_in(access, password="another-one-8")  # noqa: S106


def test_the_old_password_is_asked_for(access):
    me = who(access, sign_in(access))
    with pytest.raises(AccountError, match="原密码不对"):
        access.accounts.change_own_password(me, "wrong", "another-one-8")
    with pytest.raises(AccountError, match="相同"):
        access.accounts.change_own_password(me, PASSWORD, PASSWORD)
    assert access.trail.entries()[0].allowed is False


@pytest.mark.parametrize(
    ("password", "told"),
    [
        ("short", "太短"),
        ("aaaaaaaaaaaaaa", "太简单"),
        ("xx-FuLian-2018", "不能包含账号名"),
        ("長" * 201, "太长"),
    ],
)
def test_a_weak_password_is_refused_without_repeating_it(access, password, told):
    with pytest.raises(PasswordError, match=told) as error:
        access.accounts.set_password(BOSS, "fulian", password)
    assert password not in str(error.value)


def test_generated_passwords_are_good_and_differ():
    made = {generate() for _ in range(50)}
    assert len(made) == 50
    assert all(len(one) >= 16 for one in made)


def test_a_first_password_has_to_be_changed_before_anything_else(access):
    access.accounts.add(BOSS, "new", "新人", Role.ADMIN, (), PASSWORD, must_change=True)
    cookie = sign_in(access, "new")
    assert who(access, cookie).because is Because.CHANGE
    assert who(access, cookie).role is None
    access.accounts.change_own_password(who(access, cookie), PASSWORD, "another-one-8")
    assert who(access, sign_in(access, "new", "another-one-8")).role is Role.ADMIN


def test_the_last_administrator_stays(access):
    for attempt in (
        lambda: access.accounts.set_disabled(BOSS, "admin", True),
        lambda: access.accounts.set_role(BOSS, "admin", Role.LEADER),
    ):
        with pytest.raises(AccountError, match="唯一的管理员"):
            attempt()
    access.accounts.set_role(BOSS, "leader", Role.ADMIN)
    access.accounts.set_disabled(BOSS, "admin", True)
    with pytest.raises(AccountError, match="唯一的管理员"):
        access.accounts.set_disabled(BOSS, "leader", True)


@pytest.mark.parametrize(
    ("login", "name", "role", "units", "told"),
    [
        ("fulian", "重名", Role.LEADER, (), "已经有账号"),
        ("ＦＵＬＩＡＮ", "重名", Role.LEADER, (), "已经有账号"),
        ("a b", "空格", Role.LEADER, (), "账号名要1到40个字"),
        ("<script>", "标签", Role.LEADER, (), "账号名要1到40个字"),
        ("", "空", Role.LEADER, (), "账号名要1到40个字"),
        ("a" * 41, "长", Role.LEADER, (), "账号名要1到40个字"),
        ("a", "\x1b[31m", Role.LEADER, (), "控制字符"),
        ("a", "甲", Role.REPORTER, (), "经办人至少有一个单位"),
        ("a", "甲", Role.LEADER, ("妇联",), "只有经办人有单位"),
        ("a", "甲", Role.VISITOR, (), "角色是"),
    ],
)
def test_an_impossible_account_is_refused_whole(access, login, name, role, units, told):
    before = access.accounts.list(BOSS)
    with pytest.raises(AccountError, match=told):
        access.accounts.add(BOSS, login, name, role, units, PASSWORD)
    assert access.accounts.list(BOSS) == before


def test_what_does_not_exist_cannot_be_changed(access):
    for attempt in (
        lambda: access.accounts.set_role(BOSS, "nobody", Role.LEADER),
        lambda: access.accounts.set_disabled(BOSS, "nobody", True),
        lambda: access.tokens.add(BOSS, "nobody"),
        lambda: access.tokens.revoke(BOSS, 99),
        lambda: access.tokens.add(BOSS, "fulian", days=0),
    ):
        with pytest.raises(AccountError):
            attempt()


@pytest.mark.parametrize("login", ["leader", "fulian"])
def test_only_an_administrator_sees_or_changes_accounts(access, login):
    by = actor(access, login)
    before = access.accounts.list(BOSS)
    for attempt in (
        lambda: access.accounts.list(by),
        lambda: access.accounts.add(by, "x", "x", Role.ADMIN, (), PASSWORD),
        lambda: access.accounts.set_role(by, login, Role.ADMIN),
        lambda: access.accounts.set_disabled(by, "admin", True),
        lambda: access.accounts.set_password(by, "admin", "another-one-8"),
        lambda: access.tokens.add(by, "admin"),
        lambda: access.tokens.revoke(by, 1),
        lambda: access.tokens.list(by),
        lambda: access.audit(by),
    ):
        with pytest.raises(ForbiddenError):
            attempt()
        assert access.trail.entries()[0].allowed is False
        assert access.trail.entries()[0].account == login
    assert access.accounts.list(BOSS) == before


def test_a_role_changes_for_sessions_that_are_open(access):
    cookie = sign_in(access)
    access.accounts.set_role(BOSS, "fulian", Role.REPORTER, ("团区委",))
    assert who(access, cookie).units == ("团区委",)


def test_many_visitors_are_told_apart_with_one_look(access, clock):
    cookies = [sign_in(access), sign_in(access), "", "forged", sign_in(access)]
    access.sessions.end(cookies[4])
    access.accounts.set_role(BOSS, "fulian", Role.REPORTER, ("团区委", "区妇联"))
    visitors = [Visitor(peer="10.0.0.7", cookie=cookie) for cookie in cookies]
    assert access.actors(visitors) == [access.actor(visitor) for visitor in visitors]
    assert access.actors(visitors)[1].units == ("区妇联", "团区委")
    clock.now += 400 * 86400
    assert {actor.account for actor in access.actors(visitors)} == {""}


def test_a_token_expires_and_can_be_revoked(access, clock):
    token, other = (
        access.tokens.add(BOSS, "fulian", "对接", days=10),
        access.tokens.add(BOSS, "admin"),
    )
    assert who(access, "", token=token).account == "fulian"
    assert who(access, "", token=token + "x").role is None
    assert [(one.login, one.label, one.revoked) for one in access.tokens.list(BOSS)] == [
        ("fulian", "对接", False),
        ("admin", "", False),
    ]
    access.tokens.revoke(BOSS, 2)
    assert who(access, "", token=other).role is None
    clock.now += 10 * 86400
    assert who(access, "", token=token).role is None


def test_guessing_at_one_account_is_stopped_whether_it_exists_or_not(access, clock):
    for login in ("fulian", "nobody"):
        for number in range(PER_ACCOUNT):
            assert access.sign_in(login, "wrong", f"10.0.1.{number}") == WRONG
        assert access.sign_in(login, PASSWORD, "10.0.2.1") == TOO_MANY
    assert sign_in(access, "nongye")
    clock.now += WINDOW + 1
    assert sign_in(access)


def test_guessing_from_one_address_is_stopped(access):
    for number in range(PER_ADDRESS):
        access.sign_in(f"name{number}", "wrong", "10.9.9.9")
    assert access.sign_in("fulian", PASSWORD, "10.9.9.9") == TOO_MANY
    assert sign_in(access, address="10.9.9.8")


def test_a_right_password_clears_the_count(access):
    for _ in range(3):
        for _ in range(PER_ACCOUNT - 1):
            access.sign_in("fulian", "wrong", "10.0.0.7")
        assert sign_in(access)


def test_the_trail_tells_who_did_what_and_cannot_be_rewritten(in_folder, tmp_path):
    sign_in(in_folder)
    latest = in_folder.trail.entries()[0]
    assert (latest.action, latest.account, latest.address, latest.allowed) == (
        "登录",
        "fulian",
        "10.0.0.7",
        True,
    )
    with sqlite3.connect(tmp_path / FILE) as connection:
        for statement in REWRITES:
            with pytest.raises(sqlite3.IntegrityError, match="append only"):
                connection.execute(statement)


def test_nor_in_postgresql(server):
    url = server.empty()
    access = with_people(access_to(url))
    for statement in REWRITES:
        with pytest.raises(psycopg.errors.RaiseException, match="append only"):
            server.run(statement, url.partition("?")[0].rpartition("/")[2])
    access.database.close()


def test_two_servers_that_start_at_once_make_the_tables_once(server):
    url = server.empty()
    both = [access_to(url), access_to(url)]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda one: one.trail.note(BOSS, "同时"), both))
    assert len(both[0].trail.entries()) == 2
    cookie = with_people(both[0]).sign_in("fulian", PASSWORD, "10.0.0.7")[0]
    assert who(both[1], cookie).account == "fulian"
    for one in both:
        one.database.close()


def test_a_line_in_the_trail_cannot_fake_another(access):
    access.trail.note(Actor(account="a\nb"), "x", "y\r\n99 允许", detail="\x1b[2J" + "z" * 900)
    entry = access.trail.entries()[0]
    assert (entry.account, entry.subject) == ("a b", "y  99 允许")
    assert entry.detail.isprintable()
    assert len(entry.detail) == 500


def test_a_trail_that_cannot_be_written_is_told_to_the_log(in_folder, tmp_path, caplog):
    in_folder.database.close()
    (tmp_path / FILE).write_bytes(b"no database" * 100)
    in_folder.trail.note(BOSS, "改动")
    assert "audit trail" in caplog.text
    with pytest.raises(StoreError, match=r"journal\.db 损坏了"):
        in_folder.accounts.list(BOSS)


def test_a_database_of_a_newer_program_is_left_alone(in_folder, tmp_path):
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    in_folder.database.close()
    again = replace(access_to(tmp_path))
    with pytest.raises(StoreError, match="升级本程序"):
        again.accounts.set_disabled(BOSS, "fulian", True)


def test_tries_at_once_are_counted_before_they_are_made(access):
    """23 of 24 simultaneous guesses went through when the count was looked at first."""

    def guess(number):
        return access.sign_in("fulian", "wrong", f"10.0.1.{number}")

    with ThreadPoolExecutor(12) as pool:
        outcomes = list(pool.map(guess, range(24)))
    assert 0 < outcomes.count(WRONG) <= PER_ACCOUNT
    assert outcomes.count(TOO_MANY) == 24 - outcomes.count(WRONG)


def test_the_old_password_cannot_be_guessed_either(access):
    me = who(access, sign_in(access))
    for _ in range(PER_ACCOUNT):
        with pytest.raises(AccountError, match="原密码不对"):
            access.accounts.change_own_password(me, "wrong", "another-one-8")
    with pytest.raises(AccountError, match="15分钟"):
        access.accounts.change_own_password(me, PASSWORD, "another-one-8")
    assert access.trail.entries()[0].detail == TOO_MANY


@pytest.mark.parametrize(
    "password",
    [
        "Password123!",
        "qwertyuiop1",
        "1qaz2wsx3edc",
        "woaini1314520",
        "Hancunqu2018",
    ],
)
def test_what_everybody_tries_first_is_no_password(access, password):
    with pytest.raises(PasswordError, match="太容易被猜到"):
        access.accounts.set_password(BOSS, "fulian", password)


@pytest.mark.parametrize(
    "end",
    [
        lambda access: access.accounts.set_password(BOSS, "fulian", "another-one-8"),
        lambda access: access.accounts.change_own_password(
            actor(access, "fulian"), PASSWORD, "another-one-8"
        ),
        lambda access: access.accounts.set_disabled(BOSS, "fulian", True),
    ],
)
def test_tokens_end_with_the_password_and_do_not_come_back(in_folder, end):
    token, other = (in_folder.tokens.add(BOSS, login) for login in ("fulian", "nongye"))
    end(in_folder)
    in_folder.accounts.set_disabled(BOSS, "fulian", False)
    assert who(in_folder, "", token=token).role is None
    assert who(in_folder, "", token=other).role is Role.REPORTER
    assert [token.revoked for token in in_folder.tokens.list(BOSS)] == [True, False]


def test_a_token_does_what_its_scope_says(in_folder):
    def holder(login, **scope):
        return who(in_folder, "", token=in_folder.tokens.add(BOSS, login, "对接", **scope))

    reader = holder("admin", scope=Scope.READ)
    assert reader.may(Permission.READ)
    assert not reader.may(Permission.REPORT, ["妇联"])
    assert "令牌的范围是 read" in str(ForbiddenError(reader, Permission.REPORT))
    reporter = holder("admin", units=["妇联"])
    assert reporter.may(Permission.REPORT, ["妇联"])
    assert not reporter.may(Permission.REPORT, ["区农业局"])
    for permission in (Permission.ACCOUNTS, Permission.PLAN, Permission.AUDIT, Permission.SIGN):
        assert not holder("admin").may(permission)
    assert holder("fulian", units=["妇联"]).may(Permission.REPORT, ["妇联"])
    with pytest.raises(AccountError, match="单位之内"):
        holder("fulian", units=["区农业局"])
    with pytest.raises(AccountError, match="只读"):
        holder("admin", scope=Scope.READ, units=["妇联"])


def test_a_unit_that_its_account_has_lost_is_lost_for_the_token(in_folder):
    token = in_folder.tokens.add(BOSS, "fulian", units=["妇联"])
    in_folder.accounts.set_role(BOSS, "fulian", Role.REPORTER, ("团区委",))
    assert not who(in_folder, "", token=token).may(Permission.REPORT, ["妇联"])
    assert not who(in_folder, "", token=token).may(Permission.REPORT, ["团区委"])


def test_the_last_use_of_a_token_is_known(in_folder, tmp_path):
    token = in_folder.tokens.add(BOSS, "fulian", "数据局", scope=Scope.REPORT, units=["妇联"])
    (listed,) = in_folder.tokens.list(BOSS)
    assert (listed.label, listed.scope, listed.units, listed.used) == (
        "数据局",
        Scope.REPORT,
        ("妇联",),
        "",
    )
    who(in_folder, "", token=token)
    assert in_folder.tokens.list(BOSS)[0].used.startswith("20")


def test_an_administrator_may_have_a_second_factor(access, clock):
    boss = who(access, sign_in(access, "admin"))
    secret = access.second_factor.new_secret()
    with pytest.raises(AccountError, match="动态口令不对"):
        access.second_factor.turn_on(boss, secret, "000000")
    with pytest.raises(AccountError, match="只用于管理员"):
        access.second_factor.turn_on(who(access, sign_in(access)), secret, "000000")
    access.second_factor.turn_on(boss, secret, code(secret, clock))
    assert access.second_factor.is_on("admin")
    assert access.sign_in("admin", PASSWORD, "10.0.0.7") == CODE
    # What was shown when it was turned on has been used.
    assert access.sign_in("admin", PASSWORD, "10.0.0.7", code(secret, clock)) == CODE
    clock.now += 60
    assert access.sign_in("admin", "wrong", "10.0.0.7", code(secret, clock)) == WRONG
    assert not isinstance(access.sign_in("admin", PASSWORD, "10.0.0.7", code(secret, clock)), str)
    assert access.sign_in("admin", PASSWORD, "10.0.0.7", code(secret, clock)) == CODE
    assert access.sign_in("admin", PASSWORD, "10.0.0.7", "１２３４５６") == CODE
    with pytest.raises(ForbiddenError):
        access.second_factor.turn_off(actor(access, "fulian"), "admin")
    access.second_factor.turn_off(BOSS, "admin")
    assert sign_in(access, "admin")


def test_wrong_codes_are_counted_as_wrong_passwords_are(in_folder, clock):
    secret = in_folder.second_factor.new_secret()
    in_folder.second_factor.turn_on(actor(in_folder, "admin"), secret, code(secret, clock))
    outcomes = [in_folder.sign_in("admin", PASSWORD, "10.0.0.7", "1") for _ in range(PER_ACCOUNT)]
    assert set(outcomes) == {CODE}
    assert in_folder.sign_in("admin", PASSWORD, "10.0.0.7", code(secret, clock)) == TOO_MANY


def code(secret, clock):
    return pyotp.TOTP(secret).at(int(clock.now))
