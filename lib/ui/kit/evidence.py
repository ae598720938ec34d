"""Evidence: what an uploader holds checked, and what is kept with its picture and download."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from lib import intake
from lib.access import Permission
from lib.core.problems import FileError, Problem
from lib.store import Attachment, StoreError, Submission
from lib.ui.kit import data, session
from lib.ui.kit.elements import download_file, heading, note, plain

_PICTURES = ("image/jpeg", "image/png", "image/webp")

Checked = tuple[Attachment, bytes]
"""A file that may be submitted as evidence, with its content."""


def checked_files(
    files: Iterable[tuple[str, bytes]], what: str, *, task_id: str, month: int, unit: str
) -> list[Checked | None]:
    """Return each file (name, content) as evidence, ``None`` for one that cannot be; say which and why.

    ``what`` is what such files are called, ``month`` an ordinal.
    """
    items: list[Checked | None] = []
    faults: list[Problem] = []
    for name, content in files:
        try:
            attachment = intake.attachment(name, content, task_id=task_id, month=month, unit=unit)
        except FileError as error:
            faults += error.problems
            items.append(None)
        else:
            items.append((attachment, content))
    if faults:
        lines = [f"{fault.file}：{fault.message}。{fault.expected}。" for fault in faults]
        listed = "".join(f"\n- {plain(line)}" for line in lines)
        st.error(f"下列文件不能作为{what}：{listed}", icon=":material/error:")
    return items


def evidence_upload(what: str, key: str, *, task_id: str, month: int, unit: str) -> list[Checked]:
    """Draw an uploader of evidence that nobody has to give; return what may be submitted."""
    files = st.file_uploader(
        f"{what}（照片、PDF 或文档，可以不传）", accept_multiple_files=True, key=key
    )
    contents = ((file.name, file.getvalue()) for file in files)
    checked = checked_files(contents, what, task_id=task_id, month=month, unit=unit)
    return [item for item in checked if item]


def evidence_list(evidence: list[tuple[Submission, Attachment]]) -> None:
    """Draw evidence for those who may see it."""
    if not evidence:
        return
    heading(f"佐证材料{len(evidence)}份")
    if not session.may(Permission.EVIDENCE):
        note("登录后可以查看和下载。")
        return
    for number, (submission, attachment) in enumerate(evidence):
        with st.container(border=True, gap="xsmall"):
            st.markdown(
                f"{plain(attachment.name)}　{attachment.month}　{plain(attachment.unit)}　"
                f"{attachment.size / 1024:,.0f} KB　第{submission.revision}号"
            )
            try:
                content = data.store().content(attachment.sha256)
            except StoreError as error:
                st.error(plain(str(error)), icon=":material/error:")
                continue
            if attachment.media_type in _PICTURES:
                st.image(content, width=320, alt=attachment.name)
            download_file(
                f"下载 {attachment.name}",
                content,
                attachment.name,
                attachment.media_type,
                key=f"evidence-{number}-{attachment.sha256[:12]}",
            )
