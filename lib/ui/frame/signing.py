"""Signing in and out on the pages: the corner with the name, prompts, refusals, the password."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

import streamlit as st

from lib.access import Actor, Because, Mode, Permission
from lib.access.passwords import LEAST
from lib.ui.kit import deployment, session, state
from lib.ui.kit.acting import act, flash, show_flash
from lib.ui.kit.elements import page_title, plain

_LINK = (
    '<a href="{}" style="display:inline-block;padding:.375rem 1rem;border-radius:.25rem;'
    'background:#1F4E9E;color:#fff;text-decoration:none">登录</a>'
)
_SETUP = "python -m lib.cli account add admin --role 管理员 --name 姓名"


def corner(who: Actor) -> None:
    """Draw who is signed in, which opens the way out, or the way in."""
    if who.local or deployment.access().mode is Mode.SINGLE:
        return
    if not who.signed_in:
        way_in()
        return
    with st.popover(plain(who.name), icon=":material/person:", key="who"):
        units = f"（{'、'.join(who.units)}）" if who.units else ""
        st.markdown(f"**{plain(who.name)}**　{who.role or ''}{plain(units)}")
        if st.button("退出", key="sign-out", icon=":material/logout:"):
            sign_out(who)


def sign_out(who: Actor) -> None:
    """End the session; the cookie that is left behind opens nothing any more."""
    if deployment.access().mode is Mode.OIDC:
        deployment.access().trail.note(who, "退出", who.account)
        st.logout()
        return
    deployment.access().sign_out(who, session.visitor().cookie)
    st.session_state.clear()  # what was typed or chosen is nobody else's
    st.rerun()


def way_in() -> None:
    """Draw what leads to the sign-in: a link to the own page, or the provider's button."""
    if deployment.access().mode is Mode.OIDC:
        st.button("登录", key="sign-in", type="primary", on_click=st.login)
        return
    here = urlsplit(st.context.url or "/").path.removeprefix(deployment.base_path()) or "/"
    st.html(_LINK.format(f"{deployment.base_path()}/sign-in?next={quote(here, safe='')}"))


def prompt(who: Actor) -> None:
    """Draw, instead of a page, what somebody who may not read has to do."""
    if who.because is Because.CHANGE:
        page_title("请先修改初始密码")
        change_password(who)
    elif who.because is Because.UNKNOWN:
        page_title("您的账号还没有权限")
        st.warning(f"{plain(who.account)}：{plain(who.because)}。", icon=":material/lock:")
        if st.button("退出，换一个账号", key="sign-out-unknown"):
            sign_out(who)
    else:
        page_title("请先登录")
        st.info("这个看板需要登录后查看。", icon=":material/lock:")
        show_flash()
        way_in()


def refused(who: Actor, permission: Permission) -> None:
    """Draw, instead of a page, that it is not for this actor, and note that once."""
    noted = st.session_state.setdefault(state.REFUSALS_NOTED, set())
    if permission not in noted:
        noted.add(permission)
        deployment.access().trail.refusal(who, permission, "页面")
    if who.because is Because.SETUP:
        _setup()
        return
    page_title(f"没有权限{permission}")
    if who.because is Because.SIGN_IN:
        st.info("这一页需要登录。", icon=":material/lock:")
        way_in()
        return
    st.error(
        f"您的角色是{who.role}，不能{permission}。需要权限请联系管理员。", icon=":material/lock:"
    )


def _setup() -> None:
    """Draw how to set up the first administrator, without whom nothing can be written."""
    page_title("请先设置管理员：现在只能查看，不能填报")
    st.warning(
        "这个看板对网络开放，但还没有设置账号，所以谁都不能填报或改动数据。",
        icon=":material/admin_panel_settings:",
    )
    st.markdown("请系统管理员在服务器上、程序目录里运行（会提示输入密码）：")
    st.code(f".venv/bin/{_SETUP}", language=None, wrap_lines=True)
    st.markdown("Windows：")
    st.code(f".venv\\Scripts\\{_SETUP}", language=None, wrap_lines=True)
    st.markdown(
        "数据不在 `data` 目录时，加上 `--data 数据目录`。设置之后刷新网页即可登录，不需要重新启动。\n\n"
        "只在一台电脑上使用、不需要账号时，请在那台电脑上打开 `http://127.0.0.1:8501`。"
    )


def change_password(who: Actor) -> None:
    """Draw the form for one's own password; afterwards every session has ended."""
    st.markdown(f"新密码至少{LEAST}个字符，不包含账号名。修改后，所有电脑和手机上的登录都会退出。")
    with st.form("password", clear_on_submit=True, width=420):
        old = st.text_input("原密码", type="password", autocomplete="current-password")
        new = st.text_input("新密码", type="password", autocomplete="new-password")
        again = st.text_input("再输入一次新密码", type="password", autocomplete="new-password")
        sent = st.form_submit_button("修改密码", type="primary")
    if not sent:
        return
    if new != again:
        st.error("两次输入的新密码不一样。", icon=":material/error:")
        return
    act(
        lambda: deployment.access().accounts.change_own_password(who, old, new),
        lambda _: flash("密码已修改，请用新密码登录。"),
    )


def second_factor(who: Actor) -> None:
    """Draw how to turn on, or off, the code that a phone makes for one's own account."""
    access = deployment.access()
    if access.second_factor.is_on(who.account):
        st.markdown("登录时要输入手机上的动态口令。")
        if st.button("停用动态口令", key="factor-off", icon=":material/phonelink_erase:"):
            act(
                lambda: access.second_factor.turn_off(who, who.account),
                lambda _: flash("登录时不再要动态口令。"),
            )
        return
    st.markdown(
        "启用后，登录时除了密码，还要输入手机验证器应用（如 Microsoft Authenticator、"
        "微信小程序“腾讯身份验证器”）显示的六位数字。手机丢了，请其他管理员在**账号管理**里停用。"
    )
    secret = st.session_state.setdefault(state.NEW_FACTOR, access.second_factor.new_secret())
    st.markdown("在验证器里选“手动输入密钥”，输入：")
    st.code(secret, language=None)
    with st.form("factor", clear_on_submit=True, width=420):
        code = st.text_input("现在显示的六位数字", max_chars=10, autocomplete="one-time-code")
        sent = st.form_submit_button("启用动态口令")
    if not sent:
        return

    def done(_: object) -> None:
        del st.session_state[state.NEW_FACTOR]
        flash("动态口令已启用：下次登录要输入。")

    act(lambda: access.second_factor.turn_on(who, secret, code), done)
