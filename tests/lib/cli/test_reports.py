"""The command line for reports: the interfaces that scripts rely on."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from lib.cli.__main__ import main
from tests.conftest import ROOT

CSV = "任务编号,月份,填报单位,指标,本月完成,累计完成率,进展说明\n"
GOOD = CSV + "八-2,2018-10,妇联,,,80,走访\n"
BAD = CSV + "八-9,2018-10,妇联,,,80,走访\n"


@pytest.fixture
def file(tmp_path):
    def write(content, name="十月.csv"):
        path = tmp_path / name
        path.write_bytes(content.encode("gbk"))
        return str(path)

    return write


def run(capsys, *arguments):
    try:
        code = main([str(argument) for argument in arguments])
    except SystemExit as stopped:
        code = stopped.code
    seen = capsys.readouterr()
    return code, seen.out, seen.err


def test_check_lists_findings_as_json_and_writes_nothing(capsys, folder, file):
    code, out, _ = run(capsys, "check", file(BAD), "--data", folder, "--format", "json")
    assert code == 1
    (finding,) = json.loads(out)
    assert list(finding) == ["row", "column", "value", "problem", "fix", "severity"]
    assert (finding["row"], finding["column"], finding["value"]) == (2, "任务编号", "八-9")
    assert finding["severity"] == "error"
    assert "八-2" in finding["fix"] or "八-1" in finding["fix"]
    code, out, _ = run(capsys, "check", file(GOOD), "--data", folder, "--format", "json")
    assert (code, json.loads(out)) == (0, [])
    assert not list(folder.glob("journal*"))


def test_submit_history_revert_rebuild(capsys, folder, file):
    before = (folder / "progress.csv").read_bytes()
    code, out, _ = run(capsys, "submit", file(GOOD), "--data", folder, "--user", "张三")
    assert code == 0
    assert "已提交为第1号：新增1行" in out
    code, out, _ = run(capsys, "history", "--data", folder, "--format", "json")
    (entry,) = json.loads(out)
    assert {"revision", "user", "time", "rows", "kind"} <= set(entry)
    assert (entry["revision"], entry["user"], entry["rows"], entry["kind"]) == (
        1,
        "张三",
        1,
        "填报",
    )
    code, out, _ = run(capsys, "submit", file(GOOD), "--data", folder, "--user", "张三")
    assert (code, "没有变化" in out) == (0, True)
    code, out, _ = run(capsys, "revert", "1", "--data", folder, "--user", "李四")
    assert (code, "记为第2号" in out) == (0, True)
    (folder / "progress.csv").unlink()
    code, out, _ = run(capsys, "rebuild", "--data", folder, "--format", "json")
    assert (code, json.loads(out)) == (0, {"revision": 2, "rows": 252})
    assert len((folder / "progress.csv").read_bytes()) == len(before)
    code, _, err = run(capsys, "revert", "1", "--data", folder, "--user", "李四")
    assert (code, "已撤销" in err) == (1, True)


def test_a_file_with_errors_is_submitted_for_its_good_rows_only_when_asked(capsys, folder, file):
    mixed = file(GOOD + "八-9,2018-10,妇联,,,80,走访\n")
    arguments = ("submit", mixed, "--data", folder, "--user", "张三")
    code, out, _ = run(capsys, *arguments)
    assert (code, "八-9" in out) == (1, True)
    assert not list(folder.glob("journal*"))
    code, out, _ = run(capsys, *arguments, "--good-rows")
    assert (code, "已提交为第1号" in out) == (1, True)


def test_a_fall_needs_a_reason(capsys, folder, file):
    down = file(CSV + "一-1,2018-10,区党政办,,,10,\n")
    code, _, err = run(capsys, "submit", down, "--data", folder, "--user", "张三")
    assert (code, "--reason" in err) == (1, True)
    code, _, _ = run(
        capsys, "submit", down, "--data", folder, "--user", "张三", "--reason", "上月有误"
    )
    assert code == 0
    _, out, _ = run(capsys, "history", "--data", folder, "--format", "json")
    assert json.loads(out)[0]["reason"] == "上月有误"


def test_a_column_that_is_not_read_is_confirmed_by_good_rows_or_a_reason(capsys, folder, file):
    left_out = file(CSV.replace("进展说明", "工作情况") + "八-2,2018-10,妇联,,,80,走访\n")
    arguments = ("submit", left_out, "--data", folder, "--user", "张三")
    code, out, err = run(capsys, *arguments)
    assert (code, "--good-rows" in err, "是不是「进展说明」" in out) == (1, True, True)
    assert run(capsys, *arguments, "--good-rows")[0] == 0


def test_check_writes_the_marked_copy(capsys, folder, file, tmp_path):
    marked = tmp_path / "标出.csv"
    code, _, _ = run(capsys, "check", file(BAD), "--data", folder, "--marked", marked)
    assert code == 1
    assert "计划中没有这个任务" in marked.read_text("utf-8-sig")
    code, _, err = run(capsys, "check", file("%PDF-1.7"), "--data", folder, "--marked", marked)
    assert (code, "没有可以标注的内容" in err) == (1, True)


def test_a_data_folder_with_text_that_cannot_be_kept_opens_and_mends_itself(
    capsys, folder, rewrite, file
):
    assert run(capsys, "submit", file(GOOD), "--data", folder, "--user", "张三")[0] == 0
    path = folder / "progress.csv"
    path.write_bytes(path.read_bytes().replace("走访".encode(), "走\0访\v\uffff谈".encode(), 1))
    code, _, err = run(capsys, "check", file(GOOD), "--data", folder)
    assert code == 0, err
    assert run(capsys, "rebuild", "--data", folder)[0] == 0
    assert b"\0" not in path.read_bytes()


@pytest.mark.parametrize(
    "arguments",
    [
        ["check"],
        ["check", "没有这个文件.csv"],
        ["submit", "FILE"],
        ["check", "FILE", "--data", "没有这个目录"],
        ["check", "FILE", "--unit", "没有这个单位"],
        ["check", "FILE", "--month", "十月"],
        ["revert", "x", "--user", "张三"],
        ["revert", "1"],
        ["history", "--format", "xml"],
    ],
)
def test_wrong_use_is_exit_code_2(capsys, folder, file, arguments):
    arguments = [file(GOOD) if name == "FILE" else name for name in arguments]
    if "--data" not in arguments:
        arguments += ["--data", str(folder)]
    code, _, err = run(capsys, *arguments)
    assert code == 2
    assert err


def test_a_unit_stands_for_rows_without_one(capsys, folder, file):
    content = "任务编号,月份,累计完成率\n八-2,10月,80\n"
    code, out, _ = run(capsys, "check", file(content), "--data", folder)
    assert (code, "缺少这一列" in out) == (1, True)
    code, _, _ = run(capsys, "check", file(content), "--data", folder, "--unit", "区妇联")
    assert code == 0


def test_a_broken_progress_file_is_told_by_cell(capsys, folder, rewrite, file):
    rewrite("progress.csv", "合作对接会,0,", "合作对接会,很多,")
    code, _, err = run(capsys, "submit", file(GOOD), "--data", folder, "--user", "张三")
    assert code == 1
    assert "progress.csv" in err
    assert "很多" in err


def test_the_module_runs_as_a_program(folder, file):
    command = [sys.executable, "-m", "lib.cli", "check", file(BAD), "--data", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 1
    assert "计划中没有这个任务" in done.stdout.decode()
