"""The server's own HTTP: the sign-in page, who may load what, headers; beside Streamlit's."""

from lib.web.backend import FORWARDING_HEADERS, Backend
from lib.web.gate import SignInGate
from lib.web.headers import PageHeaders
from lib.web.html_head import html_head
from lib.web.plotly_bundle import CHART_SCRIPT, with_cartesian_plotly
from lib.web.routes import routes
from lib.web.static_files import StaticFilesInMemory

__all__ = [
    "CHART_SCRIPT",
    "FORWARDING_HEADERS",
    "Backend",
    "PageHeaders",
    "SignInGate",
    "StaticFilesInMemory",
    "html_head",
    "routes",
    "with_cartesian_plotly",
]
