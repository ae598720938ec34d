"""Kinds of plan documents that were written before anybody looked at what the parser makes of them."""

from __future__ import annotations

import io

import openpyxl
import pytest

from lib.planning import propose, read_document, understand
from lib.planning.readers import read_text
from tests.lib.planning.documents import UP, saved, word


def records(content: bytes | str, name: str = "x.docx", year: int = 2024) -> list[dict]:
    """The tasks as the command line prints them."""
    document = read_text(content) if isinstance(content, str) else read_document(content, name)
    return propose(understand(document, year), aliases={}).records()


def book(rows: list[list[object]], *merges: str) -> bytes:
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    for merge in merges:
        made.active.merge_cells(merge)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def amounts(task: dict) -> list[tuple]:
    return [(target["op"], target["value"], target["unit"]) for target in task["targets"]]


def test_places_as_rows_and_tasks_as_columns():
    tasks = records(
        saved(
            word(
                "2023年农村人居环境整治任务分解表",
                [
                    ["乡镇（街道）", "新建公厕（座）", "改造户厕（户）", "完成时限"],
                    ["河东街道", "4", "120", "10月底前"],
                    ["柳林镇", "6", "", "10月底前"],
                    ["合计", "10", "120", ""],
                ],
            )
        ),
        year=2023,
    )
    assert [task["text"] for task in tasks] == ["新建公厕", "改造户厕"]
    assert [task["units"] for task in tasks] == [["河东街道", "柳林镇"], ["河东街道"]]
    assert [task["end"] for task in tasks] == ["2023-10"] * 2
    assert amounts(tasks[0])[0] == ("=", 10.0, "座")


def test_departments_as_rows_and_grouped_headers_with_measures_below():
    rows = [
        ["责任单位", "农村公路", None, "危桥改造"],
        [None, "新改建（公里）", "养护（公里）", "（座）"],
        ["县发改局", 32, 60, 3],
        ["县交通局", 85, 140, 8],
    ]
    tasks = records(book(rows, "A1:A2", "B1:C1"), "x.xlsx")
    assert [task["text"] for task in tasks] == ["农村公路新改建", "农村公路养护", "危桥改造"]
    assert tasks[2]["units"] == ["县发改局", "县交通局"]


def test_towns_below_a_merged_header_are_shares_of_the_target():
    rows = [
        ["建设任务", "单位", "全县计划", "各乡镇任务", None, "牵头单位"],
        [None, None, None, "清河镇", "国有林场", None],
        ["人工造林", "亩", 1600, 1200, 400, "县林业局"],
        ["封山育林", "亩", 2000, 1000, 1000, "县林业局"],
    ]
    tasks = records(book(rows, "A1:A2", "B1:B2", "C1:C2", "D1:E1", "F1:F2"), "x.xlsx")
    assert [amounts(task)[0] for task in tasks] == [("=", 1600.0, "亩"), ("=", 2000.0, "亩")]
    assert tasks[0]["units"] == ["县林业局"]


@pytest.mark.parametrize(
    ("heads", "periods"),
    [
        (["3月底", "6月底", "12月底"], ["2024-03", "2024-06", "2024-12"]),
        (["1-2月", "3-4月", "11-12月"], ["2024-02", "2024-04", "2024-12"]),
        (["一季度", "上半年", "1-9月"], ["2024-Q1", "2024-06", "2024-09"]),
    ],
)
def test_months_as_columns_are_milestones_without_a_column_of_times(heads, periods):
    rows = [["工作项目", "责任科室", *heads], ["发展党员40名", "组织科", "计划", "培训", "完成"]]
    (task,) = records(book(rows), "x.xlsx")
    assert [step["period"] for step in task["milestones"]] == periods
    assert task["units"] == ["组织科"]


