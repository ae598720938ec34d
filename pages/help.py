"""使用说明: how to read the dashboard and how its figures come about."""

import streamlit as st

from lib.ui.kit import deployment, navigation

navigation.framed()
st.title("使用说明", anchor=False)
for name in ("help.md", "rules.md"):
    st.markdown((deployment.ROOT / "lib" / "ui" / "help" / name).read_text(encoding="utf-8"))
