"""Pages over a database: the same figures, and what a reader sees when it is not there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lib.store import PlanStore, StoreError, open_store
from lib.store.database import database
from tests import postgres
from tests.lib.store.sending import LINE, send
from tests.pages.reading import open_app
from tests.people import access_to, with_people


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
    def gone(self: PlanStore) -> None:
        raise StoreError("读取没有成功：与数据库的连接断了")

    monkeypatch.setattr(PlanStore, "history", gone)
    app = open_app("history")
    assert not app.exception
    assert "数据暂时读不到" in [title.value for title in app.title]
    assert "恢复后本页会自动更新" in app.error[0].value


def test_the_help_is_there_without_a_database(monkeypatch):
    monkeypatch.setenv("PLAN_DATA_DIR", "postgresql+psycopg://u:s3cret@127.0.0.1:1/plan")
    app = open_app("help")
    assert not app.exception
    assert not app.error


def test_figures_stay_where_the_journal_is_damaged_and_no_history_is_shown(folder, monkeypatch):
    send(open_store(folder), LINE.format(80))
    whole = open_store(folder).stamp()
    (folder / "journal.db").write_bytes(b"no database" * 500)
    monkeypatch.setenv("PLAN_DATA_DIR", str(folder))
    app = open_app()
    assert not app.exception
    assert app.title[0].value.startswith("截至")
    assert "journal.db" in app.error[0].value
    assert "以下按 CSV 文件计算" in app.error[0].value
    for page in ("categories", "units", "gantt"):
        shown = open_app(page)
        assert not shown.exception
        assert "journal.db" in shown.error[0].value
    history = open_app("history")
    assert not history.exception
    assert "journal.db" in "".join(error.value for error in history.error)
    assert "还没有" not in "".join(info.value for info in history.info)
    assert open_store(folder).stamp() != whole


def test_a_data_folder_on_a_network_share_is_told_to_whoever_looks_after_it(folder, monkeypatch):
    monkeypatch.setenv("PLAN_DATA_DIR", str(folder))
    assert not open_app("history").warning
    monkeypatch.setattr("lib.store.store.network_share", lambda _: "cifs")
    (told,) = open_app("history").warning
    assert "网络共享上（cifs）" in told.value
    assert "本机磁盘" in told.value
    with_people(access_to(folder))
    assert not open_app("history").warning