def test_month_headings_stand_for_the_time_of_what_lies_below():
    text = "2025年工作安排\n一月份\n慰问困难群众200户。（镇民政办）\n六月至八月\n防汛演练2次。（镇水利站、各村）\n"
    first, second = records(text, year=2025)
    assert (first["start"], first["end"], first["units"]) == ("2025-01", "2025-01", ["镇民政办"])
    assert (second["start"], second["end"]) == ("2025-06", "2025-08")


def test_offices_as_headings_are_the_units_of_what_lies_below():
    text = "2023年目标任务\n一、办公室\n1.档案整理2000卷。\n二、规划财务科\n1.绩效评价10个。\n"
    assert [task["units"] for task in records(text)] == [["办公室"], ["规划财务科"]]
    text = "2023年目标任务\n一、建设美丽乡村\n1.改厕200户。\n二、规划财务科\n1.绩效评价10个。\n"
    assert [task["units"] for task in records(text)] == [[], []]


@pytest.mark.parametrize(
    "line",
    [
        "1.建设服务站6个。【责任领导：周海；牵头单位：县民政局；配合单位：各镇；完成时间：10月】",
        "1.建设服务站6个。——县民政局、各镇；10月",
        "1.建设服务站6个，10月完成。由县民政局牵头，各镇配合。",
        "第一条 建设服务站6个。牵头单位：县民政局；配合单位：各镇；完成时限：10月",
        "1.建设服务站6个，牵头单位：县民政局，配合单位：各镇，完成时限：10月",
        "任务1：建设服务站6个。牵头单位：县民政局；配合单位：各镇；完成时限：10月",
    ],
)
def test_units_and_times_at_the_end_of_an_item(line):
    (task,) = records(f"2024年工作任务清单\n{line}\n")
    assert task["units"] == ["县民政局", "各镇"]
    assert task["end"] in ("2024-10", "2024-12")
    assert "民政" not in task["text"]
    assert not task["text"].endswith("，")


def test_lines_with_labels_that_nobody_knows_are_remarks_of_their_block():
    text = (
        "民生项目库\n项目名称：社区食堂\n建设地点：城北街道幸福里社区\n建设内容：新建食堂1处\n"
        "总投资：86万元\n责任单位：区民政局\n完成时限：9月底前\n"
    )
    (task,) = records(text)
    assert task["units"] == ["区民政局"]
    assert amounts(task) == [("=", 1.0, "处")]
    assert "幸福里社区" in task["note"]
    assert "总投资：86万元" in task["note"]


def test_labels_with_their_values_beside_them_are_one_task():
    table = [["项目名称", "供水工程"], ["建设内容", "新建管网46公里"], ["牵头单位", "县水利局"]]
    table += [["配合单位", "县财政局"], ["完成时限", "10月底"]]
    (task,) = records(saved(word("2024年民生实事", table)))
    assert task["text"] == "供水工程：新建管网46公里"
    assert (task["units"], task["end"]) == (["县水利局", "县财政局"], "2024-10")


def test_marks_below_units_say_who_leads():
    rows = [
        ["序号", "任务", "完成时限", "发改局", "财政局"],
        ["1", "设立基金5亿元", "9月底", "☆", "★"],
    ]
    (task,) = records(book(rows), "x.xlsx")
    assert task["units"] == ["财政局", "发改局"]


def test_a_numbered_row_above_the_header_and_rows_of_a_number_and_a_name_are_categories():
    header = ["序号", "任务内容", "责任单位", "完成时限"]
    document = word(
        [
            ["一、防风险", "", "", ""],
            header,
            ["1", "安装充电桩500个", "县住建局", "10月底"],
            ["二", "强基础（1项）", "", ""],
            ["2", "新建探头300个", "县公安局", "9月底"],
        ]
    )
    tasks = records(saved(document))
    assert [task["category"] for task in tasks] == ["防风险", "强基础（1项）"]


