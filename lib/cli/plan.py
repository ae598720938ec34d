"""``plan import``, ``reconcile``, ``compare``, ``list``: plans without a browser, as the 计划管理 page does it."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from pathlib import Path

import pandas as pd

from lib.cli.common import (
    Commands,
    UsageError,
    add_command,
    add_format,
    read_file,
    show,
    show_list,
)
from lib.core import schema
from lib.core.problems import DataError
from lib.intake import submission_record
from lib.planning import adoption, laid_over, propose, read_document, understand
from lib.planning.columns import COLUMN_CHOICES
from lib.planning.proposal import Proposal
from lib.store import Original, open_store, plan_names


def add_parser(commands: Commands) -> None:
    """Add the command and its parts."""
    plan = commands.add_parser("plan", help="导入、核对计划文件，列出计划")
    parts = plan.add_subparsers(dest="plan_command", required=True, metavar="操作")

    parser = add_command(
        parts, "import", run_import, "读取计划文件（.docx、.xlsx、.csv、.txt）并导入"
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="计划文件")
    parser.add_argument("--year", type=_year, help="计划年度，如 2018（默认取自标题）")
    parser.add_argument("--title", default="", help="计划名称（默认取自标题）")
    parser.add_argument("--dry-run", action="store_true", help="只读取和检查，不写入")
    parser.add_argument("--user", default="", help="导入人；写入时必填")
    parser.add_argument("--reason", default="", help="说明")
    parser.add_argument(
        "--accept-doubts", action="store_true", help="接受全部疑问；不写时有疑问就不写入"
    )
    parser.add_argument(
        "--remove-reports", action="store_true", help="删除不符合新计划的填报（可撤销）"
    )

    parser.add_argument(
        "--columns",
        type=_columns,
        default={},
        metavar="表头=含义,…",
        help="指明没有识别的列，如 攻坚内容=工作计划主要内容,包抓人=责任领导；写入后记在设置里，下次不用再写",
    )
    parser.add_argument(
        "--issued",
        type=_date,
        metavar="日期",
        help="发文日期，如 2018-03-20；“自发文之日起三个月内”从这一天算（默认取自落款）",
    )
    parser.add_argument(
        "--report",
        type=Path,
        metavar="FILE",
        help="把列的含义、全部疑问和没有读出的地方写入 JSON 文件",
    )

    parser = parts.add_parser("reconcile", help="核对计划文件的正文与分解表，不写入")
    parser.add_argument("file", type=Path, metavar="FILE", help="计划文件")
    add_format(parser)
    parser.set_defaults(run=run_reconcile)

    parser = add_command(
        parts, "compare", run_compare, "一年的计划与另一年的对照：新增、取消、调整，不写入"
    )
    for name, words in (("before", "原来的"), ("after", "新的")):
        parser.add_argument(
            name, metavar=name.upper(), help=f"{words}计划：计划文件，或计划的名称（默认计划写 -）"
        )

    add_command(parts, "list", run_list, "列出全部计划")


def _year(text: str) -> int:
    if not text.isdigit() or not 1970 <= int(text) <= 2999:
        raise argparse.ArgumentTypeError(f"「{text}」不是年份，应为四位数字，如 2018")
    return int(text)


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"「{text}」不是日期，应写成 2018-03-20") from error


def _columns(text: str) -> dict[str, str]:
    columns = {}
    for pair in filter(None, text.replace("，", ",").split(",")):
        header, equals, meaning = (part.strip() for part in pair.replace("＝", "=").partition("="))
        if not header or not equals or meaning not in COLUMN_CHOICES:
            choices = "、".join(COLUMN_CHOICES)
            raise argparse.ArgumentTypeError(f"「{pair}」应写成 表头=含义，含义有：{choices}")
        columns[header] = meaning
    return columns


def run_import(options: argparse.Namespace) -> int:
    """Read a plan's document; print its tasks, or commit them. 1 if doubts keep it out."""
    content = read_file(options.file)
    document = read_document(content, options.file.name)
    if not options.dry_run and not options.user.strip():
        raise UsageError("写入计划需要 --user 写明导入人；只看结果请加 --dry-run")
    exists = not options.dry_run or Path(options.data).is_dir() or "://" in options.data
    context = adoption.context(options.data, options.plan) if exists else adoption.Context()
    remembered = dict(context.settings.columns) if context.settings else {}
    reading = understand(document, options.year, {**remembered, **options.columns})
    proposal = adoption.proposed(
        reading,
        context,
        year=options.year,
        title=options.title,
        issued=options.issued,
        columns=options.columns,
    )
    _write_report(options, proposal)
    if options.dry_run:
        _print_proposal(options, proposal)
        return 0
    accepted = [doubt.key for doubt in proposal.doubts] if options.accept_doubts else []
    try:
        ready = proposal.adopted(accepted)
    except DataError as error:
        print(error, file=sys.stderr)
        print("没有写入。请改正文件，或用 --accept-doubts 接受可以接受的疑问", file=sys.stderr)
        return 1
    draft = adoption.draft(
        ready,
        context,
        user=options.user,
        reason=options.reason,
        original=Original(options.file.name, content),
        remove_reports=options.remove_reports,
    )
    submission = open_store(options.data, options.plan).submit(draft)
    counts = f"{len(ready.plan)}项任务，{len(ready.targets)}个指标"
    text = f"已导入为第{submission.revision}号：{counts}"
    show(options, submission_record(submission), text)
    return 0


