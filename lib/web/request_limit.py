"""How many requests a minute one address or account may make."""

from __future__ import annotations

import math
import time
from threading import Lock

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter


class RequestLimit:
    """So many requests in any 60 seconds for each key, counted in this process's memory.

    Behind a proxy with sticky sessions one client meets one process.
    """

    KEYS = 10_000
    """The counts of all keys start anew when there are more: memory stays bounded."""

    def __init__(self, per_minute: int) -> None:
        self._limit = RateLimitItemPerMinute(per_minute)
        self._lock = Lock()
        self._last = 0.0
        self._count_anew()

    def _count_anew(self) -> None:
        """Begin with a new storage: one that is emptied breaks its own thread, which ages counts."""
        self._storage = MemoryStorage()
        self._limiter = MovingWindowRateLimiter(self._storage)

    def wait(self, key: str) -> int:
        """Count one request and return 0, or return the whole seconds to wait and count nothing."""
        now = time.time()
        with self._lock:
            # A clock that was set back would leave counts of the future: nobody got in until then.
            set_back, self._last = now < self._last, now
            if set_back or len(self._storage.events) >= self.KEYS:
                self._count_anew()
            if self._limiter.hit(self._limit, key):
                return 0
            free_at = self._limiter.get_window_stats(self._limit, key).reset_time
        return max(1, math.ceil(free_at - now))