def test_a_target_with_a_bound_in_a_column_of_measures():
    rows = [
        ["指标", "计量单位", "2023年目标值", "责任单位"],
        ["新增企业", "家", "≥45", "区统计局"],
        ["PM2.5年均浓度", "微克/立方米", "≤39", "区生态环境分局"],
        ["粮食产量", "万吨", "24以上", "区农业农村局"],
    ]
    tasks = records(book(rows), "x.xlsx", 2023)
    assert [amounts(task)[0][:2] for task in tasks] == [
        (">=", 45.0),
        ("<=", 39.0),
        (">=", 240000.0),
    ]


@pytest.mark.parametrize(
    ("rows", "window"),
    [
        ([["开始月份", "完成月份"], [3, 9]], ("2024-03", "2024-09")),
        (
            [["计划开始日期", "计划完成日期"], ["2024年2月1日", "2024年9月30日"]],
            ("2024-02", "2024-09"),
        ),
    ],
)
def test_begin_and_end_in_columns_of_their_own(rows, window):
    head, body = rows
    table = [["工作内容", "责任单位", *head], ["开展义诊12场", "县卫健局", *body]]
    (task,) = records(book(table), "x.xlsx")
    assert (task["start"], task["end"]) == window


def test_the_time_of_a_table_without_a_column_for_it_stands_in_the_text():
    table = [["序号", "工作任务", "责任科室"], ["1", "6月底前完成申报35家", "高新科"]]
    (task,) = records(saved(word(table)))
    assert task["end"] == "2024-06"


def test_a_lead_unit_alone_takes_no_other_unit_from_the_row_above():
    table = [
        ["工作任务", "牵头部门", "责任部门", "完成时限"],
        ["产值331亿元", "县发改局", "县统计局", "12月底"],
        ["失业率4.5%以内", "县人社局", "", "12月底"],
    ]
    tasks = records(saved(word(table)))
    assert tasks[1]["units"] == ["县人社局"]


def test_numbered_names_over_several_tasks_are_categories():
    table = [
        ["项目", "工作要点", "责任单位", "完成时限"],
        ["一、思想引领", "学习12次", "县委办", "12月底"],
        [UP, "建设示范站30个", "县委宣传部", "11月底"],
        ["二、基层组织", "整顿村党组织8个", "县委组织部", "10月底"],
    ]
    tasks = records(saved(word(table)))
    assert [task["category"] for task in tasks] == ["思想引领", "思想引领", "基层组织"]


def test_who_fills_the_table_in_is_no_unit():
    rows = [
        ["工作内容", "责任单位", "完成时限"],
        ["义诊12场", "社事科", "全年"],
        ["制表人：", "审核：", ""],
    ]
    (task,) = records(book(rows), "x.xlsx")
    assert task["units"] == ["社事科"]


def test_another_regions_units_keep_their_names(tmp_path):
    from dataclasses import replace

    from lib.core.units import DEFAULT_ALIASES
    from lib.planning.adoption import context, proposed

    table = [
        ["工作任务", "责任单位", "完成时限"],
        ["改厕800户", "区农业农村局、区住建局、区城管局", "10月底"],
    ]
    reading = understand(read_document(saved(word("2023年度工作清单", table)), "x.docx"), 2023)
    where = replace(context(str(tmp_path), "2023"), aliases=DEFAULT_ALIASES)
    (task,) = proposed(reading, where).records()
    assert task["units"] == ["区农业农村局", "区住建局", "区城管局"]


@pytest.mark.parametrize(
    ("first", "second", "sign"),
    [("【党建引领】", "【民生服务】", "● "), ("基础设施类", "应用服务类", "1．")],
)
def test_short_lines_without_a_number_above_items_are_headings(first, second, sign):
    lines = ["石桥街道2024年度任务书", first, f"{sign}打造示范点10个，6月底前完成。（党建办）"]
    lines += [f"{sign}培训骨干400人次。（党建办）", second, f"{sign}建成食堂3家。（民政办）"]
    tasks = records("\n".join(lines))
    categories = [first.strip("【】"), first.strip("【】"), second.strip("【】")]
    assert [task["category"] for task in tasks] == categories
    assert tasks[0]["text"] == "打造示范点10个，6月底前完成。"


