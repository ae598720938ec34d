"""A 责任单位 cell whose names stand on several lines, as one line of names."""

from __future__ import annotations

import re

from lib.core.units import DEFAULT_ALIASES

_SEPARATORS = "、，,；;/|"
_ENDS = re.compile(rf"^[{_SEPARATORS}\s。]+|[{_SEPARATORS}\s。]+$")
_WHOLE = re.compile(
    r"(?:局|委|委员会|办|办公室|部|(?<!社)会|院|中心|镇|乡|村|街道|社区|县|区|市|校|学校|学院|大学|医院|司|处|站|所|"
    r"室|公司|政府|集团|银行|妇联|工会|团委|团区委|残联|科协|侨联|文联|法院|检察院|队|园|馆)$"
)
_LONGEST = 80
"""Characters at a line's end or beginning in which a name is looked for."""
_KNOWN = {*DEFAULT_ALIASES, *DEFAULT_ALIASES.values()}


def join_lines(text: str) -> str:
    """Return a cell's units on one line, without separators at its ends.

    A line that ends in the middle of a name (区社会事／业局) is joined to the next; two names on
    two lines get 、 between them.
    """
    joined = ""
    for line in text.split("\n"):
        part = re.sub(r"[ \u3000\t]+", " ", line).strip()
        if not part:
            continue
        if not joined or joined[-1] in f"{_SEPARATORS}：:" or part[0] in _SEPARATORS:
            joined += part
            continue
        last = re.split(f"[{_SEPARATORS}：:]", joined[-_LONGEST:])[-1].strip()
        first = re.split(f"[{_SEPARATORS}]", part[:_LONGEST])[0].strip()
        broken = last + first in _KNOWN or (
            last not in _KNOWN and (len(last) == 1 or not _WHOLE.search(last))
        )
        joined += part if broken else f"、{part}"
    return _ENDS.sub("", joined)
