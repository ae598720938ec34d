"""A smaller script for charts: the part of plotly.js that draws on axes, in place of all of it.

Streamlit's script of `st.plotly_chart` holds the whole of plotly.js, 4.7 MB with maps, globes and
WebGL, which a browser reads before the first chart, a phone for seconds. The charts here are
bars, lines, texts and heat maps: plotly's own cartesian bundle, 1.5 MB (``vendor``).
"""

from __future__ import annotations

import logging
import re
from pathlib import Path

SCRIPT = "PlotlyChart"
"""Streamlit's script of charts, without hash and suffix."""
PART = Path(__file__).parent / "vendor" / "plotly.js-cartesian-dist-min" / "plotly-cartesian.min.js"

_log = logging.getLogger(__name__)
# The bundler keeps plotly.js whole, as a module in the style of Node: `W=n(((e,t)=>{(function …`.
_BEGINS = re.compile(r"=\w+\(\(\(\w+,(?P<module>\w+)(?:,\w+)?\)=>\{(?=\(function\()")
_ENDS = re.compile(r"return window\.Plotly=(\w+),\1\}\)(?=\}\)\))")
_VERSION = re.compile(r"src/version\.js\"\(\w+\)\{\w+\.version=[`\"'](\d+)\.[\d.]+[`\"']")
_PART_VERSION = re.compile(r"plotly\.js \(cartesian - minified\) v(\d+)\.[\d.]+")


def lighter(script: bytes) -> bytes:
    """Return Streamlit's script of charts with the cartesian part of plotly.js in the whole's place.

    ``script`` as it is, with a warning in the log, where it is not built as known, or holds
    another major version of plotly.js: charts then load slower and look the same.
    """
    text, part = script.decode(), PART.read_text(encoding="utf-8")
    begins, whole, own = (find.search(text) for find in (_BEGINS, _VERSION, _ENDS))
    known = _PART_VERSION.search(part)
    if not (begins and whole and own and known and begins.end() < whole.start() < own.start()):
        _log.warning("Streamlit's script of charts is not built as expected: left as it is")
        return script
    if whole[1] != known[1]:
        _log.warning("plotly.js %s in Streamlit, %s in vendor: left as it is", whole[1], known[1])
        return script
    module = f"(module=>{{{part}\n}})({begins['module']})"
    return (text[: begins.end()] + module + text[own.end() :]).encode()
