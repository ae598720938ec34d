"""账号管理: who has an account, new ones, roles and units, and the audit trail."""

import streamlit as st

from lib.ui import accounts
from lib.ui.kit import deployment, navigation, session
from lib.ui.kit.acting import show_flash
from lib.ui.kit.elements import page_title

navigation.framed()
everyone = deployment.access().accounts.list(session.actor())
active = sum(not account.disabled for account in everyone)
page_title(f"账号管理：{len(everyone)}个账号，{active}个可以使用")
show_flash()
accounts.show_initial_password()
part = st.segmented_control(
    "账号管理",
    ["账号清单", "新增账号", "修改账号", "令牌", "审计记录"],
    default="账号清单",
    required=True,
    key="accounts-part",
    label_visibility="collapsed",
)
if part == "账号清单":
    accounts.account_list(everyone)
elif part == "新增账号":
    accounts.add()
elif part == "修改账号":
    accounts.change(everyone)
elif part == "令牌":
    accounts.tokens(everyone)
else:
    accounts.audit()
