"""The screen as a first page of Streamlit is written."""

import streamlit as st

from benchmarks.peers.screen import BARS, CURVE, Screen

screen = st.cache_resource(Screen)()
st.set_page_config(layout="wide")
st.title(screen.verdict)
for title, table in zip(screen.titles, (screen.late, screen.due), strict=True):
    st.subheader(title)
    st.table(table)
for title, chart in ((CURVE, screen.curve), (BARS, screen.bars)):
    st.subheader(title)
    st.plotly_chart(chart, key=title)
