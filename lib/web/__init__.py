"""The server's own HTTP: the sign-in page, who may load what, headers; beside Streamlit's."""

from lib.web.assets import Assets
from lib.web.front import head
from lib.web.gate import Gate
from lib.web.headers import Headers
from lib.web.plotting import SCRIPT as CHARTS
from lib.web.plotting import lighter
from lib.web.routes import SIGN_IN, routes

__all__ = ["CHARTS", "SIGN_IN", "Assets", "Gate", "Headers", "head", "lighter", "routes"]
