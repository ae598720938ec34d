"""The columns of a task table by what their headers mean, in any order."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from lib.core import schema
from lib.planning.document import Cell, Merge

P = schema.PLAN.headers


class Meaning(StrEnum):
    """What a column of a task table, or a label in running text, holds.

    The words are those of `lib.core.schema` where a column of the plan holds the same. `TASK_ID`,
    `WEIGHT`, `START`, `END` and `SOURCE` stand in a plan.csv of this program only. `STEPS` are
    milestones, `PLACE` the share of one place in a target, `MARK` whether a unit leads or helps
    (★, ☆), `IGNORED` what is reported later on.
    """

    TASK_ID = P["task_id"]
    NUMBER = P["number"]
    CATEGORY = P["category"]
    NAME = "任务名称"
    CONTENT = P["content"]
    LEAD = "牵头单位"
    UNITS = P["units_text"]
    HELPERS = "配合单位"
    PERSONS = "责任单位及责任人"
    WINDOW = P["window_text"]
    BEGIN = "开始时间"
    FINISH = "结束时间"
    STEPS = "进度安排"
    MEASURE = "计量单位"
    PLACE = "分地区目标"
    MARK = "分工标记"
    LEADER = P["leader"]
    GOAL = P["goal"]
    REMARK = P["remark"]
    WEIGHT = P["weight"]
    START = P["start_month"]
    END = P["end_month"]
    SOURCE = P["source"]
    IGNORED = "不读取"


UNIT_COLUMNS = (Meaning.UNITS, Meaning.LEAD, Meaning.HELPERS, Meaning.PERSONS)
_OWN = (Meaning.TASK_ID, Meaning.WEIGHT, Meaning.START, Meaning.END, Meaning.SOURCE)
COLUMN_CHOICES = tuple(str(meaning) for meaning in Meaning if meaning not in _OWN)
"""What somebody may say that a column of a document is."""
TASK_COLUMNS = (Meaning.CONTENT, Meaning.NAME, Meaning.GOAL)
TIME_COLUMNS = (Meaning.WINDOW, Meaning.BEGIN, Meaning.FINISH, Meaning.STEPS)

_PERIOD = r"(第?[一二三四1-4]季度|(\d{1,2}-)?([一二三四五六七八九十]{1,2}|\d{1,2})月份?|[上下]半年|前[二三]季度)"
_BODY = r"(单位|部门|科室|处室|股室|主体|机关)"
# Order matters: 牵头领导 is a person, 二季度完成情况 no milestone, 责任单位 comes before 单位.
_PATTERNS: tuple[tuple[Meaning, str], ...] = (
    (Meaning.TASK_ID, r"^任务(编号|编码|代码)$"),
    *((own, f"^{own}$") for own in (Meaning.WEIGHT, Meaning.START, Meaning.END, Meaning.SOURCE)),
    (
        Meaning.IGNORED,
        r"进展|进度情况|(完成|落实|推进|实施|整改|办理)的?情况|完成(率|进度|比例)$|下(一)?步|得分|分值|评分|自评|总投资|"
        r"投资额|考核(结果|等次)|是否|联系(电话|方式)|电话|困难|^数据(来源|提供|采集)",
    ),
    (Meaning.MEASURE, r"计量单位|^量纲$"),
    (Meaning.REMARK, r"备注|说明|依据|地点$|^(任务|事项|问题|工作)来源$"),
    (
        Meaning.PERSONS,
        rf"{_BODY}(及|和|与|、|/)?\(?(第一|主要)?(责任人|负责人|责任领导|人员)\)?$"
        rf"|(领导|责任人|负责人)(及|和|与|、|/)?(责任)?{_BODY}$",
    ),
    (
        Meaning.LEADER,
        r"领导|责任人|负责人|联系人|召集人|(落实|经办)人$|专员$|分管|组长|局长|河长|林长|包联",
    ),
    (Meaning.BEGIN, r"(开始|起始|开工|启动)(时间|日期|月份)|^(计划|拟)(开工|启动)$"),
    (Meaning.FINISH, r"(结束|截止|完工|竣工|终止)(时间|日期|月份)|^(计划|拟)(完工|竣工)$"),
    (
        Meaning.STEPS,
        rf"^{_PERIOD}(底|末)?前?(累计)?(目标|任务|计划|安排|进度|要求|工作)*$"
        r"|(进度|节点)(要求|安排|计划|目标|任务)|(工作|计划|形象|推进|目标|实施)进度|^进度$|任务安排|实施步骤|工作步骤|里程碑",
    ),
    (Meaning.WINDOW, r"时限|时间|节点|期限|起止|计划完成|月份$|完成日期|工期|^时段$"),
    (Meaning.HELPERS, rf"(配合|协办|协助|协同|参与|参加|会办)(责任)?{_BODY}?$"),
    (Meaning.LEAD, rf"(牵头|主办|主责)(责任)?{_BODY}?$"),
    (
        Meaning.UNITS,
        rf"{_BODY}(名称)?$|业主$|行业主管$|^成员$|^任务分工$|责任分工|^责任体$|^责任者$",
    ),
    (Meaning.NUMBER, r"^(序号|项次|序|no\.?)$|编号$"),
    (
        Meaning.NAME,
        r"名称$|标题$|案由$|^民生实事|项目$|^(建设|重点|民生|年度|主要)?工程$|问题(点位|描述|表现|清单)?$|隐患(点位)?$",
    ),
    (Meaning.NAME, r"^二级(指标|任务|目标)$"),
    (Meaning.CATEGORY, r"^一级(指标|任务|目标)$|类型|类别|分类|领域|板块|条线|任务类|^类$|^方面$"),
    (
        Meaning.GOAL,
        r"目标值|年度?计划(值|数)?$|量化|指标|目标(要求|任务)?$|目标数|任务数|^(计划|建设)?(数量|规模)$|(成效|成果|效果|产出|标准)$|"
        r"^全[市县区省州镇乡](计划|任务|目标|合计|总计)*$|^合计$|^总(量|数|计)$",
    ),
    (
        Meaning.CONTENT,
        r"内容|任务|重点工作|事项|措施|举措|要点$|工作计划|要求$|^工作$|做法|清单$|(具体|工作|活动|主要|重点)安排$",
    ),
)
PLACE_END = re.compile(r"(?:镇|乡|村|街道|社区|县|区|市|旗|园区|开发区|高新区|[农林牧渔]场)$")
_WORD = re.compile(r"[\u4e00-\u9fff]")


def plain_header(header: str) -> str:
    """Return a header without spaces and in half-width forms, as meanings are remembered by."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", header[:60])).lower().strip(":")


