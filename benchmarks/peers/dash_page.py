"""The screen in Dash. Run with the port as the argument."""

import sys

from dash import Dash, dcc, html

from benchmarks.peers.screen import BARS, CURVE, Screen

screen = Screen()
app = Dash(__name__)
parts = [html.H1(screen.verdict)]
for title, table in zip(screen.titles, (screen.late, screen.due), strict=True):
    rows = [html.Tr([html.Td(cell) for cell in row]) for row in table.itertuples(index=False)]
    head = html.Tr([html.Th(name) for name in table])
    parts += [html.H2(title), html.Table([html.Thead(head), html.Tbody(rows)])]
for title, chart in ((CURVE, screen.curve), (BARS, screen.bars)):
    parts += [html.H2(title), dcc.Graph(figure=chart)]
app.layout = html.Div(parts)
app.run(port=int(sys.argv[1]), debug=False)
