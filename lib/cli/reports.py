"""``check``, ``submit``, ``history``, ``revert``, ``rebuild``: reports without a browser.

The same checks, messages and store as the 填报 and 上报记录 pages.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from lib.cli.common import UsageError, add_data, add_format, open_data, show
from lib.cli.figures import month
from lib.core.dataset import Dataset
from lib.files.office_files import MAX_BYTES
from lib.intake import Checked, Outcome, check, finding_records, send, sound, submission_record
from lib.store import Original

if TYPE_CHECKING:
    from argparse import _SubParsersAction

    Parser = argparse.ArgumentParser


def add_parser(commands: _SubParsersAction[Parser]) -> None:
    """Add the five commands."""
    parser = commands.add_parser("check", help="检查填报文件，不写入")
    _file(parser)
    _common(parser)
    parser.set_defaults(run=run_check)

    parser = commands.add_parser("submit", help="检查并提交填报文件")
    _file(parser)
    parser.add_argument("--user", required=True, help="填报人")
    parser.add_argument("--reason", default="", help="累计完成率下降等情况的理由")
    parser.add_argument("--good-rows", action="store_true", help="有错误时只提交没有错误的行")
    _common(parser)
    parser.set_defaults(run=run_submit)

    parser = commands.add_parser("history", help="列出上报记录")
    _common(parser)
    parser.set_defaults(run=run_history)

    parser = commands.add_parser("revert", help="撤销第N号填报（撤销本身也是一次填报）")
    parser.add_argument("revision", type=int, metavar="N", help="记录的编号")
    parser.add_argument("--user", required=True, help="撤销人")
    parser.add_argument("--reason", default="", help="撤销的理由")
    _common(parser)
    parser.set_defaults(run=run_revert)

    parser = commands.add_parser("rebuild", help="由上报记录重建填报数据（progress.csv）")
    _common(parser)
    parser.set_defaults(run=run_rebuild)


def _file(parser: Parser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="填报文件（.csv 或 .xlsx）")
    parser.add_argument("--unit", help="填报单位；文件没有“填报单位”列时必须写")
    parser.add_argument("--month", type=month, help="填报月份，如 2018-10；晚于它的行是错误")


def _common(parser: Parser) -> None:
    add_data(parser)
    add_format(parser)


def _content(options: argparse.Namespace) -> bytes:
    try:
        with options.file.open("rb") as file:
            content: bytes = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"无法读取文件 {options.file}：{error.strerror}") from error
    return content


def _checker(options: argparse.Namespace, content: bytes) -> Callable[[Dataset], Checked]:
    def checked(data: Dataset) -> Checked:
        unit = options.unit
        if unit is not None:
            (unit,) = data.canonical(pd.Series([unit], dtype="str"))
            if unit not in data.units:
                raise UsageError(
                    f"--unit {options.unit} 不是计划中的责任单位（{'、'.join(data.units)}）"
                )
        return check(content, options.file.name, data, unit=unit, month=options.month)

    return checked


def _text(checked: Checked) -> str:
    return "\n".join([f"{checked.file}：{checked.summary()}", *map(str, checked.findings)])


def run_check(options: argparse.Namespace) -> int:
    """Print what is wrong with a file; 1 if there are errors."""
    store = open_data(options)
    checked = _checker(options, _content(options))(sound(store))
    show(options, finding_records(checked), _text(checked))
    return 1 if checked.errors else 0


def run_submit(options: argparse.Namespace) -> int:
    """Submit a file; nothing is written if it has errors, unless ``--good-rows`` is given."""
    store, content = open_data(options), _content(options)
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
        return 1
    show(
        options,
        submission_record(sent.submission),
        f"{_text(checked)}\n已提交为第{sent.revision}号：{sent.preview.sentence()}",
    )
    return 1 if checked.errors else 0


def run_history(options: argparse.Namespace) -> int:
    """Print the journal, the oldest first."""
    journal = open_data(options).history()
    lines = [f"{one.describe()}　{one.state}　{one.reason}".rstrip() for one in journal]
    show(options, [submission_record(one) for one in journal], "\n".join(lines) or "还没有上报记录")
    return 0


def run_revert(options: argparse.Namespace) -> int:
    """Take a submission back."""
    told = open_data(options).revert(options.revision, options.user, reason=options.reason)
    show(
        options,
        submission_record(told),
        f"已撤销第{options.revision}号，记为第{told.revision}号",
    )
    return 0


def run_rebuild(options: argparse.Namespace) -> int:
    """Write progress.csv anew from the journal."""
    store = open_data(options)
    rows = store.rebuild()
    revision = store.revision
    show(
        options,
        {"revision": revision, "rows": rows},
        f"已由上报记录重建填报数据：{rows}行，截至第{revision}号",
    )
    return 0
