"""全部计划: every plan's completion, SPI and overdue tasks; two plans by category."""

import streamlit as st

from lib.core import portfolio
from lib.ui import portfolio as plans
from lib.ui.frame import run as frame

frame.framed()
summaries, faults = plans.summaries()
rows = portfolio.portfolio(summaries.values())
st.title(f"全部计划：{portfolio.portfolio_finding(rows)}", anchor=False)
if faults:
    frame.problems("下列计划不能计算，没有列入", tuple(faults))
plans.banner(summaries)
if rows.empty:
    frame.stop()

frame.note(
    "每个计划截至它自己最近填报的月份，不受左侧月份、类型和单位的影响。实心：完成率　空心：序时进度"
)
plans.overview(rows)
st.subheader("按类型对比两个计划", anchor=False)
if len(summaries) < 2:
    frame.empty("现在只有一个计划。在“计划管理”导入另一年的计划后，这里可以对比。")
    frame.link("plan", "去计划管理")
    frame.stop()
plans.comparison(summaries)
