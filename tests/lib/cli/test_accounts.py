"""``account`` and ``audit`` on the command line: what an operator and a script rely on."""

from __future__ import annotations

import io
import json

import pytest

from lib.access import Role, Visitor, open_access
from lib.cli import accounts
from lib.cli.__main__ import main
from tests.people import PASSWORD, QUICK


@pytest.fixture
def run(capsys, folder, monkeypatch):
    """``run("list")`` gives the exit code, what was printed, and what went wrong."""
    monkeypatch.setattr(accounts, "open_access", lambda url: open_access(url, passwords=QUICK))
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))

    def command(*arguments, name="account"):
        try:
            code = main([name, *map(str, arguments), "--data", str(folder)])
        except SystemExit as stopped:
            code = stopped.code
        seen = capsys.readouterr()
        return code, seen.out, seen.err

    return command


def test_the_first_administrator_from_standard_input(run, folder):
    code, out, _ = run("add", "admin", "--role", "管理员", "--name", "王主任")
    assert (code, out.strip()) == (0, "已新增：admin　王主任　管理员")
    access = open_access(folder, passwords=QUICK)
    assert access.accounts.right_password("admin", PASSWORD).name == "王主任"
    assert access.actor(Visitor(bound="127.0.0.1")).role is None


def test_the_password_from_the_environment_never_from_the_command_line(run, monkeypatch):
    monkeypatch.setenv("PLAN_PASSWORD", "from-the-environment-1")
    assert run("add", "admin", "--role", "管理员")[0] == 0
    code, _, err = run("add", "x", "--role", "领导", "--password", "y")
    assert (code, "--password" in err) == (2, True)


@pytest.mark.parametrize(("again", "code"), [(PASSWORD, 0), ("something-else-1", 2)])
def test_at_a_terminal_the_password_is_asked_for_twice(run, monkeypatch, again, code):
    answers = iter([PASSWORD, again])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(answers))
    assert run("add", "admin", "--role", "管理员")[0] == code


def test_a_unit_is_kept_in_the_plans_spelling(run):
    code, out, _ = run("add", "zhang", "--role", "经办人", "--unit", "区妇联", "--unit", "团区委")
    assert (code, "经办人（团区委、妇联）" in out) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("add", "x", "--role", "访客"), 2, "访客"),
        (("add", "x"), 2, "--role"),
        (("add", "x", "--role", "经办人"), 1, "至少有一个单位"),
        (("add", "x", "--role", "经办人", "--unit", "没有"), 2, "不是计划中的责任单位"),
        (("add", "a b", "--role", "领导"), 1, "账号名"),
        (("passwd", "nobody"), 1, "没有账号"),
        (("disable", "nobody"), 1, "没有账号"),
        (("role", "nobody", "--role", "领导"), 1, "没有账号"),
        (("token", "add", "nobody"), 1, "没有账号"),
        (("token", "revoke", "9"), 1, "没有有效的令牌"),
        ((), 2, "操作"),
    ],
)
def test_wrong_use_and_refusals(run, arguments, code, message):
    exit_code, _, err = run(*arguments)
    assert (exit_code, message in err) == (code, True)


def test_a_weak_password_is_not_taken(run, monkeypatch):
    monkeypatch.setenv("PLAN_PASSWORD", "short")
    code, out, err = run("add", "admin", "--role", "管理员")
    assert (code, "密码太短" in err, "short" in out + err) == (1, True, False)


def test_the_life_of_an_account(run, folder, monkeypatch):
    run("add", "admin", "--role", "管理员")
    run("add", "robot", "--role", "领导", "--no-password")
    assert "robot　robot　领导　只用令牌" in run("list")[1]
    assert "经办人（妇联）" in run("role", "robot", "--role", "经办人", "--unit", "妇联")[1]
    assert "已停用" in run("disable", "robot")[1]
    assert run("enable", "robot")[0] == 0
    monkeypatch.setenv("PLAN_PASSWORD", "another-one-8")
    assert "所有登录已退出" in run("passwd", "admin")[1]
    access = open_access(folder, passwords=QUICK)
    assert access.accounts.right_password("admin", "another-one-8")
    code, _, err = run("disable", "admin")
    assert (code, "唯一的管理员" in err) == (1, True)


def test_tokens_are_shown_once_and_listed_without_their_secret(run, folder):
    run("add", "robot", "--role", "领导", "--no-password")
    token = run("token", "add", "robot", "--label", "数据局", "--days", "30")[1].strip()
    access = open_access(folder, passwords=QUICK)
    assert access.actor(Visitor(token=token)).account == "robot"
    listed = run("token", "list", "--format", "json")[1]
    assert (json.loads(listed)[0]["label"], token in listed) == ("数据局", False)
    assert run("token", "revoke", 1)[0] == 0
    assert access.actor(Visitor(token=token)).role is None
    assert "已作废" in run("token", "list")[1]


def test_the_audit_trail_as_text_and_json(run, folder):
    assert "还没有记录" in run(name="audit")[1]
    run("add", "admin", "--role", "管理员", "--name", "王主任")
    open_access(folder, passwords=QUICK).sign_in("admin", "wrong", "10.0.0.7")
    assert "新增账号　admin　命令行" in run(name="audit")[1]
    (entry,) = json.loads(run("--refused", "--format", "json", name="audit")[1])
    assert (entry["action"], entry["allowed"], entry["address"]) == ("登录", False, "10.0.0.7")
    assert run("--limit", "0", name="audit")[0] == 2


def test_settings_that_are_wrong_are_told(run, rewrite):
    rewrite("settings.toml", "[plan]", '[access]\nmode = "open"\n[plan]')
    code, _, err = run("list")
    assert (code, "access.mode" in err) == (1, True)


def test_that_there_is_no_account_is_said(run):
    assert run("list") == (0, "还没有账号\n", "")


def test_a_token_has_a_scope_and_its_last_use_is_listed(run, folder):
    run("add", "robot", "--role", "管理员", "--no-password")
    more = ("--scope", "report", "--unit", "妇联")
    token = run("token", "add", "robot", "--label", "数据局", *more)[1].strip()
    assert "report（妇联）" in run("token", "list")[1]
    assert "没有用过" in run("token", "list")[1]
    holder = open_access(folder, passwords=QUICK).actor(Visitor(token=token))
    assert (holder.units, holder.role) == (("妇联",), Role.REPORTER)
    assert "没有用过" not in run("token", "list")[1]
    assert run("no-code", "robot")[0] == 0
