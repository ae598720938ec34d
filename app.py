"""Entry of the dashboard: ``streamlit run app.py``. The page list is in `lib.ui.shell`."""

from lib.ui import shell

shell.run()
