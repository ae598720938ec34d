"""我的账号: role and units, one's own password."""

from lib.access import Mode, Role
from lib.ui.frame import signing
from lib.ui.kit import deployment, navigation, session
from lib.ui.kit.acting import show_flash
from lib.ui.kit.elements import note, page_title, plain, subheading

navigation.framed()
who = session.actor()
page_title(f"我的账号：{who.name}，{who.role}")
show_flash()
if who.units:
    note(plain(f"可以填报：{'、'.join(who.units)}"))
if deployment.access().mode is Mode.OIDC:
    note("密码由统一身份认证管理。")
else:
    subheading("修改密码")
    signing.change_password(who)
    if who.role is Role.ADMIN and who.account:
        subheading("动态口令")
        signing.second_factor(who)
