import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.core.units import parse_units


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("区人社局、总工会、团区委、妇联、", ("区人社局", "总工会", "团区委", "妇联")),
        ("区春江镇、西夏墅镇、\n奔牛镇、河海街道", ("春江镇", "西夏墅镇", "奔牛镇", "河海街道")),
        ("区委组织部、区人社局 ", ("区委组织部", "区人社局")),
        (
            "区经发局，区商务局;区农业局；区科技局/妇联",
            ("区经发局", "区商务局", "区农业局", "区科技局", "妇联"),
        ),
        ("配合单位：总工会、妇联；牵头单位：区人社局", ("区人社局", "总工会", "妇联")),
        ("总工会、区人社局（牵头）", ("区人社局", "总工会")),
        ("区人力资源和社会保障局、人社局", ("区人社局",)),
        ("区总工会、共青团新北区委、区妇联", ("总工会", "团区委", "妇联")),
        ("妇  联", ("妇联",)),
        ("区委组织部 区人社局", ("区委组织部", "区人社局")),
        ("责任单位：区党政办", ("区党政办",)),
        ("区罗溪镇、三井街道", ("罗溪镇", "三井街道")),
        ("县扶贫办", ("县扶贫办",)),
        ("", ()),
        ("、；", ()),
        ("县发改局牵头落实", ("县发改局",)),
        ("县教育局牵头，县红十字会、县卫健局参与", ("县教育局", "县红十字会", "县卫健局")),
        (
            "市财政局、市商务局配合，市经信委牵头",
            ("市经信委", "市财政局", "市商务局"),
        ),
        ("县财政局、县审计局及有关部门", ("县财政局", "县审计局")),
        ("县林业局等部门", ("县林业局",)),
        ("各有关单位", ("各有关单位",)),
        ("县文旅局、县体育中心（排在首位的为牵头单位，下同）", ("县文旅局", "县体育中心")),
        ("责任领导：孙某；责任单位：县民政局", ("县民政局",)),
        ("责任单位：县民政局；8月底前完成", ("县民政局",)),
        ("各县（市、区）人民政府、县气象局", ("各县（市、区）人民政府", "县气象局")),
        ("县农业农村局　县供销社", ("县农业农村局", "县供销社")),
        ("应急办 派出所 各村（社区）", ("应急办", "派出所", "各村（社区）")),
        ("县医保局会同县财政局", ("县医保局", "县财政局")),
        ("县住建局和县文物局", ("县住建局", "县文物局")),
        (
            "市住房和城乡建设局、市人力资源和社会保障局",
            ("市住房和城乡建设局", "市人力资源和社会保障局"),
        ),
        ("县水利局、各乡（镇、场）按职责分工负责", ("县水利局", "各乡（镇、场）")),
    ],
)
def test_reads_units_in_the_tables_own_spelling(text, units):
    assert parse_units(text) == units


@given(st.text(alphabet="区人社局总工会妇联镇街道、，；; （）牵头单位：\n", max_size=30))
def test_reading_its_own_result_changes_nothing(text):
    units = parse_units(text)
    assert len(set(units)) == len(units)
    again = parse_units("、".join(units))
    assert set(parse_units("、".join(again))) == set(again)


def test_aliases_are_data_of_the_caller():
    assert parse_units("财政局", {"财政局": "县财政局"}) == ("县财政局",)


@pytest.mark.parametrize("text", ["局和" * 10_000, "牵头" * 10_000, "（" * 20_000, "县、" * 10_000])
def test_a_long_text_takes_no_time(text):
    started = time.process_time()
    parse_units(text)
    assert time.process_time() - started < 1