def test_a_single_short_line_above_items_is_no_heading():
    tasks = records("2024年工作计划\n教育工作\n1．改造厕所42座。（县教育局）\n2．更新校车30辆。")
    assert {task["category"] for task in tasks} == {"未分类"}


def test_a_sentence_may_begin_with_who_does_it():
    lines = ["一、关于防汛工作", "会议议定：", "1.由县水利局牵头，各乡镇配合，4月底前加固水库5座。"]
    lines += ["2.县气象局负责，发布信息36次。", "3.会议要求，由县应急局牵头，储备编织袋12万条。"]
    tasks = records("\n".join(lines))
    units = [["县水利局", "各乡镇"], ["县气象局"], ["县应急局"]]
    assert [task["units"] for task in tasks] == units
    assert tasks[0]["end"] == "2024-04"


def test_a_space_divides_a_time_from_units_in_a_bracket():
    lines = ["一、强化保障", "1. 创建示范校6所。（组织人事股  10月底前）"]
    lines += ["2. 资助学生4300人次。（资助中心、财务股  每学期）"]
    tasks = records("\n".join(lines))
    assert [task["units"] for task in tasks] == [["组织人事股"], ["资助中心", "财务股"]]
    assert [task["window"] for task in tasks] == ["10月底前", "每学期"]


def test_any_header_that_ends_in_a_unit_or_a_result_is_one():
    table = [
        ["改革事项", "具体举措", "改革成果", "项目业主", "监管单位", "完成时间"],
        ["要素改革", "出让标准地26宗", "标准地占比80%", "县城投公司", "县资规局", "9月底"],
        ["国企改革", "清理低效企业11户", "出台方案2个", "县国资中心", "县财政局", "10月底"],
    ]
    tasks = records(saved(word(table)))
    assert tasks[0]["units"] == ["县城投公司", "县资规局"]
    assert amounts(tasks[0]) == [("=", 26.0, "宗"), ("=", 80.0, "%")]


def test_an_unknown_first_column_over_several_rows_is_the_category():
    table = [
        ["片区", "项目名称", "建设内容", "形象进度", "实施主体", "计划开工", "计划竣工"],
        ["老城片区", "街区改造", "修缮建筑45栋", "完成80%", "古城公司", "3月", "12月"],
        [UP, "护城河整治", "清淤3.8公里", "全部完成", "县水投公司", "1月", "7月"],
        ["东部片区", "科创园", "建设厂房9万平方米", "封顶", "东投集团", "5月", "10月"],
    ]
    tasks = records(saved(word(table)))
    assert [task["category"] for task in tasks] == ["老城片区", "老城片区", "东部片区"]
    assert (tasks[0]["start"], tasks[0]["end"]) == ("2024-03", "2024-12")


def test_a_column_of_times_is_the_time_whatever_its_header_asks():
    table = [
        ["工作任务", "责任单位", "时序要求"],
        ["上线事项20项", "县行政审批局", "6月"],
        ["清理文件130件", "县发改局", "9月底前"],
    ]
    tasks = records(saved(word(table)))
    assert [task["end"] for task in tasks] == ["2024-06", "2024-09"]


def test_the_plan_of_a_year_is_the_target_of_an_indicator():
    table = [
        ["类别", "指标", "单位", "2024年计划", "牵头部门"],
        ["经济", "零售总额", "亿元", "310", "县商务局"],
        ["生态", "水质优良比例", "%", "≥90", "县生态环境局"],
    ]
    tasks = records(saved(word(table)))
    assert [amounts(task)[0][0] for task in tasks] == ["=", ">="]


