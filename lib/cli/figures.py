"""``figures``: the dashboard's figures without a browser, as JSON or CSV."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from lib.cli.common import add_data, open_data
from lib.core import months
from lib.core.baseline import against_baseline
from lib.core.figures import Figures, Selection, to_json
from lib.core.problems import DataError
from lib.files import csv_tables

if TYPE_CHECKING:
    from argparse import _SubParsersAction


def add_parser(commands: _SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser("figures", help="按月输出完成率、序时进度和状态")
    add_data(parser)
    parser.add_argument("--month", type=month, help="月份，如 2018-09（默认最近填报月）")
    parser.add_argument(
        "--by",
        choices=["overall", "category", "unit", "month", "task"],
        default="overall",
        help="汇总方式",
    )
    parser.add_argument("--format", choices=["json", "csv"], default="json", help="输出格式")
    parser.add_argument("--with-narrative", action="store_true", help="含正文承诺")
    parser.add_argument("--baseline", action="store_true", help="按最初下达的计划（基准）计算")
    parser.set_defaults(run=run)


def month(text: str) -> int:
    """Return the ordinal of a month argument; argparse shows the error."""
    try:
        return months.parse(text)
    except months.MonthError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def run(options: argparse.Namespace) -> int:
    """Print the figures and return 0; raise `DataError` for broken data."""
    data = open_data(options).dataset()
    if data.progress_problems:
        raise DataError(data.progress_problems)
    if options.baseline:
        data = against_baseline(data)
    as_of = data.latest_month if options.month is None else options.month
    if as_of not in data.axis:
        first, last = months.text(data.axis[0]), months.text(data.axis[-1])
        print(
            f"--month {months.text(as_of)} 不在计划的月份之内（{first} 至 {last}）",
            file=sys.stderr,
        )
        return 2
    selection = Selection(as_of, with_narrative=options.with_narrative)
    rows = Figures(data, selection).rows(options.by)
    if options.format == "json":
        print(to_json(rows))
        return 0
    for name in ("units", "flags"):
        if name in rows:
            rows = rows.assign(**{name: rows[name].map("、".join)})
    sys.stdout.buffer.write(csv_tables.to_csv(csv_tables.neutralise(rows)))
    return 0
