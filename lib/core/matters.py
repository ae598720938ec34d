"""督办事项: what a meeting, a leader, a 督办单 or the office itself asks of a unit, until it is done.

A matter is a list of steps, the first of which takes it down (立项); its state is what the steps
lead to, so nothing is lost and no state skipped:

    立项 ─→ 待签收 ─签收→ 办理中 ─反馈→ 待核实 ─核实销号→ 已销号
                          │  ↑           │  ↑
                   申请延期│  │同意、不同意 退回│  │反馈
                          ↓  │           ↓  │
                          延期 ←─申请延期── 退回

办理情况, 催办 and 批示 leave the state. Nothing is read or written here.
`lib.core.schema.MATTERS` says how steps stand in a file.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import pandas as pd

from lib.core import months, schema
from lib.core.problems import DataError, Problem
from lib.core.status import REPORTED_DONE, Status

SOON_DAYS = 7
"""A matter that is due within so many days is due soon."""


class Source(StrEnum):
    """Where a matter comes from."""

    MEETING = "会议"
    INSTRUCTION = "领导批示"
    NOTICE = "督办单"
    OFFICE = "自查"


class MatterState(StrEnum):
    """What has become of a matter."""

    UNSIGNED = "待签收"
    WORKING = "办理中"
    EXTENSION = "延期"
    RETURNED = "退回"
    TO_VERIFY = "待核实"
    CLOSED = "已销号"


class Act(StrEnum):
    """What somebody does about a matter."""

    CREATE = "立项"
    SIGN = "签收"
    NOTE = "办理情况"
    ANSWER = "反馈"
    ASK = "申请延期"
    GRANT = "同意延期"
    REFUSE = "不同意延期"
    RETURN = "退回"
    CLOSE = "核实销号"
    URGE = "催办"
    INSTRUCT = "批示"
    OUTLOOK = "研判"
    CONFIRM = "核实通过"
    REJECT = "核实退回"


OUTLOOKS = ("能按期", "有风险", "不能按期")
"""A unit's own word on a task: no step of a matter, and never in the place of the computed status."""
WAYS = ("材料", "电话", "现场")
"""How the office verifies."""
TASK_ACTS = (Act.OUTLOOK, Act.CONFIRM, Act.REJECT)
"""What is only done about a task itself; 延期 is of a matter or, without its number, of a task."""
EXTENSION_ACTS = (Act.ASK, Act.GRANT, Act.REFUSE)
"""What makes an extension: asked for, then granted or not."""

_S = MatterState
_OPEN = frozenset(MatterState) - {_S.CLOSED}
_FROM: Mapping[Act, frozenset[MatterState]] = {
    Act.SIGN: frozenset({_S.UNSIGNED}),
    Act.NOTE: frozenset({_S.WORKING, _S.RETURNED, _S.EXTENSION}),
    Act.ANSWER: frozenset({_S.WORKING, _S.RETURNED}),
    Act.ASK: frozenset({_S.WORKING, _S.RETURNED}),
    Act.GRANT: frozenset({_S.EXTENSION}),
    Act.REFUSE: frozenset({_S.EXTENSION}),
    Act.RETURN: frozenset({_S.TO_VERIFY}),
    Act.CLOSE: frozenset({_S.TO_VERIFY}),
    Act.URGE: _OPEN,
    Act.INSTRUCT: _OPEN,
}
_TO: Mapping[Act, MatterState] = {
    Act.SIGN: _S.WORKING,
    Act.ANSWER: _S.TO_VERIFY,
    Act.ASK: _S.EXTENSION,
    Act.GRANT: _S.WORKING,
    Act.REFUSE: _S.WORKING,
    Act.RETURN: _S.RETURNED,
    Act.CLOSE: _S.CLOSED,
}
"""The state that an act leads to; others leave it as it is."""

UNIT_ACTS = (Act.SIGN, Act.NOTE, Act.ANSWER, Act.ASK, Act.OUTLOOK)
"""What the lead unit does; a supporting unit writes down its 办理情况. 研判 is of any unit of a task."""
OFFICE_ACTS = (
    *(Act.CLOSE, Act.RETURN, Act.GRANT, Act.REFUSE, Act.URGE),
    *(Act.CONFIRM, Act.REJECT),
)
"""What the office does."""
_WORDLESS = (Act.SIGN, Act.CLOSE, Act.URGE)
"""Acts that need no words."""


