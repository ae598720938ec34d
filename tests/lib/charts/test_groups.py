"""Bars and heat maps of categories and units: the roll-up's numbers, its finding as title."""

import pytest

from lib.charts import DARK, LIGHT
from lib.charts.groups import bars, heat_map


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_bars_show_completion_and_plan_of_each_group(september, palette):
    chart = bars(september, "category", palette)
    plan, actual, labels = chart.figure.data
    shown = dict(zip(labels.y, labels.text, strict=True))
    assert shown["产业帮扶"].endswith("<b>40%</b> ／ 65%")
    assert dict(zip(actual.y, actual.x, strict=True)) == pytest.approx(
        dict(zip(september.by_category["key"], september.by_category["earned_value"], strict=True))
    )
    assert plan.marker.color == "rgba(0,0,0,0)"
    assert chart.title == "9个类型中3个落后，产业帮扶落后最多，差25.3个百分点"
    assert list(chart.table["类型"]) == list(september.dataset.categories)
    ranked = bars(september, "unit", palette)
    assert next(iter(ranked.figure.data[0].y)) == "区商务局"


def test_the_heat_map_leaves_later_months_empty(september):
    heat = heat_map(september, "unit", LIGHT).figure.data[0]
    assert all(cell == "" for cell in heat.text[0][9:])
    assert heat.text[0][8] == "80"


def test_the_heat_map_of_categories_names_them_in_the_plans_order(september):
    chart = heat_map(september, "category", LIGHT)
    assert list(chart.figure.data[0].y) == list(september.dataset.categories)
    assert chart.title == "9月有3个类型低于序时进度"
