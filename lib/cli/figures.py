"""``figures``: the dashboard's figures without a browser, as JSON or CSV."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace

from lib.cli.common import Commands, add_data, month, month_of, open_data
from lib.core.baseline import against_baseline
from lib.core.figures import Figures, Selection, to_json
from lib.files import csv_tables
from lib.intake import sound


def add_parser(commands: Commands) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser("figures", help="按月输出完成率、序时进度和状态")
    add_data(parser)
    parser.add_argument("--month", type=month, help="月份，如 2018-09（默认最近填报月）")
    parser.add_argument(
        "--by",
        choices=["overall", "category", "unit", "month", "task", "indicator"],
        default="overall",
        help="汇总方式",
    )
    parser.add_argument("--format", choices=["json", "csv"], default="json", help="输出格式")
    parser.add_argument("--with-narrative", action="store_true", help="含正文承诺")
    parser.add_argument("--baseline", action="store_true", help="按最初下达的计划（基准）计算")
    parser.add_argument("--verified-only", action="store_true", help="不含待核实的")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the figures and return 0; raise `DataError` for broken data."""
    data = sound(open_data(options))
    if options.baseline:
        data = against_baseline(data)
    data = replace(data, verified_only=options.verified_only)
    as_of = month_of(options, data, data.latest_month)
    selection = Selection(as_of, with_narrative=options.with_narrative)
    rows = Figures(data, selection).rows(options.by)
    if options.format == "json":
        print(to_json(rows))
        return 0
    lists = [name for name in ("units", "flags") if name in rows]
    rows = rows.assign(**{name: rows[name].map("、".join) for name in lists})
    sys.stdout.buffer.write(csv_tables.to_csv(csv_tables.neutralise(rows)))
    return 0