class MatterError(ValueError):
    """A step does not fit; ``field`` is the field of `lib.core.schema.MatterModel` to blame."""

    def __init__(self, field: str, message: str, expected: str = "") -> None:
        super().__init__(message)
        self.field, self.message, self.expected = field, message, expected


@dataclass(frozen=True)
class Step:
    """One step of a matter, or of a task itself (no ``number``): who did what, when, in what words.

    ``time`` is local time to the minute (``2018-09-03 10:20``), ``unit`` for whom ``person`` acts,
    ``way`` one of `WAYS`, ``outlook`` one of `OUTLOOKS`, ``due`` a date as ISO text: that of the
    matter (立项) or the new one (申请延期). ``evidence`` names files, joined by 、. Of a 立项 only:
    ``source`` and which meeting or leader (``origin``), a task or the whole plan (empty), lead unit
    and supporting ones, joined by 、. Of 核实 only: ``indicator`` (empty: the whole task), up to
    which ``month`` reports were verified (``2018-09``), and their ``basis``
    (`lib.core.verification.basis`).
    """

    number: str
    act: Act
    time: str
    person: str
    unit: str = ""
    words: str = ""
    way: str = ""
    due: str = ""
    evidence: str = ""
    source: str = ""
    origin: str = ""
    task_id: str = ""
    lead: str = ""
    support: str = ""
    outlook: str = ""
    indicator: str = ""
    month: str = ""
    basis: str = ""

    @property
    def of_task(self) -> bool:
        """Whether it is about a task itself, not about a matter."""
        return self.act in TASK_ACTS or (not self.number and self.act in EXTENSION_ACTS)

    @property
    def sentence(self) -> str:
        """What was done, in words: 2018-09-20 张三 反馈：已选定."""
        return f"{self.time[:10]} {self._what(' ')}"

    @property
    def paper_sentence(self) -> str:
        """The same as a paper writes it: 9月20日张三反馈：已选定."""
        return f"{day(self.time[:10]):%-m月%-d日}{self._what('')}"

    def _what(self, between: str) -> str:
        parts = (self.way, self.outlook, self.due if self.act is Act.ASK else "", self.indicator)
        how = f"（{'，'.join(filter(None, parts))}）" if any(parts) else ""
        words = f"：{self.words}" if self.words and self.act is not Act.CREATE else ""
        return f"{self.unit or self.person}{between}{self.act}{how}{words}"


@dataclass(frozen=True)
class Matter:
    """A matter as its steps leave it; ``first_due`` is the date it was given, ``due`` the present one."""

    steps: tuple[Step, ...]
    state: MatterState
    first_due: date
    due: date

    @property
    def created(self) -> Step:
        """The step that took it down: source, words, task and units stand there."""
        return self.steps[0]

    def short(self, limit: int) -> str:
        """Return its words, cut to ``limit`` characters: 9月底前… keeps its month."""
        words = self.created.words.rstrip("。")
        return words if len(words) <= limit else f"{words[: limit - 1]}…"

    @property
    def number(self) -> str:
        """Its number, never used twice."""
        return self.created.number

    @property
    def lead(self) -> str:
        """The unit that answers for it."""
        return self.created.lead

    @property
    def support(self) -> tuple[str, ...]:
        """The units that help."""
        return tuple(unit for unit in self.created.support.split("、") if unit)

    @property
    def units(self) -> tuple[str, ...]:
        """All its units, the lead first."""
        return (self.lead, *self.support)

    @property
    def open(self) -> bool:
        """Whether it is not closed yet."""
        return self.state is not MatterState.CLOSED

    @property
    def latest(self) -> str:
        """What was done last, in words: 2018-09-20 张三 反馈：已选定."""
        return self.steps[-1].sentence

    @property
    def asked(self) -> Step | None:
        """The 延期申请 that waits for a decision."""
        if self.state is not MatterState.EXTENSION:
            return None
        return next(step for step in reversed(self.steps) if step.act is Act.ASK)

    @property
    def extensions(self) -> int:
        """How often more time was granted."""
        return sum(step.act is Act.GRANT for step in self.steps)

    @property
    def extended_days(self) -> int:
        """By how many days the present date is later than the first."""
        return (self.due - self.first_due).days

    @property
    def done_on(self) -> date | None:
        """The day of the answer that was verified; ``None`` while it is open."""
        if self.open:
            return None
        answers = [step for step in self.steps if step.act is Act.ANSWER]
        return datetime.fromisoformat(answers[-1].time).date()

    @property
    def on_time(self) -> bool | None:
        """Whether it was done by its present date; ``None`` while it is open."""
        return None if self.done_on is None else self.done_on <= self.due

    def days_late(self, today: date) -> int:
        """Return by how many days it is overdue; 0 if it is not, or the unit has answered."""
        waits = self.state in (MatterState.TO_VERIFY, MatterState.CLOSED)
        return 0 if waits else max(0, (today - self.due).days)

    def due_soon(self, today: date) -> bool:
        """Return whether the unit has to answer within `SOON_DAYS`."""
        waits = self.state in (MatterState.TO_VERIFY, MatterState.CLOSED)
        return not waits and 0 <= (self.due - today).days <= SOON_DAYS

    def due_words(self) -> str:
        """Return its date; the first one beside it where more time was granted."""
        if not self.extensions:
            return f"{self.due:%Y-%m-%d}"
        return (
            f"{self.due:%Y-%m-%d}（原定{self.first_due:%Y-%m-%d}，"
            f"延期{self.extensions}次共{self.extended_days}天）"
        )


