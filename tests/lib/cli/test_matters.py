"""``matters``: the circle from the command line."""

from __future__ import annotations

import json

import pytest
from icalendar import Calendar

from lib.cli.__main__ import main


@pytest.fixture
def run(capsys, folder):
    def call(*arguments):
        code = main(["matters", *arguments, "--data", str(folder)])
        seen = capsys.readouterr()
        return code, seen.out, seen.err

    return call


ADD = ("add", "完成劳务协作站选址", "--lead", "妇联", "--support", "区农业局", "--due", "2018/9/30")
FROM = ("--source", "会议", "--origin", "联席会议第三次会议", "--task", "八-2", "--user", "李主任")


def test_the_circle(run, folder, tmp_path):
    code, out, _ = run("list")
    assert (code, out) == (0, "没有督办事项\n")
    code, out, _ = run(*ADD, *FROM)
    assert (code, out) == (0, "事项〔2018〕1号 立项，现在是待签收，记为第1号\n")
    number = "事项〔2018〕1号"
    code, out, _ = run("do", number, "签收", "--user", "张三", "--unit", "妇联")
    assert "现在是办理中" in out
    code, _, err = run("do", number, "核实销号", "--user", "李主任", "--way", "电话")
    assert code == 1
    assert "现在是办理中，不能核实销号（应为：待核实时）" in err
    code, out, _ = run("--late", "--format", "json")
    (record,) = json.loads(out)
    assert (record["lead"], record["support"], record["due"]) == (
        "妇联",
        ["区农业局"],
        "2018-09-30",
    )
    assert record["days_late"] > 2000
    assert [step["act"] for step in record["steps"]] == ["立项", "签收"]
    assert run("calendar", str(tmp_path / "a.ics"))[0] == 0
    (event,) = Calendar.from_ical((tmp_path / "a.ics").read_bytes()).walk("VEVENT")
    assert str(event["summary"]) == "妇联：完成劳务协作站选址"
    assert f"{event['dtstart'].dt}" == "2018-09-30"
    run("do", number, "反馈", "--words", "已选定", "--user", "张三")
    _, out, _ = run(
        "do", number, "核实销号", "--user", "李主任", "--way", "现场", "--format", "json"
    )
    assert json.loads(out)["state"] == "已销号"
    assert "逾期" not in run("list", "--unit", "区农业局")[1]
    assert run("list", "--unit", "区教育局")[1] == "没有督办事项\n"


def test_a_wrong_date_is_named(run):
    code, _, err = run(*ADD[:-1], "月底", *FROM)
    assert code == 1
    assert "不是日期（应为：日期，如 2018-10-31）" in err


def test_tasks_are_verified_and_extended(run, rewrite, capsys, folder):
    code, _, err = run("task", "八-1", "核实通过", "--way", "现场", "--user", "李主任")
    assert (code, "没有要求核实" in err) == (1, True)
    rewrite("settings.toml", "verify = false", "verify = true")
    assert "已报完成、待核实：八-1" in run("waiting")[1]
    code, out, _ = run("task", "八-1", "核实通过", "--way", "现场", "--user", "李主任")
    assert (code, "李主任 核实通过（现场），记为第" in out) == (0, True)
    assert "已报完成、待核实：八-1" not in run("waiting")[1]
    code, _, err = run("task", "二-2", "申请延期", "--due", "2018-12-15", "--user", "张三")
    assert (code, "不能为空" in err) == (1, True)
    ask = ("--words", "土地未批", "--due", "2018-12-15", "--user", "张三", "--unit")
    assert "不是这个任务的责任单位" in run("task", "二-2", "申请延期", *ask, "妇联")[2]
    assert run("task", "二-2", "申请延期", *ask, "区农业局")[0] == 0
    (listed,) = json.loads(run("waiting", "--format", "json")[1])
    assert [step["act"] for step in listed["steps"]] == ["核实通过", "申请延期"]
    earned = []
    for more in ((), ("--verified-only",)):
        assert main(["figures", "--data", str(folder), *more]) == 0
        earned.append(json.loads(capsys.readouterr().out)[0])
    assert earned[0]["completed"] == earned[1]["completed"] == 1
    assert earned[0]["earned_value"] > earned[1]["earned_value"]
    # a wrong row is named, and figures go on
    path = folder / "matters.csv"
    path.write_text(path.read_text("utf-8-sig") + ",核实,,张三\n", encoding="utf-8-sig")
    code, _, err = run("waiting")
    assert (code, "matters.csv 第4行「环节」列" in err) == (1, True)
    assert main(["figures", "--data", str(folder)]) == 0
