"""The tables of the product: Chinese headers, field names, dtypes and allowed values.

This is the only module that knows a header of a CSV file. Every other module speaks of
fields (``task_id``, ``quantity``). A table is described once, as a pandera model; reading,
checking, writing, documentation and test data all derive from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

from lib.core import months, wording
from lib.core import texts as core_texts
from lib.core.problems import Problem, raise_if

OFFICIAL, NARRATIVE = "分解表", "正文"
"""来源 of a task: the document's task table, or a promise only its narrative makes."""

AT_LEAST, EQUAL, RANGE, AT_MOST = "不少于", "等于", "区间", "不超过"
"""关系 of an indicator to its target: at least, exactly, between 目标值 and 上限, a limit."""
RATES = {"%": 100.0, "‰": 1000.0}
"""计量单位 of a rate, and what the quotient of 分子 and 分母 is multiplied by."""

DEMO = "演示"
"""A 数据来源 that begins with this word marks a synthetic row."""

MATTER_ACTS = [
    "立项",
    "签收",
    "办理情况",
    "反馈",
    "申请延期",
    "同意延期",
    "不同意延期",
    "退回",
    "核实销号",
    "催办",
    "批示",
    "研判",
    "核实通过",
    "核实退回",
]
"""环节 of a 督办事项, or of a task itself (`lib.core.matters.Act`)."""

CellType = Literal["text", "number", "month", "time"]
Rule = tuple["pd.Series[bool]", str, str, str]
TASK_ID = r"^\S+$"


def _field(
    title: str,
    expected: str = "",
    cell_type: CellType = "text",
    *,
    optional: bool = False,
    default: object = None,
    **checks: Any,
) -> Any:
    """Return a pandera field with the header, what is expected, and how cells are read."""
    metadata = {
        "cell_type": cell_type,
        "expected": expected,
        "optional": optional,
        "default": default,
    }
    return pa.Field(title=title, metadata=metadata, **checks)


def _required(title: str, expected: str) -> Any:
    """Return a field of text that may not be empty."""
    return _field(title, expected, str_length={"min_value": 1})


def _optional(title: str, expected: str = "") -> Any:
    """Return a field of text that a file may lack."""
    return _field(title, expected, optional=True, default="")


def _value(title: str, expected: str, cell_type: CellType, **checks: Any) -> Any:
    """Return a field of a number, month or time that a row, and a file, may lack."""
    return _field(title, expected, cell_type, optional=True, nullable=True, **checks)


class PlanModel(pa.DataFrameModel):
    """A yearly work plan: one row per task of the document."""

    task_id: Series[str] = _field(
        "任务编号", "不重复、不含空格的编号，如 二-1", str_matches=TASK_ID
    )
    number: Series[str] = _optional("序号", "分解表的序号，如 二")
    category: Series[str] = _required("类型", "分解表的类型，如 产业帮扶")
    content: Series[str] = _required("工作计划主要内容", "任务原文，不能为空")
    units_text: Series[str] = _required("责任单位", "至少一个单位，如 区人社局、总工会")
    window_text: Series[str] = _required("计划完成时间", "如 全年、4～11月、8月前、4月")
    weight: Series[float] = _field(
        "权重", "大于0的数，不填为1", "number", optional=True, default=1.0, gt=0
    )
    start_month: Series[pd.Int32Dtype] = _value(
        "开始月", "如 2018-04，不填则按计划完成时间", "month"
    )
    end_month: Series[pd.Int32Dtype] = _value("截止月", "如 2018-11，不填则按计划完成时间", "month")
    source: Series[str] = _field(
        "来源",
        f"{OFFICIAL} 或 {NARRATIVE}",
        optional=True,
        default=OFFICIAL,
        isin=[OFFICIAL, NARRATIVE],
    )
    leader: Series[str] = _optional("责任领导")
    goal: Series[str] = _optional("目标值", "文件中的原文")
    remark: Series[str] = _optional("备注")
    milestones: Series[str] = _optional("进度节点", "一行一个节点，如 第一季度：完成招标")


PLAN_EXTRAS = ("leader", "goal", "remark", "milestones")
"""Columns that only some documents have: plan.csv holds them where one row does."""