def follow(matter: Matter | None, step: Step) -> Matter:
    """Return a matter after a step (``None``: before its 立项); raise `MatterError` if it does not fit."""
    if not step.person:
        raise MatterError("person", "没有写明经手人", "姓名")
    if matter is None:
        return _created(step)
    if step.act is Act.CREATE:
        raise MatterError("act", f"{step.number}已经立项", "同一事项编号只立项一次")
    if matter.state not in _FROM[step.act]:
        states = "、".join(state for state in MatterState if state in _FROM[step.act])
        raise MatterError(
            "act", f"{matter.number}现在是{matter.state}，不能{step.act}", f"{states}时"
        )
    if not step.words and step.act not in _WORDLESS:
        raise MatterError("words", f"{step.act}没有写明内容", f"{step.act}的内容或理由")
    if step.act is Act.CLOSE and step.way not in WAYS:
        raise MatterError("way", "没有写明怎样核实", "、".join(WAYS))
    due = matter.due
    if step.act is Act.ASK and day(step.due) <= matter.due:
        raise MatterError("due", "新的期限不晚于现在的期限", f"晚于{matter.due:%Y-%m-%d}的日期")
    if step.act is Act.GRANT:
        asked = matter.asked
        due = day(asked.due if asked else step.due)
    state = _TO.get(step.act, matter.state)
    return replace(matter, steps=(*matter.steps, step), state=state, due=due)


def _created(step: Step) -> Matter:
    if step.act is not Act.CREATE:
        raise MatterError("number", f"没有立项，不能{step.act}", f"先有{Act.CREATE}的一行")
    for field, expected in (("words", "要办什么"), ("lead", "一个责任单位"), ("number", "编号")):
        if not getattr(step, field):
            raise MatterError(field, "不能为空", expected)
    if step.source not in set(Source):
        raise MatterError("source", "不在允许的取值之内", "、".join(Source))
    due = day(step.due)
    return Matter((step,), MatterState.UNSIGNED, due, due)


def step_time(moment: datetime) -> str:
    """Return a moment as steps have it: 2018-10-08 09:30."""
    return f"{moment:%Y-%m-%d %H:%M}"


def day(text: str) -> date:
    """Return the date of a text as we and Excel write it: 2018-10-31, 2018/10/31, 2018年10月31日."""
    plain = text.strip()
    for sign in "/年月":
        plain = plain.replace(sign, "-")
    try:
        return datetime.strptime(plain.rstrip("日"), "%Y-%m-%d").date()
    except ValueError:
        raise MatterError(
            "due", "不是日期" if text else "不能为空", "日期，如 2018-10-31"
        ) from None


def allowed(matter: Matter) -> list[Act]:
    """Return what can be done about a matter now, whoever does it."""
    return [act for act in _FROM if matter.state in _FROM[act]]


