"""Entry: ``streamlit run app.py``. Imported it is the server; run for a viewer, the page."""

from streamlit.starlette import App

from lib.ui.frame import run as frame
from lib.ui.frame import server

if __name__ == "__main__":
    frame.run()
else:
    app = App(__file__, routes=server.routes(), middleware=server.middleware())
