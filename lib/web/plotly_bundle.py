"""A smaller script for charts: the part of plotly.js that draws on axes, in place of all of it.

Streamlit's script of `st.plotly_chart` holds the whole of plotly.js, 4.7 MB with maps, globes and
WebGL, which a browser reads before the first chart, a phone for seconds. The charts here are
bars, lines, texts and heat maps: plotly's own cartesian bundle, 1.5 MB (``vendor``).
"""

from __future__ import annotations

import logging
import re
from pathlib import Path

CHART_SCRIPT = "PlotlyChart"
"""Streamlit's script of charts, without hash and suffix."""
BUNDLE = (
    Path(__file__).parent / "vendor" / "plotly.js-cartesian-dist-min" / "plotly-cartesian.min.js"
)

_LOG = logging.getLogger(__name__)
# The bundler keeps plotly.js whole, as a module in the style of Node: `W=n(((e,t)=>{(function …`.
_MODULE_BEGINS = re.compile(r"=\w+\(\(\(\w+,(?P<module>\w+)(?:,\w+)?\)=>\{(?=\(function\()")
_MODULE_ENDS = re.compile(r"return window\.Plotly=(\w+),\1\}\)(?=\}\)\))")
_VERSION = re.compile(r"src/version\.js\"\(\w+\)\{\w+\.version=[`\"'](\d+)\.[\d.]+[`\"']")
_BUNDLE_VERSION = re.compile(r"plotly\.js \(cartesian - minified\) v(\d+)\.[\d.]+")


def with_cartesian_plotly(script: bytes) -> bytes:
    """Return Streamlit's script of charts with the cartesian bundle in the place of plotly.js.

    ``script`` as it is, with a warning in the log, where it is not built as known, or holds
    another major version of plotly.js: charts then load slower and look the same.
    """
    text, bundle = script.decode(), BUNDLE.read_text(encoding="utf-8")
    begins, ends = _MODULE_BEGINS.search(text), _MODULE_ENDS.search(text)
    version, bundled = _VERSION.search(text), _BUNDLE_VERSION.search(bundle)
    if not (
        begins and version and ends and bundled and begins.end() < version.start() < ends.start()
    ):
        _LOG.warning("Streamlit's script of charts is not built as expected: left as it is")
        return script
    if version[1] != bundled[1]:
        _LOG.warning(
            "plotly.js %s in Streamlit, %s in vendor: left as it is", version[1], bundled[1]
        )
        return script
    module = f"(module=>{{{bundle}\n}})({begins['module']})"
    return (text[: begins.end()] + module + text[ends.end() :]).encode()
