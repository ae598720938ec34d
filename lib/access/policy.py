"""The one place that says who may do what. What is not granted here is refused."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from lib.store import RefusedError


class Role(StrEnum):
    """What somebody is. 访客 is whoever has not signed in; no account has it."""

    VISITOR = "访客"
    LEADER = "领导"
    REPORTER = "经办人"
    ADMIN = "管理员"


ASSIGNABLE = (Role.LEADER, Role.REPORTER, Role.ADMIN)
"""The roles that an account can have."""


class Permission(StrEnum):
    """What can be permitted; the text completes 没有权限…."""

    READ = "查看计划和进展"
    EVIDENCE = "查看佐证材料"
    ORIGINAL = "下载上报原件"
    REPORT = "填报"
    REVERT = "撤销填报"
    SIGN = "审签填报"
    REVIEW = "审核填报"
    PLAN = "调整计划"
    SEAL = "定稿"
    NOTICE = "发督办单"
    DECK = "安排汇报"
    MATTERS = "查看督办事项"
    MATTER = "立项和核实督办事项"
    ANSWER = "办理督办事项"
    INSTRUCT = "写批示"
    REBUILD = "重建进展数据"
    ACCOUNTS = "管理账号"
    AUDIT = "查看审计记录"


OF_OWN_UNITS = frozenset(
    {
        Permission.ORIGINAL,
        Permission.REPORT,
        Permission.REVERT,
        Permission.SIGN,
        Permission.MATTERS,
        Permission.ANSWER,
    }
)
"""What a 经办人 is granted for the own units only."""

_GRANTS: Mapping[Role, frozenset[Permission]] = {
    Role.VISITOR: frozenset({Permission.READ}),
    Role.LEADER: frozenset(
        {
            Permission.READ,
            Permission.EVIDENCE,
            Permission.ORIGINAL,
            Permission.MATTERS,
            Permission.INSTRUCT,
        }
    ),
    Role.REPORTER: frozenset({Permission.READ, Permission.EVIDENCE}) | OF_OWN_UNITS,
    Role.ADMIN: frozenset(Permission),
}


READING = frozenset({Permission.READ, Permission.EVIDENCE, Permission.ORIGINAL, Permission.MATTERS})
"""What a token of the scope `Scope.READ` may do at most."""
REPORTING = READING | {
    Permission.REPORT,
    Permission.REVERT,
    Permission.ANSWER,
    Permission.MATTER,
    Permission.INSTRUCT,
}
"""What a token of the scope `Scope.REPORT` may do at most: never plans, accounts or signatures."""


class Scope(StrEnum):
    """What a token is for; its account's role grants no more by it."""

    READ = "read"
    REPORT = "report"

    @property
    def permissions(self) -> frozenset[Permission]:
        """What the scope leaves of the role's permissions."""
        return READING if self is Scope.READ else REPORTING


class Because(StrEnum):
    """Why somebody is nobody yet, and what to do about it."""

    NONE = ""
    SIGN_IN = "请先登录"
    SETUP = "还没有设置管理员"
    CHANGE = "请先修改初始密码"
    UNKNOWN = "您的账号没有在这个看板里分配权限，请联系管理员"


@dataclass(frozen=True)
class Actor:
    """Somebody who asks: ``role`` ``None`` may do nothing.

    ``name`` is recorded with what is written; ``units`` are the units of a 经办人; ``account``
    and ``address`` stand in the audit trail. ``local`` is whoever sits at the machine in 单机
    mode: there the name is what is typed in. ``because`` says why the role is not more, ``scope`` is
    that of the token that was shown, ``None`` for a person.
    """

    role: Role | None = None
    name: str = ""
    units: tuple[str, ...] = ()
    account: str = ""
    address: str = ""
    local: bool = False
    because: Because = Because.NONE
    scope: Scope | None = None

    @property
    def signed_in(self) -> bool:
        """Whether somebody has signed in, as opposed to a visitor or the local user."""
        return bool(self.account)

    def may(self, permission: Permission, units: Collection[str] | None = None) -> bool:
        """Return whether this is permitted, for all of ``units`` where they are given.

        Without ``units`` the answer is whether it is permitted for any unit at all; with an
        empty collection a permission for own units is refused: nothing there is theirs.
        """
        if self.role is None or permission not in _GRANTS[self.role]:
            return False
        if self.scope is not None and permission not in self.scope.permissions:
            return False
        if self.role is not Role.REPORTER or permission not in OF_OWN_UNITS:
            return True
        if units is None:
            return bool(self.units)
        return bool(units) and set(units) <= set(self.units)


def local_actor(address: str = "") -> Actor:
    """Return the local user of 单机 mode, who may do everything."""
    return Actor(Role.ADMIN, local=True, address=address)


class ForbiddenError(RefusedError):
    """Somebody asked for what the policy does not grant; nothing was read or written."""

    def __init__(self, actor: Actor, permission: Permission, what: str = "") -> None:
        self.actor, self.permission, self.what = actor, permission, what
        of = f"（{what}）" if what else ""
        sentence = f"没有权限{permission}{of}"
        if actor.because:
            sentence += f"：{actor.because}"
        elif actor.scope is not None and permission not in actor.scope.permissions:
            sentence += f"：令牌的范围是 {actor.scope}"
        elif actor.role is Role.REPORTER and permission in OF_OWN_UNITS:
            sentence += f"：经办人只能操作本单位（{'、'.join(actor.units) or '未分配单位'}）的填报"
        super().__init__(sentence)
