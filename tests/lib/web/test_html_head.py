"""What is added to the head of Streamlit's page."""

from __future__ import annotations

import re

from lib import web


def test_the_head_holds_style_and_script():
    head = web.html_head("p {color: red}", "const a = 1;", "/plan")
    assert "<style>p {color: red}</style>" in head
    assert "const a = 1;" in head
    assert "BACKEND_BASE_URL" in head


def test_old_browsers_find_what_they_lack_under_the_servers_own_path():
    head = web.html_head("", "", "/plan")
    assert "/plan/polyfills/core-js.min.js" in head
    assert (web.POLYFILLS / "core-js.min.js").read_bytes().startswith(b"/**\n * core-js 3.")
    assert "__BASE__" not in head


def test_the_check_of_the_browser_is_in_the_syntax_of_2009():
    head = web.html_head("", "", "")
    check = head[head.index("<script>") : head.index("</script>\n")]
    assert not re.search(r"=>|\b(?:const|let|class [A-Z]\w* [^{])\b|`|\?\.", check)


def test_transpiled_scripts_need_less():
    as_they_are, older = web.html_head("", "", ""), web.html_head("", "", "", transpiled=True)
    assert '"false" === "true"' in as_they_are
    assert '"true" === "true"' in older
