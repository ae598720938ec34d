"""Names of a plan are text: no widget of any page takes them for Markdown."""

from __future__ import annotations

import re

import pytest

from lib.ui.kit.navigation import PAGES
from tests.pages.reading import open_app

HOSTILE = "妇*联*![x](http://e.cn)$y$:smile:www.e.cn"
TITLE = "计划[点](http://e.cn)$z$"
# Signs that Markdown acts on, where no backslash takes their meaning away.
ACTING = re.compile(r"(?<!\\)(?:\*联|!\[x|\]\(http://e\.cn|\$[yz]|:smile)")
FIELDS = ("body", "label", "help", "placeholder", "value")
LITERAL = ("dataframe", "code", "text", "plotly_chart", "html", "json", "selectbox", "multiselect")
"""Kinds that show what they are given as it is; options and values of inputs are text as well."""


@pytest.fixture
def hostile(folder, monkeypatch):
    """A plan whose names try to be more than names."""
    for path in folder.glob("*.csv"):
        text = path.read_text(encoding="utf-8-sig").replace("妇联", HOSTILE)
        path.write_text(text, encoding="utf-8-sig")
    settings = folder / "settings.toml"
    lines = settings.read_text(encoding="utf-8").splitlines()
    lines = [f'title = "{TITLE}"' if line.startswith("title") else line for line in lines]
    settings.write_text("\n".join(lines) + "\n", encoding="utf-8")
    monkeypatch.setenv("PLAN_DATA_DIR", str(folder))
    return folder


def markdown_of(app):
    """Every text that a page gives to be read as Markdown, with the kind of its element."""
    waiting = [app._tree]
    while waiting:
        block = waiting.pop()
        for child in block.children.values():
            if hasattr(child, "children"):
                waiting.append(child)
                proto = getattr(child, "proto", None)
                yield "block", getattr(getattr(proto, "expandable", None), "label", "")
                continue
            if child.type in LITERAL:
                yield child.type, getattr(child, "label", "") or ""
                continue
            for name in FIELDS:
                text = getattr(child.proto, name, "")
                if isinstance(text, str) and (name != "value" or child.type == "metric"):
                    yield child.type, text


@pytest.mark.parametrize("page", list(PAGES))
def test_no_name_acts_as_markdown(hostile, page):
    app = open_app(page, month="2018-09")
    acting = [(kind, text) for kind, text in markdown_of(app) if ACTING.search(text)]
    assert not acting