def test_a_heading_over_one_paragraph_is_one_where_its_neighbours_are():
    lines = ["一、做大总量", "完成投资95亿元。【县发改局牵头】", "新增个体户4000户。【县监管局】"]
    lines += ["二、做优服务", "发放补贴1800万元。【县民政局、县财政局】"]
    last = records("\n".join(lines))[-1]
    assert (last["category"], last["units"]) == ("做优服务", ["县民政局", "县财政局"])


def test_units_behind_the_paragraph_of_an_item_are_its_own():
    lines = [
        "一、新建幼儿园",
        "新建公办幼儿园3所。（县教育局）",
        "二、改造食堂",
        "改造28个。（县教育局）",
    ]
    assert [task["units"] for task in records("\n".join(lines))] == [["县教育局"]] * 2


def test_padded_numbers_need_no_point():
    lines = ["2024年民生十件事", "09 新建公园16个", "责任单位：城管局    完成时间：10月"]
    lines += ["10 加装电梯120部", "责任单位：住建局、各街道    完成时间：12月"]
    tasks = records("\n".join(lines))
    assert [task["text"] for task in tasks] == ["新建公园16个", "加装电梯120部"]
    assert tasks[1]["units"] == ["住建局", "各街道"]


def test_a_paragraph_that_begins_with_who_does_it_is_that_units_task():
    lines = [
        "一、汛前准备（4月底前完成）",
        "县水利局：检修水闸56座。",
        "县气象局：更新雨量站120个。",
    ]
    lines += ["二、汛期应对（5月至9月）", "县应急局、县住建局：组织防汛演练2次。"]
    tasks = records("\n".join(lines))
    assert [task["units"] for task in tasks] == [
        ["县水利局"],
        ["县气象局"],
        ["县应急局", "县住建局"],
    ]
    assert [task["end"] for task in tasks] == ["2024-04", "2024-04", "2024-09"]
    assert [task["category"] for task in tasks] == ["汛前准备", "汛前准备", "汛期应对"]


def test_a_heading_over_one_sentence_is_a_category_beside_those_over_items():
    lines = [
        "一、加强党的建设",
        "举办读书班4期。（责任单位：县委组织部；完成时限：春节前首期，6月底前办完）",
    ]
    lines += ["二、推动发展", "1、新增规上企业40家。（责任单位：县工信局）"]
    tasks = records("\n".join(lines))
    assert [task["category"] for task in tasks] == ["加强党的建设", "推动发展"]
    assert tasks[0]["end"] == "2024-06"


def test_the_shares_of_towns_may_have_bounds():
    rows = [
        ["指标名称", "计量单位", "全县目标", "各乡镇目标任务", None, "牵头单位"],
        [None, None, None, "清河镇", "白塔镇", None],
        ["信访积案", "件", "≤6", "≤3", "≤3", "县信访局"],
    ]
    tasks = records(book(rows, "A1:A2", "B1:B2", "C1:C2", "D1:E1", "F1:F2"), "x.xlsx")
    assert amounts(tasks[0]) == [("<=", 6.0, "件"), ("<=", 3.0, "件"), ("<=", 3.0, "件")]


def test_a_table_without_units_below_the_name_of_one_is_that_units():
    rows = [["序号", "工作任务", "年度目标", "完成时间"], [1, "招聘教师", "招聘160名", "7月底前"]]
    workbook = openpyxl.Workbook()
    workbook.active.title = "县教育局"
    for row in rows:
        workbook.active.append(row)
    out = io.BytesIO()
    workbook.save(out)
    assert records(out.getvalue(), "x.xlsx")[0]["units"] == ["县教育局"]


def test_years_in_a_sentence_are_its_time():
    lines = ["一、改造厕所。2024年底前改造8600户。【县卫健局牵头】"]
    lines += ["二、治理污水。2024年—2026年，完成45处。【县水务局牵头】"]
    tasks = records("\n".join(lines))
    assert [task["end"] for task in tasks] == ["2024-12", "2026-12"]