class TargetModel(pa.DataFrameModel):
    """Quantified indicators: one row per task and indicator."""

    task_id: Series[str] = _field("任务编号", "计划表中的任务编号", str_matches=TASK_ID)
    indicator: Series[str] = _required("指标", "指标名称，不能为空")
    relation: Series[str] = _field(
        "关系",
        f"{AT_LEAST}、{EQUAL}、{RANGE} 或 {AT_MOST}",
        isin=[AT_LEAST, EQUAL, RANGE, AT_MOST],
    )
    target: Series[float] = _field("目标值", "大于0的数", "number", gt=0)
    upper: Series[float] = _value("上限", "区间的上限（数），其他关系不填", "number", gt=0)
    measure: Series[str] = _required("计量单位", "如 家、次、人次")
    whole: Series[str] = _optional("所属指标", "同一任务中包含它的指标；不是其中一部分的不填")
    numerator: Series[str] = _optional("分子", "比率的分子，如 已支付；不是比率的不填")
    denominator: Series[str] = _optional("分母", "比率的分母，如 到位；不是比率的不填")
    counted_in: Series[str] = _optional("分子分母单位", "如 万元、个")


TARGET_EXTRAS = ("whole", "numerator", "denominator", "counted_in")
"""Columns that only parts of a whole and rates have: targets.csv holds them where one row does."""


class ProgressModel(pa.DataFrameModel):
    """Reports: one row per task, month, reporting unit and indicator."""

    task_id: Series[str] = _field("任务编号", "计划表中的任务编号", str_matches=TASK_ID)
    month: Series[pd.Int32Dtype] = _field("月份", "如 2018-04", "month")
    unit: Series[str] = _required("填报单位", "该任务的责任单位")
    indicator: Series[str] = _optional("指标", "该任务的指标名称；定性任务不填")
    quantity: Series[float] = _value("本月完成", "0或正数（本月新增数量）", "number", ge=0)
    cumulative_percent: Series[float] = _value(
        "累计完成率", "0到100之间的数", "number", ge=0, le=100
    )
    note: Series[str] = _optional("进展说明")
    issues: Series[str] = _optional("存在问题")
    next_steps: Series[str] = _optional("下一步措施")
    coordination: Series[str] = _optional("需协调事项")
    reporter: Series[str] = _optional("填报人")
    reported_at: Series[pd.Timestamp] = _value("填报时间", "如 2018-05-03 10:20", "time")
    origin: Series[str] = _optional("数据来源")


class AliasModel(pa.DataFrameModel):
    """Other spellings of units: one row per spelling."""

    unit: Series[str] = _required("单位", "单位名称")
    alias: Series[str] = _required("别名", "单位名称")


class MatterModel(pa.DataFrameModel):
    """督办事项: one row per step, the oldest first; a 立项 says what the matter is.

    A row without 事项编号 is about a task itself: 研判, 核实 and 延期.
    """

    number: Series[str] = _optional("事项编号", "如 事项〔2018〕1号；任务的研判、核实、延期不填")
    act: Series[str] = _field("环节", "、".join(MATTER_ACTS), isin=MATTER_ACTS)
    time: Series[str] = _required("时间", "如 2018-09-03 10:20")
    person: Series[str] = _required("经手人", "姓名")
    unit: Series[str] = _optional("单位", "经手人的单位")
    words: Series[str] = _optional("内容", "事项、办理情况或理由")
    way: Series[str] = _optional("核实方式", "材料、电话、现场")
    outlook: Series[str] = _optional("单位研判", "能按期、有风险、不能按期")
    due: Series[str] = _optional("期限", "日期，如 2018-10-31")
    evidence: Series[str] = _optional("佐证材料")
    source: Series[str] = _optional("来源", "会议、领导批示、督办单或自查")
    origin: Series[str] = _optional("会议或领导")
    task_id: Series[str] = _optional("任务编号", "计划表中的任务编号；整个计划的不填")
    lead: Series[str] = _optional("牵头单位")
    support: Series[str] = _optional("配合单位", "用、分开")
    indicator: Series[str] = _optional("指标", "核实的指标；整项任务的不填")
    month: Series[str] = _optional("月份", "核实到哪个月的填报，如 2018-09")
    basis: Series[str] = _optional("依据", "核实时的填报的校验码；手工填写时留空")


REPORT_KEY = ["task_id", "month", "unit", "indicator"]
"""What identifies a report: the same key twice in a file makes the file broken."""


@dataclass(frozen=True)
class Column:
    """One column of a table: field name, Chinese header and how its cells are read."""

    name: str
    header: str
    cell_type: CellType
    expected: str
    optional: bool
    default: object


