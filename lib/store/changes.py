"""Changes of reports: rows before and after, as texts; how they apply and how they are undone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from lib.core import schema
from lib.core.dataset import Dataset
from lib.core.texts import cleaned
from lib.files import csv_tables

HEADERS = list(schema.PROGRESS.headers.values())
KEY = [schema.PROGRESS.headers[name] for name in schema.REPORT_KEY]


def keyed(texts: pd.DataFrame) -> pd.DataFrame:
    """Return report texts (Chinese headers) indexed by their key; all columns are kept."""
    return texts.set_index(KEY, drop=False)


def texts(data: Dataset) -> pd.DataFrame:
    """Return a dataset's reports as texts indexed by their key."""
    return keyed(schema.PROGRESS.texts(data.progress))


def typed(state: pd.DataFrame) -> pd.DataFrame:
    """Return report texts as a typed frame whose index is the row in progress.csv."""
    numbered = state.set_axis(range(2, len(state) + 2), axis="index")
    return schema.PROGRESS.check(numbered, schema.PROGRESS.file)


def file_of(state: pd.DataFrame) -> bytes:
    """Return report texts as the bytes of progress.csv; no cell is a formula to a spreadsheet."""
    return csv_tables.to_csv(csv_tables.escape(state))


Record = Mapping[str, Mapping[str, str] | None]
"""One row of a submission as the journal keeps it: its cells ``before`` and ``after``, or null."""


def replay(records: Iterable[Record]) -> pd.DataFrame:
    """Return the keyed texts that records, the oldest first, add up to; as `Changes.apply` does.

    Changed rows keep their place, new ones come last.
    """
    rows: dict[tuple[str, ...], Mapping[str, str]] = {}
    for record in records:
        before, after = record["before"], record["after"]
        if after is not None:
            rows[tuple(after[name] for name in KEY)] = after
        elif before is not None:
            rows.pop(tuple(before[name] for name in KEY), None)
    return _clean_frame(list(rows.values()))


def _clean_frame(rows: Sequence[Mapping[str, str]]) -> pd.DataFrame:
    """Return rows of the journal as keyed texts.

    An earlier version kept characters that no store should hold; the rows in force are read without
    them, so must these be, or such a submission could never be taken back.
    """
    if not rows:
        return empty()
    return keyed(cleaned(pd.DataFrame(rows, columns=HEADERS, dtype="str").fillna("")))


@cache
def empty() -> pd.DataFrame:
    """Return report texts without rows, indexed by their key; nobody may change them in place."""
    return keyed(pd.DataFrame(columns=HEADERS, dtype="str"))


@dataclass(frozen=True, eq=False)
class Changes:
    """Rows as they were and as they become: both are texts indexed by the report's key.

    A key only in ``before`` is removed, only in ``after`` added, in both changed.
    """

    before: pd.DataFrame
    after: pd.DataFrame

    @classmethod
    def none(cls) -> Changes:
        """Return no change."""
        return cls(empty(), empty())

    @classmethod
    def between(cls, old: pd.DataFrame, new: pd.DataFrame) -> Changes:
        """Return what turns the texts ``old`` into ``new`` (both indexed by key)."""
        both = old.index.intersection(new.index)
        same = (old.loc[both].to_numpy() == new.loc[both].to_numpy()).all(axis=1)
        unchanged = both[same]
        return cls(
            old[~old.index.isin(unchanged)].astype("str"),
            new[~new.index.isin(unchanged)].astype("str"),
        )

    @property
    def keys(self) -> pd.Index:
        """The keys of all rows that are added, changed or removed."""
        return self.before.index.union(self.after.index, sort=False)

    def without(self, keys: pd.Index) -> Changes:
        """Return these changes but for some rows."""
        return Changes(
            self.before[~self.before.index.isin(keys)], self.after[~self.after.index.isin(keys)]
        )

    def __len__(self) -> int:
        return len(self.keys)

    @property
    def added(self) -> int:
        """How many rows are new."""
        return len(self.after) - self.changed

    @property
    def changed(self) -> int:
        """How many rows become different."""
        return int(self.after.index.isin(self.before.index).sum())

    @property
    def removed(self) -> int:
        """How many rows go."""
        return len(self.before) - self.changed

    def inverse(self) -> Changes:
        """Return the changes that undo these."""
        return Changes(self.after, self.before)

    def misfits(self, state: pd.DataFrame) -> pd.MultiIndex:
        """Return the keys whose row in ``state`` is not what these changes start from."""
        known = self.before.index.isin(state.index)
        gone = self.before.index[~known]
        here = self.before.index[known]
        differs = (state.loc[here].to_numpy() != self.before.loc[here].to_numpy()).any(axis=1)
        fresh = self.after.index[~self.after.index.isin(self.before.index)]
        return gone.append([here[differs], fresh[fresh.isin(state.index)]])

    def apply(self, state: pd.DataFrame) -> pd.DataFrame:
        """Return ``state`` with these changes; changed rows keep their place, new ones come last."""
        gone = self.before.index.difference(self.after.index)
        rest = state[~state.index.isin(gone)]
        places = rest.index.get_indexer(self.after.index)
        order, rows = np.arange(len(rest)), len(rest) + np.arange(len(places))
        order[places[places >= 0]] = rows[places >= 0]
        return pd.concat([rest, self.after]).iloc[np.concatenate([order, rows[places < 0]])]

    def records(self) -> Iterable[dict[str, dict[str, str] | None]]:
        """Return one object per row: its cells ``before`` and ``after``, or null."""
        before = dict(zip(self.before.index, self.before.to_dict("records"), strict=True))
        after = dict(zip(self.after.index, self.after.to_dict("records"), strict=True))
        for key in {**before, **after}:
            yield {"before": before.get(key), "after": after.get(key)}

    @classmethod
    def from_records(cls, records: Sequence[Record]) -> Changes:
        """Return the changes that `records` gave."""
        sides = [
            [row for record in records if (row := record[side]) is not None]
            for side in ("before", "after")
        ]
        before, after = map(_clean_frame, sides)
        return cls(before, after)
