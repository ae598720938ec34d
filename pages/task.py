"""任务: one task: its text, window, units, indicators and reports."""

import streamlit as st

from lib.charts.curve import s_curve
from lib.core import findings, views, wording
from lib.store import listing
from lib.ui import history
from lib.ui.frame import filters
from lib.ui.frame import run as frame
from lib.ui.kit import charts as cards
from lib.ui.kit import data

figures = frame.view()
if figures.tasks.empty:
    frame.head(findings.NOTHING)
    frame.empty("没有符合筛选条件的任务。请在左侧清除类型或责任单位。")
    frame.stop()

task = filters.choose_task(figures)
chosen, facts = figures.of_tasks([task]), figures.dataset.tasks.loc[task]
row = chosen.tasks.iloc[0]
frame.head(findings.task(chosen))
cards.states(row["status"], cards.flags_of(chosen))
left, right = st.columns([2, 3])
with left, st.container(border=True):
    st.markdown(cards.plain(facts["content"]))
    cards.facts(
        {
            "类型": facts["category"],
            "责任单位": "、".join(facts["units"]),
            "计划完成时间": facts["window_text"],
            "时间的理解": facts["reading"],
            **views.more_facts(figures, task),
            "来源": facts["source"],
            "完成率": wording.percent(row["completion"]),
            "序时进度": wording.percent(row["planned_value"]),
            "SPI": wording.ratio(chosen.overall["spi"].iloc[0]),
            "预计完成": findings.projection(chosen),
        }
    )
with right:
    cards.chart(s_curve(chosen, frame.palette(), height=300))
indicators = views.indicator_table(chosen)
if len(indicators):
    st.subheader(findings.indicators(chosen), anchor=False)
    cards.indicator_frame(indicators)
else:
    frame.note("定性任务：按各责任单位最近一次填报的累计完成率取平均，未填报的按0计。")
evidence = data.evidence(task, frame.revision())
reports = listing.report_table(chosen, task, evidence)
st.subheader(f"截至{findings.month_word(figures)}共{len(reports)}条填报", anchor=False)
if reports.empty:
    frame.empty("还没有填报。责任单位填报后，这里按月列出进展、问题和下一步措施。")
else:
    st.dataframe(reports, hide_index=True, placeholder="", alt="填报记录")
    cards.download(reports, f"填报记录_{task}", "下载填报记录")
history.evidence_list(evidence)
