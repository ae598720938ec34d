"""``form`` and ``template``: the upper office's forms and the 通报's letterhead, without a browser."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict, fields
from pathlib import Path

import pandas as pd

from lib.cli.common import (
    Commands,
    UsageError,
    add_command,
    add_data,
    month,
    month_of,
    open_data,
    read_file,
    show,
    show_list,
    write_file,
)
from lib.core.dataset import Dataset
from lib.core.figures import Figures, Selection
from lib.core.problems import DataError, Problem
from lib.files import csv_tables
from lib.intake import sound, submission_record
from lib.report import briefing_template, collect, upper_form
from lib.report.briefing import briefing_fields
from lib.report.upper_form import Form, Pointer, What
from lib.report.upper_form_guess import guessed
from lib.store import Store

_HEADERS = {
    "sheet": "工作表",
    "cell": "单元格",
    "what": "内容",
    "task_id": "任务编号",
    "indicator": "指标",
    "category": "类型",
    "unit": "责任单位",
    "monthly": "期间",
}
"""Of the table that says what a form's cells show."""
_PERIODS = ("累计", "本月")
"""What a cell counts, by whether it is of the month alone."""


def add_parser(commands: Commands) -> None:
    """Add the commands and their parts."""
    form = commands.add_parser("form", help="上级表格：保存空表和每格填什么，按月填好")
    parts = form.add_subparsers(dest="part", required=True, metavar="操作")
    parser = add_command(parts, "set", run_set, "保存一张空表（同名的替换）")
    parser.add_argument("file", type=Path, metavar="XLSX", help="上级的空表")
    parser.add_argument(
        "--cells",
        type=Path,
        metavar="CSV",
        help=f"每格填什么：{'、'.join(_HEADERS.values())}（默认按表头和任务名称判断）",
    )
    parser.add_argument("--user", required=True, help="操作人")
    parser = add_command(parts, "cells", run_cells, "列出一张表每格填什么，可改后用于 --cells")
    parser.add_argument("name", help="表名")
    parser.add_argument("out", type=Path, metavar="CSV", help="写到哪个文件")
    add_command(parts, "list", run_list, "列出保存的表")
    parser = parts.add_parser("fill", help="按月填好一张表")
    parser.add_argument("name", help="表名")
    parser.add_argument("out", type=Path, metavar="XLSX", help="写到哪个文件")
    parser.add_argument("--month", type=month, help="月份，如 2018-09（默认最近填报月）")
    add_data(parser)
    parser.set_defaults(run=run_fill)
    parser = add_command(parts, "remove", run_remove, "不再使用一张表")
    parser.add_argument("name", help="表名")
    parser.add_argument("--user", required=True, help="操作人")

    template = commands.add_parser("template", help="通报用本单位的红头模板")
    parts = template.add_subparsers(dest="part", required=True, metavar="操作")
    parser = add_command(parts, "set", run_template, "保存模板，以后的通报都用它")
    parser.add_argument("file", type=Path, metavar="DOCX", help="本单位的模板")
    parser.add_argument("--user", required=True, help="操作人")
    parser = add_command(parts, "remove", run_no_template, "改回通用模板")
    parser.add_argument("--user", required=True, help="操作人")


def _form(store: Store, name: str) -> Form:
    forms = {form.name: form for form in upper_form.load(store)}
    if name not in forms:
        raise UsageError(f"没有上级表格「{name}」（{'、'.join(forms) or '还没有保存'}）")
    return forms[name]


def run_set(options: argparse.Namespace) -> int:
    """Keep a form with what its cells show; 1 if the table of cells has faults."""
    store = open_data(options)
    data = sound(store)
    form = Form(options.file.name, read_file(options.file))
    form = guessed(form, data) if options.cells is None else _pointed(form, options.cells, data)
    submission = store.submit(upper_form.save(form, options.user))
    lines = [f"已保存为第{submission.revision}号：填{len(form.cells)}格"]
    if form.unmapped:
        lines.append(f"没有指明内容的有{len(form.unmapped)}格：{'、'.join(form.unmapped)}")
    lines += [f"{part}在填好的文件里不会有" for part in upper_form.lost(form)]
    record = submission_record(submission)
    show(options, record | {"unmapped": form.unmapped}, "\n".join(lines))
    return 0