def test_a_project_has_its_builder_and_its_begin_in_lines_below_it():
    lines = [
        "（一）新开工项目",
        "1．污水处理厂扩建",
        "建设单位：县水务集团",
        "建设内容：日处理2万吨",
    ]
    lines += ["开工时间：5月", "责任单位：县住建局", "2．公路改造", "责任单位：县交通局"]
    task = records("\n".join(lines))[0]
    assert task["text"].startswith("污水处理厂扩建")
    assert (task["start"], task["end"]) == ("2024-05", "2024-12")
    assert task["units"] == ["县水务集团", "县住建局"]


def test_numbers_in_a_column_of_their_own_with_their_measure_and_a_day():
    rows = [
        ["序号", "工作内容", "数量", "单位", "主责部门", "截止日期"],
        [1, "除险加固水库", 6, "座", "县水利局", "2024-11-30"],
        [2, "新建渠道", 42.5, "公里", "县水利局", "2024-10-31"],
    ]
    tasks = records(book(rows), "x.xlsx")
    assert [amounts(task)[0] for task in tasks] == [("=", 6.0, "座"), ("=", 42.5, "公里")]
    assert [(task["start"], task["end"]) for task in tasks] == [
        ("2024-01", "2024-11"),
        ("2024-01", "2024-10"),
    ]


def test_a_heading_names_the_unit_of_its_tasks_and_one_line_the_helpers_of_several():
    lines = ["一、县人社局牵头任务", "（一）引进人才360名。", "（二）新建工作站3家。"]
    lines += ["配合单位：县科技局", "二、县科技局牵头任务", "（三）组织大赛1场。"]
    units = [task["units"] for task in records("\n".join(lines))]
    assert units == [["县人社局", "县科技局"], ["县人社局", "县科技局"], ["县科技局"]]


def test_labels_below_several_items_are_for_all_of_them():
    lines = ["一、稳增长", "1.开工项目95个，9月底前完成。", "2.投资增长7%。", "牵头单位：市发改委"]
    lines += [
        "配合单位：市商务局、市统计局",
        "完成时限：11月底前",
        "二、促转型",
        "3.培育企业45家。",
    ]
    lines += ["4.建成平台8个。", "牵头单位：市科技局", "5.改造小区62个。", "牵头单位：市住建局"]
    tasks = records("\n".join(lines))
    first = ["市发改委", "市商务局", "市统计局"]
    assert [task["units"] for task in tasks[:2]] == [first, first]
    assert [task["end"] for task in tasks[:2]] == ["2024-09", "2024-11"]
    assert [task["units"] for task in tasks[2:]] == [["市科技局"], ["市科技局"], ["市住建局"]]


@pytest.mark.parametrize(
    "heading",
    [
        "工作要求",
        "有关要求",
        "保障措施",
        "严格考核奖惩",
        "强化要求，确保任务落实",
        "实施步骤",
        "加强宣传引导",
    ],
)
def test_sections_on_how_the_work_is_run_hold_no_tasks(heading):
    lines = [
        "一、产业发展",
        "（一）新建大棚46座。（县农业农村局）",
        f"二、{heading}",
        "（一）每月报送1次进展。",
    ]
    document = read_text("\n".join(lines))
    reading = understand(document, 2024)
    assert [row.content for row in reading.rows] == ["新建大棚46座。"]
    assert [unread.text for unread in reading.unread] == ["每月报送1次进展。"]


def test_a_section_between_others_holds_tasks_whatever_it_is_called():
    lines = ["一、稳增长", "1.开工项目9个。", "二、要素保障", "2.供地300亩。", "三、惠民生"]
    lines += ["3.改造小区6个。", "四、工作保障（责任单位：县委督查室）", "4.开展督查4次。"]
    assert [task["category"] for task in records("\n".join(lines))] == [
        "稳增长",
        "要素保障",
        "惠民生",
        "工作保障",
    ]