def fold(steps: Iterable[Step]) -> list[Matter]:
    """Return the matters that steps lead to, in the order in which they were taken down."""
    register = Register()
    for step in steps:
        register.add(step)
    return list(register.matters.values())


class Register:
    """What steps lead to, taken in one by one: matters by number, and 延期申请 of tasks that wait."""

    def __init__(self) -> None:
        self.matters: dict[str, Matter] = {}
        self.asked: dict[str, Step] = {}

    def add(self, step: Step) -> None:
        """Take in a step; raise `MatterError`, and change nothing, if it does not fit."""
        if not step.of_task:
            self.matters[step.number] = follow(self.matters.get(step.number), step)
            return
        _check_task_step(step)
        if step.act in EXTENSION_ACTS:
            self._extend(step)

    def _extend(self, step: Step) -> None:
        waits = step.task_id in self.asked
        if step.act is Act.ASK:
            if waits:
                raise MatterError("act", f"任务{step.task_id}已经申请延期", "先批复上一次申请")
            day(step.due)
            self.asked[step.task_id] = step
        elif not waits:
            raise MatterError("act", f"任务{step.task_id}没有待批的延期申请", "先有申请延期的一行")
        else:
            del self.asked[step.task_id]


def _check_task_step(step: Step) -> None:
    """Raise `MatterError` for a step about a task that lacks something."""
    needed = ["person", "task_id"]
    needed += ["unit"] * (step.act in (Act.OUTLOOK, Act.ASK))
    needed += ["month"] * (step.act in (Act.CONFIRM, Act.REJECT))
    for field in needed:
        if not getattr(step, field):
            column = schema.MATTERS.columns[field]
            raise MatterError(field, "不能为空", column.expected or column.header)
    if step.month:
        try:
            months.parse(step.month)
        except months.MonthError:
            raise MatterError("month", "不是月份", "如 2018-09") from None
    if step.act is Act.OUTLOOK and step.outlook not in OUTLOOKS:
        raise MatterError("outlook", "没有写明研判", "、".join(OUTLOOKS))
    if step.act is Act.CONFIRM and step.way not in WAYS:
        raise MatterError("way", "没有写明怎样核实", "、".join(WAYS))
    wordless = step.act is Act.CONFIRM or step.outlook == OUTLOOKS[0]
    if not step.words and not wordless:
        raise MatterError("words", f"{step.outlook or step.act}没有写明原因", "原因、意见或打算")


def outlooks(steps: Iterable[Step]) -> list[Step]:
    """Return each unit's latest word on each task, in the order in which they were first given."""
    latest: dict[tuple[str, str], Step] = {}
    for step in steps:
        if step.act is Act.OUTLOOK:
            latest[step.task_id, step.unit] = step
    return list(latest.values())


def disagreement(status: Status, outlook: Step) -> str:
    """Return how a unit's word differs from the computed status, empty where they agree."""
    late = status in (Status.OVERDUE, Status.BEHIND)
    fine = outlook.outlook == OUTLOOKS[0]
    if status in REPORTED_DONE or late != fine:
        return ""
    return f"单位称{outlook.outlook}，按填报算{status}"


# -- as a table --------------------------------------------------------------------------------


def from_table(table: pd.DataFrame, file: str = schema.MATTERS.file) -> list[Step]:
    """Return the steps of a typed frame (`lib.core.schema.MatterModel`); its index is the file's row.

    Raises `DataError` for a row that does not follow from those above it; ``steps`` of the error
    are those that do (`StepsError`).
    """
    steps, register, problems = [], Register(), []
    for row, *cells in table.itertuples():
        facts = dict(zip(table.columns, cells, strict=True))
        try:
            if facts["way"] in OUTLOOKS:  # as an earlier version wrote it, in the same column
                facts["way"], facts["outlook"] = "", facts["way"]
            facts["time"] = _moment(facts["time"])
            facts["due"] = f"{day(facts['due']):%Y-%m-%d}" if facts["due"] else ""
            step = Step(**{**facts, "act": Act(facts["act"])})
            register.add(step)
        except MatterError as error:
            column, value = schema.MATTERS.headers[error.field], str(facts[error.field])
            problems.append(Problem(file, int(row), column, value, error.message, error.expected))
        else:
            steps.append(step)
    if problems:
        raise StepsError(problems, steps)
    return steps


