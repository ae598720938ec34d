"""The floor of any page: Streamlit with one line of text."""

import streamlit as st

st.title("空页面")
