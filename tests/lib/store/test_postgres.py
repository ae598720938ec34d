"""What only the database store has: its schema's versions, its errors in words, its rows."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from lib.cli.__main__ import main
from lib.store import Changes, Draft, StoreError, open_store
from lib.store.database import VERSION, Database
from lib.store.journal import Journal
from lib.store.tables import METADATA
from tests.lib.store.sending import LINE, evidence, send


@pytest.fixture
def url(server):
    return server.empty()


def name(url):
    return url.split("@/")[1].split("?")[0]


def refused(url):
    with pytest.raises(StoreError) as caught:
        open_store(url).stamp()
    return str(caught.value)


def test_an_empty_database_gets_the_schema_that_the_store_speaks_of(url):
    base = Database(url)
    assert open_store(url).submissions == []
    with base.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    base.engine.dispose()


def test_migrate_tells_what_it_did(capsys, url):
    assert main(["migrate", "--data", url]) == 0
    assert f"空 → {VERSION}" in capsys.readouterr().out
    assert main(["migrate", "--data", url, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"before": VERSION, "after": VERSION}


def test_another_programs_database_is_left_alone(capsys, server, url):
    server.run("CREATE TABLE theirs (a int)", name(url))
    assert "里有别的表" in refused(url)
    assert "migrate" in refused(url)
    assert main(["migrate", "--data", url]) == 0
    assert open_store(url).submissions == []


@pytest.mark.parametrize(("version", "told"), [("9999", "请升级本程序"), (None, "里有别的表")])
def test_a_schema_of_another_version_is_not_touched(capsys, server, url, version, told):
    Database(url).migrate()
    change = f"SET version_num = '{version}'" if version else None
    statement = f"UPDATE alembic_version {change}" if change else "DROP TABLE alembic_version"
    server.run(statement, name(url))
    assert told in refused(url)
    if version:
        assert main(["migrate", "--data", url]) == 1
        assert told in capsys.readouterr().err


def test_an_older_schema_asks_for_the_migration(monkeypatch, url):
    Database(url).migrate()
    monkeypatch.setattr("lib.store.database.VERSION", "0004")
    assert "结构是旧的（0003，需要 0004）" in refused(url)
    assert "python -m lib.cli migrate" in refused(url)


def test_a_missing_table_is_told(server, url):
    store = open_store(url)
    store.stamp()
    server.run("DROP TABLE report, plan_file, kept_file, change, submission, plan", name(url))
    with pytest.raises(StoreError, match=r"没有看板的表.*migrate"):
        store.stamp()


SECRET = "s3cret-密码"  # noqa: S105


@pytest.mark.parametrize(
    ("address", "told"),
    [
        (f"postgresql+psycopg://u:{SECRET}@127.0.0.1:1/plan", "连接被拒绝"),
        (f"postgresql+psycopg://u:{SECRET}@no-such-host.invalid/plan", "找不到这台主机"),
        (f"postgresql+psycopg://u:{SECRET}@/plan?host=/nowhere", "连接不上"),
        (f"postgresql+psycopg://u:{SECRET}@host:port/plan", "地址写得不对"),
    ],
)
def test_a_server_that_is_not_there_is_told_without_the_password(caplog, address, told):
    with pytest.raises(StoreError) as caught:
        open_store(address).submit(Draft("x", Changes.none(), evidence=[evidence()]))
    assert told in str(caught.value)
    seen = [str(caught.value)]
    error = caught.value.__cause__
    while error is not None:
        seen.append(str(error))
        error = error.__cause__
    assert SECRET not in "".join(seen) + caplog.text


def test_wrong_password_and_missing_database_and_rights(server, url):
    server.run("CREATE ROLE clerk LOGIN PASSWORD 'right'")
    hba = server.folder / "pg_hba.conf"
    rules = hba.read_text()
    hba.write_text(f"local all clerk scram-sha-256\n{rules}")
    server.run("SELECT pg_reload_conf()")
    try:
        assert "用户名或密码不对" in refused(server.url(name(url), "clerk", "wrong"))
        assert "没有写密码" in refused(server.url(name(url), "clerk"))
        assert "没有需要的权限" in refused(server.url(name(url), "clerk", "right"))
        assert "没有这个数据库" in refused(server.url("nowhere"))
    finally:
        hba.write_text(rules)
        server.run("SELECT pg_reload_conf()")


def test_the_commands_take_a_database(capsys, server, tmp_path):
    url = server.shipped()
    report = tmp_path / "十月.csv"
    head = "任务编号,月份,填报单位,指标,本月完成,累计完成率,进展说明\n"
    report.write_text(head + LINE.format(80), encoding="utf-8")
    assert main(["check", str(report), "--data", url]) == 0
    assert main(["submit", str(report), "--data", url, "--user", "张三"]) == 0
    assert "第1号" in capsys.readouterr().out
    assert main(["revert", "1", "--data", url, "--user", "张三"]) == 0
    capsys.readouterr()
    assert main(["history", "--data", url, "--format", "json"]) == 0
    assert [one["state"] for one in json.loads(capsys.readouterr().out)] == ["已撤销", "已生效"]
    assert main(["rebuild", "--data", url, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"revision": 2, "rows": 252}
    assert main(["figures", "--data", url, "--month", "2018-09"]) == 0
    there = json.loads(capsys.readouterr().out)
    assert main(["figures", "--data", "data", "--month", "2018-09"]) == 0
    assert there == json.loads(capsys.readouterr().out)


def test_a_lost_connection_is_told_and_the_next_one_works(server):
    url = server.shipped()
    store = open_store(url)
    seen = store.stamp()
    cut = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name(url)}'"  # noqa: S608
    server.run(cut)
    assert store.stamp() == seen  # the pool noticed

    def write():
        with store.database.writing("试验"):
            server.run(cut)
            store.stamp()

    with pytest.raises(StoreError, match=r"试验没有成功：.*(断了|关闭)"):
        write()
    assert store.stamp() == seen
    assert send(store, LINE.format(80)).revision == 1


def test_a_connection_lost_at_the_commit_leaves_it_open_what_happened(server):
    url = server.shipped()
    store = open_store(url)
    cut = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name(url)}'"  # noqa: S608

    def write():
        with store.database.writing("这次提交"):
            server.run(cut)

    with pytest.raises(StoreError, match="不能确定是否已经保存；请先看上报记录"):
        write()


def test_a_kept_file_that_was_altered_is_not_given_out(server):
    url = server.shipped()
    store = open_store(url)
    told = send(store, LINE.format(80))
    server.run(f"UPDATE kept_file SET content = 'x' WHERE sha256 = '{told.file_sha256}'", name(url))  # noqa: S608
    with pytest.raises(StoreError, match="校验值"):
        store.original(1)


def test_a_writer_that_waits_too_long_is_told(server, monkeypatch):
    url = server.shipped()
    monkeypatch.setattr("lib.store.database.LOCK_SECONDS", 1)
    other = Database(url)
    with other.writing("第一个") as connection:
        Journal(other, "").lock(connection)
        with pytest.raises(StoreError, match="其他人正在写入"):
            send(open_store(url), LINE.format(80))
    assert send(open_store(url), LINE.format(80)).revision == 1
    other.close()


def test_a_fault_of_the_database_is_told_by_its_number(server):
    url = server.shipped()
    store = open_store(url)
    server.run("ALTER TABLE report ADD CONSTRAINT never CHECK (note <> '走访')", name(url))
    with pytest.raises(StoreError, match="数据库报告错误 23514"):
        send(store, LINE.format(80))
    assert store.submissions == []


def test_text_that_the_database_cannot_hold_never_reaches_it(server):
    store = open_store(server.shipped())
    send(store, LINE.format(80), user="张\0三")
    assert [submission.user for submission in store.submissions] == ["张三"]


def test_reports_are_typed_columns_for_other_programs(server):
    url = server.shipped()
    send(open_store(url), LINE.format(80.5))
    rows = server.run(
        "SELECT cumulative_percent, quantity, reported_at FROM report"
        " WHERE month = '2018-10' AND unit = '妇联' AND task_id = '八-2'",
        name(url),
    )
    assert [row[:2] for row in rows] == [(80.5, None)]
    assert isinstance(rows[0][2], datetime)
