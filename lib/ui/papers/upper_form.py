"""The part of the 汇报材料 page about the upper office's own forms: upload, point, fill."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st
from openpyxl.utils import get_column_letter

from lib.access import Permission
from lib.core.figures import Figures
from lib.core.problems import DataError
from lib.report.export import FORMATS
from lib.report.material import Material, Progress
from lib.report.upper_form import (
    BY_MONTH,
    OF_A_TASK,
    Filled,
    Form,
    Pointer,
    What,
    filled,
    lost,
    remove,
    save,
)
from lib.report.upper_form_guess import guessed
from lib.ui.kit import data, session, state
from lib.ui.kit.acting import submit
from lib.ui.kit.elements import note, plain, subheading
from lib.ui.papers.papers import paper

LISTED = 30
"""Cells that are named; more are counted."""
SHOWN_ROWS = 500
"""Rows of a sheet that can be clicked; others are named by their cell."""
_ALL = "全部任务"


def forms(material: Material) -> None:
    """Draw the forms that are kept with their downloads, and the pointing of a new one."""
    kept = data.upper_forms()
    subheading(f"上级表格：{len(kept)}张" if kept else "上级表格：还没有")
    note("上传一次上级的空表，指明每个单元格填什么，以后每月按原来的格式、合并和公式填好下载。")
    for form in kept:
        _kept(form, material)
    if session.may(Permission.DECK):
        _edit(kept, material.figures)
    elif not kept:
        note("表格由管理员上传。")


def _kept(form: Form, material: Material) -> None:
    with st.container(border=True):
        st.markdown(f"**{plain(form.name)}**　填{len(form.cells)}格")
        key = (data.stamp(), form.revision, material.figures.selection, material.edition)
        gaps = f"_form_gaps-{form.revision}"

        def make(progress: Progress) -> bytes:
            done: Filled = filled(form, material, progress)
            st.session_state[gaps] = (key, done.empty)
            return done.content

        paper(
            "按本月填好",
            f"form-{form.revision}",
            key,
            make,
            f"{form.name.removesuffix('.xlsx')}_{material.file_stem}.xlsx",
            FORMATS["xlsx"].media_type,
        )
        made_of, empty = st.session_state.get(gaps, (None, ()))
        if made_of == key and empty:
            st.warning(
                f"{len(empty)}格没有数字，留空：{_listed(list(empty))}", icon=":material/warning:"
            )
        _warnings(form)


def _warnings(form: Form) -> None:
    """Say which cells nobody has pointed at anything, and what a filled form will lack."""
    if unmapped := form.unmapped:
        note(f"没有指明内容、保持空白的有{len(unmapped)}格：{_listed(unmapped)}")
    if parts := lost(form):
        st.warning(f"表里的{'、'.join(parts)}在填好的文件里不会有", icon=":material/warning:")


def _listed(cells: list[str]) -> str:
    return plain("、".join(cells[:LISTED])) + ("等" if len(cells) > LISTED else "")


# -- pointing ----------------------------------------------------------------------------------------


def _edit(kept: list[Form], figures: Figures) -> None:
    with st.expander("上传或修改上级表格"):
        uploaded = st.file_uploader("上级的空表（.xlsx）", type=["xlsx"], key="upper-form")
        names = [form.name for form in kept]
        name = st.selectbox(
            "或者修改已保存的", names, index=None, placeholder="不修改", key="form-kept"
        )
        try:
            form = _edited(
                uploaded, next((form for form in kept if form.name == name), None), figures
            )
            if form is not None:
                _point(form, figures)
        except DataError as error:
            st.error(plain(str(error)), icon=":material/error:")


def _edited(uploaded: Any, chosen: Form | None, figures: Figures) -> Form | None:
    """Return the form as changed in this session; a new one pointed at what its headers say."""
    if uploaded is None and chosen is None:
        return None
    key = (uploaded.file_id,) if uploaded is not None else (chosen.name, chosen.revision)  # type: ignore[union-attr]
    form: Form | None
    known, form = st.session_state.get(state.FORM_EDITED, (None, None))
    if known != key:
        form = chosen
        if uploaded is not None:
            form = guessed(Form(uploaded.name, uploaded.getvalue()), figures.dataset)
        st.session_state[state.FORM_EDITED] = (key, form)
    return form


def _point(form: Form, figures: Figures) -> None:
    """Draw the form's sheet, what its cells show, and the choice for one of them."""
    sheet = st.selectbox("工作表", form.book.sheetnames, key="form-sheet")
    grid, rows = _grid(form, sheet)
    cells = st.dataframe(
        grid,
        key=f"form-grid-{sheet}",
        on_select="rerun",
        selection_mode="single-cell",
        alt="上级表格：点一个单元格来指明它填什么，〔〕里是已指明的",
    ).selection.cells
    if cells:
        row, column = cells[0]
        clicked = f"{column}{rows[row]}"
        if st.session_state.get("_form_clicked") != (sheet, clicked):
            st.session_state["_form_clicked"] = (sheet, clicked)
            st.session_state["form-cell"] = clicked
    pointer = _chosen_pointer(figures)
    cell = st.session_state.get("form-cell", "")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if st.button("这一格填它", key="form-point", disabled=not cell or pointer is None):
            _put(form.pointed((sheet, cell), pointer))
        if st.button("这一格不填", key="form-clear", disabled=not cell):
            _put(form.pointed((sheet, cell), None))
    _warnings(form)
    signing = st.container(horizontal=True, vertical_alignment="bottom")
    with signing:
        user = session.signer(signing, "操作人", "form-user", width=200)
        if st.button("保存表格", key="save-form", type="primary", icon=":material/save:"):
            submit(save(form, user), f"{form.name}已保存，填{len(form.cells)}格")
        if form.revision and st.button("不再使用这张表", key="remove-form"):
            submit(remove(form, user), f"{form.name}已不再使用")