@dataclass(frozen=True)
class Table:
    """One table: its file's name, its pandera model and the key that may not repeat (if any).

    ``former`` are headers of earlier versions, with what they are called now.
    """

    name: str
    file: str
    model: type[pa.DataFrameModel]
    key: tuple[str, ...]
    former: tuple[tuple[str, str], ...] = ()

    @cached_property
    def columns(self) -> dict[str, Column]:
        """The columns by field name, in the order in which files are written."""
        return {
            name: Column(name, str(column.title), **column.metadata)
            for name, column in self.model.to_schema().columns.items()
        }

    @cached_property
    def headers(self) -> dict[str, str]:
        """Chinese header by field name."""
        return {name: column.header for name, column in self.columns.items()}

    @cached_property
    def fields(self) -> dict[str, str]:
        """Field name by Chinese header."""
        return {header: name for name, header in self.headers.items()}

    def empty(self) -> pd.DataFrame:
        """Return a frame of this table without rows, with its columns and dtypes."""
        return self._empty.copy()

    @cached_property
    def _empty(self) -> pd.DataFrame:
        return _typed(self, pd.DataFrame(columns=list(self.columns), dtype="str"))[0]

    def check(self, raw: pd.DataFrame, file: str) -> pd.DataFrame:
        """Return ``raw`` as a typed frame of this table.

        ``raw`` holds cell texts (str, empty for an empty cell) under Chinese headers; its index
        is the row number that a spreadsheet shows. The index is kept. Raises `DataError` with
        every fault found: missing columns, cells of the wrong kind or value, repeated keys.
        """
        if len(raw) > _FEW:
            return self._checked(raw, file)
        latest = _LATEST.get(self.name)
        if latest is None or not latest[0].equals(raw):
            # copies: nobody who writes to their own frame writes to this one (copy-on-write)
            latest = _LATEST[self.name] = (raw.copy(deep=False), self._checked(raw, file))
        return latest[1].copy(deep=False)

    def _checked(self, raw: pd.DataFrame, file: str) -> pd.DataFrame:
        raw = raw.rename(columns={old: new for old, new in self.former if new not in raw})
        raise_if(
            Problem(file, 1, column.header, "", "缺少这一列", f"表头中有「{column.header}」")
            for column in self.columns.values()
            if not column.optional and column.header not in raw.columns
        )
        known = raw[[header for header in self.fields if header in raw.columns]]
        texts = known.rename(columns=self.fields).reindex(columns=list(self.columns), fill_value="")
        texts = core_texts.cleaned(texts.astype("str")).apply(lambda cells: cells.str.strip())
        typed, problems = _typed(self, texts, file)
        problems += self._failures(typed, texts, file)
        problems += self._repeats(typed, texts, file)
        raise_if(sorted(problems, key=lambda problem: problem.row))
        return typed

    def _failures(self, typed: pd.DataFrame, texts: pd.DataFrame, file: str) -> list[Problem]:
        """Return the cells that are missing or break the model's checks.

        The checks are asked one by one: pandera's ``validate`` looks again at the dtypes, which
        `_typed` has just made, and takes as long for a small file as all else.
        """
        problems = []
        for name, rule in self.model.to_schema().columns.items():
            column, values = self.columns[name], typed[name]
            rows = [] if rule.nullable else [*values.index[values.isna()]]
            for check in rule.checks:
                if not check(values.drop_duplicates()).check_passed:
                    rows += [*check(values).failure_cases.index]
            for row in dict.fromkeys(rows):
                value = str(texts.at[row, name])
                if value and column.cell_type != "text" and pd.isna(values[row]):
                    continue  # a problem already: the cell could not be read at all
                if self.key == (name,) and (values == values[row]).sum() > 1:
                    continue  # `_repeats` names all rows of a value that may stand there once
                message = "不在允许的取值之内" if value else "不能为空"
                fault = Problem(file, int(row), column.header, value, message, column.expected)
                problems.append(fault)
        return problems

    def _repeats(self, typed: pd.DataFrame, texts: pd.DataFrame, file: str) -> list[Problem]:
        key = list(self.key)
        if not key or not typed.duplicated(key).any():
            return []
        repeated = typed[typed.duplicated(key, keep=False)]
        headers = "、".join(self.headers[name] for name in key)
        problems = []
        for _, rows in repeated.groupby(key, sort=False, dropna=False):
            values = "／".join(str(texts.at[rows.index[0], name]) or "（空）" for name in key)
            expected = f"「{headers}」相同的行只能有一行"
            row, repeats = int(rows.index[1]), f"{wording.rows(list(rows.index))}重复"
            problems.append(Problem(file, row, headers, values, repeats, expected))
        return problems

    def problems(self, rows: pd.DataFrame, rules: Iterable[Rule], file: str) -> list[Problem]:
        """Return a problem for each cell of typed rows that breaks a rule, rule by rule.

        A rule says where it is broken (bool per row), in which field, what is wrong there and
        what is expected. The rows' index is the row number in the file.
        """
        return [
            Problem(file, int(row), self.headers[name], _cell_text(value), message, expected)
            for broken, name, message, expected in rules
            if broken.any()
            for row, value in rows.loc[broken, name].items()
        ]

    def texts(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return a typed frame as cell texts under Chinese headers, as files are written."""
        cells = {
            column.header: _WRITERS[column.cell_type](frame[column.name])
            for column in self.columns.values()
        }
        return pd.DataFrame(cells, index=frame.index)


_LATEST: dict[str, tuple[pd.DataFrame, pd.DataFrame]] = {}
"""The latest cells of each table that hold, and what they are: a reader after a submission finds them."""
_FEW = 20_000
"""Rows up to which they are kept: an upload of a hundred thousand is not worth the memory."""


def _typed(table: Table, texts: pd.DataFrame, file: str = "") -> tuple[pd.DataFrame, list[Problem]]:
    typed, problems = {}, []
    for column in table.columns.values():
        cells = texts[column.name]
        values = cells
        if column.cell_type != "text":
            values = _READERS[column.cell_type](cells)
            unread = (cells != "") & values.isna()
            problems += [
                Problem(file, int(row), column.header, str(value), "无法识别", column.expected)
                for row, value in (cells[unread].items() if unread.any() else ())
            ]
        if column.default:
            values = values.where(cells != "", column.default)
        typed[column.name] = values
    return pd.DataFrame(typed, index=texts.index), problems


def _cell_text(value: object) -> str:
    if pd.isna(value):
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def _read_number(cells: pd.Series[str]) -> pd.Series[float]:
    places, written = cells.factorize()
    numbers = pd.to_numeric(written, errors="coerce").to_numpy("float64")[places]
    return pd.Series(numbers, index=cells.index).where(abs(numbers) != float("inf"))


def _read_time(cells: pd.Series[str]) -> pd.Series[pd.Timestamp]:
    read = pd.to_datetime(cells, errors="coerce", format="ISO8601")
    return read.astype("datetime64[ns]")


def _write_number(values: pd.Series[float]) -> pd.Series[str]:
    bits = values.to_numpy("float64").view("int64")  # by which -0 is not 0, and NaN is itself
    places, different = pd.factorize(bits)
    numbers = different.view("float64")
    texts = ["" if pd.isna(number) else f"{number:.10g}" for number in numbers]
    return pd.Series(pd.array(texts, dtype="str").take(places), index=values.index)


def _write_time(values: pd.Series[pd.Timestamp]) -> pd.Series[str]:
    return values.dt.strftime("%Y-%m-%d %H:%M:%S").fillna("").astype("str")


def _write_month(values: pd.Series[int]) -> pd.Series[str]:
    texts = {month: months.text(month) for month in values.dropna().unique()}
    return values.map(texts).astype("str").fillna("")


_READERS: dict[CellType, Callable[[pd.Series[Any]], pd.Series[Any]]] = {
    "number": _read_number,
    "month": months.parse_series,
    "time": _read_time,
}
_WRITERS: dict[CellType, Callable[[pd.Series[Any]], pd.Series[Any]]] = {
    "text": lambda values: values.astype("str"),
    "number": _write_number,
    "month": _write_month,
    "time": _write_time,
}

PLAN = Table("plan", "plan.csv", PlanModel, ("task_id",))
TARGETS = Table("targets", "targets.csv", TargetModel, ("task_id", "indicator"))
PROGRESS = Table("progress", "progress.csv", ProgressModel, tuple(REPORT_KEY))
ALIASES = Table("units", "units.csv", AliasModel, ())
MATTERS = Table("matters", "matters.csv", MatterModel, (), (("方式或研判", "核实方式"),))
