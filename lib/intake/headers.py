"""The headers of a report file: how people write them, and which field each one means."""

from __future__ import annotations

import re
import unicodedata

from lib.core import schema

H, P, T = schema.PROGRESS.headers, schema.PLAN.headers, schema.TARGETS.headers

ENTRY_FIELDS = ("quantity", "cumulative_percent", "note", "issues", "next_steps", "coordination")
ENTRY = [H[name] for name in ENTRY_FIELDS]
"""What a unit fills in; all other columns say what it is about."""

FINDINGS = "校验结果"
"""The column that a marked copy appends."""
SO_FAR = "上月累计"
"""The column of the template with the sum up to the month before."""

REFERENCE = (
    *(P[name] for name in ("content", "window_text", "units_text", "category", "number")),
    *(T[name] for name in ("measure", "target")),
    SO_FAR,
    FINDINGS,
)
"""Columns of the template that are there to be read, not to be reported."""

_ALIASES = {
    "编号": "task_id",
    "任务": "task_id",
    "填报月份": "month",
    "年月": "month",
    "单位": "unit",
    "指标名称": "indicator",
    "本月完成数": "quantity",
    "本月完成量": "quantity",
    "本月数量": "quantity",
    "完成率": "cumulative_percent",
    "累计完成": "cumulative_percent",
    "累计完成百分比": "cumulative_percent",
    "工作进展": "note",
    "进展情况": "note",
    "问题": "issues",
    "下一步工作": "next_steps",
}
_NOTE = re.compile(r"\([^()]*\)$")


def simple(header: str) -> str:
    """Return a header without full-width forms, spaces and a trailing note in brackets."""
    plain = "".join(unicodedata.normalize("NFKC", header).split())
    return _NOTE.sub("", plain) or plain


FIELDS = {**_ALIASES, **{simple(header): name for header, name in schema.PROGRESS.fields.items()}}
"""Field name of `lib.core.schema.ProgressModel` by simple header."""

REQUIRED = ("task_id", "month")
"""Fields that a file cannot do without; the unit may be chosen beside the file."""


def known(header: str) -> bool:
    """Whether a header is one of a report file."""
    return simple(header) in FIELDS


def is_reference(header: str) -> bool:
    """Whether a header is of a column that is there to be read only."""
    return simple(header) in REFERENCE
