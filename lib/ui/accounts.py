"""The parts of the 账号管理 and 我的账号 pages."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from lib.access import ASSIGNABLE, Account, AuditEntry, Role, Scope, passwords
from lib.access.audit import SHOWN
from lib.access.sessions import TOKEN_DAYS, Token
from lib.ui.kit import data, deployment, session, state
from lib.ui.kit.acting import act, flash
from lib.ui.kit.elements import empty
from lib.ui.kit.tables import download


def accounts_table(accounts: list[Account]) -> pd.DataFrame:
    """Return accounts for people."""
    return pd.DataFrame(
        [
            {
                "账号": account.login,
                "姓名": account.name,
                "角色": str(account.role),
                "单位": "、".join(account.units),
                "状态": _state(account),
                "建立时间": account.created[:16].replace("T", " "),
            }
            for account in accounts
        ],
        columns=["账号", "姓名", "角色", "单位", "状态", "建立时间"],
    )


def _state(account: Account) -> str:
    if account.disabled:
        return "× 已停用"
    if not account.has_password:
        return "○ 只用令牌"
    return "● 待改初始密码" if account.must_change else "√ 正常"


def audit_table(entries: list[AuditEntry]) -> pd.DataFrame:
    """Return the audit trail for people."""
    return pd.DataFrame(
        [
            {
                "编号": entry.number,
                "时间": entry.time[:19].replace("T", " "),
                "结果": "√ 允许" if entry.allowed else "× 拒绝",
                "动作": entry.action,
                "对象": entry.subject,
                "账号": entry.account,
                "姓名": entry.name,
                "地址": entry.address,
                "说明": entry.detail,
            }
            for entry in entries
        ],
    )


def show_initial_password() -> None:
    """Draw a new account's password, this once."""
    secret = st.session_state.pop(state.INITIAL_PASSWORD, None)
    if secret:
        st.warning(
            "请把初始密码当面或电话告诉本人。它只显示这一次；本人第一次登录时必须修改。",
            icon=":material/key:",
        )
        st.code(secret, language=None)


def account_list(accounts: list[Account]) -> None:
    """Draw the accounts."""
    st.dataframe(accounts_table(accounts), hide_index=True, alt="账号清单")


def add() -> None:
    """Draw the form for a new account; its first password is made here and shown once."""
    with st.form("account-add", clear_on_submit=False):
        left, right = st.columns(2)
        login = left.text_input("账号", max_chars=40, help="登录时输入；文字、数字和 - _ . @")
        name = right.text_input("姓名", max_chars=40, help="填报时记录的名字")
        role = left.selectbox("角色", list(ASSIGNABLE), index=1)
        units = right.multiselect("单位（只有经办人）", _units(), placeholder="请选择单位")
        sent = st.form_submit_button("新增账号", type="primary", icon=":material/person_add:")
    if sent:
        password = passwords.generate()
        _act(
            lambda: deployment.access().accounts.add(
                session.actor(), login, name, Role(role), units, password, must_change=True
            ),
            f"已新增账号“{login.strip()}”",
            password,
        )


def _units() -> list[str]:
    dataset = data.dataset_or_none()
    return [] if dataset is None else list(dataset.units)


def change(accounts: list[Account]) -> None:
    """Draw what can be changed of an account."""
    by_login = {account.login: account for account in accounts}
    login = st.selectbox(
        "账号",
        list(by_login),
        format_func=lambda login: f"{login}（{by_login[login].name}）",
        key="account-chosen",
    )
    if login is None:
        return
    account = by_login[login]
    with st.form(f"account-role-{login}"):
        left, right = st.columns(2)
        role = left.selectbox("角色", list(ASSIGNABLE), index=ASSIGNABLE.index(account.role))
        known = list(dict.fromkeys([*_units(), *account.units]))
        units = right.multiselect(
            "单位（只有经办人）", known, default=list(account.units), placeholder="请选择单位"
        )
        sent = st.form_submit_button("保存角色和单位", icon=":material/save:")
    if sent:
        own = units if role == Role.REPORTER else []
        _act(
            lambda: deployment.access().accounts.set_role(session.actor(), login, Role(role), own),
            f"已保存“{login}”的角色和单位",
        )
    with st.container(horizontal=True):
        if st.button("重设密码", key="account-reset", icon=":material/key:"):
            password = passwords.generate()
            _act(
                lambda: deployment.access().accounts.set_password(
                    session.actor(), login, password, must_change=True
                ),
                f"已重设“{login}”的密码，原来的登录已全部退出，令牌已作废",
                password,
            )
        label, icon = (
            ("启用", ":material/check:") if account.disabled else ("停用", ":material/block:")
        )
        if deployment.access().second_factor.is_on(login) and st.button(
            "停用动态口令", key="account-no-code", icon=":material/phonelink_erase:"
        ):
            _act(
                lambda: deployment.access().second_factor.turn_off(session.actor(), login),
                f"“{login}”登录时不再要动态口令",
            )
        if st.button(label, key="account-disable", icon=icon):
            _act(
                lambda: deployment.access().accounts.set_disabled(
                    session.actor(), login, not account.disabled
                ),
                f"已{label}“{login}”",
            )


