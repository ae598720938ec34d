"""Cards: a chart with its finding, table and download; lists of tasks; tiles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from lib.charts import Chart
from lib.core import findings, months, wording
from lib.core.figures import Figures, flag_lists
from lib.core.status import Flag, Status, look, mark
from lib.files import csv_tables
from lib.report.material import DEMO_MARK
from lib.ui.frame import run as frame
from lib.ui.kit import picture
from lib.ui.kit.markdown import plain as plain

_PLOTLY = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False, "locale": "zh-CN"}


def chart(shown: Chart, *, drill: str | None = None, parameter: str = "") -> None:
    """Draw a chart card: finding, figure, table view and download.

    A click on a bar opens page ``drill`` with the clicked key as ``parameter``; without
    ``drill`` it sets the widget of that name on this page.
    """
    frame.show_first()
    with st.container(border=True):
        st.subheader(plain(shown.title), anchor=False)
        _figure(shown, drill, parameter)
        data_table(shown.table, shown.name, shown.title)


def _figure(shown: Chart, drill: str | None, parameter: str) -> None:
    key = f"chart-{shown.name}"
    if not parameter:
        _plot(shown, key)
        return

    def choose() -> None:
        chosen = clicked(st.session_state[key])
        if chosen is not None:
            st.session_state[parameter] = chosen

    event = _plot(shown, key, on_select="rerun" if drill else choose)
    chosen = clicked(event) if drill else None
    if drill and chosen is not None:
        frame.go(drill, **{parameter: chosen})


def figure(shown: Chart, key: str, on_click: Callable[[], None]) -> None:
    """Draw a chart's figure alone; a click on it runs ``on_click``."""
    frame.show_first()
    _plot(shown, key, on_select=on_click)


def _plot(shown: Chart, key: str, on_select: Any = "ignore") -> Any:
    return st.plotly_chart(
        shown.figure,
        key=key,
        config=_PLOTLY,
        alt=shown.alt,
        selection_mode="points",
        on_select=on_select,
    )


def clicked(event: object) -> str | None:
    """Return the key of the point that was clicked, ``None`` if none was."""
    points = event["selection"]["points"]  # type: ignore[index]
    if not points:
        return None
    custom = points[0].get("customdata")
    if isinstance(custom, list | tuple):
        custom = custom[0] if custom else None
    return None if custom is None else str(custom)


@st.fragment
def data_table(table: pd.DataFrame, name: str, title: str = "") -> None:
    """Draw a closed table view of what a chart shows, with its downloads.

    With ``title``, the chart's finding, the chart above it can be saved as a picture too.

    The rows are sent to the browser only when it is opened.
    """
    view = st.expander(
        "数据表与下载", icon=":material/table:", on_change="rerun", key=f"table-{name}"
    )
    if not view.open:
        return
    with view:
        st.dataframe(table, hide_index=True, alt=f"{name}数据表")
        with st.container(horizontal=True, vertical_alignment="center"):
            download(table, name, "下载 CSV")
            if title:
                picture.buttons(name, _file_name(name), title, _source(), frame.palette())


def _source() -> str:
    """Return the line under a saved picture: plan, month and filters, and whether it is 演示."""
    figures = frame.view_or_none()
    if figures is None:
        return ""
    words = [figures.dataset.settings.title, findings.selection_words(figures.selection)]
    sealed = frame.edition()
    if sealed is not None:
        words.append(sealed.describe())
    if figures.dataset.has_demo:
        words.append(DEMO_MARK)
    return "　".join(words)


def states(status: str, flags: Sequence[str] = ()) -> None:
    """Draw a status and its flags as badges, the same everywhere."""
    with st.container(horizontal=True, gap="xxsmall"):
        for state in (status, *flags):
            st.badge(mark(state), color=look(state).badge)  # type: ignore[arg-type]


