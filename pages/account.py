"""我的账号: role and units, one's own password."""

import streamlit as st

from lib.access import Mode, Role
from lib.ui.frame import signing
from lib.ui.kit import deployment, navigation, session
from lib.ui.kit.acting import show_flash
from lib.ui.kit.elements import note

navigation.framed()
who = session.actor()
st.title(f"我的账号：{who.name}，{who.role}", anchor=False)
show_flash()
if who.units:
    note(f"可以填报：{'、'.join(who.units)}")
if deployment.access().mode is Mode.OIDC:
    note("密码由统一身份认证管理。")
else:
    st.subheader("修改密码", anchor=False)
    signing.change_password(who)
    if who.role is Role.ADMIN and who.account:
        st.subheader("动态口令", anchor=False)
        signing.second_factor(who)
