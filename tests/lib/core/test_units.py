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
