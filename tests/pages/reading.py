"""A page opened in Streamlit's test runner, and what it says, read back from the text it is."""

from __future__ import annotations

import re

import pandas as pd
from streamlit.testing.v1 import AppTest

from tests.conftest import ROOT

_BADGE = re.compile(r":\w+-badge\[(?:[↑↓] )?(.*)\]")


def open_app(page: str = "overview", **query: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    if page != "overview":
        app.switch_page(f"pages/{page}.py").run()
    assert not app.exception
    return app


def words(app: AppTest) -> str:
    """All text a viewer sees, in order."""
    kinds = ("title", "subheader", "markdown", "caption", "info", "warning", "error", "success")
    texts = [str(element.value) for kind in kinds for element in app.get(kind)]
    return "\n".join([*texts, *(link.proto.label for link in app.get("page_link"))])


def tiles(app: AppTest) -> dict[str, tuple[str, str]]:
    """The overview's tiles: name to figure and change since the month before."""
    return {
        name.split("　")[0]: (figure.strip("*"), _BADGE.sub(r"\1", change))
        for table in word_tables(app)
        if table.columns[0] == "指标"
        for name, figure, change in table.itertuples(index=False)
    }


def word_tables(app: AppTest) -> list[pd.DataFrame]:
    """The page's tables of words, with their heads."""
    tables = []
    for one in app.markdown:
        lines = [line for line in one.value.splitlines() if line.startswith("|")]
        if len(lines) > 2 and re.fullmatch(r"[|\s:-]+", lines[1]):
            cells = [re.sub(r"\\(.)", r"\1", line)[2:-2].split(" | ") for line in lines]
            tables.append(pd.DataFrame(cells[2:], columns=cells[0]))
    return tables


def facts(app: AppTest) -> pd.Series:
    """The first table of facts, by what they are about."""
    return word_tables(app)[0].set_index("项目")["内容"]
