"""单位: who is late first, the lights by month, one unit's tasks, and who has not reported."""

from lib.core import findings, views
from lib.core.answers import Answers
from lib.html.answers import missing_list
from lib.html.indicators import indicator_list
from lib.html.lights import task_lights, unit_lights
from lib.ui import groups
from lib.ui.kit import data, navigation
from lib.ui.kit.charts import table_view
from lib.ui.kit.elements import heading
from lib.ui.kit.links import figures_html, links
from lib.ui.kit.tables import download

figures = data.figures(navigation.view())
beside, unit = groups.worst_and_choice(figures, "单位")
with beside:
    if unit is None:
        figures_html(unit_lights(figures, links()))
    else:
        chosen = figures.of_unit(unit)
        heading(f"{unit}：{findings.counts(chosen)}")
        figures_html(task_lights(chosen, links()))
        table_view(views.task_table(chosen), "单位任务")
        if len(chosen.indicators):
            heading(findings.indicators(chosen))
            figures_html(indicator_list(chosen, links()))

heading(findings.missing(figures))
if len(figures.missing_reports):
    figures_html(missing_list(Answers.of(figures), links()))
    download(views.missing_table(figures), "催报清单", "下载催报清单")
