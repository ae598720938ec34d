"""Pages over a database: the same figures, and what a reader sees when it is not there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lib.store import StoreError
from lib.store.database import database
from lib.store.postgres import PostgresStore
from tests import postgres
from tests.pages.reading import open_app


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with postgres.server() as server:
        address = server.shipped()
        monkeypatch.setenv("PLAN_DATA_DIR", address)
        yield address
        database(address).engine.dispose()


def test_the_overview_says_the_same_over_a_database(url):
    app = open_app()
    assert not app.exception
    assert app.title[0].value.startswith("截至9月末总体略低于计划（完成65.9%，低1.0个百分点）")
    history = open_app("history")
    assert not history.exception


@pytest.mark.parametrize("page", ["overview", "report", "history"])
def test_a_database_that_is_not_there_is_told_without_its_password(monkeypatch, page):
    monkeypatch.setenv("PLAN_DATA_DIR", "postgresql+psycopg://u:s3cret@127.0.0.1:1/plan")
    app = open_app(page)
    assert app.title[0].value == "数据暂时读不到"
    assert "连接被拒绝" in app.error[0].value
    assert "s3cret" not in app.error[0].value
    assert not app.exception


def test_a_database_that_goes_while_a_page_is_drawn_is_told(url, monkeypatch):
    def gone(self: PostgresStore) -> None:
        raise StoreError("读取没有成功：与数据库的连接断了")

    monkeypatch.setattr(PostgresStore, "history", gone)
    app = open_app("history")
    assert not app.exception
    assert "数据暂时读不到" in [title.value for title in app.title]
    assert "恢复后本页会自动更新" in app.error[0].value


def test_the_help_is_there_without_a_database(monkeypatch):
    monkeypatch.setenv("PLAN_DATA_DIR", "postgresql+psycopg://u:s3cret@127.0.0.1:1/plan")
    app = open_app("help")
    assert not app.exception
    assert not app.error
