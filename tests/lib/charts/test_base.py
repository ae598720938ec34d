"""What all charts share: built once for the same view."""

from lib.charts import DARK, LIGHT
from lib.charts.curve import s_curve
from lib.core.figures import Figures, Selection


def test_a_chart_is_built_once_for_the_same_view_and_never_mixed_up(shipped):
    figures = Figures(shipped, Selection(shipped.latest_month))
    chart = s_curve(figures, LIGHT)
    assert s_curve(figures, LIGHT) is chart
    assert s_curve(figures, DARK) is not chart
    assert s_curve(figures, LIGHT, height=200) is not chart
    later = Figures(shipped, Selection(shipped.latest_month - 1))
    assert s_curve(later, LIGHT).title != chart.title
