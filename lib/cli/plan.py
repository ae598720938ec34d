"""``plan import``, ``plan reconcile``, ``plan list``: plans without a browser, as the 计划管理 page does it."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from lib.cli.common import UsageError, add_data, add_format, show
from lib.core.problems import DataError
from lib.files.office_files import MAX_BYTES
from lib.intake import submission_record
from lib.planning import adoption, read_document, understand
from lib.planning.proposal import Proposal
from lib.store import Original, open_store, plan_names

if TYPE_CHECKING:
    from argparse import _SubParsersAction

    Parser = argparse.ArgumentParser


def add_parser(commands: _SubParsersAction[Parser]) -> None:
    """Add the command and its kinds."""
    parser = commands.add_parser("plan", help="导入、核对计划文件，列出计划")
    kinds = parser.add_subparsers(dest="plan_command", required=True, metavar="操作")

    one = kinds.add_parser("import", help="读取计划文件（.docx、.xlsx、.csv、.txt）并导入")
    one.add_argument("file", type=Path, metavar="FILE", help="计划文件")
    one.add_argument("--year", type=_year, help="计划年度，如 2018（默认取自标题）")
    one.add_argument("--title", default="", help="计划名称（默认取自标题）")
    one.add_argument("--dry-run", action="store_true", help="只读取和检查，不写入")
    one.add_argument("--user", default="", help="导入人；写入时必填")
    one.add_argument("--reason", default="", help="说明")
    one.add_argument(
        "--accept-doubts", action="store_true", help="接受全部疑问；不写时有疑问就不写入"
    )
    one.add_argument(
        "--remove-reports", action="store_true", help="删除不符合新计划的填报（可撤销）"
    )
    _common(one)
    one.set_defaults(run=run_import)

    one = kinds.add_parser("reconcile", help="核对计划文件的正文与分解表，不写入")
    one.add_argument("file", type=Path, metavar="FILE", help="计划文件")
    add_format(one)
    one.set_defaults(run=run_reconcile)

    one = kinds.add_parser("list", help="列出全部计划")
    _common(one)
    one.set_defaults(run=run_list)


def _common(parser: Parser) -> None:
    add_data(parser)
    add_format(parser)


def _year(text: str) -> int:
    if not text.isdigit() or not 1970 <= int(text) <= 2999:
        raise argparse.ArgumentTypeError(f"「{text}」不是年份，应为四位数字，如 2018")
    return int(text)


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"无法读取文件 {path}：{error.strerror}") from error


def run_import(options: argparse.Namespace) -> int:
    """Read a plan's document; print its tasks, or commit them. 1 if doubts keep it out."""
    content = _content(options.file)
    reading = understand(read_document(content, options.file.name), options.year)
    if options.dry_run:
        known = Path(options.data).is_dir() or "://" in options.data
        context = adoption.context(options.data, options.plan) if known else adoption.Context()
        proposal = adoption.proposed(reading, context, year=options.year, title=options.title)
        _print_proposal(options, proposal)
        return 0
    if not options.user.strip():
        raise UsageError("写入计划需要 --user 写明导入人；只看结果请加 --dry-run")
    context = adoption.context(options.data, options.plan)
    proposal = adoption.proposed(reading, context, year=options.year, title=options.title)
    accepted = [one.key for one in proposal.doubts] if options.accept_doubts else []
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
    told = open_store(options.data, options.plan).submit(draft)
    counts = f"{len(ready.plan)}项任务，{len(ready.targets)}个指标"
    show(options, submission_record(told), f"已导入为第{told.revision}号：{counts}")
    return 0


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
    for title, lines in (("疑问", proposal.doubts), ("正文与分解表", reading.differences)):
        if lines:
            print(f"\n{title}{len(lines)}处：")
            print("\n".join(f"  {one}" for one in lines))


def run_reconcile(options: argparse.Namespace) -> int:
    """Print how the narrative and the task table of a document differ."""
    reading = understand(read_document(_content(options.file), options.file.name))
    found = [
        {
            "kind": str(one.kind),
            "category": one.category,
            "amounts": one.amounts,
            "narrative": one.narrative,
            "table": one.table,
        }
        for one in reading.differences
    ]
    lines = [str(one) for one in reading.differences]
    show(options, found, "\n".join(lines) or "正文与分解表一致")
    return 0


def run_list(options: argparse.Namespace) -> int:
    """Print the plans of a data folder: name, year, title, number of tasks."""
    found = []
    for name in ("", *plan_names(options.data)):
        data = open_store(options.data, name).dataset()
        found.append(
            {
                "plan": name,
                "year": data.settings.year,
                "title": data.settings.title,
                "tasks": len(data.tasks),
            }
        )
    lines = [
        f"{one['plan'] or '（默认）'}　{one['year']}年　{one['title']}　{one['tasks']}项"
        for one in found
    ]
    show(options, found, "\n".join(lines))
    return 0
