"""The gap between earned value (完成率) and planned value (序时进度): one rule for whoever tells of it.

Sentences, charts, lists and papers keep two ideas apart:

- 低于序时进度: the earned value is below the planned value by a gap that a reader can see, which
  is 0.1 percentage points, as figures are shown (`is_below_plan`).
- 滞后: the status of a task whose gap is beyond the plan's threshold (`is_beyond`).
"""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
import pandas as pd

Values = TypeVar("Values", float, "pd.Series[float]", pd.DataFrame)

TOLERANCE = 1e-9
"""Two shares closer than this are equal: sums of decimal quantities are not exact."""


def in_points(difference: Values) -> Values:
    """Return a difference of fractions of 1 in percentage points, to the decimal that is shown."""
    points: Values = np.round(difference * 100, 1)
    return points


def is_below_plan(earned: Values, planned: Values) -> Any:
    """Return whether (for frames: where) earned value is visibly below the planned value."""
    return in_points(earned - planned) < 0


def is_beyond(gap: Any, threshold: float) -> Any:
    """Return whether (for arrays: where) a gap is more than a threshold, both fractions of 1."""
    return gap > threshold + TOLERANCE
