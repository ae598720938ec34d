"""Entry: ``streamlit run app.py``. Imported it is the server; run for a viewer, the page."""

from streamlit.starlette import App

from lib.store.clock import use_office_time
from lib.ui.frame import run, server

if __name__ == "__main__":
    run.run()
else:
    use_office_time()
    server.collect_seldom()
    app = App(__file__, routes=server.routes(), middleware=server.middleware())
