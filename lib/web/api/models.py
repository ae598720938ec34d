"""What goes in and out over HTTP. The descriptions become the OpenAPI document."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints

from lib.core.matters import MatterState

MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"
Month = Annotated[str, StringConstraints(pattern=MONTH)]
Text = Annotated[str, StringConstraints(max_length=4000)]
Name = Annotated[str, StringConstraints(max_length=200)]


class PlanQuery(BaseModel, extra="forbid"):
    """Which plan. A parameter that is misspelt is refused, not passed over."""

    plan: Name = Field("", description="计划名称；不写则为本系统的主计划")


class OutputQuery(PlanQuery):
    """Which form the answer has."""

    format: Literal["json", "csv"] | None = Field(
        None, description="输出格式；不写则看请求头 Accept，默认 json"
    )


class FiguresQuery(OutputQuery):
    """Which figures."""

    month: Month | None = Field(None, description="截至月份，如 2018-09；默认最近填报的月份")
    category: Name | None = Field(None, description="只看一个类型，如 产业帮扶")
    unit: Name | None = Field(None, description="只看一个责任单位，如 区农业局")
    with_narrative: bool = Field(False, description="含正文承诺")
    verified_only: bool = Field(False, description="不含待核实的：最后一步不计入")


class CompletionQuery(FiguresQuery):
    """Parameters of ``/completion``."""

    by: Literal["overall", "category", "unit", "month", "task"] = Field(
        "overall", description="汇总方式"
    )


class ProgressQuery(OutputQuery):
    """Parameters of ``/progress``."""

    month: Month | None = Field(None, description="只要一个月的填报")
    unit: Name | None = Field(None, description="只要一个单位的填报")
    task_id: Name | None = Field(None, description="只要一项任务的填报，如 二-1")


class MattersQuery(PlanQuery):
    """Parameters of ``/matters``."""

    unit: Name | None = Field(None, description="只要一个单位牵头或配合的")
    state: MatterState | None = Field(None, description="只要一个状态的")
    late: bool = Field(False, description="只要逾期的")


class MatterStep(BaseModel):
    """One step of a 督办事项."""

    act: str
    time: str
    person: str
    unit: str
    words: str
    way: str
    due: str
    evidence: str


class MatterRecord(BaseModel):
    """One 督办事项; dates are ISO texts."""

    number: str
    state: str
    source: str
    origin: str
    words: str
    task_id: str
    lead: str
    support: list[str]
    due: str
    first_due: str
    extensions: int
    days_late: int
    created_by: str
    created_at: str
    steps: list[MatterStep]


class NewStep(BaseModel, extra="forbid"):
    """What is done about a 督办事项."""

    number: Name = Field(description="事项编号，如 事项〔2018〕1号")
    act: Literal[
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
    ]
    words: Text = ""
    way: Literal["", "材料", "电话", "现场"] = Field("", description="怎样核实（核实销号）")
    due: Name = Field("", description="新的期限（申请延期），如 2018-10-31")
    person: Name = Field("", description="经手人；有令牌时是账号的姓名")


class TaskStep(BaseModel):
    """What was said about a task itself: 研判, 核实 or 延期."""

    task_id: str
    act: str
    time: str
    person: str
    unit: str
    words: str
    way: str
    due: str
    evidence: str
    outlook: str
    indicator: str
    month: str


class NewTaskStep(BaseModel, extra="forbid"):
    """What is to be said about a task itself."""

    task_id: Name = Field(description="任务编号，如 一-1")
    act: Literal["研判", "核实通过", "核实退回", "申请延期", "同意延期", "不同意延期"]
    words: Text = ""
    unit: Name = Field("", description="单位（研判、申请延期）")
    outlook: Literal["", "能按期", "有风险", "不能按期"] = Field("", description="研判")
    way: Literal["", "材料", "电话", "现场"] = Field("", description="怎样核实（核实通过）")
    indicator: Name = Field("", description="核实的指标；不写为整项任务")
    month: Month | Literal[""] = Field("", description="核实到哪个月的填报，如 2018-09")
    due: Name = Field("", description="新的期限（申请延期），如 2018-12-15")
    person: Name = Field("", description="经手人；有令牌时是账号的姓名")


class SubmissionQuery(PlanQuery):
    """Parameters of a submission."""

    unit: Name | None = Field(None, description="填报单位；没有“填报单位”列时用它")
    month: Month | None = Field(None, description="填报月份；晚于它的行是错误")
    reason: Annotated[str, StringConstraints(max_length=200)] = Field(
        "", description="累计完成率下降的理由"
    )
    good_rows: bool = Field(False, description="有错误时只提交没有错误的行")
    dry_run: bool = Field(False, description="只检查，不写入")
    file_name: Annotated[str, StringConstraints(max_length=100)] = Field(
        "", description="原件的文件名"
    )


class Group(BaseModel):
    """One row of a roll-up; shares are fractions of 1."""

    key: str
    tasks: int
    completed: int
    on_track: int
    behind: int
    overdue: int
    not_due: int
    unverified: int | None = Field(None, description="已报完成、待核实的任务数；设置了核实才有")
    planned_value: float | None
    earned_value: float | None
    spi: float | None


class TaskFigures(BaseModel):
    """One task as of the month; shares are fractions of 1."""

    task_id: str
    units: list[str]
    start: str
    end: str
    planned_value: float | None
    completion: float | None
    status: str
    flags: list[str]


class Task(TaskFigures):
    """One task with its texts and its figures as of the month."""

    category: str
    content: str
    window: str
    source: str


class Report(BaseModel):
    """One report in force."""

    task_id: str
    month: str
    unit: str
    indicator: str
    quantity: float | None
    cumulative_percent: float | None
    note: str
    issues: str
    next_steps: str
    coordination: str
    reporter: str
    reported_at: str
    origin: str


class NewReport(BaseModel, extra="forbid"):
    """One row to report: ``quantity`` for an indicator, else ``cumulative_percent`` (0–100)."""

    task_id: Name = Field(description="任务编号，如 二-1")
    month: Name = Field(description="月份，如 2018-10 或 10月")
    unit: Name = ""
    indicator: Name = ""
    quantity: float | None = Field(None, description="本月新增的数量")
    cumulative_percent: float | None = Field(None, description="到本月末一共完成百分之几")
    note: Text = ""
    issues: Text = ""
    next_steps: Text = ""
    coordination: Text = ""


class NewReports(BaseModel, extra="forbid"):
    """The JSON body of a report."""

    rows: list[NewReport] = Field(min_length=1, max_length=5000)


class Finding(BaseModel):
    """What the check finds in one cell; ``row`` 0 is the report as a whole."""

    row: int
    column: str
    value: str
    problem: str
    fix: str
    severity: Literal["error", "warning", "note"]


class Submission(BaseModel):
    """One entry of the journal."""

    revision: int
    user: str
    unit: str
    time: str
    rows: int
    kind: str
    state: str
    added: int
    changed: int
    removed: int
    file: str
    sha256: str
    refers_to: int | None
    reason: str
    plan_files: list[str]
    details: dict[str, Any]


class NewSignature(BaseModel, extra="forbid"):
    """审签: the unit's head signs a waiting report, or returns it with a reason."""

    revision: int = Field(description="记录的编号")
    accept: bool = Field(True, description="false：退回，要写理由")
    reason: Name = ""
    person: Name = Field("", description="审签人；有令牌时是账号的姓名")


class Sent(BaseModel):
    """What became of a report."""

    message: str
    findings: list[Finding]
    submission: Submission | None = None


class Fault(BaseModel):
    """Why a request was refused."""

    message: str
    details: list[str] = []
    findings: list[Finding] = []
