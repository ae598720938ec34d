"""``python -m lib.cli plan``: read, check, import, list."""

from __future__ import annotations

import json
import shutil
import tomllib

import pytest

from lib.access.config import Mode, load
from lib.cli.__main__ import main
from lib.store import open_store, plan_names
from tests.conftest import ROOT

FIXTURES = ROOT / "tests" / "fixtures"
PLAN_2018 = str(FIXTURES / "plan-2018.txt")
PLAN_2019 = str(FIXTURES / "plans" / "2019-libreoffice.docx")


@pytest.fixture
def run(folder, capsys):
    def call(*arguments, data=True):
        code = main([*arguments, *(["--data", str(folder)] if data else [])])
        out = capsys.readouterr()
        return code, out.out, out.err

    return call


def test_a_dry_run_prints_the_tasks_and_writes_nothing(run, folder):
    code, out, _ = run(
        "plan", "import", PLAN_2018, "--year", "2018", "--dry-run", "--format", "json"
    )
    assert code == 0
    rows = json.loads(out)
    assert len(rows) == 29
    assert [row["source"] for row in rows].count("分解表") == 22
    assert rows[1] == {
        "task_id": "二-1",
        "category": "产业帮扶",
        "text": (
            "1．组织10家以上农业企业赴紫阳县对接合作资源，"
            "进一步探索林、果等农产品深加工，中草药种植项目合作。"
        ),
        "units": ["区农业局"],
        "window": "4～11月",
        "start": "2018-04",
        "end": "2018-11",
        "source": "分解表",
        "leader": "",
        "note": "",
        "milestones": [],
        "targets": [
            {"indicator": "农业企业", "op": ">=", "value": 10.0, "upper": None, "unit": "家"}
        ],
        "doubts": [],
    }
    assert not list(folder.glob("journal*"))


def test_a_dry_run_in_words_tells_doubts_and_differences(run):
    code, out, _ = run("plan", "import", PLAN_2019, "--dry-run")
    assert code == 0
    assert "疑问6处" in out
    assert "数量不一致：正文不少于12家，分解表不少于10家（产业合作）" in out


def test_doubts_keep_a_plan_out_until_they_are_accepted(run, folder):
    command = ("plan", "import", PLAN_2019, "--plan", "2019", "--user", "张三")
    code, _, err = run(*command)
    assert code == 1
    assert "择" not in err
    assert "适时开展" in err
    assert "--accept-doubts" in err
    assert plan_names(folder) == []
    code, out, _ = run(*command, "--accept-doubts")
    assert code == 0
    assert "已导入为第1号：6项任务，6个指标" in out
    code, out, _ = run("plan", "list", "--format", "json")
    assert [(plan["plan"], plan["year"], plan["tasks"]) for plan in json.loads(out)] == [
        ("", 2018, 29),
        ("2019", 2019, 6),
    ]
    assert "2019年东西部协作工作计划" in run("plan", "list")[1]


def test_an_import_that_changes_the_title_leaves_the_rest_of_the_settings(run, folder, rewrite):
    rewrite("settings.toml", "[plan]", '# 要登录\n[access]\nmode = "accounts" # 账户\n\n[plan]')
    before = (folder / "settings.toml").read_bytes()
    title = tomllib.loads(before.decode())["plan"]["title"]
    code, _, err = run("plan", "import", PLAN_2018, "--user", "张三", "--title", "换了的标题")
    assert (code, err) == (0, "")
    after = (folder / "settings.toml").read_bytes()
    assert after == before.replace(title.encode(), "换了的标题".encode())
    assert load(folder, {}).mode is Mode.ACCOUNTS
    code, out, _ = run("history", "--format", "json")
    submission = json.loads(out)[0]
    assert submission["reason"] == "任务没有变化；标题有变化"
    assert open_store(folder).history()[-1].details["changes"] == [
        {"变化": "设置", "任务编号": "", "内容": f"标题：{title} → 换了的标题"}
    ]


