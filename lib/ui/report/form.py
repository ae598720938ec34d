"""在线填写: the unit's open tasks one at a time, as texts that go through the same checks as a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from lib import intake
from lib.core import wording
from lib.core.dataset import Dataset
from lib.intake import Checked
from lib.intake.headers import ENTRY, SO_FAR, H, P, T
from lib.intake.sheets import Sheet
from lib.store import Kind
from lib.ui.kit import state
from lib.ui.kit.elements import empty, note, plain
from lib.ui.report import preview, unsent
from lib.ui.report.reporter import Reporter

NUMBERS = {
    H["quantity"]: "本月新增的数量，不是累计数",
    H["cumulative_percent"]: "到本月末一共完成百分之几",
}
TEXTS = [header for header in ENTRY if header not in NUMBERS]
CLEARED = "无"
"""What a text that was deleted in the form says: as in a file, a blank cell would keep it."""

Cell = unsent.Cell
Typed = dict[int, dict[str, str]]
"""What is typed in, by row of the form and header."""


def form(dataset: Dataset, who: Reporter) -> None:
    """Draw one task with its fields, what is typed in so far, and the preview of all of it."""
    rows = intake.entry_rows(dataset, who.unit, who.month)
    kept = unsent.fields(who)
    _not_in_form(rows, kept.cells)
    if rows.empty:
        empty("到上月末，本单位没有未完成的任务。要补填其他任务，请下载模板填写。")
        return
    rows = rows.set_axis(pd.RangeIndex(1, len(rows) + 1, name="行"), axis="index")
    typed = _typed(rows, kept.cells)
    row = _choose(rows, typed, who)
    _fields(rows.loc[row].to_dict(), row, typed, who)
    _steps(row, len(rows), who)
    cells = _changed(rows, typed)
    if cells.empty:
        note("有指标的任务填“本月完成”，没有指标的填“累计完成率”。填好的项在下面预览，一起提交。")
        return
    key = (pd.util.hash_pandas_object(cells).sum(), "form", who)

    def check(current: Dataset) -> Checked:
        return intake.check_rows(
            Sheet("csv", cells, 0, {}), current, unit=who.unit, month=who.month
        )

    planned = preview.planned(key, check, dataset, who, big=False)
    preview.outcome(planned, who, None, Kind.FORM, kept.items, kept.changed_elsewhere)


def _typed(rows: pd.DataFrame, cells: Mapping[Cell, str]) -> Typed:
    """Return what is typed in by row; what is typed for a task that is not in the form is left out."""
    row_of = {(rows.at[row, H["task_id"]], rows.at[row, H["indicator"]]): row for row in rows.index}
    typed: Typed = {}
    for (task, indicator, header), text in cells.items():
        if (task, indicator) in row_of:
            typed.setdefault(int(row_of[task, indicator]), {})[header] = text
    return typed


def _not_in_form(rows: pd.DataFrame, cells: Mapping[Cell, str]) -> None:
    """Say what a draft holds of tasks that have left the form: done or taken out of the plan."""
    there = set(rows[H["task_id"]])
    for (task, indicator, header), text in cells.items():
        if task not in there:
            name = plain("／".join(filter(None, (task, indicator, header))))
            note(f"草稿里还有本表已经没有的一项，不会提交：{name}：{plain(text)}")


def _key(who: Reporter, *parts: object) -> str:
    return "-".join(
        map(str, ("form", st.session_state.get(state.REPORT_ROUND, 0), who.unit, who.month, *parts))
    )


def _choose(rows: pd.DataFrame, typed: Typed, who: Reporter) -> int:
    """Draw the list of tasks, and return the row that is chosen."""

    def label(row: int) -> str:
        cells = rows.loc[row]
        name = cells[H["indicator"]] or wording.short_title(str(cells[P["content"]]), 18)
        filled = any(typed.get(row, {}).get(header, cells[header]) for header in NUMBERS)
        return f"{'✓ ' if filled else ''}{cells[H['task_id']]} {name}（{row}/{len(rows)}）"

    return int(st.selectbox("任务", list(rows.index), format_func=label, key=_key(who, "task")))


def _fields(cells: dict[str, str], row: int, typed: Typed, who: Reporter) -> None:
    """Draw the fields of one row; what is typed is kept when another row is chosen."""

    seen: dict[str, str] = st.session_state.setdefault(state.SEEN, {})

    def keep(header: str, key: str) -> None:
        _keep(header, key, st.session_state[key])

    def _keep(header: str, key: str, text: str) -> None:
        cell = (cells[H["task_id"]], cells[H["indicator"]], header)
        unsent.keep_cell(who, cell, text, cells[header])
        typed.setdefault(row, {})[header] = seen[key] = text

    indicator = cells[H["indicator"]]
    number = H["quantity"] if indicator else H["cumulative_percent"]
    with st.container(border=True):
        st.markdown(f"**{plain(cells[H['task_id']])}** {plain(cells[P['content']])}")
        target = f"，目标{goal}{cells[T['measure']]}" if (goal := cells[T["target"]]) else ""
        named = f"{indicator}：" if indicator else ""
        note(plain(f"{named}到上月{cells[SO_FAR]}{target}，{cells[P['window_text']]}"))
        unit = cells[T["measure"]] if indicator else "%"
        for header in (number, *TEXTS):
            key = _key(who, cells[H["task_id"]], indicator, header)
            before = typed.get(row, {}).get(header, cells[header])
            if st.session_state.get(key) == seen.get(key) != before and key in seen:
                st.session_state[key] = before  # typed in another tab; nothing is typed here
            known = key in st.session_state
            field: dict[str, Any] = {
                "value": "" if known else before,
                "key": key,
                "on_change": keep,
                "args": (header, key),
            }
            if header == number:
                text = st.text_input(plain(f"{header}（{unit}）"), help=NUMBERS[header], **field)
            else:
                text = st.text_area(header, height=68, **field)
            if text == before:
                seen[key] = before
            else:  # a server that was started anew is given the field, but not that it has changed
                _keep(header, key, text)


def _steps(row: int, last: int, who: Reporter) -> None:
    """Draw the way to the task before and after."""

    def go(to: int) -> None:
        st.session_state[_key(who, "task")] = to

    with st.container(horizontal=True):
        st.button("上一项", key="form-before", disabled=row == 1, on_click=go, args=(row - 1,))
        st.button("下一项", key="form-next", disabled=row == last, on_click=go, args=(row + 1,))


def _changed(rows: pd.DataFrame, typed: Typed) -> pd.DataFrame:
    """Return the rows in which something differs from what is already reported, as texts."""
    cells = rows.copy()
    for row, texts in typed.items():
        for header, text in texts.items():
            if row in cells.index and text.strip() != cells.at[row, header]:
                cleared = header in TEXTS and not text.strip()
                cells.at[row, header] = CLEARED if cleared else text.strip()
    return cells[(cells[ENTRY] != rows[ENTRY]).any(axis=1)]
