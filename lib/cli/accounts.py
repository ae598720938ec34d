"""``account`` and ``audit``: accounts and tokens of a server, and what was refused or changed.

For whoever runs the server: these commands act as the local user, and need no sign-in.
"""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from functools import partial

from lib.access import ASSIGNABLE, Access, Account, Actor, Role, Scope, open_access
from lib.access.passwords import LEAST
from lib.access.sessions import TOKEN_DAYS
from lib.cli.common import (
    Commands,
    Parser,
    UsageError,
    add_command,
    open_data,
    show,
    show_list,
    units_of,
)
from lib.core.problems import DataError
from lib.store import StoreError

PASSWORD = "PLAN_PASSWORD"  # noqa: S105 - the name of an environment variable
BY = Actor(Role.ADMIN, "命令行", local=True, address="命令行")


def add_parser(commands: Commands) -> None:
    """Add the commands."""
    account = commands.add_parser("account", help="账号：新增、列出、改密码、停用、角色、令牌")
    parts = account.add_subparsers(dest="part", required=True, metavar="操作")

    parser = _add(
        parts, "add", run_add, "新增账号（密码提示输入，或由标准输入、环境变量 PLAN_PASSWORD 给出）"
    )
    _add_login(parser, with_role=True)
    parser.add_argument("--name", default="", help="姓名（默认与账号名相同）")
    parser.add_argument("--no-password", action="store_true", help="没有密码，只用令牌（接口账号）")

    _add(parts, "list", run_list, "列出账号")
    _add_login(_add(parts, "passwd", run_passwd, "重设密码；所有登录退出，令牌作废"))
    _add_login(_add(parts, "disable", partial(run_disable, disabled=True), "停用账号"))
    _add_login(_add(parts, "enable", partial(run_disable, disabled=False), "启用账号"))
    _add_login(_add(parts, "role", run_role, "改角色和单位"), with_role=True)
    _add_login(_add(parts, "no-code", run_no_code, "停用动态口令（手机丢了）"))

    token = parts.add_parser("token", help="接口令牌").add_subparsers(
        dest="what", required=True, metavar="操作"
    )
    parser = _add(token, "add", run_token_add, "生成令牌；只显示这一次")
    _add_login(parser)
    parser.add_argument("--label", default="", help="名称：给谁、做什么用")
    parser.add_argument(
        "--scope",
        choices=[str(scope) for scope in Scope],
        default=str(Scope.REPORT),
        help="范围：read 只看，report 填报（默认）",
    )
    parser.add_argument(
        "--unit", action="append", default=[], help="只为这些单位填报；多个单位重复写 --unit"
    )
    parser.add_argument("--days", type=int, default=TOKEN_DAYS, help=f"有效天数（{TOKEN_DAYS}）")
    _add(token, "list", run_token_list, "列出令牌（不含令牌本身）")
    parser = _add(token, "revoke", run_token_revoke, "作废令牌")
    parser.add_argument("number", type=int, metavar="N", help="令牌编号")

    parser = _add(commands, "audit", run_audit, "审计记录：拒绝和改动，最近的在前")
    parser.add_argument("--limit", type=int, default=100, help="最多几条（100）")
    parser.add_argument("--refused", action="store_true", help="只列被拒绝的")


def _add(
    commands: Commands,
    name: str,
    run: Callable[[argparse.Namespace, Access], int],
    help: str,
) -> Parser:
    return add_command(commands, name, lambda options: run(options, _access(options)), help)


def _add_login(parser: Parser, *, with_role: bool = False) -> None:
    parser.add_argument("login", help="账号名")
    if with_role:
        parser.add_argument("--role", required=True, choices=[str(role) for role in ASSIGNABLE])
        parser.add_argument(
            "--unit", action="append", default=[], help="经办人的单位；多个单位重复写 --unit"
        )


def _access(options: argparse.Namespace) -> Access:
    open_data(options)  # refuses a wrong address before accounts are made for it
    return open_access(options.data)


def _password() -> str:
    """Return a new password from the environment, the terminal (twice) or standard input."""
    if password := os.environ.get(PASSWORD):
        return password
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass(f"密码（至少{LEAST}个字符）：")
    if getpass.getpass("再输入一次：") != first:
        raise UsageError("两次输入的密码不一样")
    return first


