"""What a broken data folder says: file, row, column, the value seen and what was expected."""

from pathlib import Path

import pytest

from lib.core import months, schema
from lib.core.problems import DataError, Problem
from lib.files import csv_tables, plan_folder


def test_the_shipped_plan_is_the_documents(shipped):
    official = shipped.tasks[shipped.tasks["source"] == "分解表"]
    assert (len(official), len(shipped.tasks)) == (22, 29)
    assert official.groupby("category", sort=False).size().to_dict() == {
        "组织领导": 1,
        "产业帮扶": 7,
        "科技帮扶": 2,
        "教育帮扶": 2,
        "健康帮扶": 2,
        "人才帮扶": 1,
        "劳务帮扶": 4,
        "爱心帮扶": 2,
        "镇、村结对帮扶": 1,
    }
    targets = shipped.targets[shipped.targets["task_id"].isin(official.index)]
    assert (len(targets), targets["task_id"].nunique()) == (18, 13)
    assert shipped.tasks.at["九-1", "units"] == ("春江镇", "西夏墅镇", "奔牛镇", "河海街道")
    assert shipped.has_demo


def test_every_file_is_excel_safe(shipped):
    for table in (schema.PLAN, schema.TARGETS, schema.PROGRESS):
        content = (Path("data") / table.file).read_bytes()
        assert content.startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_reads_what_spreadsheets_save(folder, shipped, encoding):
    path = folder / "progress.csv"
    path.write_bytes(path.read_text(encoding="utf-8-sig").encode(encoding))
    assert len(plan_folder.load(folder).progress) == len(shipped.progress)


def test_writing_and_reading_keeps_every_cell(shipped):
    written = csv_tables.to_csv(schema.PROGRESS.texts(shipped.progress))
    read = csv_tables.parse_csv(csv_tables.decode(written, "x"), "x")
    again = schema.PROGRESS.texts(schema.PROGRESS.check(read, "x"))
    assert again.reset_index(drop=True).equals(
        schema.PROGRESS.texts(shipped.progress).reset_index(drop=True)
    )


PLAN_FAULTS = [
    ("plan.csv", "4～11月", "适时", "第3行「计划完成时间」列：填写的是「适时」"),
    ("plan.csv", "二-1,", "一-1,", "重复"),
    ("plan.csv", "区党政办,全年,1", "区党政办,全年,零", "第2行「权重」列：填写的是「零」"),
    ("plan.csv", "区党政办,全年,1", "区党政办,全年,-1", "大于0的数"),
    ("plan.csv", "区党政办,全年,1,,", "区党政办,全年,1,2018-05,2018-03", "截止月早于开始月"),
    ("plan.csv", "区党政办,全年", "、,全年", "没有单位"),
    ("plan.csv", "区党政办,全年", ",全年", "不能为空"),
    ("plan.csv", "责任单位", "部门", "缺少这一列"),
    ("targets.csv", "二-1", "二-99", "第2行「任务编号」列：填写的是「二-99」，计划中没有这个任务"),
    ("targets.csv", "区间,2,3", "区间,2,1", "上限"),
    ("targets.csv", "不少于,10,", "不少于,10,12", "只有区间有上限"),
    ("targets.csv", "不少于", "大约", "不少于、等于 或 区间"),
    ("settings.toml", "2018", '"今年"', "plan.year"),
    ("settings.toml", "behind_points = 10", "behind_points = 900", "rules.behind_points"),
    ("settings.toml", "[plan]", "[plan", "不是有效的设置文件"),
]


@pytest.mark.parametrize(("file", "old", "new", "told"), PLAN_FAULTS)
def test_a_broken_plan_says_where(folder, rewrite, file, old, new, told):
    rewrite(file, old, new)
    with pytest.raises(DataError) as fault:
        plan_folder.load(folder)
    assert told in str(fault.value)
    assert file in str(fault.value)


