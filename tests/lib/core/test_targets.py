"""Quantities of a plan's sentences: what is a target, what only looks like one."""

from __future__ import annotations

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.core import schema
from lib.core.targets import UNNAMED, Target, extract_targets, find_targets
from tests.timing import is_quick

OPS = {schema.AT_LEAST: ">=", schema.EQUAL: "=", schema.RANGE: "range"}


def told(text):
    return [
        (one.indicator, one.op, one.value, one.upper, one.unit) for one in extract_targets(text)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("组织10家以上农业企业赴紫阳县", ("农业企业", ">=", 10, None, "家")),
        ("组织参与产学研及孵化对接活动不少于1次", ("产学研及孵化对接活动", ">=", 1, None, "次")),
        ("选派2～3名机关干部到紫阳县", ("机关干部", "range", 2, 3, "名")),
        ("开展有组织劳务对接500人次", ("有组织劳务对接", "=", 500, None, "人次")),
        ("举办一场生态旅游专场推介会", ("生态旅游专场推介会", "=", 1, None, "场")),
        ("召开两次联席会议", ("联席会议", "=", 2, None, "次")),
        ("投入帮扶资金100万元", ("帮扶资金", "=", 100, None, "万元")),
        ("总投资5亿元以上", ("总投资", ">=", 5, None, "亿元")),
        ("安排资金一百万元", ("资金", "=", 100, None, "万元")),
        ("脱贫户就业率达到90%以上", ("脱贫户就业率", ">=", 90, None, "%")),
        ("合格率达到百分之九十五", ("合格率", "=", 95, None, "%")),
        ("会议费不超过20万元", ("会议费", "<=", 20, None, "万元")),
        ("发生率控制在3%以内", ("发生率", "<=", 3, None, "%")),
        ("培训≥4次", ("培训", ">=", 4, None, "次")),
        ("培训1.2万人次", ("培训", "=", 12000, None, "人次")),
        ("接待游客1,200人次", ("接待游客", "=", 1200, None, "人次")),
        ("吸纳就业二百三十人", ("就业", "=", 230, None, "人")),
        ("开展活动３次", ("活动", "=", 3, None, "次")),
        ("引进企业10余家", ("企业", ">=", 10, None, "家")),
        ("三至五家企业", ("企业", "range", 3, 5, "家")),
        ("2名至3名干部", ("干部", "range", 2, 3, "名")),
        ("选派两三名干部", ("干部", "range", 2, 3, "名")),
        ("联系1～2万人次", ("联系", "range", 10000, 20000, "人次")),
        ("3家医院以上", ("医院", ">=", 3, None, "家")),
        ("新建3个村卫生室", ("村卫生室", "=", 3, None, "个")),
        ("增长5个百分点", ("增长", "=", 5, None, "个百分点")),
        ("同比提高6.5个点以上", ("同比提高", ">=", 6.5, None, "个百分点")),
        ("新增监控6个点位", ("点位", "=", 6, None, "个")),
        ("布设观测3个点", ("布设观测", "=", 3, None, "个")),
        ("通报典型案例2起", ("通报典型案例", "=", 2, None, "起")),
        ("平均住院日控制在7天以内", ("平均住院日", "<=", 7, None, "天")),
        ("集中排查2轮", ("集中排查", "=", 2, None, "轮")),
        ("平均审理期限缩短5天", ("平均审理期限缩短", "=", 5, None, "天")),
        ("1．新增新北区2家以上劳务合作机构。", ("劳务合作机构", ">=", 2, None, "家")),
        ("新增2家以上与紫阳县合作的劳务机构", ("劳务机构", ">=", 2, None, "家")),
        ("销售额突破1000万元", ("销售额", ">=", 1000, None, "万元")),
        ("新增算力3000核", ("算力", "=", 3000, None, "核")),
        ("建成绿道22.6km", ("绿道", "=", 22.6, None, "km")),
        ("确保12月底前完成投资3.6亿元", ("投资", "=", 3.6, None, "亿元")),
        ("引进项目，其中50亿元以上项目1个", ("50亿元以上项目", "=", 1, None, "个")),
        ("老旧小区改造5个", ("老旧小区改造", "=", 5, None, "个")),
        ("加强基层组织建设活动3次", ("加强基层组织建设活动", "=", 3, None, "次")),
        ("共建2个就业扶贫车间和社区工厂", ("就业扶贫车间和社区工厂", "=", 2, None, "个")),
        ("3家", (UNNAMED, "=", 3, None, "家")),
        ("争取水利资金2600万以上", ("水利资金", ">=", 2600, None, "万元")),
        ("空气优良天数达到315天", ("空气优良天数", "=", 315, None, "天")),
        ("安全事故不超过3起", ("安全事故", "<=", 3, None, "起")),
        ("举办3期培训班", ("培训班", "=", 3, None, "期")),
        ("完成馆藏档案扫描35万页", ("馆藏档案扫描", "=", 350000, None, "页")),
    ],
)
def test_a_quantity_is_read(text, expected):
    assert told(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "开展“四个一”模式劳务帮扶，即“一个订单、一个培训班、一个证书、一项技能”",
        "实施四个一工程",
        "落实十三五规划",
        "2018年度重点工作",
        "2018年至2020年",
        "两县主要领导，两地互访",
        "自2024起，2024届毕业生，新一轮、第二轮巡察",
        "为期6个月的学习",
        "跟岗学习半学期",
        "挂职三个月，每两个季度小结",
        "5个工作日内办结",
        "发展第一产业，推进三次产业融合",
        "第3届推介会、第二次会议",
        "1．组织和推荐有意愿投资企业",
        "（一）加强领导",
        "4～11月完成，6月30日前小结",
        "进一步加强，统一部署，一村一品，一对一帮扶",
        "一批企业，一些干部，一部分群众",
        "五位一体，两个一百年，中央八项规定",
        "百家争鸣，千人计划",
        "一次性办结，一条龙服务",
        "创建4A级景区",
        "《20条措施》和“百企10家”",
        "0次",
        "二次创业，力争2个亿",
        "推进污水处理厂二期工程，实施三期附属设施建设",
        "15天内办结，一起推进，材料一次提交",
        "",
    ],
)
def test_what_only_looks_like_a_quantity_is_none(text):
    assert told(text) == []


