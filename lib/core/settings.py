"""A plan's settings besides its tables: year, title, parties and the rules that offices choose."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import Any

import pandas as pd

from lib.core import months
from lib.core.problems import DataError, FileError, Problem

SETTINGS_FILE = "settings.toml"


@dataclass(frozen=True)
class Settings:
    """What a data folder says of its plan besides the tables.

    ``year`` is the plan's year, ``title`` its name, ``behind_threshold`` the gap to the planned
    value above which a task counts as 滞后 (a fraction of 1). ``review``: a report counts only
    after it has been accepted (审核).
    """

    year: int
    title: str = "工作计划"
    parties: tuple[str, ...] = ()
    behind_threshold: float = 0.10
    review: bool = False


def parse_settings(content: bytes | None, progress: pd.DataFrame) -> Settings:
    """Return a plan's settings (`SETTINGS_FILE`); raise `DataError` naming the key that is wrong."""
    if content is None:
        if progress.empty:
            return Settings(pd.Timestamp.now().year)
        return Settings(months.year_of(int(progress["month"].min())))

    def fault(key: str, value: object, expected: str) -> DataError:
        return DataError([Problem(SETTINGS_FILE, 0, "", "", f"{key} 是「{value}」", expected)])

    try:
        read: dict[str, Any] = tomllib.loads(content.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = f"不是有效的设置文件（{error}）"
        raise FileError(SETTINGS_FILE, message, "TOML 格式") from error
    for key, section in read.items():
        if not isinstance(section, dict):
            raise fault(key, section, f"[{key}] 一节，下面每行一项设置")
    plan, rules = read.get("plan", {}), read.get("rules", {})
    year = plan.get("year")
    if not isinstance(year, int) or not 1970 <= year <= 9999:
        raise fault("plan.year", year, "四位数的年份，如 2018")
    points = rules.get("behind_points", 10)
    if not isinstance(points, int | float) or not 0 <= points <= 100:
        raise fault("rules.behind_points", points, "0到100之间的百分点")
    review = read.get("reports", {}).get("review", False)
    if not isinstance(review, bool):
        raise fault("reports.review", review, "true 或 false")
    return Settings(
        year,
        str(plan.get("title", Settings.title)),
        tuple(str(party) for party in plan.get("parties", ())),
        points / 100,
        review,
    )
