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
from typing import TYPE_CHECKING

import pandas as pd

from lib.access import ASSIGNABLE, Access, Account, Actor, Role, open_access
from lib.access.passwords import LEAST
from lib.access.sessions import TOKEN_DAYS
from lib.cli.common import UsageError, add_data, add_format, open_data, show
from lib.core.problems import DataError
from lib.store import StoreError

if TYPE_CHECKING:
    from argparse import _SubParsersAction

    Parser = argparse.ArgumentParser

PASSWORD = "PLAN_PASSWORD"  # noqa: S105 - the name of an environment variable
BY = Actor(Role.ADMIN, "命令行", local=True, address="命令行")


def add_parser(commands: _SubParsersAction[Parser]) -> None:
    """Add the commands."""
    account = commands.add_parser("account", help="账号：新增、列出、改密码、停用、角色、令牌")
    parts = account.add_subparsers(dest="part", required=True, metavar="操作")

    parser = parts.add_parser(
        "add", help="新增账号（密码提示输入，或由标准输入、环境变量 PLAN_PASSWORD 给出）"
    )
    parser.add_argument("login", help="账号名")
    _role(parser)
    parser.add_argument("--name", default="", help="姓名（默认与账号名相同）")
    parser.add_argument("--no-password", action="store_true", help="没有密码，只用令牌（接口账号）")
    _run(parser, run_add)

    _run(parts.add_parser("list", help="列出账号"), run_list)

    parser = parts.add_parser("passwd", help="重设密码；所有登录退出")
    parser.add_argument("login", help="账号名")
    _run(parser, run_passwd)

    for word, disabled, told in (("disable", True, "停用"), ("enable", False, "启用")):
        parser = parts.add_parser(word, help=f"{told}账号")
        parser.add_argument("login", help="账号名")
        parser.set_defaults(disabled=disabled, told=told)
        _run(parser, run_disable)

    parser = parts.add_parser("role", help="改角色和单位")
    parser.add_argument("login", help="账号名")
    _role(parser)
    _run(parser, run_role)

    token = parts.add_parser("token", help="接口令牌").add_subparsers(
        dest="what", required=True, metavar="操作"
    )
    parser = token.add_parser("add", help="生成令牌；只显示这一次")
    parser.add_argument("login", help="账号名")
    parser.add_argument("--label", default="", help="用途")
    parser.add_argument("--days", type=int, default=TOKEN_DAYS, help=f"有效天数（{TOKEN_DAYS}）")
    _run(parser, run_token_add)
    _run(token.add_parser("list", help="列出令牌（不含令牌本身）"), run_token_list)
    parser = token.add_parser("revoke", help="作废令牌")
    parser.add_argument("number", type=int, metavar="N", help="令牌编号")
    _run(parser, run_token_revoke)

    parser = commands.add_parser("audit", help="审计记录：拒绝和改动，最近的在前")
    parser.add_argument("--limit", type=int, default=100, help="最多几条（100）")
    parser.add_argument("--refused", action="store_true", help="只列被拒绝的")
    _run(parser, run_audit)


def _role(parser: Parser) -> None:
    parser.add_argument("--role", required=True, choices=[str(role) for role in ASSIGNABLE])
    parser.add_argument(
        "--unit", action="append", default=[], help="经办人的单位；多个单位重复写 --unit"
    )


def _run(parser: Parser, run: Callable[[argparse.Namespace, Access], int]) -> None:
    add_data(parser)
    add_format(parser)
    parser.set_defaults(run=lambda options: run(options, _access(options)))


def _access(options: argparse.Namespace) -> Access:
    open_data(options)  # tells a wrong address before accounts are made for it
    return open_access(options.data)


def _password() -> str:
    """Return a new password from the environment, the terminal (twice) or standard input."""
    given = os.environ.get(PASSWORD)
    if given:
        return given
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
    units = list(data.canonical(pd.Series(options.unit, dtype="str")))
    for given, unit in zip(options.unit, units, strict=True):
        if unit not in data.units:
            raise UsageError(f"--unit {given} 不是计划中的责任单位（{'、'.join(data.units)}）")
    return units


def _line(one: Account) -> str:
    units = f"（{'、'.join(one.units)}）" if one.units else ""
    state = "已停用" if one.disabled else ("" if one.has_password else "只用令牌")
    return f"{one.login}　{one.name}　{one.role}{units}　{state}".rstrip()


def run_add(options: argparse.Namespace, access: Access) -> int:
    """Add an account."""
    units = _units(options)
    password = None if options.no_password else _password()
    added = access.accounts.add(
        BY, options.login, options.name, Role(options.role), units, password
    )
    show(options, asdict(added), f"已新增：{_line(added)}")
    return 0


def run_list(options: argparse.Namespace, access: Access) -> int:
    """Print the accounts."""
    found = access.accounts.list(BY)
    show(options, [asdict(one) for one in found], "\n".join(map(_line, found)) or "还没有账号")
    return 0


def run_passwd(options: argparse.Namespace, access: Access) -> int:
    """Give an account a new password."""
    if access.accounts.find(options.login) is None:
        raise StoreError(f"没有账号“{options.login}”")
    access.accounts.set_password(BY, options.login, _password())
    show(options, {"login": options.login}, f"已重设“{options.login}”的密码，所有登录已退出")
    return 0


def run_disable(options: argparse.Namespace, access: Access) -> int:
    """Disable or enable an account."""
    told = access.accounts.set_disabled(BY, options.login, options.disabled)
    show(options, asdict(told), f"已{options.told}：{_line(told)}")
    return 0


def run_role(options: argparse.Namespace, access: Access) -> int:
    """Give an account another role and other units."""
    told = access.accounts.set_role(BY, options.login, Role(options.role), _units(options))
    show(options, asdict(told), f"已修改：{_line(told)}")
    return 0


def run_token_add(options: argparse.Namespace, access: Access) -> int:
    """Make a token and print it alone on its line, for a script to keep."""
    token = access.tokens.add(BY, options.login, options.label, options.days)
    show(options, {"login": options.login, "token": token}, token)
    return 0


def run_token_list(options: argparse.Namespace, access: Access) -> int:
    """Print the tokens, without their secrets."""
    found = access.tokens.list(BY)
    lines = [
        f"{one.number}　{one.login}　{one.label}　有效期至{one.expires[:10]}"
        + ("　已作废" if one.revoked else "")
        for one in found
    ]
    show(options, [asdict(one) for one in found], "\n".join(lines) or "还没有令牌")
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
    found = access.trail.entries(options.limit, refused=options.refused)
    lines = [
        f"{one.number}　{one.time}　{'允许' if one.allowed else '拒绝'}　{one.action}　"
        f"{one.subject}　{one.account or one.name}　{one.address}　{one.detail}"
        for one in found
    ]
    show(options, [asdict(one) for one in found], "\n".join(lines) or "还没有记录")
    return 0
