"""``check``, ``submit``, ``history``, ``revert``, ``rebuild``: reports without a browser.

The same checks, messages and store as the 填报 and 上报记录 pages.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from lib.cli.common import (
    Commands,
    Parser,
    add_command,
    month,
    open_data,
    read_file,
    show,
    show_list,
    units_of,
)
from lib.core import texts
from lib.core.dataset import Dataset
from lib.intake import (
    Checked,
    Outcome,
    check,
    corrected_copy,
    finding_records,
    send,
    sound,
    submission_record,
)
from lib.store import Original


def add_parser(commands: Commands) -> None:
    """Add the six commands."""
    parser = add_command(commands, "check", run_check, "检查填报文件，不写入")
    _add_file(parser)
    parser.add_argument("--marked", type=Path, metavar="OUT", help="另存一份标出错误的文件")

    parser = add_command(commands, "submit", run_submit, "检查并提交填报文件")
    _add_file(parser)
    parser.add_argument("--user", required=True, type=texts.clean, help="填报人")
    parser.add_argument(
        "--reason", type=texts.clean, default="", help="理由：确认累计完成率下降、需要确认的提醒"
    )
    parser.add_argument(
        "--good-rows",
        action="store_true",
        help="有错误或没有读到的内容时，只提交读到的、没有错误的行",
    )

    add_command(commands, "history", run_history, "列出上报记录")

    parser = add_command(commands, "revert", run_revert, "撤销第N号填报（撤销本身也是一次填报）")
    parser.add_argument("revision", type=int, metavar="N", help="记录的编号")
    parser.add_argument("--user", required=True, type=texts.clean, help="撤销人")
    parser.add_argument("--reason", type=texts.clean, default="", help="撤销的理由")

    parser = add_command(commands, "sign", run_sign, "单位负责人审签第N号填报，或退回")
    parser.add_argument("revision", type=int, metavar="N", help="记录的编号")
    parser.add_argument("--user", required=True, type=texts.clean, help="审签人，不是填报人")
    parser.add_argument("--return", dest="back", action="store_true", help="退回，不审签")
    parser.add_argument("--reason", type=texts.clean, default="", help="退回的理由")

    add_command(commands, "rebuild", run_rebuild, "由上报记录重建填报数据（progress.csv）")


def _add_file(parser: Parser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="填报文件（.csv 或 .xlsx）")
    parser.add_argument("--unit", help="填报单位；文件没有“填报单位”列时必须写")
    parser.add_argument("--month", type=month, help="填报月份，如 2018-10；晚于它的行是错误")


def _checker(options: argparse.Namespace, content: bytes) -> Callable[[Dataset], Checked]:
    """Return the check of a file's content against the dataset that it is given."""

    def checked(data: Dataset) -> Checked:
        unit = None if options.unit is None else units_of([options.unit], data)[0]
        return check(content, options.file.name, data, unit=unit, month=options.month)

    return checked


def _text(checked: Checked) -> str:
    return "\n".join([f"{checked.file}：{checked.summary()}", *map(str, checked.shown)])


def run_check(options: argparse.Namespace) -> int:
    """Print what is wrong with a file; 1 if there are errors."""
    store = open_data(options)
    content = read_file(options.file)
    checked = _checker(options, content)(sound(store))
    if options.marked is not None:
        copy = corrected_copy(checked, content)
        if copy is None:
            print("不是表格，没有可以标注的内容", file=sys.stderr)
        else:
            options.marked.write_bytes(copy[1])
    show(options, finding_records(checked), _text(checked))
    return 1 if checked.errors else 0


def run_submit(options: argparse.Namespace) -> int:
    """Submit a file; nothing is written if it has errors, unless ``--good-rows`` is given."""
    store, content = open_data(options), read_file(options.file)
    sent = send(
        store,
        _checker(options, content),
        options.user,
        original=Original(options.file.name, content),
        reason=options.reason,
        good_rows=options.good_rows,
    )
    checked = sent.checked
    if sent.outcome is Outcome.SAME:
        show(options, {"revision": sent.revision, "rows": 0}, sent.outcome)
        return 0
    if sent.submission is None or sent.preview is None:
        show(options, finding_records(checked), _text(checked))
        if sent.outcome is Outcome.REASON:
            print("有需要说明理由的行：用 --reason 写明后再提交", file=sys.stderr)
        if sent.outcome is Outcome.CONSENT:
            print("有需要确认的提醒：核对后用 --good-rows 或 --reason 确认", file=sys.stderr)
        return 1
    text = f"{_text(checked)}\n已提交为第{sent.revision}号：{sent.preview.sentence()}"
    show(options, submission_record(sent.submission), text)
    return 1 if checked.errors else 0


def run_history(options: argparse.Namespace) -> int:
    """Print the journal, the oldest first."""
    journal = open_data(options).history()
    lines = [
        f"{submission.describe()}　{submission.state}　{submission.reason}".rstrip()
        for submission in journal
    ]
    show_list(options, list(map(submission_record, journal)), lines, "还没有上报记录")
    return 0


def run_revert(options: argparse.Namespace) -> int:
    """Take a submission back."""
    reversal = open_data(options).revert(options.revision, options.user, reason=options.reason)
    text = f"已撤销第{options.revision}号，记为第{reversal.revision}号"
    show(options, submission_record(reversal), text)
    return 0


def run_sign(options: argparse.Namespace) -> int:
    """Sign a report for its unit, or return it."""
    signature = open_data(options).sign(
        options.revision, options.user, accept=not options.back, reason=options.reason
    )
    done = "退回" if options.back else "审签"
    text = f"已{done}第{options.revision}号，记为第{signature.revision}号"
    show(options, submission_record(signature), text)
    return 0


def run_rebuild(options: argparse.Namespace) -> int:
    """Write progress.csv anew from the journal."""
    store = open_data(options)
    rows = store.rebuild()
    revision = store.revision
    text = f"已由上报记录重建填报数据：{rows}行，截至第{revision}号"
    show(options, {"revision": revision, "rows": rows}, text)
    return 0
