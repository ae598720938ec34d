"""The colours of states as CSS: one source, `lib.core.status.LOOKS`, for every list and chart."""

from __future__ import annotations

from pathlib import Path

from lib.core.status import LOOKS, Status
from lib.html.markup import CLASSES

ANSWERS_CSS = Path(__file__).with_name("answers.css")

_TEXT = {
    Status.COMPLETED: ("#0A6247", "#6FCFAB"),
    Status.UNVERIFIED: ("#1F4FB0", "#9DBEFA"),
    Status.BEHIND: ("#7A5600", "#F4C75B"),
    Status.OVERDUE: ("#A61E24", "#F59A98"),
}
"""Colours of text by theme, light and dark: 4.5:1 and more on the page, as in config.toml."""


_TINT = {Status.BEHIND: ("#FDF4DC", "#352B12"), Status.OVERDUE: ("#FBE9E9", "#3D1D21")}
"""Behind the row of a late task; the texts above keep 4.5:1 on them."""


def css_variables() -> str:
    """Return the style sheet that gives each state its colour as fill and as text."""
    lights = "".join(
        f".lamp.{CLASSES[status]}{{background:{LOOKS[status].colour};color:{LOOKS[status].ink}}}"
        for status in Status
    )
    fills = "".join(f"--{CLASSES[status]}:{LOOKS[status].colour};" for status in Status)
    rules = [f":root{{{fills}}}", lights]
    for status, shades in _TEXT.items():
        name = CLASSES[status]
        for theme, colour in zip(("light", "dark"), shades, strict=True):
            within = f".figures.{theme}"
            rules.append(f"{within} .{name}-text,{within} .state.{name}{{color:{colour}}}")
            if status in _TINT:
                rules.append(f"{within} .gantt-row.{name} .task{{color:{colour};font-weight:600}}")
                tint = _TINT[status][theme == "dark"]
                rules.append(f"{within} .gantt-row.{name}{{background:{tint}}}")
        rules.append(
            f".gap-row .bar.{name},.bar-legend .bar.{name},.gantt-legend .done.{name},"
            f".gantt-row.{name} .track .done{{background:var(--{name})}}"
        )
    better, worse = _TEXT[Status.COMPLETED], _TEXT[Status.OVERDUE]
    for theme, number in (("light", 0), ("dark", 1)):
        rules.append(f".figures.{theme} .better{{color:{better[number]}}}")
        rules.append(f".figures.{theme} .worse{{color:{worse[number]}}}")
    return "".join(rules)
