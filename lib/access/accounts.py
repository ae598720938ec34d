"""Accounts: who exists, their role and units, and their passwords. Every change is audited."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from lib.access import passwords
from lib.access.audit import Trail, local_time
from lib.access.database import ADDED, AccessDatabase
from lib.access.passwords import Passwords
from lib.access.policy import ASSIGNABLE, Actor, Permission, Role
from lib.access.throttle import Failures
from lib.store import RefusedError
from lib.store.tables import ACCOUNTS, SESSIONS, TOKENS, UNITS

LONGEST = 40
TOO_MANY = "失败次数太多，请15分钟后再试"
_Row = sa.Row[Any]
_UNITS = (
    sa.select(sa.func.aggregate_strings(UNITS.c.unit, "\n"))
    .where(UNITS.c.account == ACCOUNTS.c.id)
    .correlate(ACCOUNTS)
    .scalar_subquery()
)
WITH_UNITS = (
    sa.select(ACCOUNTS, _UNITS.label("units")).select_from(ACCOUNTS).order_by(ACCOUNTS.c.login)
)
"""Accounts by login, each with its units in one text (null: none); see `account_of`."""


class AccountError(RefusedError):
    """What was asked of an account is not possible; nothing was changed."""


@dataclass(frozen=True)
class Account:
    """One account: ``login`` is what is typed in, ``name`` what is recorded with a report.

    ``has_password`` is false for an account that only has tokens. ``created`` is local time.
    """

    login: str
    name: str
    role: Role
    units: tuple[str, ...]
    has_password: bool
    must_change: bool
    disabled: bool
    created: str

    def actor(self, address: str) -> Actor:
        """Return whom the account stands for, coming from an address."""
        return Actor(self.role, self.name, self.units, self.login, address)


def normal(login: str) -> str:
    """Return a login as it is kept: one spelling for full width, case and outer blanks."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


class Accounts:
    """The accounts of one database. Each method that changes says who asks: ``by``."""

    def __init__(
        self,
        database: AccessDatabase,
        trail: Trail,
        clock: Callable[[], float],
        hasher: Passwords,
        failures: Failures,
    ) -> None:
        self._failures = failures
        self._database = database
        self._trail = trail
        self._clock = clock
        self._passwords = hasher
        self._some = False

    def any(self) -> bool:
        """Return whether there is an account at all: accounts are never deleted, so once is ever.

        A database that is lost does not make it 单机 again. Raises `lib.store.StoreError` if
        nobody can tell.
        """
        self._some = self._some or self._database.had_accounts()
        return self._some

    def list(self, by: Actor) -> list[Account]:
        """Return all accounts by login; for those who may manage them."""
        self._require(by, "账号清单")
        return [account_of(row) for row in self._database.rows(WITH_UNITS)]

    def find(self, login: str) -> Account | None:
        """Return an account, also a disabled one; for this package and the command line."""
        return next(map(account_of, self._database.rows(_of(login))), None)

    def add(
        self,
        by: Actor,
        login: str,
        name: str,
        role: Role,
        units: Sequence[str] = (),
        password: str | None = None,
        *,
        must_change: bool = False,
    ) -> Account:
        """Add an account; ``password`` ``None`` makes one that has only tokens.

        Raises `AccountError`, or `lib.access.passwords.PasswordError` for a weak password.
        """
        login = _checked_login(login)
        self._require(by, login)
        name = name.strip() or login
        if len(name) > LONGEST or not name.isprintable():
            raise AccountError(f"姓名至多{LONGEST}个字符，不含控制字符")
        _check_role(role, units)
        hashed = ""
        if password is not None:
            passwords.check_new(password, login, name)
            hashed = self._passwords.hash(password)
        with self._database.writing() as connection:
            try:
                (number,) = connection.execute(
                    ACCOUNTS.insert().values(
                        login=login,
                        name=name,
                        role=str(role),
                        password=hashed,
                        must_change=must_change,
                        disabled=False,
                        created=self._clock(),
                    )
                ).inserted_primary_key or (0,)
            except IntegrityError as error:
                raise AccountError(f"已经有账号“{login}”") from error
            _set_units(connection, number, units)
            self._database.mark_accounts()
            detail = f"{name}，{_role_words(role, units)}"
            self._trail.note(by, ADDED, login, detail=detail, connection=connection)
            return account_of(connection.execute(_of(login)).one())

    def set_role(self, by: Actor, login: str, role: Role, units: Sequence[str] = ()) -> Account:
        """Give an account another role and other units."""
        self._require(by, login)
        _check_role(role, units)
        with self._changing(by, login, "修改角色", _role_words(role, units)) as (connection, row):
            if role is not Role.ADMIN:
                _another_admin(connection, row)
            _set_units(connection, row.id, units)
            return _updated(connection, row, role=str(role))

    def set_disabled(self, by: Actor, login: str, disabled: bool) -> Account:
        """Disable an account, ending its sessions and refusing its tokens, or enable it again."""
        self._require(by, login)
        action = "停用账号" if disabled else "启用账号"
        with self._changing(by, login, action) as (connection, row):
            if disabled:
                _another_admin(connection, row)
                _end_access(connection, row)
            return _updated(connection, row, disabled=disabled)

    def set_password(
        self, by: Actor, login: str, password: str, *, must_change: bool = False
    ) -> None:
        """Give an account a new password; all its sessions and tokens end."""
        self._require(by, login)
        self._change_password(by, login, password, must_change, "重设密码")

    def change_own_password(self, by: Actor, old: str, new: str) -> None:
        """Change one's own password; all sessions, this one too, and all tokens end.

        Raises `AccountError` for a wrong old password, and where there were too many of them.
        """
        tries = self._failures.begin(normal(by.account), by.address)
        if not tries:
            self._trail.note(by, "修改密码", by.account, allowed=False, detail=TOO_MANY)
            raise AccountError(TOO_MANY)
        if self.right_password(by.account, old) is None:
            self._trail.note(by, "修改密码", by.account, allowed=False, detail="原密码不对")
            raise AccountError("原密码不对")
        self._failures.succeeded(normal(by.account), tries)
        if old == new:
            raise AccountError("新密码和原密码相同")
        self._change_password(by, by.account, new, False, "修改密码")

    def _change_password(
        self, by: Actor, login: str, password: str, must_change: bool, action: str
    ) -> None:
        account = self.find(login)
        passwords.check_new(password, normal(login), account.name if account else "")
        hashed = self._passwords.hash(password)
        detail = "所有登录已退出，令牌已作废"
        with self._changing(by, login, action, detail) as (connection, row):
            _end_access(connection, row)
            _updated(connection, row, password=hashed, must_change=must_change)

    def right_password(self, login: str, password: str) -> Account | None:
        """Return the account if the password is its own and it is not disabled.

        The same work is done for an account that does not exist.
        """
        rows = self._database.rows(_of(login).where(~ACCOUNTS.c.disabled))
        right = self._passwords.matches(rows[0].password if rows else "", password)
        return account_of(rows[0]) if right else None

    def _require(self, by: Actor, subject: str) -> None:
        self._trail.require(by, Permission.ACCOUNTS, subject)

    @contextmanager
    def _changing(
        self, by: Actor, login: str, action: str, detail: str = ""
    ) -> Iterator[tuple[Connection, _Row]]:
        """Give a transaction that changes an account, and note what was done in the same one."""
        with self._database.writing() as connection:
            row = existing(connection, login)
            yield connection, row
            self._trail.note(by, action, row.login, detail=detail, connection=connection)


