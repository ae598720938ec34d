"""分类: the categories against plan, the worst first; one category's tasks and indicators beside."""

from lib.core import findings, views
from lib.html.indicators import indicator_list
from lib.html.lights import task_lights
from lib.ui import groups
from lib.ui.kit import data, navigation
from lib.ui.kit.charts import table_view
from lib.ui.kit.elements import heading, note
from lib.ui.kit.links import figures_html, links

figures = data.figures(navigation.view())
beside, category = groups.worst_and_choice(figures, "类型")
chosen = figures if category is None else figures.of_category(category)
with beside:
    heading(f"{category or '全部类型'}：{findings.counts(chosen)}")
    figures_html(task_lights(chosen, links()))
    table_view(views.task_table(chosen), "分类任务")
    if chosen.indicators.empty:
        note("这些任务都是定性任务，没有量化指标，按各单位填报的累计完成率计算。")
    else:
        heading(findings.indicators(chosen))
        figures_html(indicator_list(chosen, links()))
        table_view(views.indicator_table(chosen), "分类指标")
