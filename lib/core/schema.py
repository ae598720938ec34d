"""The tables of the product: Chinese headers, field names, dtypes and allowed values.

This is the only module that knows a header of a CSV file. Every other module speaks of
fields (``task_id``, ``quantity``). A table is described once, as a pandera model; reading,
checking, writing, documentation and test data all derive from it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors
from pandera.typing import Series

from lib.core import months
from lib.core.problems import DataError, Problem

OFFICIAL, NARRATIVE = "分解表", "正文"
"""来源 of a task: the document's task table, or a promise only its narrative makes."""

AT_LEAST, EQUAL, RANGE = "不少于", "等于", "区间"
"""关系 of an indicator to its target: at least, exactly, between 目标值 and 上限."""

DEMO = "演示"
"""A 数据来源 that begins with this word marks a synthetic row."""

CellType = Literal["text", "number", "month", "time"]


def _field(
    title: str,
    kind: CellType = "text",
    expected: str = "",
    *,
    optional: bool = False,
    default: object = None,
    **checks: Any,
) -> Any:
    """Return a pandera field with the header, how cells are read, and what is expected."""
    metadata = {"kind": kind, "expected": expected, "optional": optional, "default": default}
    return pa.Field(title=title, metadata=metadata, **checks)


TASK_ID = r"^\S+$"


class PlanModel(pa.DataFrameModel):
    """A yearly work plan: one row per task of the document."""

    task_id: Series[str] = _field(
        "任务编号",
        expected="不重复、不含空格的编号，如 二-1",
        str_matches=TASK_ID,
        unique=True,
    )
    number: Series[str] = _field("序号", expected="分解表的序号，如 二", optional=True, default="")
    category: Series[str] = _field(
        "类型", expected="分解表的类型，如 产业帮扶", str_length={"min_value": 1}
    )
    content: Series[str] = _field(
        "工作计划主要内容", expected="任务原文，不能为空", str_length={"min_value": 1}
    )
    units_text: Series[str] = _field(
        "责任单位", expected="至少一个单位，如 区人社局、总工会", str_length={"min_value": 1}
    )
    window_text: Series[str] = _field(
        "计划完成时间", expected="如 全年、4～11月、8月前、4月", str_length={"min_value": 1}
    )
    weight: Series[float] = _field(
        "权重", "number", "大于0的数，不填为1", optional=True, default=1.0, gt=0
    )
    start_month: Series[pd.Int32Dtype] = _field(
        "开始月", "month", "如 2018-04，不填则按计划完成时间", optional=True, nullable=True
    )
    end_month: Series[pd.Int32Dtype] = _field(
        "截止月", "month", "如 2018-11，不填则按计划完成时间", optional=True, nullable=True
    )
    source: Series[str] = _field(
        "来源",
        expected=f"{OFFICIAL} 或 {NARRATIVE}",
        optional=True,
        default=OFFICIAL,
        isin=[OFFICIAL, NARRATIVE],
    )
    leader: Series[str] = _field("责任领导", optional=True, default="")
    goal: Series[str] = _field("目标值", expected="文件中的原文", optional=True, default="")
    remark: Series[str] = _field("备注", optional=True, default="")


PLAN_EXTRAS = ("leader", "goal", "remark")
"""Columns that only some documents have: plan.csv holds them where one row does."""


class TargetModel(pa.DataFrameModel):
    """Quantified indicators: one row per task and indicator."""

    task_id: Series[str] = _field("任务编号", expected="计划表中的任务编号", str_matches=TASK_ID)
    indicator: Series[str] = _field(
        "指标", expected="指标名称，不能为空", str_length={"min_value": 1}
    )
    relation: Series[str] = _field(
        "关系", expected=f"{AT_LEAST}、{EQUAL} 或 {RANGE}", isin=[AT_LEAST, EQUAL, RANGE]
    )
    target: Series[float] = _field("目标值", "number", "大于0的数", gt=0)
    upper: Series[float] = _field(
        "上限", "number", "区间的上限（数），其他关系不填", optional=True, nullable=True, gt=0
    )
    measure: Series[str] = _field(
        "计量单位", expected="如 家、次、人次", str_length={"min_value": 1}
    )


class ProgressModel(pa.DataFrameModel):
    """Reports: one row per task, month, reporting unit and indicator."""

    task_id: Series[str] = _field("任务编号", expected="计划表中的任务编号", str_matches=TASK_ID)
    month: Series[pd.Int32Dtype] = _field("月份", "month", "如 2018-04")
    unit: Series[str] = _field("填报单位", expected="该任务的责任单位", str_length={"min_value": 1})
    indicator: Series[str] = _field(
        "指标", expected="该任务的指标名称；定性任务不填", optional=True, default=""
    )
    quantity: Series[float] = _field(
        "本月完成", "number", "0或正数（本月新增数量）", optional=True, nullable=True, ge=0
    )
    cumulative_percent: Series[float] = _field(
        "累计完成率",
        "number",
        "0到100之间的数",
        optional=True,
        nullable=True,
        ge=0,
        le=100,
    )
    note: Series[str] = _field("进展说明", optional=True, default="")
    issues: Series[str] = _field("存在问题", optional=True, default="")
    next_steps: Series[str] = _field("下一步措施", optional=True, default="")
    coordination: Series[str] = _field("需协调事项", optional=True, default="")
    reporter: Series[str] = _field("填报人", optional=True, default="")
    reported_at: Series[pd.Timestamp] = _field(
        "填报时间",
        "time",
        "如 2018-05-03 10:20",
        optional=True,
        nullable=True,
    )
    origin: Series[str] = _field("数据来源", optional=True, default="")