def test_several_quantities_in_one_sentence():
    text = "举办10场次专场招聘会，开展有组织劳务对接500人次，开展贫困人口就业技能培训200人次。"
    assert [(name, value, unit) for name, _, value, _, unit in told(text)] == [
        ("专场招聘会", 10, "场次"),
        ("有组织劳务对接", 500, "人次"),
        ("贫困人口就业技能培训", 200, "人次"),
    ]


def test_each_of_a_list_has_its_own():
    assert told("选派分管教学副校长、中小学教师各5名到新北区") == [
        ("分管教学副校长", "=", 5, None, "名"),
        ("中小学教师", "=", 5, None, "名"),
    ]


def test_towns_villages_and_communities_are_counted_as_such():
    text = "推动紫阳县4个镇2个村1个社区与新北区对口镇签订协议"
    assert [(value, unit) for _, _, value, _, unit in told(text)] == [
        (4, "镇"),
        (2, "村"),
        (1, "社区"),
    ]


def test_the_same_quantity_twice_is_one_target_with_two_places():
    text = "确定1家医院与紫阳县1家医院建立结对帮扶关系"
    assert told(text) == [("医院", "=", 1, None, "家")]
    assert [text[one.start : one.end] for one in find_targets(text)] == ["1家", "1家"]


def test_a_mention_covers_its_words():
    text = "组织对接活动不少于1次，培训10家以上企业"
    assert [text[one.start : one.end] for one in find_targets(text)] == ["不少于1次", "10家以上"]


@pytest.mark.parametrize("text", ["每月召开一次会议", "每村培训2人", "5家", "建立一套制度"])
def test_a_reading_that_may_be_wrong_is_doubted(text):
    assert all(one.doubt for one in find_targets(text))


def test_the_shipped_targets_are_those_of_the_shipped_texts(shipped):
    """The shipped names are the extracted ones made plainer by hand; quantities are the same."""
    listed = shipped.targets
    for task, row in shipped.tasks.iterrows():
        own = listed[listed["task_id"] == task]
        expected = [
            (
                OPS[one.relation],
                one.target,
                one.upper if one.relation == schema.RANGE else None,
                one.measure,
            )
            for one in own.itertuples()
        ]
        found = extract_targets(row["content"])
        assert [(one.op, one.value, one.upper, one.unit) for one in found] == expected, task


NOUNS = st.sampled_from(["农业企业", "专场招聘会", "干部", "推介会", "帮扶学校"])
UNITS = st.sampled_from(["家", "名", "次", "场", "人次", "所", "个"])
FORMS = st.sampled_from(
    [
        ("组织{n}{u}以上{x}", ">="),
        ("开展{x}不少于{n}{u}", ">="),
        ("组织{n}{u}{x}", "="),
        ("开展{x}{n}{u}，务求实效", "="),
        ("开展{x}不超过{n}{u}", "<="),
    ]
)


@given(st.integers(1, 99999), UNITS, NOUNS, FORMS, st.booleans())
def test_a_sentence_says_what_it_was_made_of(number, unit, noun, form, written):
    text, op = form
    figure = str(number)
    if written and number not in (100, 1000, 10000):  # 百, 千, 万 alone are figures of speech
        figure = "两" if number == 2 else cn2an.an2cn(number)
    read = extract_targets(text.format(n=figure, u=unit, x=noun))
    assert read == [Target(noun, op, float(number), None, unit)]


@given(
    st.text(
        st.sampled_from(
            "0123456789一二两十百万亿～-、，。“”（）家名次场个人月年第各每%以上不少于超过镇村有"
        )
    )
)
def test_any_text_is_read_without_failing(text):
    for one in find_targets(text):
        assert 0 <= one.start < one.end <= len(text)
        assert one.target.value > 0
        assert one.target.indicator
        assert one.target.unit
        assert (one.target.upper is not None) == (one.target.op == "range")
        if one.target.upper is not None:
            assert one.target.upper >= one.target.value


@given(st.text())
def test_text_in_quotation_marks_is_a_name(text):
    inside = text.replace("“", "").replace("”", "")
    assert extract_targets(f"开展“{inside}10家{inside}”活动") == []


@pytest.mark.parametrize(
    "text",
    ["（5个" * 6_600, "100个，" * 5_000, "5个、" * 6_600, "其中5人" * 5_000, "支付率95%" * 3_000],
)
def test_no_text_takes_long(text):
    assert is_quick(lambda: find_targets(text[:20_000]), 1)
