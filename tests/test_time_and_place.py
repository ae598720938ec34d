"""Wherever it stands: another zone, no locale, a folder with a Chinese name, a second one beside it."""

from __future__ import annotations

import shutil
import subprocess
import sys

import httpx2
import pytest

from lib.cli.__main__ import main
from lib.store import open_store, rules
from tests.browser import harness
from tests.conftest import ROOT
from tests.lib.store.sending import LINE, send

BARE = {"LC_ALL": "C", "LANG": "", "TZ": "America/New_York"}


def run(*arguments, **environment):
    """What a Python of a bare container prints."""
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, env={**BARE, **environment}
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def test_the_server_tells_the_offices_time():
    ask = "import app, datetime; print(datetime.datetime.now().astimezone().utcoffset())"
    assert run("-c", ask).strip() == "8:00:00"


def test_a_report_bears_the_offices_time_and_no_locale_is_needed(folder, tmp_path):
    place = folder.rename(tmp_path / "王主任 的数据")
    file = tmp_path / "妇联 九月.csv"
    file.write_text("任务编号,月份,累计完成率,进展说明\n八-2,10月,88,走访\n", encoding="utf-8")
    run(
        "-m",
        "lib.cli",
        "submit",
        str(file),
        "--data",
        str(place),
        "--unit",
        "妇联",
        "--user",
        "张三",
    )
    (submission,) = open_store(place).submissions
    assert submission.user == "张三"
    assert submission.time.endswith("+08:00")


def test_a_wrong_zone_stops_a_command(monkeypatch, capsys):
    monkeypatch.setenv("PLAN_TIME_ZONE", "北京")
    assert main(["figures"]) == 2
    assert "没有「北京」这个时区" in capsys.readouterr().err


def test_a_clock_that_is_set_back_changes_no_order(folder, monkeypatch):
    store = open_store(folder)
    send(store, LINE.format(80))

    class SetBack(rules.datetime):
        @classmethod
        def now(cls, tz=None):
            return cls(2001, 1, 1, tzinfo=tz)

    monkeypatch.setattr(rules, "datetime", SetBack)
    send(store, LINE.format(85))
    assert [entry.revision for entry in store.submissions][-2:] == [1, 2]
    assert store.submissions[-1].time.startswith("2001-01-01")
    lines = (folder / "progress.csv").read_text(encoding="utf-8-sig").splitlines()
    reported = [line for line in lines if line.startswith("八-2,2018-10,")]
    assert ["85" in line for line in reported] == [True]


@pytest.mark.slow
def test_two_stand_side_by_side_in_folders_with_chinese_names(folder, tmp_path):
    places = [tmp_path / "王主任 的数据", tmp_path / "紫阳县（二）"]
    for place, title in zip(places, ("甲计划", "乙计划"), strict=True):
        shutil.copytree(folder, place)
        settings = place / "settings.toml"
        text = settings.read_text(encoding="utf-8")
        settings.write_text(text.replace('title = "', f'title = "{title}'), encoding="utf-8")
    with (
        harness.running_app(places[0], tmp_path / "1.log", environment=BARE) as first,
        harness.running_app(places[1], tmp_path / "2.log", environment=BARE) as second,
    ):
        for address, title in ((first, "甲计划"), (second, "乙计划")):
            assert title in httpx2.get(f"{address}/plain?month=2018-09").text