def test_whose_duty_a_sentence_names_is_the_unit_and_what_closes_the_minutes_is_no_task():
    lines = ["一、关于园区建设", "1.县开发区管委会要建成厂房12万平方米；县供电公司要接入电力。"]
    lines += ["2.各单位要求明确，由县财政局负责，拨付资金900万元。", "参加会议人员：秦某、柏某"]
    tasks = records("\n".join(lines))
    assert [task["units"] for task in tasks] == [["县开发区管委会", "县供电公司"], ["县财政局"]]
    assert "秦某" not in tasks[1]["text"]


def test_short_lines_above_paragraphs_with_units_are_their_category():
    lines = ["2024年平安建设工作要点", "深化治安防控", "改造安防小区42个。（责任单位：区公安分局）"]
    lines += ["举办反诈宣传130场。（责任单位：区公安分局）", "化解矛盾纠纷"]
    lines += ["建成综治中心9个。（责任单位：区委政法委）", "调处纠纷90件。（责任单位：区司法局）"]
    categories = [task["category"] for task in records("\n".join(lines))]
    assert categories == ["深化治安防控"] * 2 + ["化解矛盾纠纷"] * 2


def test_rows_of_sums_are_sections_or_totals_but_no_tasks():
    rows = [
        ["序号", "项目名称", "建设内容", "总投资", "项目业主", "行业主管"],
        ["", "合计（2个）", "", 58200, "", ""],
        ["一", "续建项目（1个）", "", 41000, "", ""],
        [1, "学校迁建", "新建教学楼3栋", 18000, "县教育局", "县发改局"],
        ["二", "新建项目（1个）", "", 17200, "", ""],
        [2, "水厂工程", "新建水厂1座", 12200, "县水务公司", "县水利局"],
    ]
    tasks = records(book(rows), "x.xlsx")
    assert [task["category"] for task in tasks] == ["续建项目（1个）", "新建项目（1个）"]
    assert tasks[1]["units"] == ["县水务公司", "县水利局"]


def test_columns_of_where_figures_come_from_are_no_units():
    rows = [
        ["二级指标", "计量单位", "2024年目标值", "数据来源部门", "责任单位", "落实人"],
        ["新增规上企业", "家", "12", "县统计局", "县工信局", "周某"],
    ]
    (task,) = records(book(rows), "x.xlsx")
    assert (task["units"], task["leader"]) == (["县工信局"], "周某")
    assert amounts(task) == [("=", 12.0, "家")]


def test_known_headers_keep_their_meaning_beside_a_task_column_that_is_guessed():
    rows = [
        ["编号", "诉求", "主办单位", "会办单位", "办理时限", "督办领导"],
        ["建议3号", "新增停车泊位900个", "县住建局", "县公安局", "7月底前", "鲁某"],
        ["建议9号", "开通客运线路5条线", "县交通局", "各乡镇", "9月底前", "鲁某"],
    ]
    first, _ = records(book(rows), "x.xlsx")
    assert (first["units"], first["leader"]) == (["县住建局", "县公安局"], "鲁某")


def test_marks_below_months_say_when():
    rows = [
        ["活动名称", "活动内容", "主办单位", "3月", "4月", "5月"],
        ["赏花季", "举办赏花节2届", "县文旅局", "√", "√", ""],
        ["阅读月", "开展阅读推广30场次", "县图书馆", "", "√", ""],
    ]
    tasks = records(book(rows), "x.xlsx")
    assert [(task["start"], task["end"]) for task in tasks] == [
        ("2024-03", "2024-04"),
        ("2024-04", "2024-04"),
    ]
    assert tasks[0]["milestones"] == []


