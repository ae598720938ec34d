"""Streamlit's own words in Chinese: the table is held against the installed version."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import streamlit

from lib.ui.frame import server

TABLE = json.loads((Path(server.__file__).parent / "words.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def scripts():
    folder = Path(streamlit.__file__).parent / "static" / "static" / "js"
    return "".join(path.read_text("utf-8") for path in folder.glob("*.js"))


def test_every_english_word_of_the_table_is_still_one_of_streamlits(scripts):
    gone = [words for words in TABLE["exact"] if words not in scripts]
    assert gone == []


def test_every_word_is_put_in_chinese():
    words = [*TABLE["exact"].values(), *(text for _, text in TABLE["patterns"] if text)]
    assert [text for text in words if not any("一" <= letter <= "鿿" for letter in text)] == []


def test_the_page_carries_the_table():
    head = server.head()
    assert "跳到正文" in head
    assert "__WORDS__" not in head
