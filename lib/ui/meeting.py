"""The parts of the 汇报材料 page: which slides in which order, the papers and their downloads."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from lib import months
from lib.figures import Figures
from lib.report.deck import DEFAULT_PARTS, Part, Slide, deck
from lib.report.export import FORMATS, export, file_name
from lib.report.material import Material
from lib.ui import data, filters, shell
from lib.ui.cards import plain

_ORDER, _HIDDEN, _NOTES, _FILES = "_deck_order", "_deck_hidden", "_deck_notes", "_papers"


def material(figures: Figures) -> Material:
    """Return what the papers of the page's figures are made of."""
    pending = bool(st.session_state.get(filters.PENDING))
    return data.material(figures.selection, with_pending=pending)


def order() -> list[Part]:
    """Return all parts in the presenter's order."""
    return list(st.session_state.get(_ORDER, DEFAULT_PARTS))


def parts() -> list[Part]:
    """Return the parts that are shown, in order."""
    hidden = st.session_state.get(_HIDDEN, set())
    return [part for part in order() if part not in hidden]


def notes(figures: Figures) -> dict[Part, str]:
    """Return the presenter's own notes for the month."""
    kept = st.session_state.get(_NOTES, {})
    return dict(kept.get(figures.selection.month, {}))


def slides(made_of: Material) -> list[Slide]:
    """Return the slides as arranged."""
    return deck(made_of, parts(), notes(made_of.figures)) or deck(made_of, [Part.COVER])


def arrangement(figures: Figures, made_of: Material) -> None:
    """Draw the choice and the order of the slides with the notes for the speaker."""
    st.subheader("幻灯片：选择、排序、备注", anchor=False)
    shown = {part: [one for one in deck(made_of, [part])] for part in order()}
    hidden: set[Part] = set(st.session_state.get(_HIDDEN, set()))
    month = figures.selection.month
    for place, part in enumerate(order()):
        count = len(shown[part])
        row = st.container(border=True, horizontal=True, vertical_alignment="center", gap="small")
        with row:
            st.checkbox(
                f"**{part}**　{plain(shown[part][0].title)}" if count else f"{part}（没有内容）",
                value=part not in hidden,
                key=f"part-{part.name}",
                on_change=_choose,
                args=(part,),
                disabled=not count,
            )
            st.space("stretch")
            with st.popover("备注", icon=":material/notes:"):
                st.text_area(
                    f"{part}的备注",
                    value=notes(figures).get(part, ""),
                    key=f"notes-{part.name}-{month}",
                    on_change=_note,
                    args=(part, month),
                    max_chars=2000,
                    placeholder="讲这一页时要说的话；会进入PPT备注，汇报模式按 N 显示",
                )
            for name, step, stop, icon in (
                ("上移", -1, 0, ":material/arrow_upward:"),
                ("下移", 1, len(shown) - 1, ":material/arrow_downward:"),
            ):
                st.button(
                    name,
                    key=f"move-{part.name}-{step}",
                    on_click=_move,
                    args=(place, step),
                    disabled=place == stop,
                    icon=icon,
                )


def _choose(part: Part) -> None:
    hidden = set(st.session_state.get(_HIDDEN, set()))
    hidden ^= {part}
    st.session_state[_HIDDEN] = hidden


def _move(place: int, step: int) -> None:
    rows = order()
    rows[place], rows[place + step] = rows[place + step], rows[place]
    st.session_state[_ORDER] = rows


def _note(part: Part, month: int) -> None:
    kept = dict(st.session_state.get(_NOTES, {}))
    kept[month] = {**kept.get(month, {}), part: st.session_state[f"notes-{part.name}-{month}"]}
    st.session_state[_NOTES] = kept


def downloads(made_of: Material) -> None:
    """Draw a button for each paper; a progress bar while it is made, then its download."""
    st.subheader("导出", anchor=False)
    with st.container(horizontal=True, gap="medium"):
        for form, kind in FORMATS.items():
            with st.container(border=True, width=300, gap="small"):
                st.markdown(f"**{kind.name}**（.{kind.ending}）")
                shell.note(_ABOUT[form])
                chosen, said = tuple(parts()), notes(made_of.figures)
                paper(
                    f"生成{kind.name}",
                    form,
                    (id(made_of), chosen, tuple(said.items())),
                    lambda progress, form=form, chosen=chosen, said=said: export(  # type: ignore[misc]
                        made_of, form, parts=chosen, notes=said, progress=progress
                    ),
                    file_name(made_of, form),
                    kind.media_type,
                )


_ABOUT = {
    "pptx": "16:9，图表和表格都可以在PPT里编辑，备注里有数据来源",
    "docx": "公文格式的工作进展通报，附任务完成情况表",
    "xlsx": "台账、汇总、指标、填报明细，带公式和图表",
}
Progress = Callable[[float, str], None]


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
        made[name] = (
            key,
            make(lambda share, told: _advance(bar, share, told)),
        )
        bar.progress(1.0, text="已生成")
    kept = made.get(name)
    if kept is not None and kept[0] == key:
        st.download_button(
            f"下载 {file}",
            kept[1],
            file_name=file,
            mime=media_type,
            icon=":material/download:",
            key=f"get-{name}",
            on_click="ignore",
            type="primary",
        )


def _advance(bar: object, share: float, told: str) -> None:
    bar.progress(min(share, 1.0), text=f"正在生成：{told}")  # type: ignore[attr-defined]


def month_text(figures: Figures) -> str:
    """Return the month as files write it."""
    return months.text(figures.selection.month)