def tokens(accounts: list[Account]) -> None:
    """Draw the tokens of programs, a form for a new one, and how to end one."""
    access, who = deployment.access(), session.actor()
    listed = access.tokens.list(who)
    secret = st.session_state.pop(state.NEW_TOKEN, None)
    if secret:
        st.warning("请马上把令牌交给用它的系统。它只显示这一次。", icon=":material/key:")
        st.code(secret, language=None, wrap_lines=True)
    if listed:
        st.dataframe(tokens_table(listed), hide_index=True, alt="令牌清单")
    else:
        empty("还没有令牌。别的系统用令牌读数据、报数据（/api/v1）。")
    by_login = {account.login: account for account in accounts if not account.disabled}
    with st.form("token-add", clear_on_submit=False):
        left, right = st.columns(2)
        login = left.selectbox("账号", list(by_login), format_func=str)
        label = right.text_input("名称", max_chars=80, help="给谁、做什么用")
        scope = left.selectbox(
            "范围", list(Scope), format_func={Scope.READ: "只看", Scope.REPORT: "填报"}.__getitem__
        )
        days = right.number_input("有效天数", 1, 3660, TOKEN_DAYS)
        units = st.multiselect("只为这些单位填报（可不选）", _units(), placeholder="请选择单位")
        sent = st.form_submit_button("生成令牌", type="primary", icon=":material/key:")
    if sent and login and scope:
        act(
            lambda: access.tokens.add(who, login, label, int(days), scope=scope, units=units),
            lambda token: st.session_state.update({state.NEW_TOKEN: token}),
        )
    in_force = [token.number for token in listed if not token.revoked]
    if in_force:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            number = st.selectbox("令牌编号", in_force, key="token-chosen", width=160)
            if st.button("作废", key="token-revoke", icon=":material/block:") and number:
                _act(lambda: access.tokens.revoke(who, number), f"已作废令牌{number}")


def tokens_table(listed: list[Token]) -> pd.DataFrame:
    """Return tokens for people."""
    return pd.DataFrame(
        [
            {
                "编号": token.number,
                "账号": token.login,
                "名称": token.label,
                "范围": "只看" if token.scope is Scope.READ else "填报",
                "单位": "、".join(token.units),
                "有效期至": token.expires[:10],
                "最近使用": token.used[:16].replace("T", " ") or "没有用过",
                "状态": "× 已作废" if token.revoked else "√ 有效",
            }
            for token in listed
        ]
    )


def audit() -> None:
    """Draw the latest of the audit trail, and above it what of them does not fit together."""
    access = deployment.access()
    refused = st.toggle("只看被拒绝的", key="audit-refused")
    rows = audit_table(access.audit(session.actor(), refused=refused))
    if problems := access.trail.faults(SHOWN):
        st.error(
            f"审计记录不完整：{'；'.join(problems)}。其余各条完整；请与备份或导出的审计记录对照。",
            icon=":material/link_off:",
        )
    if rows.empty:
        empty("还没有记录。")
        return
    if len(rows) == SHOWN:
        st.caption(
            f"这里是最近{SHOWN}条；更早的用 python -m lib.cli audit --limit 条数 导出，用 verify 核对。"
        )
    st.dataframe(rows, hide_index=True, alt="审计记录")
    download(rows, "审计记录", "下载审计记录", with_month=False)


def _act(action: Callable[[], object], message: str, secret: str = "") -> None:
    """Change an account; the next run says what was done, and shows a new password once."""

    def done(_: object) -> None:
        flash(message)
        if secret:
            st.session_state[state.INITIAL_PASSWORD] = secret

    act(action, done)
