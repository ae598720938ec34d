"""Rows looked up by two columns at once, such as a report's task and unit among those of the plan."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

Ints = npt.NDArray[np.int64]


def pair_rows(known: pd.DataFrame, rows: pd.DataFrame, first: str, second: str) -> Ints:
    """Return for each row the position of its (first, second) in ``known``, -1 if not there."""
    if known.empty or rows.empty:
        return np.full(len(rows), -1, dtype=np.int64)
    firsts, seconds = known[first].unique(), known[second].unique()
    width = len(seconds)

    def pairs(frame: pd.DataFrame) -> Ints:
        high, low = positions(frame[first], firsts), positions(frame[second], seconds)
        joined: Ints = np.where((high < 0) | (low < 0), -1, high * width + low)
        return joined

    places: Ints = pd.Index(pairs(known)).get_indexer(pairs(rows))
    return places


def positions(texts: pd.Series[str], names: Any) -> Ints:
    """Return the position of each text in ``names``, -1 where it is none of them.

    Arrow's own look-up: pandas turns every text into a Python object first.
    """
    indices = pc.index_in(pa.array(texts), value_set=pa.array(names))
    places: Ints = indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    return places
