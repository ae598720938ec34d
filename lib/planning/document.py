"""A document as the readers hand it on: paragraphs and tables, whatever file they came from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Merge(StrEnum):
    """How a cell is part of another: of the one above, or of the one to its left."""

    NONE = ""
    UP = "up"
    LEFT = "left"


@dataclass(frozen=True)
class Cell:
    """A cell's text, lines kept; a merged cell has no text of its own."""

    text: str
    merge: Merge = Merge.NONE


@dataclass(frozen=True)
class Paragraph:
    """One paragraph of running text."""

    text: str


@dataclass(frozen=True)
class Grid:
    """A table: rows of equal length. ``name`` says which one it is (表2, or the sheet's name).

    ``numbers`` are the rows' numbers as a reader of the file counts them.
    """

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class Document:
    """A file's blocks in order, and ``notes``: what the reader should know (tracked changes)."""

    name: str
    blocks: tuple[Paragraph | Grid, ...]
    notes: tuple[str, ...] = ()

    @property
    def paragraphs(self) -> list[str]:
        """The running text, paragraph by paragraph."""
        return [block.text for block in self.blocks if isinstance(block, Paragraph)]

    @property
    def grids(self) -> list[Grid]:
        """The tables."""
        return [block for block in self.blocks if isinstance(block, Grid)]


def grid(name: str, rows: list[list[Cell]], first: int = 1) -> Grid:
    """Return rows of any length as a table."""
    width = max((len(row) for row in rows), default=0)
    filled = tuple(tuple(row + [Cell("")] * (width - len(row))) for row in rows)
    return Grid(name, filled, tuple(range(first, first + len(rows))))