def meaning_of(header: str, meanings: Mapping[str, Meaning] | None = None) -> Meaning | None:
    """Return what a header means, ``None`` if it is unknown or no header at all.

    ``meanings`` are meanings by `plain_header` that somebody has said; they come first.
    """
    plain = plain_header(header)
    if meanings and plain in meanings:
        return meanings[plain]
    return _known_meaning(plain)


@lru_cache(maxsize=4096)
def _known_meaning(plain: str) -> Meaning | None:
    if not plain or len(plain) > 14 or re.search(r"[。;,、]", plain):
        return None
    bare = re.sub(r"\([^()]*\)", "", plain)
    for text in dict.fromkeys((plain, bare)):
        for meaning, pattern in _PATTERNS:
            if re.search(pattern, text):
                return meaning
    return None


@dataclass(frozen=True)
class Header:
    """The header of a table: ``columns`` are the known meanings, ``texts`` the words above each
    column (the lower of two rows), ``height`` the rows it takes."""

    columns: Mapping[int, Meaning]
    texts: tuple[str, ...]
    height: int = 1


def header_of(
    rows: Sequence[Sequence[Cell]], meanings: Mapping[str, Meaning] | None = None
) -> Header | None:
    """Return the header that ``rows`` begin with, ``None`` if they do not begin with one.

    The first of ``rows`` is tried alone, or together with the next one that divides it: 责任单位
    above 牵头单位 and 配合单位, 计划进度 above the quarters.
    """
    heights = (2, 1) if len(rows) > 1 and _continues(rows, meanings) else (1,)
    for height in heights:
        columns: dict[int, Meaning] = {}
        texts = []
        for column in range(len(rows[0])):
            # The lower of two headers says more.
            stacked = [_text(row, column) for row in reversed(rows[:height])]
            known = next(((text, m) for text in stacked if (m := meaning_of(text, meanings))), None)
            from_above = known is not None and known[0] != stacked[0]
            if known and from_above and known[1] in TASK_COLUMNS and PLACE_END.search(stacked[0]):
                known = None  # 各乡镇任务 above the names of the towns
            if known:
                columns[column] = known[1]
            texts.append(known[0] if known else next(filter(None, stacked), ""))
        if is_header(columns, sum(bool(cell.text.strip()) for cell in rows[0])):
            return Header(columns, tuple(texts), height)
    return None


def _continues(rows: Sequence[Sequence[Cell]], meanings: Mapping[str, Meaning] | None) -> bool:
    """Whether the second row only divides what the first one heads."""
    first = [cell for cell in rows[0] if cell.text.strip()]
    second = [n for n, cell in enumerate(rows[1]) if cell.text.strip()]
    if len(first) < 2 or not second or len(second) == len(rows[1]):
        return False
    names = [plain_header(rows[1][n].text) for n in second]
    divided = any(cell.merge is Merge.LEFT for cell in rows[0])
    merged = any(cell.merge is Merge.UP for cell in rows[1])
    if divided and merged:
        return all(len(name) <= 14 and _WORD.search(name) for name in names)
    if not all(meaning_of(name, meanings) for name in names):
        return False
    # Without merged cells: what is divided stands above the first of its parts.
    bare = bool(rows[0][second[0]].text.strip()) and all(
        not rows[0][n].text.strip() for n in second[1:]
    )
    return bare and len(second) > 1


def _text(row: Sequence[Cell], column: int) -> str:
    while column and row[column].merge is Merge.LEFT:
        column -= 1
    return row[column].text.strip()


def is_header(columns: Mapping[int, Meaning], filled: int = 0) -> bool:
    """Whether these columns, of ``filled`` ones, make a task table.

    A header names the task and who does it or by when, and one more column at least; a table of
    two columns has no other.
    """
    present = set(columns.values())
    answers = present & {*UNIT_COLUMNS, *TIME_COLUMNS}
    enough = len(present) >= 3 or (len(present) == 2 and filled == len(columns))
    return bool(present & {*TASK_COLUMNS}) and bool(answers) and enough
