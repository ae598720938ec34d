"""What a broken data folder says: file, row, column, the value seen and what was expected."""

import pytest

from lib.core import months
from lib.core.problems import DataError
from lib.files import plan_folder


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
    ("targets.csv", "不少于", "大约", "不少于、等于、区间 或 不超过"),
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


def test_months_given_by_hand_stand_in_for_words_that_cannot_be_read(folder, rewrite):
    rewrite("plan.csv", "区党政办,全年,1,,", "区党政办,适时,1,2018-02,2018-03")
    task = plan_folder.load(folder).tasks.loc["一-1"]
    assert [months.text(task["start"]), months.text(task["end"])] == ["2018-02", "2018-03"]
