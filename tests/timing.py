"""Bounds on processor time, that a busy machine does not break."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

TRIES = 3
TRACED = 5
"""How many times as long it may take while covered lines are counted, as CI does."""


def is_quick(act: Callable[[], object], seconds: float) -> bool:
    """Whether something takes under ``seconds`` of the processor, once in three tries."""
    allowed = seconds * (1 if sys.gettrace() is None else TRACED)
    for _ in range(TRIES):
        began = time.process_time()
        act()
        if time.process_time() - began < allowed:
            return True
    return False
