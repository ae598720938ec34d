"""The part of the 汇报材料 page that chooses and orders the slides and takes the speaker's notes."""

from __future__ import annotations

import streamlit as st

from lib.access import Permission
from lib.core.figures import Figures
from lib.report.deck import deck
from lib.report.deck_arrangement import Arrangement, save
from lib.report.material import Material
from lib.report.slides import Part
from lib.ui.kit import session, state
from lib.ui.kit.acting import submit
from lib.ui.kit.elements import note, plain
from lib.ui.kit.slide_deck import arranged


def arrangement(figures: Figures, material: Material) -> None:
    """Draw the choice and the order of the slides with the notes for the speaker."""
    st.subheader("幻灯片：选择、排序、备注", anchor=False)
    chosen, month = arranged(figures), figures.selection.month
    slides = {part: deck(material, [part]) for part in chosen.order}

    def put(changed: Arrangement) -> None:
        st.session_state[state.ARRANGEMENTS] = {
            **st.session_state[state.ARRANGEMENTS],
            month: changed,
        }

    def put_notes(part: Part) -> None:
        put(chosen.noted(part, st.session_state[f"note-{part.name}-{month}"]))

    for place, part in enumerate(chosen.order):
        row = st.container(border=True, horizontal=True, vertical_alignment="center", gap="small")
        with row:
            title = plain(slides[part][0].title) if slides[part] else "没有内容，不会出现"
            st.checkbox(
                f"**{part}**　{title}",
                value=part not in chosen.hidden,
                key=f"part-{part.name}",
                on_change=lambda part=part: put(chosen.toggled(part)),
            )
            st.space("stretch")
            with st.popover("备注", icon=":material/notes:"):
                st.text_area(
                    f"{part}的备注",
                    value=chosen.notes.get(part, ""),
                    key=f"note-{part.name}-{month}",
                    on_change=put_notes,
                    args=(part,),
                    max_chars=2000,
                    placeholder="讲这一页时要说的话；会进入PPT备注，汇报模式按 N 显示",
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
    if not session.may(Permission.DECK):
        note("改动只在本次打开的网页里有效；管理员可以为大家保存安排。")
        return
    row = st.container(horizontal=True, vertical_alignment="bottom")
    with row:
        user = session.signer(row, "操作人", "deck-user", width=200)
        if st.button("保存安排", key="save-deck", icon=":material/save:"):
            submit(save(chosen, month, user), "幻灯片的选择、顺序和备注已保存")
    note("不保存时，改动只在本次打开的网页里有效。")
