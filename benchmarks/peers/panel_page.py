"""The screen in Panel. Run with the port as the argument."""

import sys

import panel as pn

from benchmarks.peers.screen import BARS, CURVE, Screen

screen = Screen()
pn.extension("plotly")


def page() -> pn.Column:
    """Return the page of a viewer."""
    parts = [pn.pane.HTML(f"<h1>{screen.verdict}</h1>")]
    for title, table in zip(screen.titles, (screen.late, screen.due), strict=True):
        parts.append(pn.pane.HTML(f"<h2>{title}</h2>{table.to_html(index=False)}"))
    for title, chart in ((CURVE, screen.curve), (BARS, screen.bars)):
        parts += [pn.pane.HTML(f"<h2>{title}</h2>"), pn.pane.Plotly(chart)]
    return pn.Column(*parts)


pn.serve(page, port=int(sys.argv[1]), address="127.0.0.1", show=False)
