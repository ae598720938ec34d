"""The part of the 汇报材料 page that chooses and orders the slides and takes the speaker's notes."""

from __future__ import annotations

from dataclasses import asdict, replace

import pandas as pd
import streamlit as st

from lib.access import Permission
from lib.core.figures import Figures
from lib.report.deck import deck
from lib.report.deck_arrangement import Arrangement, Decision, save
from lib.report.material import Material
from lib.report.slides import APPENDIX, Part
from lib.ui.kit import session, state
from lib.ui.kit.acting import submit
from lib.ui.kit.elements import note, plain, subheading
from lib.ui.kit.slide_deck import arranged


def arrangement(figures: Figures, material: Material) -> None:
    """Draw the choice and order of the slides, their words, and what the meeting is asked for."""
    subheading("幻灯片：选择、排序、标题和备注")
    chosen, month = arranged(figures), figures.selection.month
    slides = {part: deck(material, chosen.only(part)) for part in chosen.order}

    def put(changed: Arrangement) -> None:
        st.session_state[state.ARRANGEMENTS] = {
            **st.session_state[state.ARRANGEMENTS],
            month: changed,
        }

    def put_notes(part: Part) -> None:
        put(chosen.noted(part, st.session_state[f"note-{part.name}-{month}"]))

    def put_title(part: Part) -> None:
        put(chosen.titled(part, st.session_state[f"title-{part.name}-{month}"]))

    for place, part in enumerate(chosen.order):
        row = st.container(border=True, horizontal=True, vertical_alignment="center", gap="small")
        with row:
            title = plain(slides[part][0].title) if slides[part] else "没有内容，不会出现"
            behind = "（附）" if part in APPENDIX else ""
            st.checkbox(
                f"**{part}**{behind}　{title}",
                value=part not in chosen.hidden,
                key=f"part-{part.name}",
                on_change=lambda part=part: put(chosen.toggled(part)),
            )
            st.space("stretch")
            with st.popover("标题和备注", icon=":material/notes:"):
                if part != Part.COVER:
                    st.text_input(
                        f"{part}的标题",
                        value=chosen.titles.get(part, ""),
                        key=f"title-{part.name}-{month}",
                        on_change=put_title,
                        args=(part,),
                        max_chars=120,
                        placeholder="不填就用数据得出的标题",
                    )
                st.text_area(
                    f"{part}的备注",
                    value=chosen.notes.get(part, ""),
                    key=f"note-{part.name}-{month}",
                    on_change=put_notes,
                    args=(part,),
                    max_chars=2000,
                    placeholder="讲这一页时要说的话；会进入PPT备注和主讲人的窗口，不投到会场",
                )
            for name, step, stop, icon in (
                ("上移", -1, 0, ":material/arrow_upward:"),
                ("下移", 1, len(chosen.order) - 1, ":material/arrow_downward:"),
            ):
                st.button(
                    name,
                    key=f"move-{part.name}-{step}",
                    on_click=lambda part=part, step=step: put(chosen.moved(part, step)),
                    disabled=place == stop,
                    icon=icon,
                )
    note("附在最后的几项总排在其他幻灯片之后；标题和备注只用于这个月的会议。")
    changed = _decisions(figures, chosen)
    if changed != chosen.decisions:
        put(replace(chosen, decisions=changed))
        st.rerun()
    if not session.may(Permission.DECK):
        note("改动只在本次打开的网页里有效；管理员可以为大家保存安排。")
        return
    row = st.container(horizontal=True, vertical_alignment="bottom")
    with row:
        user = session.signer(row, "操作人", "deck-user", width=200)
        if st.button("保存安排", key="save-deck", icon=":material/save:"):
            submit(
                save(chosen, month, user), "幻灯片的选择、顺序、标题、备注和提请决定的事项已保存"
            )
    note("不保存时，改动只在本次打开的网页里有效。")


_HEADERS = {"text": "事项", "units": "责任单位", "due": "完成时限", "task_id": "任务编号"}


def _decisions(figures: Figures, chosen: Arrangement) -> tuple[Decision, ...]:
    """Draw what the meeting is asked to decide as a table to type in; return what it holds."""
    month = figures.selection.month
    subheading("提请会议决定的事项")
    note("不填时按逾期的任务列出；填了就按这里的，下次会议的幻灯片列出这些事项和所涉任务的进展。")
    rows = st.session_state.setdefault(
        f"_decisions-{month}",
        pd.DataFrame(
            [asdict(decision) for decision in chosen.decisions], columns=list(_HEADERS), dtype="str"
        ).rename(columns=_HEADERS),
    )
    typed = st.data_editor(
        rows,
        num_rows="dynamic",
        hide_index=True,
        key=f"decisions-{month}",
        column_config={
            "事项": st.column_config.TextColumn(width="large", required=True, max_chars=200),
            "责任单位": st.column_config.TextColumn(max_chars=60),
            "完成时限": st.column_config.TextColumn(max_chars=30),
            "任务编号": st.column_config.SelectboxColumn(options=list(figures.tasks["task_id"])),
        },
    )
    typed = typed.fillna("").astype("str")
    return tuple(
        Decision(*(row[header].strip() for header in _HEADERS.values()))
        for row in typed.to_dict("records")
        if row["事项"].strip()
    )
