"""The part of the 汇报材料 page that makes papers and gives them for download."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from lib.report.export import FORMATS, export, file_name
from lib.report.material import Material
from lib.ui.kit import data, state
from lib.ui.kit.elements import note
from lib.ui.kit.slide_deck import arranged

Progress = Callable[[float, str], None]

_ABOUT = {
    "pptx": "16:9，图表、表格和甘特图都能在PPT里改；备注里有数据来源",
    "docx": "公文格式：总体情况、分类进展、存在问题、下一步工作，附完成情况表",
    "xlsx": "台账、分类、单位、月度、指标和填报明细，合计是公式",
}


def downloads(material: Material) -> None:
    """Draw a button for each paper; a progress bar while it is made, then its download."""
    st.subheader("导出", anchor=False)
    chosen = arranged(material.figures)
    with st.container(horizontal=True, gap="medium"):
        for form, kind in FORMATS.items():
            with st.container(border=True, width=330, gap="small"):
                st.markdown(f"**{kind.name}**（.{kind.ending}）")
                note(_ABOUT[form])
                paper(
                    f"生成{kind.name}",
                    form,
                    (
                        data.stamp(),
                        material.figures.selection,
                        material.edition,
                        repr(chosen),
                    ),
                    partial(export, material, form, chosen),
                    file_name(material, form),
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
    kept: dict[str, tuple[object, bytes]] = st.session_state.setdefault(state.PAPERS, {})
    if st.button(label, key=f"make-{name}", icon=":material/build:"):
        bar = st.progress(0.0, text="正在生成……")

        def advance(share: float, part: str) -> None:
            bar.progress(min(share, 1.0), text=f"正在生成：{part}")

        kept[name] = (key, make(advance))
        bar.progress(1.0, text="已生成")
    made = kept.get(name)
    if made is not None and made[0] == key:
        st.download_button(
            f"下载 {file}",
            made[1],
            file_name=file,
            mime=media_type,
            icon=":material/download:",
            key=f"get-{name}",
            on_click="ignore",
            type="primary",
        )
