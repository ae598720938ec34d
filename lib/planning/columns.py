"""The columns of a task table by what their headers mean, in any order."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum

from lib.core import schema
from lib.planning.document import Cell, Merge

P = schema.PLAN.headers


class Meaning(StrEnum):
    """What a column of a task table holds, in the words of `lib.core.schema`.

    The first and the last four stand in a plan.csv of this program only.
    """

    TASK_ID = P["task_id"]
    NUMBER = P["number"]
    CATEGORY = P["category"]
    CONTENT = P["content"]
    LEAD = "牵头单位"
    UNITS = P["units_text"]
    HELPERS = "配合单位"
    WINDOW = P["window_text"]
    LEADER = P["leader"]
    GOAL = P["goal"]
    REMARK = P["remark"]
    WEIGHT = P["weight"]
    START = P["start_month"]
    END = P["end_month"]
    SOURCE = P["source"]


UNIT_COLUMNS = (Meaning.UNITS, Meaning.LEAD, Meaning.HELPERS)

# Order matters: 牵头领导 is a person, 目标任务 is the task, 责任单位 comes before 单位.
_PATTERNS: tuple[tuple[Meaning, str], ...] = (
    (Meaning.TASK_ID, r"^任务(编号|编码|代码)$"),
    *((own, f"^{own}$") for own in (Meaning.WEIGHT, Meaning.START, Meaning.END, Meaning.SOURCE)),
    (Meaning.REMARK, r"备注|说明"),
    (Meaning.LEADER, r"领导|责任人|负责人|联系人|分管"),
    (Meaning.WINDOW, r"时限|时间|节点|期限|进度安排|起止|计划完成"),
    (Meaning.HELPERS, r"(配合|协办|协助|参与|参加)(责任)?(单位|部门)?$"),
    (Meaning.LEAD, r"(牵头|主办|主责)(责任)?(单位|部门)?$"),
    (Meaning.UNITS, r"(责任|承办|实施|落实|完成|承担|负责)(单位|部门|主体)|^(单位|部门)(名称)?$"),
    (Meaning.GOAL, r"目标值|量化|指标|年度目标|工作目标|^目标$|目标数"),
    (Meaning.NUMBER, r"^(序号|编号|项次|序|no\.?)$"),
    (Meaning.CATEGORY, r"类型|类别|分类|领域|板块|条线|^项目$|任务类|^类$"),
    (Meaning.CONTENT, r"内容|任务|重点工作|事项|措施|举措|工作要点|工作计划|^工作$"),
)


def meaning_of(header: str) -> Meaning | None:
    """Return what a header means, ``None`` if it is unknown or no header at all."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", header)).lower()
    plain = re.sub(r"\([^()]*\)", "", plain).strip(":：")
    if not plain or len(plain) > 14 or re.search(r"[。；;，,、]", plain):
        return None
    return next((meaning for meaning, pattern in _PATTERNS if re.search(pattern, plain)), None)


def header_of(rows: Sequence[Sequence[Cell]]) -> tuple[dict[int, Meaning], int] | None:
    """Return the columns' meanings and how many rows the header takes, ``None`` if there is none.

    The first of ``rows`` is tried alone, then together with the next one: 责任单位 above 牵头单位
    and 配合单位. A header names the task and at least two more columns.
    """
    heights = (2, 1) if len(rows) > 1 and _continues(rows) else (1,)
    for height in heights:
        columns: dict[int, Meaning] = {}
        for column in range(len(rows[0])):
            # The lower of two headers says more.
            meanings = (meaning_of(_text(row, column)) for row in reversed(rows[:height]))
            if meaning := next(filter(None, meanings), None):
                columns[column] = meaning
        if is_header(columns):
            return columns, height
    return None


def _continues(rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether the second row only divides what the first one heads."""
    second = [cell for cell in rows[1] if cell.merge is Merge.NONE and cell.text.strip()]
    divided = any(cell.merge is Merge.LEFT for cell in rows[0])
    merged = any(cell.merge is Merge.UP for cell in rows[1])
    return bool(second) and divided and merged and all(meaning_of(cell.text) for cell in second)


def _text(row: Sequence[Cell], column: int) -> str:
    while column and row[column].merge is Merge.LEFT:
        column -= 1
    return row[column].text


def is_header(columns: Mapping[int, Meaning]) -> bool:
    """Whether these columns make a task table."""
    meanings = set(columns.values())
    responsible_or_time = meanings & {*UNIT_COLUMNS, Meaning.WINDOW}
    return Meaning.CONTENT in meanings and len(meanings) >= 3 and bool(responsible_or_time)