def _pointed(form: Form, file: Path, data: Dataset) -> Form:
    """Return the form pointed at what a table says; raise `DataError` naming each row at fault."""
    text = csv_tables.decode(read_file(file), file.name)
    table = csv_tables.unescape(csv_tables.parse_csv(text, file.name))
    missing = [header for header in _HEADERS.values() if header not in table]
    if missing:
        what, expected = f"没有「{'、'.join(missing)}」列", "、".join(_HEADERS.values())
        raise DataError([Problem(file.name, 1, "", "", what, expected)])
    problems = []
    for number, row in zip(table.index, table.to_dict("records"), strict=True):
        cell = {field: str(row[header]).strip() for field, header in _HEADERS.items()}
        for field, known in (
            ("what", list(What)),
            ("task_id", ["", *map(str, data.tasks.index)]),
            ("category", ["", *data.categories]),
            ("unit", ["", *data.units]),
            ("monthly", ["", *_PERIODS]),
        ):
            if cell[field] not in known:
                expected = "、".join(filter(None, known))
                header = _HEADERS[field]
                problems.append(
                    Problem(file.name, int(number), header, cell[field], "没有这一项", expected)
                )
                break
        else:
            rest = {field.name: cell[field.name] for field in fields(Pointer)}
            pointer = Pointer(
                **rest | {"what": What(cell["what"]), "monthly": cell["monthly"] == _PERIODS[True]}  # type: ignore[arg-type]
            )
            form = form.pointed((cell["sheet"], cell["cell"]), pointer)
    if problems:
        raise DataError(problems)
    return form


def run_cells(options: argparse.Namespace) -> int:
    """Write what a form's cells show as a table."""
    form = _form(open_data(options), options.name)
    rows = [
        {**asdict(pointer), "sheet": sheet, "cell": cell, "monthly": _PERIODS[pointer.monthly]}
        for (sheet, cell), pointer in form.cells.items()
    ]
    table = pd.DataFrame(rows, columns=list(_HEADERS), dtype="str").rename(columns=_HEADERS)
    write_file(options.out, csv_tables.to_csv(csv_tables.escape(table)))
    show(options, {"cells": len(rows)}, f"已写入 {options.out}（{len(rows)}格）")
    return 0


def run_list(options: argparse.Namespace) -> int:
    """Print the forms that are kept."""
    forms = upper_form.load(open_data(options))
    records = [
        {"name": form.name, "cells": len(form.cells), "unmapped": form.unmapped} for form in forms
    ]
    lines = [f"{form.name}　填{len(form.cells)}格　空{len(form.unmapped)}格" for form in forms]
    show_list(options, records, lines, "还没有上级表格")
    return 0


def run_fill(options: argparse.Namespace) -> int:
    """Write a form filled with a month's figures, and say which cells stayed empty."""
    store = open_data(options)
    form, data = _form(store, options.name), sound(store)
    as_of = month_of(options, data, data.latest_month)
    done = upper_form.filled(form, collect(store, Figures(data, Selection(as_of))))
    write_file(options.out, done.content)
    print(f"已写入 {options.out}（填{len(form.cells) - len(done.empty)}格）", file=sys.stderr)
    for words, cells in (("没有数字", done.empty), ("没有指明内容", form.unmapped)):
        if cells:
            print(f"{words}、留空的有{len(cells)}格：{'、'.join(cells)}", file=sys.stderr)
    return 0


def run_remove(options: argparse.Namespace) -> int:
    """Offer a form no longer."""
    store = open_data(options)
    submission = store.submit(upper_form.remove(_form(store, options.name), options.user))
    show(options, submission_record(submission), f"{options.name} 已不再使用")
    return 0


def run_template(options: argparse.Namespace) -> int:
    """Keep the office's own template of the 通报."""
    store = open_data(options)
    data = sound(store)
    fields = briefing_fields(collect(store, Figures(data, Selection(data.latest_month))))
    template = briefing_template.Template(options.file.name, read_file(options.file))
    submission = store.submit(briefing_template.save(template, fields, options.user))
    show(
        options, submission_record(submission), f"已保存为第{submission.revision}号，以后的通报用它"
    )
    return 0


def run_no_template(options: argparse.Namespace) -> int:
    """Write the 通报 by our template again."""
    submission = open_data(options).submit(briefing_template.remove(options.user))
    show(options, submission_record(submission), "通报改回通用模板")
    return 0
