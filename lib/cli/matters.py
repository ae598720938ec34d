"""``matters``: 督办事项 without a browser: the list, a new one, a step, the due dates as .ics."""

from __future__ import annotations

import argparse
from datetime import date, datetime
from pathlib import Path

from lib.cli.common import (
    Commands,
    Parser,
    Run,
    add_command,
    add_data,
    add_format,
    open_data,
    show,
    show_list,
)
from lib.core import months, texts
from lib.core.dataset import Dataset
from lib.core.figures import Figures, Selection
from lib.core.matters import (
    EXTENSION_ACTS,
    OUTLOOKS,
    TASK_ACTS,
    WAYS,
    Act,
    MatterState,
    Source,
    Step,
    by_urgency,
    describe,
    late,
    of_units,
    record,
    step_time,
    task_record,
)
from lib.core.problems import DataError
from lib.core.status import Status
from lib.core.views import waiting_table
from lib.report.matter_papers import calendar
from lib.store import Changes, Draft, Kind, Store


def add_parser(commands: Commands) -> None:
    """Add the command and its parts; without a part it lists."""
    parser = commands.add_parser("matters", help="督办事项：列出、立项、办理、导出日历")
    _add_list(parser)
    parts = parser.add_subparsers(dest="part", metavar="操作")
    _add_list(parts.add_parser("list", help="列出督办事项，逾期的在前"))

    add = _add_writing(parts, "add", run_add, "立项")
    add.add_argument("words", type=texts.clean, help="要办什么")
    add.add_argument("--lead", required=True, help="牵头单位")
    add.add_argument("--due", required=True, help="期限，如 2018-10-31")
    add.add_argument("--source", choices=list(Source), default=Source.OFFICE, help="来源")
    add.add_argument("--origin", type=texts.clean, default="", help="哪次会议、哪位领导")
    add.add_argument("--support", default="", help="配合单位，用、分开")
    add.add_argument("--task", default="", help="任务编号；不写为整个计划")

    do = _add_writing(parts, "do", run_do, "签收、反馈、核实销号等")
    do.add_argument("number", help="事项编号，如 事项〔2018〕1号")
    acts = [act for act in Act if act is not Act.CREATE and act not in TASK_ACTS]
    do.add_argument("act", choices=acts, help="环节")
    do.add_argument("--words", type=texts.clean, default="", help="内容或理由")
    do.add_argument("--unit", default="", help="办理的单位")
    do.add_argument("--way", choices=WAYS, default="", help="怎样核实（核实销号）")
    do.add_argument("--due", default="", help="新的期限（申请延期）")

    task = _add_writing(parts, "task", run_task, "任务的研判、核实、延期")
    task.add_argument("task", help="任务编号，如 一-1")
    task.add_argument("act", choices=[*TASK_ACTS, *EXTENSION_ACTS], help="环节")
    task.add_argument("--words", type=texts.clean, default="", help="原因、意见或核实情况")
    task.add_argument("--unit", default="", help="单位（研判、申请延期）")
    task.add_argument("--outlook", choices=OUTLOOKS, default="", help="能不能按期（研判）")
    task.add_argument("--due", default="", help="新的期限（申请延期），如 2018-12-15")
    task.add_argument("--way", choices=WAYS, default="", help="怎样核实（核实通过）")
    task.add_argument("--indicator", default="", help="核实的指标；不写为整项任务")
    task.add_argument("--month", default="", help="核实到哪个月的填报（默认最近填报月）")

    waiting = "列出待核实的任务和指标，和任务的研判、核实、延期"
    add_command(parts, "waiting", run_waiting, waiting)

    ics = parts.add_parser("calendar", help="把没有销号的期限导出为日历文件（.ics）")
    ics.add_argument("out", type=Path, metavar="OUT", help="写到哪个文件")
    ics.add_argument("--unit", default="", help="只要这个单位的")
    add_data(ics)
    ics.set_defaults(run=run_calendar)


def _add_list(parser: Parser) -> None:
    add_data(parser)
    add_format(parser)
    parser.add_argument("--unit", default="", help="只要这个单位牵头或配合的")
    parser.add_argument("--state", choices=list(MatterState), default="", help="只要这个状态的")
    parser.add_argument("--late", action="store_true", help="只要逾期的")
    parser.set_defaults(run=run_list)


