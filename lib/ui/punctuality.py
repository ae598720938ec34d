"""按时报送 on 上报记录: units by months, who is late, 催报 to paste, due days for a calendar."""

from __future__ import annotations

from datetime import date

import streamlit as st

from lib.core import months, wording
from lib.core.due_days import parse_due
from lib.core.figures import Figures
from lib.core.punctuality import ReportingCalendar, reporting_calendar
from lib.report.reminders import due_days_file, reminder
from lib.ui.kit import data
from lib.ui.kit.elements import download_file, empty, note, plain, subheading
from lib.ui.kit.tables import download
from lib.ui.kit.view import view_or_none


def figures_to_judge() -> Figures | None:
    """Return the figures of the month looked at; ``None`` if they cannot be read."""
    view = view_or_none()
    return None if view is None or data.dataset_or_none() is None else data.figures(view)


def tab_name(figures: Figures | None) -> str:
    """Return the name of the section, with its finding."""
    rate = None if figures is None else _calendar(figures).rate
    return "按时报送" if rate is None else f"按时报送（按时率{wording.percent(rate, 0)}）"


def punctuality(figures: Figures) -> None:
    """Draw who reported which month on time, late or not at all, and what to do about it."""
    calendar = _calendar(figures)
    settings, month = figures.dataset.settings, figures.selection.month
    if calendar.rows.empty:
        empty("到这个月还没有要填报的任务。")
        return
    word = months.label(month, settings.year)
    subheading(calendar.sentence(month, word) or f"{word}没有要填报的任务")
    note(f"期限：{plain(settings.report_due)}，由管理员在计划设置里写明。更正不算迟报。")
    grid = calendar.grid()
    st.dataframe(grid, hide_index=True, height="content", alt="按时报送：各单位各月")
    text = reminder(figures, calendar, month)
    if text:
        st.markdown("**催报**：复制后发到工作群，或发给各单位")
        st.code(text, language=None, wrap_lines=True)
    with st.container(horizontal=True):
        download(grid, "按时报送", "下载按时报送情况")
        due = parse_due(settings.report_due)
        if due is not None:
            download_file(
                "下载填报期限（.ics，导入日历提醒）",
                due_days_file(due, figures.dataset.axis, settings.title, date.today()),
                "填报期限.ics",
                "text/calendar",
                key="due-days",
                icon=":material/event:",
            )


def _calendar(figures: Figures) -> ReportingCalendar:
    return reporting_calendar(figures, date.today())