def _checked_login(login: str) -> str:
    login = normal(login)
    if not 1 <= len(login) <= LONGEST or not all(c.isalnum() or c in "-_.@" for c in login):
        raise AccountError(f"账号名要1到{LONGEST}个字：文字、数字和 - _ . @")
    return login


def _check_role(role: Role, units: Sequence[str]) -> None:
    if role not in ASSIGNABLE:
        raise AccountError(f"角色是：{'、'.join(ASSIGNABLE)}")
    if role is Role.REPORTER and not units:
        raise AccountError("经办人至少有一个单位")
    if role is not Role.REPORTER and units:
        raise AccountError(f"只有经办人有单位，{role}不填")


def _role_words(role: Role, units: Sequence[str]) -> str:
    return f"{role}（{'、'.join(units)}）" if units else str(role)


def _of(login: str) -> sa.Select[Any]:
    return WITH_UNITS.where(ACCOUNTS.c.login == normal(login))


def existing(connection: Connection, login: str) -> _Row:
    """Return an account's row; raise `AccountError` if there is none."""
    row = connection.execute(_of(login)).first()
    if row is None:
        raise AccountError(f"没有账号“{login}”")
    return row


def account_of(row: _Row) -> Account:
    """Return the account in a row of `WITH_UNITS`."""
    return Account(
        row.login,
        row.name,
        Role(row.role),
        tuple(sorted(row.units.split("\n"))) if row.units else (),
        bool(row.password),
        row.must_change,
        row.disabled,
        local_time(row.created),
    )


def _updated(connection: Connection, row: _Row, **values: object) -> Account:
    """Change an account's row and return the account as it is now."""
    connection.execute(ACCOUNTS.update().where(ACCOUNTS.c.id == row.id).values(**values))
    return account_of(connection.execute(_of(row.login)).one())


def _end_access(connection: Connection, row: _Row) -> None:
    """End an account's sessions and revoke its tokens: what is enabled again does not bring them back."""
    connection.execute(SESSIONS.delete().where(SESSIONS.c.account == row.id))
    connection.execute(TOKENS.update().where(TOKENS.c.account == row.id).values(revoked=True))


def _set_units(connection: Connection, number: int, units: Sequence[str]) -> None:
    connection.execute(UNITS.delete().where(UNITS.c.account == number))
    rows = [{"account": number, "unit": unit} for unit in dict.fromkeys(units)]
    if rows:
        connection.execute(UNITS.insert(), rows)


def _another_admin(connection: Connection, row: _Row) -> None:
    """Refuse to take the last administrator away: nobody could manage accounts any more."""
    others = connection.execute(
        sa.select(sa.func.count()).where(
            ACCOUNTS.c.role == str(Role.ADMIN), ~ACCOUNTS.c.disabled, ACCOUNTS.c.id != row.id
        )
    ).scalar_one()
    if row.role == Role.ADMIN and not row.disabled and not others:
        raise AccountError(f"“{row.login}”是唯一的管理员，不能停用，也不能改为其他角色")
