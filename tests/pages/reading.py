"""A page opened in Streamlit's test runner, and what it says, read back from the text it is."""

from __future__ import annotations

import re
from html import unescape

import pandas as pd
from streamlit.testing.v1 import AppTest

from tests.conftest import ROOT


def open_app(page: str = "overview", **query: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    if page != "overview":
        app.switch_page(f"pages/{page}.py")
    app.run()
    assert not app.exception
    return app


def plain(html: str) -> str:
    """The words of some HTML, as they stand one after the other."""
    return unescape(re.sub(r"<[^>]+>", " ", html)).replace("\u00a0", " ")


def read(text: str) -> str:
    """Text of Markdown as it is read: without what takes the meaning of signs away."""
    return re.sub(r"\\(.)|\u2060", r"\1", text)


def downloads(app: AppTest) -> list[str]:
    """What the page offers to download."""
    return [read(button.proto.label) for button in app.get("download_button")]


def rows(app: AppTest, name: str) -> list[str]:
    """The words of each row of a class in the page's lists: task-row, gap-row, gantt-row …"""
    html = "".join(element.proto.body for element in app.get("html"))
    parts = re.split(rf'<(?:a|div) class="{name}(?= |")', html)[1:]
    return [" ".join(plain("<i " + part).split()) for part in parts]


def words(app: AppTest) -> str:
    """All text a viewer sees, in order."""
    kinds = (
        "title",
        "header",
        "subheader",
        "markdown",
        "caption",
        "info",
        "warning",
        "error",
        "success",
    )
    texts = [str(element.value) for kind in kinds for element in app.get(kind)]
    texts += [plain(html.proto.body) for html in app.get("html")]
    return "\n".join([*texts, *(link.proto.label for link in app.get("page_link"))])


def word_tables(app: AppTest) -> list[pd.DataFrame]:
    """The page's tables of words, with their heads."""
    tables = []
    for one in app.markdown:
        lines = [line for line in one.value.splitlines() if line.startswith("|")]
        if len(lines) > 2 and re.fullmatch(r"[|\s:-]+", lines[1]):
            cells = [read(line)[2:-2].split(" | ") for line in lines]
            tables.append(pd.DataFrame(cells[2:], columns=cells[0]))
    return tables


def facts(app: AppTest) -> pd.Series:
    """The first table of facts, by what they are about."""
    return word_tables(app)[0].set_index("项目")["内容"]
