"""Which slides a meeting shows, in which order, with the speaker's notes; kept in the journal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from lib.core import months
from lib.report.deck import DEFAULT_PARTS
from lib.report.slides import Part
from lib.store import Changes, Draft, Kind, State, Submission


@dataclass(frozen=True)
class Arrangement:
    """All parts in their order, those that are left out, and the notes by part."""

    order: tuple[Part, ...] = DEFAULT_PARTS
    hidden: frozenset[Part] = frozenset()
    notes: Mapping[Part, str] = field(default_factory=dict)

    @property
    def parts(self) -> list[Part]:
        """The parts that are shown, in order."""
        return [part for part in self.order if part not in self.hidden]

    def moved(self, part: Part, step: int) -> Arrangement:
        """Return the arrangement with a part ``step`` places further down (up if negative)."""
        order = list(self.order)
        place = order.index(part)
        order.insert(min(max(place + step, 0), len(order) - 1), order.pop(place))
        return replace(self, order=tuple(order))

    def toggled(self, part: Part) -> Arrangement:
        """Return the arrangement with a part left out, or shown if it was left out."""
        return replace(self, hidden=self.hidden ^ {part})

    def noted(self, part: Part, text: str) -> Arrangement:
        """Return the arrangement with another note for a part."""
        return replace(self, notes={**self.notes, part: text})


def load(journal: Sequence[Submission], month: int) -> Arrangement:
    """Return the arrangement last saved: order and choice of any month, notes of this one."""
    saved = [
        submission.details
        for submission in journal
        if submission.kind == Kind.DECK and submission.state == State.IN_FORCE
    ]
    if not saved:
        return Arrangement()
    order = _known(saved[-1]["order"])
    order += [part for part in DEFAULT_PARTS if part not in order]  # parts of a newer version
    of_month = [details["notes"] for details in saved if details["month"] == months.text(month)]
    notes = of_month[-1] if of_month else {}
    return Arrangement(
        tuple(order),
        frozenset(_known(saved[-1]["hidden"])),
        {part: str(notes[part.name]) for part in Part if part.name in notes},
    )


def _known(names: Sequence[Any]) -> list[Part]:
    return [Part[name] for name in names if name in Part.__members__]


def save(arrangement: Arrangement, month: int, user: str) -> Draft:
    """Return the draft that keeps an arrangement for everyone."""
    details = {
        "month": months.text(month),
        "order": [part.name for part in arrangement.order],
        "hidden": sorted(part.name for part in arrangement.hidden),
        "notes": {part.name: text for part, text in arrangement.notes.items() if text.strip()},
    }
    return Draft(user, Changes.none(), Kind.DECK, details=details)
