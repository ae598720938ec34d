"""``check``, ``submit``, ``history``, ``revert``, ``rebuild``: reports without a browser.

The same checks, messages and store as the 填报 and 上报记录 pages.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from lib.cli.figures import month
from lib.dataset import Dataset
from lib.intake import Checked, Outcome, check, finding_records, send, sound, submission_record
from lib.intake.reader import MAX_BYTES
from lib.store import Original, Store, StoreError, open_store

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

    parser = commands.add_parser("rebuild", help="由上报记录重建 progress.csv")
    _common(parser)
    parser.set_defaults(run=run_rebuild)


def _file(parser: Parser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="填报文件（.csv 或 .xlsx）")
    parser.add_argument("--unit", help="填报单位；文件没有“填报单位”列时必须写")
    parser.add_argument("--month", type=month, help="填报月份，如 2018-10；晚于它的行是错误")


def _common(parser: Parser) -> None:
    parser.add_argument("--data", default="data", help="数据目录（默认 data）")
    parser.add_argument("--format", choices=["text", "json"], default="text", help="输出格式")


class UsageError(Exception):
    """The command was used wrongly; the message says how."""


def _store(options: argparse.Namespace) -> Store:
    if "://" not in options.data and not Path(options.data).is_dir():
        raise UsageError(f"--data {options.data} 不是目录")
    return open_store(options.data)


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


def _print(options: argparse.Namespace, value: Any, text: str) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2) if options.format == "json" else text)


def _text(checked: Checked) -> str:
    return "\n".join([f"{checked.file}：{checked.summary()}", *map(str, checked.findings)])


def _guarded(run: Any) -> Any:
    def guarded(options: argparse.Namespace) -> int:
        try:
            return int(run(options))
        except UsageError as error:
            print(error, file=sys.stderr)
            return 2
        except StoreError as error:
            print(error, file=sys.stderr)
            return 1

    return guarded


@_guarded
def run_check(options: argparse.Namespace) -> int:
    """Print what is wrong with a file; 1 if there are errors."""
    store = _store(options)
    checked = _checker(options, _content(options))(sound(store))
    _print(options, finding_records(checked), _text(checked))
    return 1 if checked.errors else 0


@_guarded
def run_submit(options: argparse.Namespace) -> int:
    """Submit a file; nothing is written if it has errors, unless ``--good-rows`` is given."""
    content = _content(options)
    sent = send(
        _store(options),
        _checker(options, content),
        options.user,
        original=Original(options.file.name, content),
        reason=options.reason,
        good_rows=options.good_rows,
    )
    checked = sent.checked
    if sent.outcome is Outcome.SAME:
        _print(options, {"revision": sent.revision, "rows": 0}, sent.outcome)
        return 0
    if sent.submission is None or sent.preview is None:
        _print(options, finding_records(checked), _text(checked))
        if sent.outcome is Outcome.REASON:
            print("有需要说明理由的行：用 --reason 写明后再提交", file=sys.stderr)
        return 1
    _print(
        options,
        submission_record(sent.submission),
        f"{_text(checked)}\n已提交为第{sent.revision}号：{sent.preview.sentence()}",
    )
    return 1 if checked.errors else 0


@_guarded
def run_history(options: argparse.Namespace) -> int:
    """Print the journal, the oldest first."""
    journal = _store(options).history()
    lines = [f"{one.describe()}　{one.state}　{one.reason}".rstrip() for one in journal]
    _print(
        options, [submission_record(one) for one in journal], "\n".join(lines) or "还没有上报记录"
    )
    return 0


@_guarded
def run_revert(options: argparse.Namespace) -> int:
    """Take a submission back."""
    told = _store(options).revert(options.revision, options.user, reason=options.reason)
    _print(
        options,
        submission_record(told),
        f"已撤销第{options.revision}号，记为第{told.revision}号",
    )
    return 0


@_guarded
def run_rebuild(options: argparse.Namespace) -> int:
    """Write progress.csv anew from the journal."""
    store = _store(options)
    rows = store.rebuild()
    revision = store.revision
    _print(
        options,
        {"revision": revision, "rows": rows},
        f"已由上报记录重建 progress.csv：{rows}行，截至第{revision}号",
    )
    return 0