class StepsError(DataError):
    """Some rows of the table do not fit; ``steps`` are the others."""

    def __init__(self, problems: Sequence[Problem], steps: Sequence[Step]) -> None:
        super().__init__(problems)
        self.steps = tuple(steps)


def to_table(steps: Sequence[Step]) -> pd.DataFrame:
    """Return steps as a typed frame (`lib.core.schema.MatterModel`)."""
    columns = list(schema.MATTERS.columns)
    rows = [[str(getattr(step, name)) for name in columns] for step in steps]
    return pd.DataFrame(rows, columns=columns, dtype="str")


def _moment(text: str) -> str:
    """Return a step's time to the minute; Excel writes it with slashes and without zeros."""
    days, _, clock = text.strip().replace("T", " ").partition(" ")
    try:
        moment = datetime.strptime(clock[:5].rstrip(":") or "00:00", "%H:%M")
        return f"{day(days):%Y-%m-%d} {moment:%H:%M}"
    except ValueError:
        raise MatterError("time", "不是时间", "如 2018-09-03 10:20") from None


# -- new ones ----------------------------------------------------------------------------------


def next_number(year: int, used: Iterable[str]) -> str:
    """Return the number of the next matter of a plan's year: 事项〔2018〕1号."""
    prefix = f"事项〔{year}〕"
    numbers = [
        int(digits)
        for number in used
        if number.startswith(prefix)
        and (digits := number.removeprefix(prefix).removesuffix("号")).isdecimal()
    ]
    return f"{prefix}{max(numbers, default=0) + 1}号"


def of_notice(facts: Mapping[str, Any], time: str) -> Step:
    """Return the 立项 of a 督办单 as the journal holds it (`lib.report.notices.Notice`), and when."""
    answer_by = str(facts.get("answer_by") or "") or time[:10]
    return Step(
        str(facts["number"]),
        Act.CREATE,
        _moment(time[:16]),
        str(facts["issuer"]) or "督查办",
        words=f"{facts['content']}。{facts['demand']}",
        due=f"{day(answer_by):%Y-%m-%d}",
        source=Source.NOTICE,
        origin=str(facts["number"]),
        task_id=str(facts["task_id"]),
        lead=str(facts["unit"]),
    )


def origin_words(matter: Matter) -> str:
    """Return where it comes from: 会议：联席会议第三次会议."""
    source, origin = matter.created.source, matter.created.origin
    return source if origin in ("", matter.number) else f"{source}：{origin}"


def describe(matter: Matter, today: date) -> str:
    """Return a matter in one line."""
    days = matter.days_late(today)
    overdue = f"，逾期{days}天" if days else ""
    return (
        f"{matter.number} {matter.state}{overdue}　{matter.lead}　期限{matter.due_words()}　"
        f"{matter.created.words}（{origin_words(matter)}）"
    )


# -- lists -------------------------------------------------------------------------------------


def of_units(matters: Iterable[Matter], units: Collection[str]) -> list[Matter]:
    """Return the matters in which one of some units leads or helps."""
    return [matter for matter in matters if not set(units).isdisjoint(matter.units)]


def by_urgency(matters: Iterable[Matter], today: date) -> list[Matter]:
    """Return matters with the most overdue first, then by date; closed ones last."""
    return sorted(
        matters,
        key=lambda matter: (not matter.open, -matter.days_late(today), matter.due, matter.number),
    )


def late(matters: Iterable[Matter], today: date) -> list[Matter]:
    """Return the overdue matters, the latest first."""
    return [matter for matter in by_urgency(matters, today) if matter.days_late(today)]


def last_meeting(matters: Sequence[Matter]) -> list[Matter]:
    """Return the matters of the meeting that was taken down last, in its order."""
    of_meetings = [matter for matter in matters if matter.created.source == Source.MEETING]
    if not of_meetings:
        return []
    latest = max(of_meetings, key=lambda matter: matter.created.time).created.origin
    return [matter for matter in of_meetings if matter.created.origin == latest]


