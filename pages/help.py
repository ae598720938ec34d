"""使用说明: how to read the dashboard and how its figures come about."""

import streamlit as st

from lib.ui.frame import run as frame
from lib.ui.kit import data

frame.framed()
st.title("使用说明", anchor=False)
st.markdown((data.ROOT / "docs" / "help.md").read_text(encoding="utf-8"))
st.markdown((data.ROOT / "docs" / "rules.md").read_text(encoding="utf-8"))
