"""使用说明: how to read the dashboard and how its figures come about."""

import streamlit as st

from lib.ui import help as texts
from lib.ui.kit import navigation
from lib.ui.kit.elements import page_title

navigation.framed()
page_title("使用说明")
for name in ("help", "rules"):
    st.markdown(texts.text(name))
