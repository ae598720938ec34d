"""``export``: the meeting's papers without a browser: .pptx, .docx, .xlsx, .pdf, .html."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

from lib.cli.common import Commands, UsageError, add_data, month, month_of, open_data, write_file
from lib.core.figures import Figures, Selection
from lib.core.problems import DataError
from lib.files.csv_tables import read_bytes
from lib.report import briefing_template, collect
from lib.report.briefing_template import Template
from lib.report.deck_arrangement import load
from lib.report.editions import Edition, corrections, editions
from lib.report.export import AS_PDF, FORMATS, export, export_pdf, pages_pdf
from lib.report.pdf import PdfError
from lib.store import Store


def add_parser(commands: Commands) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser("export", help="生成汇报材料（PPT、Word、Excel、PDF、离线网页）")
    parser.add_argument("out", type=Path, metavar="OUT", help="写到哪个文件")
    parser.add_argument(
        "--format",
        choices=[*FORMATS, "pages"],
        required=True,
        help="格式（pages：各页PDF）",
    )
    parser.add_argument("--month", type=month, help="月份，如 2018-09（默认最近填报月）")
    add_data(parser)
    parser.add_argument("--category", help="只含这个类型")
    parser.add_argument("--unit", help="只含这个责任单位")
    parser.add_argument("--with-narrative", action="store_true", help="含正文承诺")
    parser.add_argument("--verified-only", action="store_true", help="不含待核实的")
    parser.add_argument("--edition", type=int, metavar="N", help="第N号定稿，按定稿时的数字")
    parser.add_argument("--date", type=_day, help="落款日期，如 2018-10-08（默认今天）")
    parser.add_argument(
        "--template",
        type=Path,
        metavar="DOCX",
        help="通报用这个模板（默认用保存的，没有则用通用模板）",
    )
    parser.add_argument("--pdf", action="store_true", help="转为PDF（要有 LibreOffice）")
    parser.set_defaults(run=run)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"「{text}」不是日期，应写成 2018-10-08") from error


def _edition(store: Store, number: int | None) -> Edition | None:
    if number is None:
        return None
    by_number = {edition.number: edition for edition in editions(store.submissions)}
    if number not in by_number:
        listed = "、".join(map(str, by_number)) or "还没有定稿"
        raise UsageError(f"--edition {number} 不是定稿的编号（{listed}）")
    return by_number[number]


def run(options: argparse.Namespace) -> int:
    """Write the paper and return 0; nothing is left behind where it could not be written whole."""
    store = open_data(options)
    edition = _edition(store, options.edition)
    verified = {"verified_only": options.verified_only}
    data = replace(
        store.dataset(revision=None if edition is None else edition.revision), **verified
    )
    if data.progress_problems:
        raise DataError(data.progress_problems)
    as_of = month_of(options, data, data.latest_month if edition is None else edition.month)
    for name, value, values in (
        ("--category", options.category, data.categories),
        ("--unit", options.unit, data.units),
    ):
        if value is not None and value not in values:
            raise UsageError(f"{name} {value} 不在计划中，应为：{'、'.join(values)}")
    selection = Selection(as_of, options.category, options.unit, options.with_narrative)
    figures = Figures(data, selection)
    if edition is None:
        material = collect(store, figures, made=options.date)
    else:
        now = Figures(replace(store.dataset(), **verified), selection)
        material = collect(
            store,
            figures,
            made=options.date,
            revision=edition.revision,
            edition=edition.describe(),
            corrections=corrections(figures, now, store, edition.revision),
        )
    template = briefing_template.load(store)
    if options.template is not None:
        template = Template(options.template.name, read_bytes(options.template))
    arrangement = load(store.submissions, as_of)
    if options.pdf and options.format not in AS_PDF:
        raise UsageError(f"--pdf 用于 --format {'、'.join(AS_PDF)}；网页用浏览器打印")
    make = export_pdf if options.pdf else export
    try:
        if options.format == "pages":
            content = pages_pdf(material)
        else:
            content = make(material, options.format, arrangement, template=template)
    except PdfError as error:
        raise UsageError(str(error)) from error
    write_file(options.out, content)
    print(f"已写入 {options.out}（{len(content) / 1024:,.0f} KB）", file=sys.stderr)
    return 0
