"""The pieces of HTML that lists and charts are made of."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode

from lib.core import wording
from lib.core.status import Status, look

CLASSES = {
    Status.COMPLETED: "completed",
    Status.ON_TRACK: "on-track",
    Status.BEHIND: "behind",
    Status.OVERDUE: "overdue",
    Status.NOT_DUE: "not-due",
    Status.UNVERIFIED: "unverified",
}
"""The CSS class of each status; ``answers.css`` gives it its colours."""


FOCUS_CATEGORY, FOCUS_UNIT = "focus_category", "focus_unit"
"""What an address says of the group that a page looks at first."""


@dataclass(frozen=True)
class Links:
    """Addresses of pages: ``shared`` is what every page's address holds (month, filters).

    ``only``: the one page that there is, in the place of all others.
    """

    shared: tuple[tuple[str, str], ...] = ()
    only: str = ""

    def to(self, page: str, **more: str) -> str:
        """Return the address of a page relative to its sisters, escaped for an attribute."""
        if self.only:
            page, more = self.only, {}
        query = urlencode([*self.shared, *more.items()])
        return escape(f"{page}?{query}" if query else page)


def state(status: Status, word: str = "") -> str:
    """Return a status as icon and word in its colour."""
    return (
        f'<span class="state {CLASSES[status]}">{look(status).icon}&nbsp;'
        f"{escape(word or str(status))}</span>"
    )


def points(gap: float) -> str:
    """Return a difference to plan in whole percentage points with sign: −25, +5, 0."""
    value = round(gap * 100)
    return f"{'−' if value < 0 else '+' if value > 0 else ''}{abs(value)}"


def percent(share: float) -> str:
    """Return a fraction of 1 as whole percent."""
    return wording.percent(share, 0)


def units_text(names: tuple[str, ...]) -> str:
    """Return the units responsible, the lead first, the others counted: 区人社局等4家."""
    return names[0] if len(names) == 1 else f"{names[0]}等{len(names)}家"


def units(names: tuple[str, ...]) -> str:
    """Return `units_text` as HTML; where it is cut, all of them are shown on hover."""
    return f'<span title="{escape("、".join(names))}">{escape(units_text(names))}</span>'
