"""The UI kit: the only part of ``lib`` that knows Streamlit. Pages are built from it."""
