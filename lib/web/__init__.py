"""The server's own HTTP: the sign-in page, who may load what, headers; beside Streamlit's."""

from lib.web.backend import Backend, is_forwarded, looks_forwarded
from lib.web.gate import SignInGate
from lib.web.half_open import close_half_open
from lib.web.headers import PageHeaders
from lib.web.html_head import POLYFILLS, TRANSPILED, html_head
from lib.web.plain_page import first_words
from lib.web.plotly_bundle import CHART_SCRIPT, with_cartesian_plotly
from lib.web.request_gate import RequestGate
from lib.web.routes import routes
from lib.web.static_files import StaticFilesInMemory
from lib.web.work_limits import Limits, WorkLimits
