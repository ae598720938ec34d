"""The sign-in page: plain HTML without script, in the colours of the app."""

from __future__ import annotations

from html import escape
from string import Template

_PAGE = Template("""<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>登录 · 工作计划看板</title>
<style>
:root { color-scheme: light dark; --page: #F3F5F9; --card: #FFFFFF; --text: #1B2430;
  --quiet: #525C6D; --line: #8A94A6; --main: #1F4E9E; --on-main: #FFFFFF;
  --bad: #A61E24; --bad-card: #FBE9E9; }
@media (prefers-color-scheme: dark) { :root { --page: #10161F; --card: #1A2330; --text: #E6EAF0;
  --quiet: #B6BFCE; --line: #6B788C; --main: #3B70D0; --on-main: #FFFFFF;
  --bad: #F59A98; --bad-card: #3D1D21; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem;
  background: var(--page); color: var(--text); line-height: 1.5;
  font-family: 'Microsoft YaHei', 'PingFang SC', 'Noto Sans CJK SC', 'Source Han Sans SC', sans-serif; }
main { width: 100%; max-width: 24rem; padding: 2rem; background: var(--card);
  border: 1px solid color-mix(in srgb, var(--line) 40%, transparent); border-radius: .5rem; }
h1 { margin: 0 0 .25rem; font-size: 1.5rem; }
p { margin: 0 0 1.25rem; color: var(--quiet); }
p.fault { padding: .625rem .75rem; color: var(--bad); background: var(--bad-card);
  border-radius: .25rem; }
label { display: block; margin-bottom: 1rem; }
input { display: block; width: 100%; margin-top: .25rem; padding: .625rem .75rem; font: inherit;
  color: inherit; background: var(--page); border: 1px solid var(--line); border-radius: .25rem; }
button { width: 100%; padding: .625rem; font: inherit; font-weight: 600; color: var(--on-main);
  background: var(--main); border: 0; border-radius: .25rem; cursor: pointer; }
input:focus-visible, button:focus-visible { outline: 2px solid var(--main); outline-offset: 1px; }
small { display: block; margin-top: 1rem; color: var(--quiet); }
</style>
</head>
<body>
<main>
<h1>登录</h1>
<p>工作计划看板</p>
$notice
<form method="post" action="$action">
<input type="hidden" name="token" value="$token">
<input type="hidden" name="next" value="$next_page">
<label>账号
<input name="login" autocomplete="username" autocapitalize="none" spellcheck="false"
 maxlength="60" required autofocus></label>
<label>密码
<input name="password" type="password" autocomplete="current-password" maxlength="200" required></label>
<button type="submit">登录</button>
</form>
<small>没有账号或忘记密码，请联系管理员。</small>
</main>
</body>
</html>
""")


def sign_in_page(action: str, next_page: str, token: str, fault: str = "") -> str:
    """Return the page: ``action`` is where the form goes, ``next_page`` the path to go on to."""
    notice = f'<p class="fault" role="alert">{escape(fault)}</p>' if fault else ""
    return _PAGE.substitute(
        action=escape(action), next_page=escape(next_page), token=escape(token), notice=notice
    )
