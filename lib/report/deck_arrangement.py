"""Which slides a meeting shows, in which order and words, and what it asks for; kept in the journal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from lib.core import months
from lib.report.slides import DEFAULT_PARTS, Part
from lib.store import Changes, Draft, Kind, State, Submission


@dataclass(frozen=True)
class Decision:
    """What a meeting is asked to decide: the matter, the unit that acts on it, and by when.

    ``task_id`` is the task it is about, empty if none: the next meeting sees what became of it.
    """

    text: str
    units: str = ""
    due: str = ""
    task_id: str = ""


@dataclass(frozen=True)
class Arrangement:
    """All parts in their order, those left out, and by part the presenter's own titles and notes.

    ``decisions`` are those that this month's meeting is asked for, ``last`` those of the meeting
    before, of month ``last_month`` (ordinal; ``None`` if none is recorded).
    """

    order: tuple[Part, ...] = DEFAULT_PARTS
    hidden: frozenset[Part] = frozenset()
    notes: Mapping[Part, str] = field(default_factory=dict)
    titles: Mapping[Part, str] = field(default_factory=dict)
    decisions: tuple[Decision, ...] = ()
    last: tuple[Decision, ...] = ()
    last_month: int | None = None

    @property
    def parts(self) -> list[Part]:
        """The parts that are shown, in order."""
        return [part for part in self.order if part not in self.hidden]

    def only(self, *parts: Part) -> Arrangement:
        """Return the arrangement with these parts alone, in this order."""
        return replace(self, order=parts, hidden=frozenset())

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

    def titled(self, part: Part, text: str) -> Arrangement:
        """Return the arrangement with another title for a part; empty: the figures' own."""
        return replace(self, titles={**self.titles, part: text})


def load(journal: Sequence[Submission], month: int) -> Arrangement:
    """Return the arrangement last saved: order and choice of any month, words of this one."""
    saved = [
        submission.details
        for submission in journal
        if submission.kind == Kind.DECK and submission.state == State.IN_FORCE
    ]
    if not saved:
        return Arrangement()
    order = _known(saved[-1]["order"])
    for place, part in enumerate(DEFAULT_PARTS):  # parts of a newer version: behind their neighbour
        if part not in order:
            before = DEFAULT_PARTS[place - 1]
            order.insert(order.index(before) + 1 if place else 0, part)
    now = months.text(month)
    by_month = {str(details["month"]): details for details in saved}
    details = by_month.get(now, {})
    earlier = [name for name in sorted(by_month) if name < now and by_month[name].get("decisions")]
    last = by_month[earlier[-1]]["decisions"] if earlier else []
    return Arrangement(
        tuple(order),
        frozenset(_known(saved[-1]["hidden"])),
        _by_part(details.get("notes", {})),
        _by_part(details.get("titles", {})),
        tuple(Decision(**facts) for facts in details.get("decisions", [])),
        tuple(Decision(**facts) for facts in last),
        months.parse(earlier[-1]) if earlier else None,
    )


def _by_part(texts: Mapping[str, Any]) -> dict[Part, str]:
    return {part: str(texts[part.name]) for part in Part if part.name in texts}


def _known(names: Sequence[Any]) -> list[Part]:
    return [Part[name] for name in names if name in Part.__members__]


def save(arrangement: Arrangement, month: int, user: str) -> Draft:
    """Return the draft that keeps an arrangement for everyone."""

    def named(texts: Mapping[Part, str]) -> dict[str, str]:
        return {part.name: text for part, text in texts.items() if text.strip()}

    details = {
        "month": months.text(month),
        "order": [part.name for part in arrangement.order],
        "hidden": sorted(part.name for part in arrangement.hidden),
        "notes": named(arrangement.notes),
        "titles": named(arrangement.titles),
        "decisions": [asdict(decision) for decision in arrangement.decisions],
    }
    return Draft(user, Changes.none(), Kind.DECK, details=details)
