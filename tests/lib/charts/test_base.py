"""What all charts share: built once for the same view."""

from lib.charts import DARK, LIGHT
from lib.charts.groups import bars
from lib.core.figures import Figures, Selection


def test_a_chart_is_built_once_for_the_same_view_and_never_mixed_up(shipped):
    figures = Figures(shipped, Selection(shipped.latest_month))
    chart = bars(figures, "category", LIGHT)
    assert bars(figures, "category", LIGHT) is chart
    assert bars(figures, "category", DARK) is not chart
    assert bars(figures, "unit", LIGHT).title != chart.title
    later = Figures(shipped, Selection(shipped.latest_month - 1))
    assert bars(later, "category", LIGHT).title != chart.title
