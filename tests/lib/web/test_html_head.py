"""What is added to the head of Streamlit's page."""

from __future__ import annotations

from lib import web


def test_the_head_holds_style_and_script():
    head = web.html_head("p {color: red}", "const a = 1;")
    assert "<style>p {color: red}</style>" in head
    assert "const a = 1;" in head
    assert "BACKEND_BASE_URL" in head