def _add_writing(parts: Commands, name: str, run: Run, help: str) -> Parser:
    parser = add_command(parts, name, run, help)
    parser.add_argument("--user", required=True, type=texts.clean, help="经手人")
    return parser


def run_list(options: argparse.Namespace) -> int:
    """Print the matters, the overdue ones first."""
    today = date.today()
    store = open_data(options)
    store.history()  # takes in what was edited by hand
    _sound(store)
    matters = store.matters()
    matters = late(matters, today) if options.late else by_urgency(matters, today)
    if options.unit:
        matters = of_units(matters, [options.unit])
    matters = [matter for matter in matters if options.state in ("", matter.state)]
    records = [record(matter, today) for matter in matters]
    lines = [describe(matter, today) for matter in matters]
    show_list(options, records, lines, "没有督办事项")
    return 0


def run_add(options: argparse.Namespace) -> int:
    """Take a matter down."""
    names = ("words", "due", "source", "origin", "lead", "support")
    facts = {name: getattr(options, name) for name in names}
    now = step_time(datetime.now())
    step = Step("", Act.CREATE, now, options.user, task_id=options.task, **facts)
    return _write(options, step)


def run_do(options: argparse.Namespace) -> int:
    """Write a step of a matter."""
    facts = {name: getattr(options, name) for name in ("unit", "words", "way", "due")}
    now = step_time(datetime.now())
    step = Step(options.number, Act(options.act), now, options.user, **facts)
    return _write(options, step)


def run_task(options: argparse.Namespace) -> int:
    """Write a step about a task itself."""
    store: Store = open_data(options)
    verifies = options.act in (Act.CONFIRM, Act.REJECT)
    latest = months.text(store.dataset().latest_month) if verifies else ""
    step = Step(
        "",
        Act(options.act),
        step_time(datetime.now()),
        options.user,
        task_id=options.task,
        **{name: getattr(options, name) for name in ("words", "unit", "outlook", "due", "way")},
        indicator=options.indicator,
        month=options.month or latest,
    )
    draft = Draft(options.user, Changes.none(), Kind.MATTER, options.unit, steps=[step])
    submission = store.submit(draft)
    text = f"任务{step.task_id} {step.sentence}，记为第{submission.revision}号"
    show(options, {"revision": submission.revision, **task_record(step)}, text)
    return 0


def run_waiting(options: argparse.Namespace) -> int:
    """Print what waits to be verified, and what was said about tasks themselves."""
    data = _sound(open_data(options))
    table = waiting_table(Figures(data, Selection(data.latest_month, with_narrative=True)))
    waiting = table.to_dict("records")
    steps = [task_record(step) for step in data.task_steps]
    lines = [f"{Status.UNVERIFIED}：{'　'.join(filter(None, row.values()))}" for row in waiting]
    lines += [f"任务{step.task_id}　{step.sentence}" for step in data.task_steps]
    show_list(options, [{"waiting": waiting, "steps": steps}], lines, "没有待核实的任务")
    return 0


def _sound(store: Store) -> Dataset:
    """Return the data; raise `DataError` where a row of ``matters.csv`` cannot be read."""
    data = store.dataset()
    if data.step_problems:
        raise DataError(data.step_problems)
    return data


def run_calendar(options: argparse.Namespace) -> int:
    """Write the due dates of what is not closed as a calendar."""
    store = open_data(options)
    _sound(store)
    matters = store.matters()
    if options.unit:
        matters = of_units(matters, [options.unit])
    options.out.write_bytes(calendar(matters))
    return 0


def _write(options: argparse.Namespace, step: Step) -> int:
    store: Store = open_data(options)
    draft = Draft(
        options.user, Changes.none(), Kind.MATTER, options.unit or step.lead, steps=[step]
    )
    submission = store.submit(draft)
    number = submission.details["matters"][0]
    matter = next(matter for matter in store.matters() if matter.number == number)
    text = f"{number} {step.act}，现在是{matter.state}，记为第{submission.revision}号"
    show(options, {"revision": submission.revision, **record(matter, date.today())}, text)
    return 0
