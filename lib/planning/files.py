"""A plan's files as bytes, from texts under the files' headers."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from lib.core import schema
from lib.files import csv_tables

P, T = schema.PLAN.headers, schema.TARGETS.headers


def plan_file(plan: pd.DataFrame) -> bytes:
    """Return plan texts as ``plan.csv``; 责任领导, 目标值, 备注 only where one row has them."""
    empty = [P[name] for name in schema.PLAN_EXTRAS if (plan[P[name]] == "").all()]
    return csv_tables.to_csv(csv_tables.escape(plan.drop(columns=empty)))


def target_file(targets: pd.DataFrame) -> bytes:
    """Return target texts as ``targets.csv``; 所属指标, 分子, 分母 only where one row has them."""
    empty = [T[name] for name in schema.TARGET_EXTRAS if (targets[T[name]] == "").all()]
    return csv_tables.to_csv(csv_tables.escape(targets.drop(columns=empty)))


def alias_file(aliases: Mapping[str, str]) -> bytes:
    """Return other spellings of units as ``units.csv``."""
    rows = [(unit, alias) for alias, unit in aliases.items()]
    table = pd.DataFrame(rows, columns=list(schema.ALIASES.headers.values()), dtype="str")
    return csv_tables.to_csv(csv_tables.escape(table))
