"""The parts of the 汇报材料 page: papers and their downloads, the slides and their order."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from lib.access import Permission
from lib.core.figures import Figures
from lib.core.problems import DataError
from lib.report.arrangement import Arrangement, kept, save
from lib.report.deck import deck
from lib.report.export import FORMATS, export, file_name
from lib.report.material import Material
from lib.report.slides import Part, Slide
from lib.store import Draft, StoreError
from lib.ui.frame import filters, signing
from lib.ui.frame import run as frame
from lib.ui.kit import data, session
from lib.ui.kit.charts import plain

_ARRANGED, _FILES, _TOLD = "_arrangement", "_papers", "_meeting_told"
Progress = Callable[[float, str], None]


def material(figures: Figures) -> Material:
    """Return what the papers of the page's figures are made of."""
    pending = filters.is_on(filters.PENDING)
    return data.material(figures.selection, with_pending=pending, edition=frame.edition())


def told() -> None:
    """Draw what the last action did."""
    message = st.session_state.pop(_TOLD, None)
    if message:
        st.success(message, icon=":material/check_circle:")


def submit(draft: Draft, done: str) -> None:
    """Submit a draft and run the page again, or say why it was refused."""
    try:
        number = data.store().submit(draft).revision
    except (StoreError, DataError) as error:
        frame.not_written(error)
        return
    st.session_state[_TOLD] = f"{done}，记为上报记录第{number}号。"
    st.rerun()


# -- slides --------------------------------------------------------------------------------------


def arranged(figures: Figures) -> Arrangement:
    """Return the arrangement of the month's slides: this session's, else the one last saved."""
    own: dict[int, Arrangement] = st.session_state.setdefault(_ARRANGED, {})
    month = figures.selection.month
    return own.get(month) or kept(data.submissions(), month)


def slides(made_of: Material) -> list[Slide]:
    """Return the slides as arranged; the first one if none is left."""
    chosen = arranged(made_of.figures)
    return deck(made_of, chosen.parts, chosen.notes) or deck(made_of, [Part.COVER])


def arrangement(figures: Figures, made_of: Material) -> None:
    """Draw the choice and the order of the slides with the notes for the speaker."""
    st.subheader("幻灯片：选择、排序、备注", anchor=False)
    chosen, month = arranged(figures), figures.selection.month
    shown = {part: deck(made_of, [part]) for part in chosen.order}

    def put(changed: Arrangement) -> None:
        st.session_state[_ARRANGED] = {**st.session_state[_ARRANGED], month: changed}

    def note(part: Part) -> None:
        put(chosen.noted(part, st.session_state[f"note-{part.name}-{month}"]))

    for place, part in enumerate(chosen.order):
        row = st.container(border=True, horizontal=True, vertical_alignment="center", gap="small")
        with row:
            title = plain(shown[part][0].title) if shown[part] else "没有内容，不会出现"
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
                    on_change=note,
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
        frame.note("改动只在本次打开的网页里有效；管理员可以为大家保存安排。")
        return
    row = st.container(horizontal=True, vertical_alignment="bottom")
    with row:
        user = signing.signer(row, "操作人", "deck-user", width=200)
        if st.button("保存安排", key="save-deck", icon=":material/save:"):
            submit(save(chosen, month, user), "幻灯片的选择、顺序和备注已保存")
    frame.note("不保存时，改动只在本次打开的网页里有效。")


# -- papers --------------------------------------------------------------------------------------

_ABOUT = {
    "pptx": "16:9，图表、表格和甘特图都能在PPT里改；备注里有数据来源",
    "docx": "公文格式：总体情况、分类进展、存在问题、下一步工作，附完成情况表",
    "xlsx": "台账、分类、单位、月度、指标和填报明细，合计是公式",
}


def downloads(made_of: Material) -> None:
    """Draw a button for each paper; a progress bar while it is made, then its download."""
    st.subheader("导出", anchor=False)
    chosen = arranged(made_of.figures)
    said = tuple(sorted(chosen.notes.items()))
    with st.container(horizontal=True, gap="medium"):
        for form, kind in FORMATS.items():
            with st.container(border=True, width=330, gap="small"):
                st.markdown(f"**{kind.name}**（.{kind.ending}）")
                frame.note(_ABOUT[form])
                paper(
                    f"生成{kind.name}",
                    form,
                    (data.stamp(), made_of.figures.selection, made_of.edition, chosen.parts, said),
                    partial(export, made_of, form, chosen.parts, chosen.notes),
                    file_name(made_of, form),
                    kind.media_type,
                )


def paper(
    label: str,
    name: str,
    key: object,
    make: Callable[[Progress], bytes],
    file: str,
    media_type: str,
) -> None:
    """Draw a button that makes a file with a progress bar, and then its download.

    ``key`` is what the file was made of: when it changes the file has to be made anew.
    """
    made: dict[str, tuple[object, bytes]] = st.session_state.setdefault(_FILES, {})
    if st.button(label, key=f"make-{name}", icon=":material/build:"):
        bar = st.progress(0.0, text="正在生成……")

        def advance(share: float, part: str) -> None:
            bar.progress(min(share, 1.0), text=f"正在生成：{part}")

        made[name] = (key, make(advance))
        bar.progress(1.0, text="已生成")
    file_made = made.get(name)
    if file_made is not None and file_made[0] == key:
        st.download_button(
            f"下载 {file}",
            file_made[1],
            file_name=file,
            mime=media_type,
            icon=":material/download:",
            key=f"get-{name}",
            on_click="ignore",
            type="primary",
        )
