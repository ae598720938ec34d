"""The part of the 汇报材料 page that makes papers and gives them for download."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from lib.access import Permission
from lib.core.problems import DataError
from lib.report.briefing import briefing_fields
from lib.report.briefing_template import FIELDS, Template, default_template, remove, save
from lib.report.export import (
    AS_PDF,
    FORMATS,
    PAGES,
    PAGES_NAME,
    PDF_TYPE,
    export,
    export_pdf,
    file_name,
    pages_pdf,
)
from lib.report.material import Material
from lib.report.pdf import NO_OFFICE, PdfError, office
from lib.ui.kit import data, session, state
from lib.ui.kit.acting import act, flash_submission, submit
from lib.ui.kit.elements import download_file, note, plain, subheading
from lib.ui.kit.slide_deck import arranged

Progress = Callable[[float, str], None]

_ABOUT = {
    "pptx": "16:9，图表、表格和甘特图都能在PPT里改；备注里有数据来源",
    "docx": "公文格式：正文两页，附逾期和滞后任务表、全部任务表",
    "xlsx": "台账、分类、单位、月度、指标和填报明细，合计是公式",
    "html": "一个文件，U盘里就能打开，不用联网；有数字、图表、甘特图和全部任务，可以打印",
}


def downloads(material: Material) -> None:
    """Draw a button for each paper; a progress bar while it is made, then its download."""
    subheading("导出")
    chosen = arranged(material.figures)
    key = (data.stamp(), material.figures.selection, material.edition, repr(chosen))
    template = data.own_template()
    with st.container(horizontal=True, gap="medium"):
        for form, kind in FORMATS.items():
            own = template if form == "docx" else None
            with st.container(border=True, width=330, gap="small"):
                st.markdown(f"**{kind.name}**（.{kind.ending}）")
                note(_ABOUT[form])
                paper(
                    f"生成{kind.name}",
                    form,
                    (key, own),
                    partial(export, material, form, chosen, template=own),
                    file_name(material, form),
                    kind.media_type,
                )
                if form in AS_PDF and office() is not None:
                    paper(
                        "生成PDF",
                        f"{form}-pdf",
                        (key, own),
                        partial(export_pdf, material, form, chosen, template=own),
                        file_name(material, form, "pdf"),
                        PDF_TYPE,
                    )
        if office() is not None:
            _pages(material, key)
    if office() is None:
        note(f"{NO_OFFICE}。总览、分类、单位、月度、甘特图各页可以直接打印（Ctrl+P），已按A4排好。")
    own_template(material)


def _pages(material: Material, key: object) -> None:
    """Draw the choice of the dashboard's pages and their PDF."""
    with st.container(border=True, width=330, gap="small"):
        st.markdown("**各页PDF**（.pdf）")
        pages = st.pills(
            "哪些页",
            list(PAGES),
            default=list(PAGES),
            selection_mode="multi",
            key="pdf-pages",
            label_visibility="collapsed",
        )
        if pages:
            paper(
                "生成各页PDF",
                "pages-pdf",
                (key, tuple(pages)),
                lambda progress: pages_pdf(material, pages, progress),
                f"{PAGES_NAME}_{material.file_stem}.pdf",
                PDF_TYPE,
            )


def own_template(material: Material) -> None:
    """Draw the change of the 通报's template for the office's own."""
    kept = data.own_template()
    label = "通报用本单位的红头模板" if kept is None else f"通报的红头模板：{plain(kept.name)}"
    with st.expander(label):
        note(
            "先下载通用模板，在 WPS 或 Word 里换成本单位的版头、落款和样式，{{ }} 里的字段保留，"
            "再上传保存；以后大家生成的通报都用它。版头、主送、署名、版记的文字也可以写在设置里。"
        )
        st.table(
            [{"字段": name, "内容": words} for name, words in FIELDS.items()], border="horizontal"
        )
        download_file(
            "下载通用模板",
            default_template(),
            "通报模板.docx",
            FORMATS["docx"].media_type,
            key="get-template",
        )
        if not session.may(Permission.DECK):
            note("模板由管理员上传。")
            return
        file = st.file_uploader("本单位的模板（.docx）", type=["docx"], key="own-template")
        row = st.container(horizontal=True, vertical_alignment="bottom")
        with row:
            user = session.signer(row, "操作人", "template-user", width=200)
            if st.button("保存模板", key="save-template", disabled=file is None) and file:
                template = Template(file.name, file.getvalue())
                act(
                    lambda: data.store().submit(save(template, briefing_fields(material), user)),
                    flash_submission,
                )
            if kept is not None and st.button("改回通用模板", key="remove-template"):
                submit(remove(user), "通报改回通用模板")


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

        kept.pop(name, None)
        try:
            kept[name] = (key, make(advance))
            bar.progress(1.0, text="已生成")
        except (DataError, PdfError) as error:
            bar.empty()
            st.error(plain(f"{file} 没有生成：{error}"), icon=":material/error:")
    made = kept.get(name)
    if made is not None and made[0] == key:
        download_file(f"下载 {file}", made[1], file, media_type, key=f"get-{name}", primary=True)