def _write_report(options: argparse.Namespace, proposal: Proposal) -> None:
    if options.report is None:
        return
    text = json.dumps(proposal.report(), ensure_ascii=False, indent=2)
    try:
        options.report.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{options.report}：不能写入（{error.strerror}）") from error


def _print_proposal(options: argparse.Namespace, proposal: Proposal) -> None:
    if options.format == "json":
        print(json.dumps(proposal.records(), ensure_ascii=False, indent=2))
        return
    reading = proposal.reading
    settings = proposal.settings
    print(f"{settings.year}年　{settings.title}　{'、'.join(settings.parties)}")
    for row in proposal.records():
        span = f"{row['start']}—{row['end']}" if row["start"] else "？"
        print(f"{row['task_id']}　{row['category']}　{row['window']}（{span}）　{row['source']}")
        print(f"    {row['text']}　[{'、'.join(row['units'])}]")
    unread = [f"{each.place}「{each.text}」：{each.why}" for each in reading.unread]
    for title, lines in (
        ("疑问", proposal.doubts),
        ("正文与分解表", reading.differences),
        ("没有读出任务的地方", unread),
    ):
        if lines:
            print(f"\n{title}{len(lines)}处：")
            print("\n".join(f"  {line}" for line in lines))


def run_reconcile(options: argparse.Namespace) -> int:
    """Print how the narrative and the task table of a document differ."""
    reading = understand(read_document(read_file(options.file), options.file.name))
    records = [
        {
            "kind": str(difference.kind),
            "category": difference.category,
            "amounts": difference.amounts,
            "narrative": difference.narrative,
            "table": difference.table,
        }
        for difference in reading.differences
    ]
    show_list(options, records, list(map(str, reading.differences)), reading.verdict)
    return 0


def run_compare(options: argparse.Namespace) -> int:
    """Print what the second plan has new, gone and changed against the first."""
    before, after = (_tables(options, name) for name in (options.before, options.after))
    table = laid_over(*before, *after)
    changes = list(table.itertuples(index=False, name=None))
    records = [dict(zip(("change", "task_id", "text"), change, strict=True)) for change in changes]
    lines = [f"{change}　{task}　{text}" for change, task, text in changes]
    show_list(options, records, lines, "两个计划的任务相同")
    return 0


def _tables(options: argparse.Namespace, name: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return a plan's tables as texts: of a document, or of a plan in the data folder."""
    path = Path(name)
    if path.is_file():
        reading = understand(read_document(read_file(path), path.name))
        proposal = propose(reading, year=reading.year or dt.date.today().year)
        return proposal.plan, proposal.targets
    plan = "" if name == "-" else name
    names = plan_names(options.data)
    if plan and plan not in names:
        known = "、".join(["-", *names])
        raise UsageError(f"「{name}」不是文件，也不是计划的名称（有：{known}）")
    store = open_store(options.data, plan)
    return schema.PLAN.texts(store.plan), schema.TARGETS.texts(store.targets)


def run_list(options: argparse.Namespace) -> int:
    """Print the plans of a data folder: name, year, title, number of tasks."""
    records, lines = [], []
    for name in ("", *plan_names(options.data)):
        data = open_store(options.data, name).dataset()
        settings, tasks = data.settings, len(data.tasks)
        records.append(
            {"plan": name, "year": settings.year, "title": settings.title, "tasks": tasks}
        )
        lines.append(f"{name or '（默认）'}　{settings.year}年　{settings.title}　{tasks}项")
    show_list(options, records, lines, "")
    return 0
