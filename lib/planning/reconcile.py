"""The narrative against the task table: promises without a task, tasks without a promise,
quantities that differ."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from rapidfuzz import fuzz

from lib.core.targets import Mention, Target
from lib.planning.narrative import Passage

SAME, SAME_ELSEWHERE, ALIKE, HELD = 0.5, 0.8, 0.6, 0.55
"""How alike two texts must be (0 to 1): for the same quantity within one category and across
categories, for different quantities of one thing, and for a task to be held by the narrative."""

_SAME_UNITS = ({"场", "场次"}, {"名", "人", "位"}, {"家", "个"}, {"次", "场", "场次"})


class Task(Protocol):
    """What is compared of a task."""

    @property
    def category(self) -> str:
        """Its 类型."""

    @property
    def content(self) -> str:
        """Its text."""

    @property
    def mentions(self) -> tuple[Mention, ...]:
        """Its quantities."""


class DifferenceKind(StrEnum):
    """How narrative and table differ."""

    ONLY_NARRATIVE = "正文有，分解表没有"
    ONLY_TABLE = "分解表有，正文没有"
    DIFFERENT = "数量不一致"


@dataclass(frozen=True)
class Difference:
    """One difference with both quotations.

    On a one-sided difference the other quotation is the passage or task nearest to it, empty if
    nothing comes near. ``passage`` and ``task`` are positions in what was compared.
    """

    kind: DifferenceKind
    category: str
    narrative: str
    table: str
    passage: int | None = None
    task: int | None = None
    quantities: tuple[Target, ...] = ()

    @property
    def amounts(self) -> str:
        """What is said of numbers: 正文12家，分解表10家, or the ones that only one side has."""
        told = [target.amount() for target in self.quantities]
        if self.kind is DifferenceKind.DIFFERENT:
            return f"正文{told[0]}，分解表{told[1]}"
        return "、".join(told)

    def __str__(self) -> str:
        quotes = [("正文", self.narrative), ("分解表", self.table)]
        numbers = f"：{self.amounts}" if self.amounts else ""
        return f"{self.kind}{numbers}（{self.category}）　" + "　".join(
            f"{side}：{text or '没有相近的内容'}" for side, text in quotes
        )


@dataclass(frozen=True)
class _Quantity:
    owner: int
    category: str
    text: str
    target: Target


def reconcile(passages: Sequence[Passage], tasks: Sequence[Task]) -> list[Difference]:
    """Return how the narrative and the task table differ, in the document's order.

    Each quantity is held against at most one of the other side: first those that agree, then
    those that are alike in words but not in number.
    """
    if not passages or not tasks:
        return []
    spoken = _quantities((one.category, one.text, one.mentions) for one in passages)
    listed = _quantities((one.category, one.content, one.mentions) for one in tasks)
    agreed = _pair(spoken, listed, _agreement)
    spoken_left = [one for one in spoken if one not in agreed]
    listed_left = [one for one in listed if one not in agreed.values()]
    differ = _pair(spoken_left, listed_left, _likeness)
    found = [
        Difference(
            DifferenceKind.DIFFERENT,
            tasks[other.owner].category,
            passages[one.owner].text,
            tasks[other.owner].content,
            one.owner,
            other.owner,
            (one.target, other.target),
        )
        for one, other in differ.items()
    ]
    found += _only_narrative([one for one in spoken_left if one not in differ], passages, tasks)
    missing = [one for one in listed_left if one not in differ.values()]
    found += _only_table(missing, passages, tasks)
    return sorted(found, key=lambda one: (list(DifferenceKind).index(one.kind), one.passage or 0))


def _quantities(
    texts: Iterable[tuple[str, str, tuple[Mention, ...]]],
) -> list[_Quantity]:
    return [
        _Quantity(owner, category, text, target)
        for owner, (category, text, mentions) in enumerate(texts)
        for target in dict.fromkeys(mention.target for mention in mentions)
    ]


def _pair(
    left: list[_Quantity], right: list[_Quantity], score: Callable[[_Quantity, _Quantity], float]
) -> dict[_Quantity, _Quantity]:
    """Return who goes with whom, the best scores first, each at most once."""
    scored = [(score(one, other), one, other) for one in left for other in right]
    pairs: dict[_Quantity, _Quantity] = {}
    taken: set[_Quantity] = set()
    for value, one, other in sorted(scored, key=lambda item: -item[0]):
        if value <= 0:
            break
        if one not in pairs and other not in taken:
            pairs[one] = other
            taken.add(other)
    return pairs


def _agreement(one: _Quantity, other: _Quantity) -> float:
    a, b = one.target, other.target
    if (a.op, a.value, a.upper) != (b.op, b.value, b.upper) or not _same_unit(a.unit, b.unit):
        return 0.0
    score = _alike(one, other)
    needed = SAME if same_category(one.category, other.category) else SAME_ELSEWHERE
    return score if score >= needed else 0.0


def _likeness(one: _Quantity, other: _Quantity) -> float:
    if not same_category(one.category, other.category):
        return 0.0
    if not _same_unit(one.target.unit, other.target.unit):
        return 0.0
    score = fuzz.ratio(one.target.indicator, other.target.indicator) / 100
    whole = fuzz.partial_ratio(one.text, other.text) / 100
    return (score + whole) / 2 if min(score, whole) >= ALIKE else 0.0


def _alike(one: _Quantity, other: _Quantity) -> float:
    names = fuzz.ratio(one.target.indicator, other.target.indicator)
    whole = fuzz.partial_ratio(one.text, other.text)
    return float(max(names, (names + whole) / 2)) / 100


def _same_unit(one: str, other: str) -> bool:
    return one == other or any({one, other} <= same for same in _SAME_UNITS)


def same_category(one: str, other: str) -> bool:
    """Whether two headings name the same category: 产业合作 is not 产业帮扶."""
    return one == other or fuzz.ratio(one, other) >= 80


def _only_narrative(
    left: list[_Quantity], passages: Sequence[Passage], tasks: Sequence[Task]
) -> list[Difference]:
    owners = dict.fromkeys(one.owner for one in left)
    texts = [task.content for task in tasks]
    return [
        Difference(
            DifferenceKind.ONLY_NARRATIVE,
            passages[owner].category,
            passages[owner].text,
            _nearest(passages[owner].text, texts),
            passage=owner,
            quantities=tuple(one.target for one in left if one.owner == owner),
        )
        for owner in owners
    ]


def _only_table(
    left: list[_Quantity], passages: Sequence[Passage], tasks: Sequence[Task]
) -> list[Difference]:
    texts = [passage.text for passage in passages]
    pairs_of_text = _bigrams("\n".join(texts))
    found = []
    for number, task in enumerate(tasks):
        missing = tuple(one.target for one in left if one.owner == number)
        own = _bigrams(task.content)
        held = len(own & pairs_of_text) / max(len(own), 1)
        if missing or (not task.mentions and held < HELD):
            nearest = _nearest(task.content, texts)
            found.append(
                Difference(
                    DifferenceKind.ONLY_TABLE,
                    task.category,
                    nearest,
                    task.content,
                    task=number,
                    quantities=missing,
                )
            )
    return found


def _bigrams(text: str) -> set[str]:
    return {text[n : n + 2] for n in range(len(text) - 1)}


def _nearest(text: str, others: Sequence[str]) -> str:
    best = max(others, key=lambda other: fuzz.partial_ratio(text, other), default="")
    return best if best and fuzz.partial_ratio(text, best) >= 50 else ""
