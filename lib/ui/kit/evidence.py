"""Evidence of reports: name, month, unit, a small picture where it is one, and the download."""

from __future__ import annotations

import streamlit as st

from lib.access import Permission
from lib.store import Attachment, StoreError, Submission
from lib.ui.kit import data, session
from lib.ui.kit.elements import note, plain

_PICTURES = ("image/jpeg", "image/png", "image/webp")


def evidence_list(evidence: list[tuple[Submission, Attachment]]) -> None:
    """Draw evidence for those who may see it."""
    if not evidence:
        return
    st.header(f"佐证材料{len(evidence)}份", anchor=False)
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
            st.download_button(
                f"下载 {attachment.name}",
                content,
                file_name=attachment.name,
                mime=attachment.media_type,
                icon=":material/download:",
                on_click="ignore",
                key=f"evidence-{number}-{attachment.sha256[:12]}",
            )
