"""The headers of a report file: how people write them, and which field each one means."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz import fuzz, process

from lib.core import schema

H, P, T = schema.PROGRESS.headers, schema.PLAN.headers, schema.TARGETS.headers

ENTRY_FIELDS = ("quantity", "cumulative_percent", "note", "issues", "next_steps", "coordination")
TEXT_FIELDS = ENTRY_FIELDS[2:]
ENTRY = [H[name] for name in ENTRY_FIELDS]
"""What a unit fills in; all other columns say what it is about."""

FINDINGS = "校验结果"
"""The column that a marked copy appends."""
SO_FAR = "上月累计"
"""The column of the template with the sum up to the month before."""

REFERENCE = frozenset({*P.values(), *T.values(), SO_FAR, FINDINGS} - {*H.values(), P["remark"]})
"""Columns that are there to be read, not to be reported: the plan's own, the template's help."""

NEAR = 45.0
"""Likeness (rapidfuzz, 0 to 100) from which a header is offered as what was meant."""

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
_NOTE = re.compile(r"[(\[【][^()\[\]【】]*[)\]】]$|[*:]+$")


@lru_cache(maxsize=1024)
def simple(header: str) -> str:
    """Return a header without full-width forms, spaces, a trailing note in brackets and marks."""
    plain = "".join(unicodedata.normalize("NFKC", header).split())
    while (shorter := _NOTE.sub("", plain)) and shorter != plain:
        plain = shorter
    return plain


FIELDS = {**_ALIASES, **{simple(header): name for header, name in schema.PROGRESS.fields.items()}}
"""Field name of `lib.core.schema.ProgressModel` by simple header."""

REQUIRED = ("task_id",)
"""Fields that a file cannot do without; month and unit may be chosen beside the file."""

_THIS = "(?:本|当|该|这)(?:月|期)"
_REPORTED = "(?:填报|报送|上报|填写|汇报|所属|统计|数据|报告)?的?"
_SPELLINGS = {
    "task_id": "(?:工作|任务|项目|计划|事项)*(?:编号|编码|代码)",
    "month": f"{_REPORTED}(?:年?月份?|年月|月度)",
    "unit": f"(?:{_REPORTED}|本)(?:单位|部门)(?:名称|全称)?",
    "indicator": "(?:考核|量化|定量|任务|完成)?指标(?:名称|内容)?",
    "quantity": f"{_THIS}(?:实际|新增)*的?(?:完成)?(?:的?数量?|的?数值|新增数?|量|完成)",
    "cumulative_percent": f"{_THIS}?(?:末|底)?累计(?:已)?完成(?:的)?(?:率|比例|百分比|比率|进度)"
    "|(?:任务)?完成(?:比例|百分比|比率)",
    "note": f"(?:{_THIS}|目前|主要|具体|工作|任务)*的?(?:进展|推进|落实|开展)(?:情况)?(?:说明|描述)?",
    "issues": f"(?:{_THIS}|目前|当前|工作中|存在|遇到|主要)*的?(?:主要)?"
    "(?:问题|困难)(?:[和与及、](?:问题|困难))?(?:情况)?",
    "next_steps": "下(?:一?步|月|一?阶段)(?:的|工作|主要)*(?:措施|打算|计划|安排|思路|举措|做法|工作)",
    "coordination": "(?:需要?|提请|请求|请)(?:上级|领导|县里)?(?:协调|支持|帮助|解决)+的?(?:事项|问题)",
}
_SPELLED = {name: re.compile(pattern) for name, pattern in _SPELLINGS.items()}


def spelled(header: str) -> str | None:
    """Return the field that a header spells in other words: 下步打算, 报送月份, 本月完成数量."""
    text = simple(header)
    return next((name for name, spelling in _SPELLED.items() if spelling.fullmatch(text)), None)


_SPEAKING = {
    "cumulative_percent": re.compile("率|比例|百分|%|进度"),
    "quantity": re.compile("数量|数$|完成量|新增"),
    "issues": re.compile("问题|困难"),
    "next_steps": re.compile("下一?步|下月|打算"),
    "note": re.compile("情况|说明|做法|成效|进展|备注"),
}
"""Words that tell what a header is about, the more telling first."""


def nearest(header: str, among: Iterable[str]) -> str | None:
    """Return the field among some whose header is most like one, ``None`` if none is near."""
    among = list(among)
    for name, words in _SPEAKING.items():
        if name in among and words.search(header):
            return name
    names = {name: H[name] for name in among}
    match = process.extractOne(simple(header), names, scorer=fuzz.ratio, score_cutoff=NEAR)
    return str(match[2]) if match else None


def known(header: str) -> bool:
    """Whether a header is one of a report file."""
    return simple(header) in FIELDS or spelled(header) is not None


def is_reference(header: str) -> bool:
    """Whether a header is of a column that is there to be read only."""
    return simple(header) in REFERENCE or is_content(header)


def says_what_a_row_is(header: str) -> bool:
    """Whether a column tells what a row is about: such cells are merged over several rows."""
    field = FIELDS.get(simple(header)) or spelled(header)
    return field not in ENTRY_FIELDS and (field is not None or is_reference(header))


_CONTENT = re.compile("(?:工作|任务|计划)*(?:主要|具体)?(?:工作)?(?:内容|任务)")


def is_content(header: str) -> bool:
    """Whether a column holds the text of the rows' tasks."""
    text = simple(header)
    return text == P["content"] or (text not in FIELDS and bool(_CONTENT.fullmatch(text)))
