"""A plan's files as bytes, from texts under the files' headers."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping

import pandas as pd

from lib.core import schema
from lib.core.settings import Settings
from lib.core.units import ALIAS, UNIT
from lib.files import csv_tables

P = schema.PLAN.headers


def plan_file(plan: pd.DataFrame) -> bytes:
    """Return plan texts as ``plan.csv``; 责任领导, 目标值, 备注 only where one row has them."""
    empty = [P[name] for name in schema.PLAN_EXTRAS if (plan[P[name]] == "").all()]
    return csv_tables.to_csv(csv_tables.escape(plan.drop(columns=empty)))


def target_file(targets: pd.DataFrame) -> bytes:
    """Return target texts as ``targets.csv``."""
    return csv_tables.to_csv(csv_tables.escape(targets))


def alias_file(aliases: Mapping[str, str]) -> bytes:
    """Return other spellings of units as ``units.csv``."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerows([(UNIT, ALIAS), *((unit, alias) for alias, unit in aliases.items())])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def settings_file(settings: Settings) -> bytes:
    """Return settings as ``settings.toml``."""
    parties = ", ".join(_toml(party) for party in settings.parties)
    lines = [
        "# 本数据目录的设置。改动后刷新网页即生效。",
        "",
        "[plan]",
        f"year = {settings.year}",
        f"title = {_toml(settings.title)}",
        f"parties = [{parties}]",
        "",
        "[rules]",
        "# 完成率低于序时进度超过多少个百分点算“滞后”",
        f"behind_points = {settings.behind_threshold * 100:.10g}",
        "",
        "[reports]",
        "# 填报是否要经过审核才计入：true 要审核，false 提交即生效",
        f"review = {str(settings.review).lower()}",
        "",
    ]
    return "\n".join(lines).encode()


def _toml(text: str) -> str:
    """Return a TOML basic string: JSON's escapes are TOML's, but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
