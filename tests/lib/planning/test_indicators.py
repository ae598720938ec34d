"""The quantities of a document as indicators: rates, limits, parts of a whole."""

from __future__ import annotations

import pytest

from lib.core import schema
from lib.core.targets import find_targets
from lib.files import plan_folder
from lib.planning import propose, read_text, understand

T = schema.TARGETS.headers
TEXT = (
    "2020年工作计划\n类型\t工作任务\t责任单位\t完成时限\n"
    "产业\t协作资金支付率达到95 %以上，项目开工率100%。\t区经发局\t全年\n"
    "就业\t转移就业500人，其中脱贫200人；培训1000人次（东县600人次、西县400人次）。\t区人社局\t全年\n"
    "安全\t较大事故不超过3起，产值增长8%以上。\t区经发局\t全年\n"
)


@pytest.fixture(scope="module")
def proposal():
    return propose(understand(read_text(TEXT)))


def test_what_a_document_says_becomes_indicators_that_can_be_reported(proposal):
    columns = ("indicator", "relation", "target", "whole", "numerator", "denominator", "counted_in")
    assert proposal.targets[[T[name] for name in columns]].to_numpy().tolist() == [
        ["协作资金支付率", "不少于", "95", "", "协作资金已支付", "协作资金到位", "万元"],
        ["项目开工率", "等于", "100", "", "项目已开工", "项目计划数", "个"],
        ["转移就业", "等于", "500", "", "", "", ""],
        ["其中脱贫", "等于", "200", "转移就业", "", "", ""],
        ["培训", "等于", "1000", "", "", "", ""],
        ["其中东县", "等于", "600", "培训", "", "", ""],
        ["其中西县", "等于", "400", "培训", "", "", ""],
        ["较大事故", "不超过", "3", "", "", "", ""],
    ]
    files = proposal.files()
    again = plan_folder.read(files, schema.PROGRESS.empty())
    assert list(again.reported["indicator"])[:2] == ["协作资金已支付", "协作资金到位"]


def test_a_rate_is_asked_about_with_the_names_of_what_is_reported(proposal):
    doubts = {doubt.value: doubt.assumed for doubt in proposal.doubts}
    assert (
        doubts["协作资金支付率 不少于95%"]
        == "分子、分母写作「协作资金已支付、协作资金到位」，按万元计"
    )
    assert doubts["产值增长 不少于8%"].startswith("不列为指标")


def test_a_plan_without_such_indicators_has_the_columns_of_before():
    plain = propose(
        understand(read_text(TEXT[: TEXT.index("产业")] + "产业\t建车间3个\t区经发局\t全年"))
    )
    header = plain.files()["targets.csv"].decode("utf-8-sig").splitlines()[0]
    assert header == "任务编号,指标,关系,目标值,上限,计量单位"


WHOLES = [
    ("招聘会10场（线上5场），培训3场", ["", "招聘会", ""]),
    ("建成车间10个，其中东镇4个、西镇6个，新建学校5所", ["", "车间", "车间", ""]),
    ("资金500万元，财政300万元、社会200万元", ["", "资金", "资金"]),
    ("在A镇建设5个车间、B镇建设3个车间、C镇2个车间", ["", "", ""]),
    ("就业300人；其中脱贫500人", ["", ""]),
    ("就业率90%，其中脱贫户就业率80%", ["", ""]),
]


@pytest.mark.parametrize(("text", "wholes"), WHOLES)
def test_parts_are_told_by_among_by_brackets_and_by_their_sum(text, wholes):
    mentions = find_targets(text)
    assert [mention.whole.indicator if mention.whole else "" for mention in mentions] == wholes