REPORT_FAULTS = [
    ("一-1,2018-01", "一-9,2018-01", "计划中没有这个任务"),
    ("2018-01", "一月", "第2行「月份」列：填写的是「一月」"),
    ("区党政办", "区财政局", "不是这个任务的责任单位"),
    (",,,8,", ",,,108,", "0到100之间的数"),
    (",,,8,", ",,,,", "缺少完成率"),
    (",,,8,", ",,3,8,", "定性任务不填数量"),
    (",,,8,", ",场次,,8,", "定性任务没有指标"),
    ("专场招聘会", "招聘会", "这个任务没有这个指标"),
    ("专场招聘会,1,", "专场招聘会,-1,", "0或正数"),
    ("专场招聘会,1,", "专场招聘会,,", "缺少数量"),
    ("专场招聘会,1,,", "专场招聘会,1,50,", "定量任务按指标计算"),
    ("一-1,2018-02", "一-1,2018-01", "重复"),
]


@pytest.mark.parametrize(("old", "new", "told"), REPORT_FAULTS)
def test_broken_reports_say_where_and_leave_the_plan(folder, rewrite, old, new, told):
    rewrite("progress.csv", old, new)
    data = plan_folder.load(folder)
    assert told in "\n".join(map(str, data.progress_problems))
    assert data.progress.empty
    assert len(data.tasks) == 29


def test_the_same_report_under_two_spellings_names_both_rows(folder):
    path = folder / "progress.csv"
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    first = next(n for n, line in enumerate(lines) if line.startswith("七-2"))
    lines.append(lines[first].replace("区人社局", "区人力资源和社会保障局"))
    path.write_text("\n".join(lines), encoding="utf-8")
    told = "\n".join(map(str, plan_folder.load(folder).progress_problems))
    assert f"第{first + 1}、{len(lines)}行" in told


def test_files_that_are_no_tables(folder):
    path = folder / "progress.csv"
    for content, told in (
        (b"", "空"),
        (b"\xff\xfe\x00", "编码"),
        ('任务编号,月份\n"一'.encode(), "CSV"),
        ("任务编号,任务编号\n1,2".encode(), "表头重复"),
        ("任务编号\n一,二".encode(), "多出内容"),
    ):
        path.write_bytes(content)
        assert told in "\n".join(map(str, plan_folder.load(folder).progress_problems))
    path.unlink()
    assert "找不到" in str(plan_folder.load(folder).progress_problems[0])
    path.mkdir()
    assert "无法读取" in str(plan_folder.load(folder).progress_problems[0])


def test_without_settings_the_year_is_that_of_the_reports(folder):
    (folder / "settings.toml").unlink()
    (folder / "units.csv").unlink()
    assert plan_folder.load(folder).settings.year == 2018


def test_months_given_by_hand_stand_in_for_words_that_cannot_be_read(folder, rewrite):
    rewrite("plan.csv", "区党政办,全年,1,,", "区党政办,适时,1,2018-02,2018-03")
    task = plan_folder.load(folder).tasks.loc["一-1"]
    assert [months.text(task["start"]), months.text(task["end"])] == ["2018-02", "2018-03"]


def test_formulas_in_data_stay_text():
    import pandas as pd

    cells = pd.DataFrame({"=列": ["=1+1", "+2", "-3", "@x", "正常", 5]})
    safe = csv_tables.neutralise(cells)
    assert list(safe.columns) == ["'=列"]
    assert list(safe["'=列"]) == ["'=1+1", "'+2", "'-3", "'@x", "正常", 5]


def test_many_problems_are_counted():
    problems = [Problem("a.csv", row, "列", "值", "错") for row in range(2, 40)]
    assert "共38处错误" in str(DataError(problems))


def test_months_in_words():
    assert months.label(months.parse("2018-04"), 2018) == "4月"
    assert months.label(months.parse("2019-02"), 2018) == "2019年2月"
    with pytest.raises(months.MonthError, match="2018-4"):
        months.parse("2018-4")