def test_the_other_commands_take_the_plans_name(run, folder):
    run("plan", "import", PLAN_2019, "--plan", "2019", "--user", "张三", "--accept-doubts")
    code, out, _ = run("figures", "--plan", "2019")
    assert (code, json.loads(out)[0]["tasks"]) == (0, 5)
    code, out, _ = run("history", "--plan", "2019", "--format", "json")
    assert [entry["kind"] for entry in json.loads(out)] == ["计划调整"]
    code, _, err = run("figures", "--plan", "2020")
    assert code == 2
    assert "没有计划「2020」（2019）" in err


def test_an_import_as_json(run):
    command = ("plan", "import", PLAN_2019, "--plan", "2019", "--user", "张三", "--accept-doubts")
    code, out, _ = run(*command, "--format", "json")
    assert code == 0
    assert json.loads(out)["kind"] == "计划调整"


def test_reports_that_do_not_fit_are_removed_only_when_asked(run, folder, tmp_path):
    text = (FIXTURES / "plan-2018.txt").read_text(encoding="utf-8")
    revised = tmp_path / "revised.txt"
    revised.write_text(text.replace("不少于1次", "不少于2次"), encoding="utf-8")
    command = ("plan", "import", str(revised), "--user", "张三", "--accept-doubts")
    code, _, _ = run(*command)
    assert code == 0, "a number that changes keeps the indicator's name, so the reports fit"
    store = open_store(folder)
    targets = store.dataset().targets
    assert targets.loc[targets["task_id"] == "三-2", "target"].tolist() == [2]
    gone = text.replace("\t9月\n", "\t9月\n").replace("2．组织2次医疗卫生", "2．组织医疗卫生")
    revised.write_text(gone, encoding="utf-8")
    code, _, err = run(*command)
    assert code == 1
    assert "五-2" in err
    code, _, _ = run(*command, "--remove-reports")
    assert code == 0
    assert "五-2" not in set(store.dataset().targets["task_id"])


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["nothing.docx", "--dry-run"], 2, "无法读取"),
        ([PLAN_2018], 2, "--user"),
        ([str(FIXTURES / "plans" / "2019-libreoffice.doc"), "--dry-run"], 1, "另存为"),
        ([PLAN_2019, "--user", "张三", "--accept-doubts"], 1, "另存为新计划"),
        ([PLAN_2018, "--user", "张三"], 1, "没有变化"),
        ([PLAN_2019, "--plan", "a/b", "--dry-run"], 1, "不能用"),
    ],
)
def test_wrong_use_and_refusals(run, arguments, code, message, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda program: None)  # no LibreOffice
    result, _, err = run("plan", "import", *arguments)
    assert result == code
    assert message in err


def test_figures_against_the_baseline(run, folder, tmp_path):
    text = (FIXTURES / "plan-2018.txt").read_text(encoding="utf-8")
    revised = tmp_path / "revised.txt"
    revised.write_text(text.replace("\t6～8月\n", "\t6～10月\n"), encoding="utf-8")
    assert run("plan", "import", str(revised), "--user", "张三", "--accept-doubts")[0] == 0
    now = json.loads(run("figures", "--month", "2018-09")[1])[0]
    first = json.loads(run("figures", "--month", "2018-09", "--baseline")[1])[0]
    assert (now["overdue"], first["overdue"]) == (1, 2)


def test_reconcile_gives_both_quotations(run):
    code, out, _ = run("plan", "reconcile", PLAN_2018, "--format", "json", data=False)
    assert code == 0
    assert [entry["kind"] for entry in json.loads(out)] == ["正文有，分解表没有"] * 7
    _, out, _ = run("plan", "reconcile", PLAN_2019, data=False)
    assert "正文：东湖区引导12家以上企业到青川县考察。" in out
    assert "分解表：引导10家以上企业到青川县考察。" in out


def test_a_year_that_is_none_is_wrong_use(run):
    with pytest.raises(SystemExit) as raised:
        run("plan", "import", PLAN_2018, "--year", "18", "--dry-run")
    assert raised.value.code == 2


def test_a_dry_run_needs_no_data_folder(capsys, tmp_path):
    code = main(
        [
            "plan",
            "import",
            PLAN_2018,
            "--dry-run",
            "--data",
            str(tmp_path / "x"),
            "--format",
            "json",
        ]
    )
    assert code == 0
    assert len(json.loads(capsys.readouterr().out)) == 29