REPORT_KEY = ["task_id", "month", "unit", "indicator"]
"""What identifies a report: the same key twice in a file makes the file broken."""


@dataclass(frozen=True)
class Column:
    """One column of a table: field name, Chinese header and how its cells are read."""

    name: str
    header: str
    kind: CellType
    expected: str
    optional: bool
    default: object


@dataclass(frozen=True)
class Table:
    """One table: its file's name, its pandera model and the key that may not repeat."""

    name: str
    file: str
    model: type[pa.DataFrameModel]
    key: tuple[str, ...]

    @cached_property
    def columns(self) -> dict[str, Column]:
        """The columns by field name, in the order in which files are written."""
        described = {}
        for name, column in self.model.to_schema().columns.items():
            facts = dict(column.metadata or {})
            described[name] = Column(
                name,
                str(column.title),
                facts["kind"],
                facts["expected"],
                facts["optional"],
                facts["default"],
            )
        return described

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
        missing = [
            Problem(file, 1, column.header, "", "缺少这一列", f"表头中有「{column.header}」")
            for column in self.columns.values()
            if not column.optional and column.header not in raw.columns
        ]
        if missing:
            raise DataError(missing)
        texts = pd.DataFrame(
            {
                column.name: raw[column.header] if column.header in raw.columns else ""
                for column in self.columns.values()
            },
            index=raw.index,
            dtype="str",
        ).apply(lambda cells: cells.str.strip())
        typed, problems = _typed(self, texts, file)
        problems += self._failures(typed, texts, file)
        problems += self._repeats(typed, texts, file)
        if problems:
            raise DataError(sorted(problems, key=lambda problem: problem.row))
        return typed

    def _failures(self, typed: pd.DataFrame, texts: pd.DataFrame, file: str) -> list[Problem]:
        try:
            self.model.to_schema().validate(typed, lazy=True)
        except SchemaErrors as error:
            cases = error.failure_cases
        else:
            return []
        problems = {}
        for row, name in zip(cases["index"], cases["column"], strict=True):
            column = self.columns[str(name)]
            seen = str(texts.at[row, column.name])
            if seen and column.kind != "text" and pd.isna(typed.at[row, column.name]):
                continue  # already told: the cell could not be read at all
            message = "不在允许的取值之内" if seen else "不能为空"
            problems[row, name] = Problem(
                file, int(row), column.header, seen, message, column.expected
            )
        unique = [name for name, facts in self.model.to_schema().columns.items() if facts.unique]
        return [problem for (_, name), problem in problems.items() if name not in unique] + [
            problem
            for (row, name), problem in problems.items()
            if name in unique and (typed[name] == typed.at[row, name]).sum() == 1
        ]

    def _repeats(self, typed: pd.DataFrame, texts: pd.DataFrame, file: str) -> list[Problem]:
        key = list(self.key)
        repeated = typed[typed.duplicated(key, keep=False)]
        headers = "、".join(self.headers[name] for name in key)
        problems = []
        for _, rows in repeated.groupby(key, sort=False, dropna=False):
            numbers = "、".join(str(row) for row in rows.index)
            seen = "／".join(str(texts.at[rows.index[0], name]) or "（空）" for name in key)
            problems.append(
                Problem(
                    file,
                    int(rows.index[1]),
                    headers,
                    seen,
                    f"第{numbers}行重复",
                    f"「{headers}」相同的行只能有一行",
                )
            )
        return problems

    def texts(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return a typed frame as cell texts under Chinese headers, as files are written."""
        cells = {
            column.header: _WRITERS[column.kind](frame[column.name])
            for column in self.columns.values()
        }
        return pd.DataFrame(cells, index=frame.index)


def _typed(table: Table, texts: pd.DataFrame, file: str = "") -> tuple[pd.DataFrame, list[Problem]]:
    typed, problems = {}, []
    for column in table.columns.values():
        cells = texts[column.name]
        values = _READERS[column.kind](cells)
        unread = cells[(cells != "") & values.isna()]
        problems += [
            Problem(file, int(row), column.header, str(seen), "无法识别", column.expected)
            for row, seen in unread.items()
        ]
        if column.default is not None:
            values = values.where(cells != "", column.default)
        typed[column.name] = values
    return pd.DataFrame(typed, index=texts.index), problems


def _read_number(cells: pd.Series[str]) -> pd.Series[float]:
    numbers = pd.to_numeric(cells, errors="coerce").astype("float64")
    return numbers.where(numbers.abs() != float("inf"))


def _read_time(cells: pd.Series[str]) -> pd.Series[pd.Timestamp]:
    read = pd.to_datetime(cells, errors="coerce", format="ISO8601")
    return read.astype("datetime64[ns]")


def _write_number(values: pd.Series[float]) -> pd.Series[str]:
    return values.map(lambda value: "" if pd.isna(value) else f"{value:.10g}").astype("str")


def _write_time(values: pd.Series[pd.Timestamp]) -> pd.Series[str]:
    return values.dt.strftime("%Y-%m-%d %H:%M:%S").fillna("").astype("str")


def _write_month(values: pd.Series[int]) -> pd.Series[str]:
    return values.map(lambda value: "" if pd.isna(value) else months.text(value)).astype("str")


_READERS: dict[CellType, Callable[[pd.Series[Any]], pd.Series[Any]]] = {
    "text": lambda cells: cells,
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
