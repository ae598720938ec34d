"""The product's mark and whose plan it shows, in the corner of every page."""

from __future__ import annotations

import re
from html import escape

import streamlit as st

_MARK = (
    '<rect x="1" y="3" width="18" height="5" fill="#1F4E9E"/>'
    '<rect x="7" y="10" width="15" height="5" fill="#0B6E4F"/>'
    '<rect x="3" y="17" width="9" height="5" fill="#E0A100"/>'
)


def draw_logo(parties: tuple[str, ...]) -> None:
    """Draw three bars of a Gantt and the parties by their own names: 新北区·紫阳县."""
    names = [re.sub(r"^.{1,6}?市(?=.)", "", party) for party in parties]
    text = "·".join(names) or "工作计划"
    ink = "#E6EAF0" if st.context.theme.type == "dark" else "#1B2430"
    width = 32 + 17 * len(text)
    st.logo(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} 25" width="{width}" '
        f'height="25">{_MARK}<text x="30" y="19" fill="{ink}" font-size="16" font-weight="700" '
        "font-family=\"'Microsoft YaHei','PingFang SC','Noto Sans CJK SC',sans-serif\">"
        f"{escape(text)}</text></svg>",
        size="medium",
    )
