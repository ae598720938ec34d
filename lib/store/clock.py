"""The office's time: of each "today" and of every time that is written."""

from __future__ import annotations

import os
import time
from importlib.resources import files
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

VARIABLE = "PLAN_TIME_ZONE"
DEFAULT = "Asia/Shanghai"


def use_office_time() -> None:
    """Make this process tell the office's time, whatever zone the container or the user has.

    ``PLAN_TIME_ZONE`` names another zone than China's. Windows keeps its own: a process cannot change
    it there, and an office PC is set to the office's time. Raises `ValueError` for an unknown zone.
    """
    name = os.environ.get(VARIABLE) or DEFAULT
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(
            f"环境变量 {VARIABLE}：没有「{name}」这个时区，应当像 {DEFAULT} 这样写"
        ) from error
    if hasattr(time, "tzset"):
        # A slim image has no zones of its own, and then any name would silently be UTC.
        os.environ["TZDIR"] = str(files("tzdata") / "zoneinfo")
        os.environ["TZ"] = name
        time.tzset()