def _units(options: argparse.Namespace) -> list[str]:
    """Return the units in the plan's spelling; a unit that the plan does not have is a mistake."""
    if not options.unit:
        return []
    try:
        data = open_data(options).dataset()
    except DataError as error:
        raise StoreError(f"计划数据有错误，不能核对单位：\n{error}") from error
    return units_of(options.unit, data)


def _line(account: Account) -> str:
    units = f"（{'、'.join(account.units)}）" if account.units else ""
    state = "已停用" if account.disabled else ("" if account.has_password else "只用令牌")
    return f"{account.login}　{account.name}　{account.role}{units}　{state}".rstrip()


def run_add(options: argparse.Namespace, access: Access) -> int:
    """Add an account."""
    units = _units(options)
    password = None if options.no_password else _password()
    account = access.accounts.add(
        BY, options.login, options.name, Role(options.role), units, password
    )
    show(options, asdict(account), f"已新增：{_line(account)}")
    return 0


def run_list(options: argparse.Namespace, access: Access) -> int:
    """Print the accounts."""
    accounts = access.accounts.list(BY)
    show_list(options, list(map(asdict, accounts)), list(map(_line, accounts)), "还没有账号")
    return 0


def run_passwd(options: argparse.Namespace, access: Access) -> int:
    """Give an account a new password."""
    if access.accounts.find(options.login) is None:
        raise StoreError(f"没有账号“{options.login}”")
    access.accounts.set_password(BY, options.login, _password())
    done = f"已重设“{options.login}”的密码，所有登录已退出，令牌已作废"
    show(options, {"login": options.login}, done)
    return 0


def run_disable(options: argparse.Namespace, access: Access, *, disabled: bool) -> int:
    """Disable or enable an account."""
    account = access.accounts.set_disabled(BY, options.login, disabled)
    show(options, asdict(account), f"已{'停用' if disabled else '启用'}：{_line(account)}")
    return 0


def run_role(options: argparse.Namespace, access: Access) -> int:
    """Give an account another role and other units."""
    account = access.accounts.set_role(BY, options.login, Role(options.role), _units(options))
    show(options, asdict(account), f"已修改：{_line(account)}")
    return 0


def run_no_code(options: argparse.Namespace, access: Access) -> int:
    """Ask an account for no second factor any more."""
    access.second_factor.turn_off(BY, options.login)
    show(options, {"login": options.login}, f"“{options.login}”登录时不再要动态口令")
    return 0


def run_token_add(options: argparse.Namespace, access: Access) -> int:
    """Make a token and print it alone on its line, for a script to keep."""
    scope, units = Scope(options.scope), _units(options)
    token = access.tokens.add(
        BY, options.login, options.label, options.days, scope=scope, units=units
    )
    show(options, {"login": options.login, "token": token}, token)
    return 0


def run_token_list(options: argparse.Namespace, access: Access) -> int:
    """Print the tokens, without their secrets."""
    tokens = access.tokens.list(BY)
    lines = [
        f"{token.number}　{token.login}　{token.label}　{token.scope}"
        + (f"（{'、'.join(token.units)}）" if token.units else "")
        + f"　有效期至{token.expires[:10]}　"
        + (f"{token.used[:16].replace('T', ' ')}用过" if token.used else "没有用过")
        + ("　已作废" if token.revoked else "")
        for token in tokens
    ]
    show_list(options, list(map(asdict, tokens)), lines, "还没有令牌")
    return 0


def run_token_revoke(options: argparse.Namespace, access: Access) -> int:
    """Make a token useless."""
    access.tokens.revoke(BY, options.number)
    show(options, {"number": options.number}, f"已作废令牌{options.number}")
    return 0


def run_audit(options: argparse.Namespace, access: Access) -> int:
    """Print the audit trail."""
    if options.limit < 1:
        raise UsageError("--limit 至少是1")
    entries = access.trail.entries(options.limit, refused=options.refused)
    lines = [
        f"{entry.number}　{entry.time}　{'允许' if entry.allowed else '拒绝'}　{entry.action}　"
        f"{entry.subject}　{entry.account or entry.name}　{entry.address}　{entry.detail}"
        for entry in entries
    ]
    show_list(options, list(map(asdict, entries)), lines, "还没有记录")
    return 0
