"""The narrative against the task table: promises without a task, tasks without a promise,
quantities that differ."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz

from lib.core.targets import Mention, Target
from lib.planning.narrative import Passage
from lib.planning.task_tables import Row

SAME, SAME_ELSEWHERE, ALIKE, HELD = 0.5, 0.8, 0.6, 0.55
"""How alike two texts must be (0 to 1): for the same quantity within one category and across
categories, for different quantities of one thing, and for a task to be held by the narrative."""

_SAME_MEASURE = ({"场", "场次"}, {"名", "人", "位"}, {"家", "个"}, {"次", "场", "场次"})


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
        """The numbers: 正文12家，分解表10家, or the ones that only one side has."""
        amounts = [target.amount() for target in self.quantities]
        if self.kind is DifferenceKind.DIFFERENT:
            return f"正文{amounts[0]}，分解表{amounts[1]}"
        return "、".join(amounts)

    def __str__(self) -> str:
        quotes = [("正文", self.narrative), ("分解表", self.table)]
        numbers = f"：{self.amounts}" if self.amounts else ""
        return f"{self.kind}{numbers}（{self.category}）　" + "　".join(
            f"{side}：{text or '没有相近的内容'}" for side, text in quotes
        )


@dataclass(frozen=True)
class _Quantity:
    """A target of the passage or task at position ``owner``."""

    owner: int
    category: str
    text: str
    target: Target


def reconcile(passages: Sequence[Passage], tasks: Sequence[Row]) -> list[Difference]:
    """Return how the narrative and the task table differ, in the document's order.

    Each quantity is held against at most one of the other side: first those that agree, then
    those that are alike in words but not in number.
    """
    if not passages or not tasks:
        return []
    promised = _quantities((each.category, each.text, each.mentions) for each in passages)
    planned = _quantities((each.category, each.content, each.mentions) for each in tasks)
    agreed = _pair(promised, planned, _agreement)
    promised = [quantity for quantity in promised if quantity not in agreed]
    planned = [quantity for quantity in planned if quantity not in agreed.values()]
    differing = _pair(promised, planned, _likeness)
    differences = [
        Difference(
            DifferenceKind.DIFFERENT,
            task.category,
            passage.text,
            task.text,
            passage.owner,
            task.owner,
            (passage.target, task.target),
        )
        for passage, task in differing.items()
    ]
    promised = [quantity for quantity in promised if quantity not in differing]
    planned = [quantity for quantity in planned if quantity not in differing.values()]
    differences += _only_narrative(promised, passages, tasks)
    differences += _only_table(planned, passages, tasks)
    order = list(DifferenceKind)
    return sorted(differences, key=lambda each: (order.index(each.kind), each.passage or 0))


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
    scored = [(score(a, b), a, b) for a in left for b in right]
    pairs: dict[_Quantity, _Quantity] = {}
    taken: set[_Quantity] = set()
    for value, a, b in sorted(scored, key=lambda pair: -pair[0]):
        if value > 0 and a not in pairs and b not in taken:
            pairs[a] = b
            taken.add(b)
    return pairs


def _agreement(a: _Quantity, b: _Quantity) -> float:
    """Return how alike two equal quantities are, 0 if they are not equal or not alike enough."""
    amounts = [(each.target.op, each.target.value, each.target.upper) for each in (a, b)]
    if amounts[0] != amounts[1] or not _same_measure(a, b):
        return 0.0
    names, texts = _alike(a, b)
    score = max(names, (names + texts) / 2)
    return score if score >= (SAME if _same_category(a, b) else SAME_ELSEWHERE) else 0.0


def _likeness(a: _Quantity, b: _Quantity) -> float:
    """Return how alike two quantities of one category are in words, whatever their numbers."""
    if not _same_category(a, b) or not _same_measure(a, b):
        return 0.0
    names, texts = _alike(a, b)
    return (names + texts) / 2 if min(names, texts) >= ALIKE else 0.0


def _alike(a: _Quantity, b: _Quantity) -> tuple[float, float]:
    """Return how alike (0 to 1) the names of two quantities are, and their whole texts."""
    names = fuzz.ratio(a.target.indicator, b.target.indicator)
    return float(names) / 100, float(fuzz.partial_ratio(a.text, b.text)) / 100


def _same_measure(a: _Quantity, b: _Quantity) -> bool:
    both = {a.target.unit, b.target.unit}
    return len(both) == 1 or any(both <= measures for measures in _SAME_MEASURE)


def _same_category(a: _Quantity, b: _Quantity) -> bool:
    return same_category(a.category, b.category)


def same_category(a: str, b: str) -> bool:
    """Whether two headings name the same category: 产业合作 is not 产业帮扶.

    A heading that says more about a category names it as well: 深化产业合作，推动茶旅融合.
    """
    short, long = sorted((a, b), key=len)
    return a == b or (len(short) >= 4 and short in long) or fuzz.ratio(a, b) >= 80


def _only_narrative(
    left: list[_Quantity], passages: Sequence[Passage], tasks: Sequence[Row]
) -> list[Difference]:
    texts = [task.content for task in tasks]
    return [
        Difference(
            DifferenceKind.ONLY_NARRATIVE,
            passages[owner].category,
            passages[owner].text,
            _nearest(passages[owner].text, texts),
            passage=owner,
            quantities=_targets_of(owner, left),
        )
        for owner in dict.fromkeys(quantity.owner for quantity in left)
    ]


def _only_table(
    left: list[_Quantity], passages: Sequence[Passage], tasks: Sequence[Row]
) -> list[Difference]:
    texts = [passage.text for passage in passages]
    narrative = _bigrams("\n".join(texts))
    differences = []
    for number, task in enumerate(tasks):
        missing, own = _targets_of(number, left), _bigrams(task.content)
        held = len(own & narrative) / max(len(own), 1)
        if missing or (not task.mentions and held < HELD):
            differences.append(
                Difference(
                    DifferenceKind.ONLY_TABLE,
                    task.category,
                    _nearest(task.content, texts),
                    task.content,
                    task=number,
                    quantities=missing,
                )
            )
    return differences


def _targets_of(owner: int, quantities: list[_Quantity]) -> tuple[Target, ...]:
    return tuple(quantity.target for quantity in quantities if quantity.owner == owner)


def _bigrams(text: str) -> set[str]:
    return {text[n : n + 2] for n in range(len(text) - 1)}


def _nearest(text: str, others: Sequence[str]) -> str:
    best = max(others, key=lambda other: fuzz.partial_ratio(text, other), default="")
    return best if best and fuzz.partial_ratio(text, best) >= 50 else ""