def _put(form: Form) -> None:
    key, _ = st.session_state[state.FORM_EDITED]
    st.session_state[state.FORM_EDITED] = (key, form)
    st.rerun()


def _grid(form: Form, sheet: str) -> tuple[pd.DataFrame, list[int]]:
    """Return a sheet's texts, with what its cells show in 〔〕; and its row numbers."""
    book = form.book[sheet]
    rows = list(range(1, min(book.max_row, SHOWN_ROWS) + 1))
    cells = {}
    for number in range(1, book.max_column + 1):
        letter = get_column_letter(number)
        cells[letter] = [_shown(form, sheet, book.cell(row, number)) for row in rows]
    return pd.DataFrame(cells, index=rows, dtype="str"), rows


def _shown(form: Form, sheet: str, cell: Any) -> str:
    pointer = form.cells.get((sheet, cell.coordinate))
    if pointer is not None:
        return f"〔{pointer}〕"
    return "" if cell.value is None else str(cell.value)


def _chosen_pointer(figures: Figures) -> Pointer | None:
    """Draw the choice of a figure; return it, ``None`` while it is not complete."""
    facts = figures.dataset.tasks
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("单元格", key="form-cell", placeholder="如 E5", width=120)
        what = st.selectbox("填什么", list(What), key="form-what", width=180)
        scopes = list(facts.index) + (
            [] if what in OF_A_TASK else [*figures.dataset.categories, _ALL]
        )
        scope = st.selectbox(
            "哪项任务" if what in OF_A_TASK else "哪项任务、类型或全部",
            [] if what == What.MONTH else scopes,
            index=None,
            format_func=lambda name: (
                f"{name} {facts.at[name, 'content']}" if name in facts.index else name
            ),
            key="form-scope",
            width=360,
        )
        targets = figures.dataset.targets
        indicators = list(targets.loc[targets["task_id"] == scope, "indicator"])
        indicator = ""
        if what in (What.DONE, What.TARGET) and indicators:
            indicator = st.selectbox("指标", indicators, key="form-indicator", width=220)
        monthly = False
        if what in BY_MONTH:
            monthly = (
                st.segmented_control(
                    "期间", ["累计", "本月"], default="累计", required=True, key="form-time"
                )
                == "本月"
            )
        units = (
            list(facts.at[scope, "units"]) if scope in facts.index else list(figures.dataset.units)
        )
        unit = st.selectbox(
            "只算一个单位", units, index=None, placeholder="各单位合计", key="form-unit", width=200
        )
    if what == What.MONTH:
        return Pointer(what)
    if what is None or scope is None or (what in (What.DONE, What.TARGET) and not indicator):
        return None
    of_task = scope in facts.index
    return Pointer(
        what,
        task_id=scope if of_task else "",
        indicator=indicator,
        category="" if of_task or scope == _ALL else scope,
        unit=unit or "",
        monthly=monthly,
    )
