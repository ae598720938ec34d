"""The floor of a page with figures: Streamlit with one small plotly chart."""

import plotly.graph_objects as go
import streamlit as st

st.title("一张图")
st.plotly_chart(go.Figure(go.Bar(x=[3, 1, 2], y=["甲", "乙", "丙"], orientation="h")), key="chart")
