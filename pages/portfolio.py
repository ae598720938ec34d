"""全部计划: every plan's completion, SPI and overdue tasks; two plans by category."""

from lib.core.portfolio import portfolio as portfolio_rows
from lib.core.portfolio import portfolio_finding
from lib.ui import portfolio
from lib.ui.kit import navigation
from lib.ui.kit.elements import empty, note, page_title, problems, subheading

navigation.framed()
summaries, faults = portfolio.summaries()
rows = portfolio_rows(summaries)
page_title(f"全部计划：{portfolio_finding(rows)}")
if faults:
    problems("下列计划不能计算，没有列入", faults)
portfolio.banner(summaries)
if rows.empty:
    navigation.stop()

note(
    "每个计划截至它自己最近填报的月份，不受所选月份、类型和单位的影响。实心：完成率　空心：序时进度"
)
portfolio.overview(rows)
subheading("按类型对比两个计划")
if len(summaries) < 2:
    empty("现在只有一个计划。在“计划管理”导入另一年的计划后，这里可以对比。")
    navigation.link("plan", "去计划管理")
    navigation.stop()
portfolio.comparison(summaries)