def groups(matters: Sequence[Matter], today: date) -> dict[str, list[Matter]]:
    """Return matters by what is to be done about them, the most urgent first; empty groups go.

    A matter stands in every group that it belongs to.
    """
    ordered = by_urgency(matters, today)
    members: dict[str, Callable[[Matter], bool]] = {
        "未销号": lambda matter: matter.open,
        "逾期": lambda matter: matter.days_late(today) > 0,
        f"{SOON_DAYS}天内到期": lambda matter: matter.due_soon(today),
        "待签收": lambda matter: matter.state is _S.UNSIGNED,
        "待反馈": lambda matter: matter.state in (_S.WORKING, _S.RETURNED),
        "退回": lambda matter: matter.state is _S.RETURNED,
        "待批延期": lambda matter: matter.state is _S.EXTENSION,
        "待核实": lambda matter: matter.state is _S.TO_VERIFY,
        "已销号": lambda matter: not matter.open,
    }
    listed = {name: list(filter(belongs, ordered)) for name, belongs in members.items()}
    return {name: rows for name, rows in listed.items() if rows}


def summary(matters: Sequence[Matter], today: date) -> str:
    """Return what a list says first: 3件逾期，1件待签收，2件待核实."""
    listed = groups(matters, today)
    if not matters:
        return "还没有"
    if "未销号" not in listed:
        return f"{len(matters)}件全部销号"
    named = [name for name in ("逾期", "待签收", "退回", "待批延期", "待核实") if name in listed]
    parts = [f"{len(listed[name])}件{name}" for name in named]
    return "，".join(parts) or f"{len(listed['未销号'])}件都在期限内办理"


@dataclass(frozen=True)
class UnitCount:
    """How many matters a unit leads: all, unsigned, unanswered, to verify, overdue, closed, on time.

    ``unanswered`` are signed or returned ones; ``overdue`` may be unsigned or unanswered as well.
    """

    unit: str
    total: int
    unsigned: int
    unanswered: int
    to_verify: int
    overdue: int
    closed: int
    on_time: int

    @property
    def on_time_rate(self) -> float | None:
        """The share of what was to be done by now that was done on time; ``None`` if nothing was."""
        counted = self.closed + self.overdue
        return self.on_time / counted if counted else None


def by_unit(matters: Iterable[Matter], today: date) -> list[UnitCount]:
    """Return the counts of each lead unit, the one with most overdue matters first."""
    matters = list(matters)
    counts = []
    for unit in dict.fromkeys(matter.lead for matter in matters):
        own = [matter for matter in matters if matter.lead == unit]
        states = [matter.state for matter in own]
        unanswered = (_S.WORKING, _S.RETURNED, _S.EXTENSION)
        counts.append(
            UnitCount(
                unit,
                len(own),
                states.count(_S.UNSIGNED),
                sum(state in unanswered for state in states),
                states.count(_S.TO_VERIFY),
                len(late(own, today)),
                states.count(_S.CLOSED),
                sum(matter.on_time is True for matter in own),
            )
        )
    return sorted(counts, key=lambda count: (-count.overdue, -count.total))


STEP_FIELDS = ("act", "time", "person", "unit", "words", "way", "due", "evidence")
"""The fields of a step that any act of a matter may have."""
TASK_STEP_FIELDS = ("task_id", *STEP_FIELDS, "outlook", "indicator", "month")
"""The fields of a step about a task itself."""


def record(matter: Matter, today: date) -> dict[str, Any]:
    """Return a matter for other programs, with its steps; dates and times as ISO text."""
    created = matter.created
    return {
        "number": matter.number,
        "state": str(matter.state),
        "source": created.source,
        "origin": created.origin,
        "words": created.words,
        "task_id": created.task_id,
        "lead": matter.lead,
        "support": list(matter.support),
        "due": f"{matter.due:%Y-%m-%d}",
        "first_due": f"{matter.first_due:%Y-%m-%d}",
        "extensions": matter.extensions,
        "days_late": matter.days_late(today),
        "created_by": created.person,
        "created_at": created.time,
        "steps": [
            {name: str(getattr(step, name)) for name in STEP_FIELDS} for step in matter.steps
        ],
    }


def task_record(step: Step) -> dict[str, str]:
    """Return a step about a task itself for other programs."""
    return {name: str(getattr(step, name)) for name in TASK_STEP_FIELDS}