def test_a_measure_in_the_header_is_that_of_the_numbers_below():
    rows = [
        ["项目名称", "建设内容", "年度目标（万元）", "责任单位"],
        ["水厂", "新建水厂1座", "600", "县水利局"],
    ]
    (task,) = records(book(rows), "x.xlsx")
    assert ("=", 600.0, "万元") in amounts(task)


def test_the_goal_of_the_whole_year_beside_the_years_goal_is_one():
    rows = [
        ["领域", "重点指标", "2024年目标", "其中", None, "落实科室"],
        [None, None, None, "上半年目标", "全年目标", None],
        ["疾病防控", "接种率", "≥96%", "95%", "96%", "疾控科"],
    ]
    tasks = records(book(rows, "A1:A2", "B1:B2", "C1:C2", "D1:E1", "F1:F2"), "x.xlsx")
    assert amounts(tasks[0]) == [(">=", 96.0, "%")]


def test_a_merged_name_is_that_of_each_task_beside_it():
    rows = [
        ["序号", "实事项目", "目标任务", "牵头单位"],
        ["1", "健康惠民", "建设救治单元8个", "市卫健委"],
        ["", "", "免费筛查2.5万名", "市妇联"],
    ]
    texts = [task["text"] for task in records(book(rows, "A2:A3", "B2:B3"), "x.xlsx")]
    assert texts == ["健康惠民：建设救治单元8个", "健康惠民：免费筛查2.5万名"]


def test_what_a_row_without_a_task_says_beside_units_is_unread():
    rows = [
        ["序号", "工作任务", "责任单位", "完成时限"],
        ["1", "引进企业12家", "县商务局", "9月底"],
        ["", "", "县人社局", "11月底"],
    ]
    reading = understand(read_document(book(rows), "x.xlsx"), 2024)
    assert [row.units_text for row in reading.rows] == ["县商务局、县人社局"]
    assert [(unread.place, unread.text) for unread in reading.unread] == [("Sheet第3行", "11月底")]


def test_units_behind_a_title_in_the_sentence_and_no_page_numbers():
    lines = ["（一）加快停车场建设。县住建局牵头，县公路段配合，8月底前建成3处。", "— 2 —"]
    lines += ["（二）推进食堂改造。", "责任单位：县教育局 县公路段", "第3页 共3页"]
    tasks = records("\n".join(lines))
    assert [task["units"] for task in tasks] == [["县住建局", "县公路段"], ["县教育局", "县公路段"]]
    assert [task["text"][-3:] for task in tasks] == ["3处。", "改造。"]


def test_a_leader_beside_a_heading_is_that_of_its_tasks():
    lines = [
        "一、产业振兴（分管领导：喻某）",
        "1.种植蔬菜400亩。",
        "二、生态振兴（分管领导：茅某）",
    ]
    tasks = records("\n".join([*lines, "2.造林900亩。"]))
    assert [(task["category"], task["leader"]) for task in tasks] == [
        ("产业振兴", "喻某"),
        ("生态振兴", "茅某"),
    ]


@pytest.mark.parametrize("brackets", ["【】", ("", "")])
def test_a_name_over_a_sentence_with_labels_below_it_needs_no_number(brackets):
    opens, closes = brackets
    lines = ["区教育局十件实事", f"{opens}学位扩容{closes}", "新建学校2所。", "责任科室：规划科"]
    lines += [
        f"{opens}营养午餐{closes}",
        "改造食堂9个。",
        "责任科室：后勤中心",
        "完成时间：6月底前",
    ]
    first, second = records("\n".join(lines))
    assert (first["text"], first["units"]) == ("学位扩容。新建学校2所", ["规划科"])
    assert (second["text"], second["end"]) == ("营养午餐。改造食堂9个", "2024-06")


def test_who_steers_the_work_is_a_remark():
    (task,) = records("1.建设大棚9个。\n工作专班：乡村振兴专班\n责任单位：县农业局\n")
    assert (task["units"], task["note"]) == (["县农业局"], "工作专班：乡村振兴专班")
