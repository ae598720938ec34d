"""The server's own HTTP: the sign-in page, who may load what, headers; beside Streamlit's."""

from lib.web.assets import Assets
from lib.web.gate import Gate
from lib.web.headers import Headers
from lib.web.html_head import head
from lib.web.plotly_bundle import SCRIPT as CHARTS
from lib.web.plotly_bundle import lighter
from lib.web.sign_in import SIGN_IN, routes

__all__ = ["CHARTS", "SIGN_IN", "Assets", "Gate", "Headers", "head", "lighter", "routes"]