def task_list(figures: Figures, rows: pd.DataFrame, reasons: Sequence[str]) -> None:
    """Draw tasks as a list of links to them: state, task, and why it is here."""
    contents = figures.dataset.tasks["content"]
    with st.container(key="task-list", gap="xxsmall"):
        for row, flags, reason in zip(rows.itertuples(), flag_lists(rows), reasons, strict=True):
            shown = [str(row.status), *(flag for flag in flags if flag == Flag.DUE_NEXT)]
            badges = " ".join(f":{look(state).badge}-badge[{mark(state)}]" for state in shown)
            title = wording.short_title(contents[row.task_id], 15)
            label = f"{badges} **{plain(row.task_id)}** {plain(title)} :small[{plain(reason)}]"
            frame.link("task", label, icon="", task=row.task_id)


def tiles(figures: Figures) -> None:
    """Draw the tiles of the overview, each with its change since the month before.

    One table, a row per tile, that `screen.css` lays out: an element each, with its box, takes
    the browser longer than all that it says.
    """
    now = figures.overall.iloc[0]
    before = None if figures.previous is None else figures.previous.overall.iloc[0]

    def tile(label: str, name: str, value: str, unit: str, good: int) -> list[str]:
        """Return one tile; ``good`` is 1 where more is better, -1 where worse, 0 for neither."""
        return [label, f"**{value}**", change(name, unit, good)]

    def change(name: str, unit: str, good: int) -> str:
        if before is None:
            return ""
        scale, digits = {"个百分点": (100, 1), "项": (1, 0)}.get(unit, (1, 2))
        gain = round((now[name] - before[name]) * scale, digits)
        if pd.isna(gain):
            return ""
        if not gain:
            return ":gray-badge[持平]"
        colour = {1: "green", -1: "red", 0: "gray"}[good * (1 if gain > 0 else -1)]
        return f":{colour}-badge[{'↑' if gain > 0 else '↓'} {gain:+.{digits}f}{unit}]"

    points, items = "个百分点", "项"
    done = f"{int(now['completed'])}／{int(now['tasks'])}项"
    rows = [
        ["指标", "本月", "" if before is None else "较上月"],
        tile("总体完成率", "earned_value", wording.percent(now["earned_value"]), points, 1),
        tile("序时进度", "planned_value", wording.percent(now["planned_value"]), points, 0),
        tile("SPI　完成率÷序时进度", "spi", wording.ratio(now["spi"]), "", 1),
        tile(mark(Status.COMPLETED), "completed", done, items, 1),
        tile(mark(Status.BEHIND), "behind", f"{int(now['behind'])}项", items, -1),
        tile(mark(Status.OVERDUE), "overdue", f"{int(now['overdue'])}项", items, -1),
    ]
    note = "" if before is None else "\n\n:small[箭头为较上月的变化]"
    with st.container(key="tiles"):
        st.markdown(_table(rows) + note)


def percent_columns() -> dict[str, Any]:
    """Return how tables show completion (as a bar) and planned value."""
    return {
        "完成率（%）": st.column_config.ProgressColumn(format="%.1f", min_value=0, max_value=100),
        "序时进度（%）": st.column_config.NumberColumn(format="%.1f"),
    }


def task_frame(table: pd.DataFrame, name: str) -> None:
    """Draw a table of tasks; choosing a row opens the task."""
    event = st.dataframe(
        table,
        hide_index=True,
        height="content",  # paper cannot scroll
        key=f"tasks-{name}",
        on_select="rerun",
        selection_mode="single-row",
        column_config=percent_columns(),
        alt=f"{name}：选择一行查看任务",
    )
    if event.selection.rows:
        frame.go("task", task=str(table["任务编号"].iloc[event.selection.rows[0]]))


def download(table: pd.DataFrame, name: str, label: str, *, dated: bool = True) -> None:
    """Draw a button that downloads a table as CSV; ``dated`` puts the month into its name."""
    st.download_button(
        label,
        csv_tables.to_csv(csv_tables.neutralise(table)),
        file_name=f"{_file_name(name) if dated else name}.csv",
        mime="text/csv",
        icon=":material/download:",
        key=f"download-{name}",
        on_click="ignore",
    )


