"""Tables for people: Chinese headers, percent, the order that a reader expects."""

from lib.core import views


def test_tables_for_people(september):
    assert list(views.missing_table(september)["责任单位"]) == ["区商务局", "妇联", "河海街道"]
    indicators = views.indicator_table(september).set_index("指标")["完成／目标"]
    assert indicators["专场招聘会"] == "8／10场次"
    assert indicators["机关事业单位干部到紫阳县锻炼交流"] == "3／2～3名"
    calendar = views.calendar_table(september).set_index("月份")
    assert calendar.at["8月", "到期任务"] == "二-6"
    assert len(views.task_table(september)) == 22
