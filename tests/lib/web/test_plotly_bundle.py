"""Charts' script with the cartesian part of plotly.js in the place of the whole."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import pytest
import streamlit
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from lib import web
from lib.web import plotly_bundle

FRONT = Path(streamlit.__file__).parent / "static" / "static"
# As the bundler writes it: a module of Node's kind between the scripts' own words.
SCRIPT = (
    'import{t as n}from"./a.js";var W=n(((e,t,n)=>{(function(e,n){t.exports=n()})(self,()=>{'
    '_({"src/version.js"(e){e.version=`4.2.0`}});return window.Plotly=e,e})})),'
    "G=W();export{G as PlotlyChart}"
)


def test_the_installed_script_of_charts_becomes_a_third_of_its_size():
    """Fails when Streamlit builds its script another way: charts would load slower from then on."""
    (script,) = (FRONT / "js").glob(f"{plotly_bundle.CHART_SCRIPT}.*.js")
    whole = script.read_bytes()
    lighter = plotly_bundle.with_cartesian_plotly(whole)
    assert len(lighter) < len(whole) / 3
    assert lighter.count(b"plotly.js (cartesian - minified)") == 1
    # Streamlit's own words around it are untouched.
    assert lighter[:4000] == whole[:4000]
    assert lighter[-10_000:] == whole[-10_000:]


def test_the_part_belongs_to_the_plotly_that_makes_the_figures():
    plotly = resources.files("plotly") / "package_data" / "plotly.min.js"
    (version,) = re.findall(r"plotly\.js v([\d.]+)", plotly.read_text(encoding="utf-8")[:200])
    part = plotly_bundle.BUNDLE.read_text(encoding="utf-8")
    assert f"plotly.js (cartesian - minified) v{version}\n" in part[:200]
    assert version in (plotly_bundle.BUNDLE.parent / "README.md").read_text(encoding="utf-8")


def test_only_the_module_of_plotly_is_changed():
    changed = plotly_bundle.with_cartesian_plotly(SCRIPT.encode()).decode()
    assert changed.startswith('import{t as n}from"./a.js";var W=n(((e,t,n)=>{(module=>{')
    assert changed.endswith("})(t)})),G=W();export{G as PlotlyChart}")
    assert "4.2.0" not in changed


@pytest.mark.parametrize(
    ("script", "why"),
    [
        (SCRIPT.replace("window.Plotly", "window.Other"), "not built as expected"),
        (SCRIPT.replace("W=n(((e,t,n)", "W=n(((e)"), "not built as expected"),
        (SCRIPT.replace("src/version.js", "src/other.js"), "not built as expected"),
        (SCRIPT.replace("4.2.0", "5.0.0"), "plotly.js 5 in Streamlit, 4 in vendor"),
    ],
)
def test_a_script_of_another_kind_is_left_as_it_is_and_the_log_says_so(script, why, caplog):
    assert plotly_bundle.with_cartesian_plotly(script.encode()) == script.encode()
    assert why in caplog.text


def test_the_server_sends_the_changed_script_and_others_as_they_are(tmp_path):
    for name in ("PlotlyChart.a1.js", "Other.b2.js", "PlotlyChart.a1.css"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    changes = {"PlotlyChart": lambda body: body.upper()}
    app = Starlette(
        middleware=[
            Middleware(web.StaticFilesInMemory, folder=tmp_path, prefix="/static", changes=changes)
        ]
    )
    client = TestClient(app)
    answer = client.get("/static/PlotlyChart.a1.js")
    assert (answer.text, answer.headers["content-length"]) == ("PLOTLYCHART.A1.JS", "17")
    assert client.get("/static/Other.b2.js").text == "Other.b2.js"
    assert client.get("/static/PlotlyChart.a1.css").text == "PlotlyChart.a1.css"