def test_columns_are_told_and_a_report_is_written(run, tmp_path):
    document = tmp_path / "清单.csv"
    document.write_text("攻坚点,包抓,几时\n修复水毁路段,县交通局,另行通知\n", encoding="utf-8")
    code, _, err = run("plan", "import", str(document), "--year", "2020", "--dry-run")
    assert code == 1
    assert "攻坚点、包抓、几时" in err
    assert "--columns" in err
    told = "攻坚点=工作计划主要内容，包抓=责任单位，几时=计划完成时间"
    report = tmp_path / "report.json"
    code, out, _ = run(
        *("plan", "import", str(document), "--year", "2020", "--dry-run", "--format", "json"),
        *("--columns", told, "--report", str(report)),
    )
    assert code == 0
    (task,) = json.loads(out)
    assert (task["text"], task["units"]) == ("修复水毁路段", ["县交通局"])
    written = json.loads(report.read_text(encoding="utf-8"))
    assert written["columns"]["包抓"] == "责任单位"
    assert set(written) == {"columns", "doubts", "unread"}
    with pytest.raises(SystemExit, match="2"):
        run("plan", "import", str(document), "--columns", "攻坚点=什么", "--dry-run")


def test_what_a_column_is_is_remembered_by_the_plan(run, tmp_path, folder):
    document = tmp_path / "清单.txt"
    table = "2020年重点攻坚清单\n攻坚点\t包抓\t何时\n修建道路5公里。\t县交通局\t10月底前\n"
    document.write_text(table, encoding="utf-8")
    meanings = "攻坚点=工作计划主要内容,包抓=责任单位,何时=计划完成时间,没有的=备注"
    into = ("plan", "import", str(document), "--plan", "2020")
    code, _, err = run(*into, "--columns", meanings, "--user", "甲", "--accept-doubts")
    assert code == 0, err
    settings = tomllib.loads((folder / "plans" / "2020" / "settings.toml").read_text("utf-8"))
    assert settings["columns"] == {
        "攻坚点": "工作计划主要内容",
        "包抓": "责任单位",
        "何时": "计划完成时间",
    }
    code, out, err = run(*into, "--dry-run", "--format", "json")
    assert code == 0, err
    assert json.loads(out)[0]["units"] == ["县交通局"]


def test_a_time_from_the_document_on_is_counted_from_its_date(run, tmp_path):
    document = tmp_path / "方案.txt"
    table = "2020年工作方案\n工作任务\t责任单位\t完成时限\n修建道路5公里。\t县交通局\t自发文之日起3个月内\n"
    for content, more, span in (
        (table, [], ("2020-01", "2020-12")),
        (table + "\n县政府\n2020年4月20日\n", [], ("2020-04", "2020-07")),
        (table, ["--issued", "2020-05-02"], ("2020-05", "2020-08")),
    ):
        document.write_text(content, encoding="utf-8")
        code, out, err = run(
            "plan", "import", str(document), "--dry-run", "--format", "json", *more
        )
        assert code == 0, err
        task = json.loads(out)[0]
        assert (task["start"], task["end"]) == span
    with pytest.raises(SystemExit):
        run("plan", "import", str(document), "--issued", "昨天", "--dry-run")


def test_one_years_plan_is_laid_over_anothers_by_document_and_by_name(run):
    code, out, _ = run("plan", "compare", "-", PLAN_2019, "--format", "json")
    assert code == 0
    by_name = json.loads(out)
    assert {change["change"] for change in by_name} <= {"新增", "调整", "取消"}
    assert list(by_name[0]) == ["change", "task_id", "text"]
    assert by_name
    code, out, _ = run("plan", "compare", PLAN_2018, PLAN_2019)
    assert code == 0
    assert len(out.splitlines()) >= len(by_name)
    code, out, _ = run("plan", "compare", PLAN_2019, PLAN_2019)
    assert (code, out.strip()) == (0, "两个计划的任务相同")
    code, _, err = run("plan", "compare", "-", "没有的.docx")
    assert code == 2
    assert "不是文件，也不是计划的名称" in err