def _file_name(name: str) -> str:
    """Return a download's name, with the month that is looked at if the plan can be read."""
    figures = frame.view_or_none()
    return name if figures is None else f"{name}_{months.text(figures.selection.month)}"


def flags_of(figures: Figures) -> list[str]:
    """Return the flags of the one task of a view."""
    return flag_lists(figures.tasks)[0]


def facts(values: dict[str, str]) -> None:
    """Draw facts as a table of two columns; its head is hidden (screen.css)."""
    words(pd.DataFrame({"项目": list(values), "内容": list(values.values())}), "facts")


def words(table: pd.DataFrame, name: str) -> None:
    """Draw a small table of texts as text: its cells wrap, it prints whole, it needs no script."""
    rows = [[plain(cell) for cell in row] for row in table.itertuples(index=False)]
    lines = [[" ".join(cell.split()) for cell in row] for row in (list(table.columns), *rows)]
    with st.container(key=f"words-{name}"):
        st.markdown(_table(lines))


def _table(rows: Sequence[Sequence[str]]) -> str:
    """Return cells of Markdown as a table; the first row is its head."""
    head, *body = rows
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *body))


def missing_lines(figures: Figures) -> None:
    """Draw the 催报清单 as lines: who has not reported on which task, and how that stands."""
    contents = figures.dataset.tasks[["content", "window_text"]]
    lines = []
    for row in figures.missing_reports.itertuples():
        content, window = contents.loc[row.task_id]
        lines.append(
            f"- **{plain(row.unit)}**　{plain(row.task_id)} "
            f"{plain(wording.short_title(content, 24))}（{plain(window)}）　"
            f"完成{wording.percent(row.completion)}　{mark(str(row.status))}"
        )
    st.markdown("\n".join(lines))


def indicator_frame(table: pd.DataFrame) -> None:
    """Draw indicators with their completion as bars."""
    if table.empty:
        return
    st.dataframe(
        table,
        hide_index=True,
        height="content",
        column_config=percent_columns(),
        alt="指标完成情况",
    )


def indicator_lines(nearest: pd.DataFrame, furthest: pd.DataFrame) -> None:
    """Draw the indicators nearest to and furthest from target: done over target, with unit."""
    if nearest.empty and furthest.empty:
        frame.note("没有未完成的指标。")
    _lines(
        f":gray[{label}]　**{wording.quantity(row.done)}／{wording.quantity(row.target)}"
        f"{plain(row.measure)}**　{plain(row.task_id)} {plain(row.indicator)}"
        for label, rows in (("最近", nearest), ("最远", furthest))
        for row in rows.itertuples()
    )


def change_lines(figures: Figures, limit: int = 4) -> None:
    """Draw the greatest changes since the month before as lines of text."""
    rows = figures.changes.sort_values("gain", ascending=False, kind="stable")
    if rows.empty:
        frame.note("选择有上报的月份可以看到变化。")
        return
    contents = figures.dataset.tasks["content"]
    lines = []
    for row in rows.head(limit).itertuples():
        moved = "" if row.status == row.status_before else f"　{mark(str(row.status))}"
        title = wording.short_title(contents[row.task_id], 16)
        lines.append(
            f"**{plain(row.task_id)}** {plain(title)}　"
            f"{wording.percent(row.completion_before, 0)}\u00a0→\u00a0"
            f"**{wording.percent(row.completion, 0)}**{moved}"
        )
    _lines(lines)
    if len(rows) > limit:
        frame.link("months", f"全部{len(rows)}项变化")


def _lines(lines: Iterable[str]) -> None:
    """Draw lines of text as one element, a paragraph each."""
    text = "\n\n".join(lines)
    if text:
        st.markdown(text)
