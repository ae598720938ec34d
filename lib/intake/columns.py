"""Which column of a file is which field, and what is filled in where no field is."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd
from openpyxl.utils import get_column_letter

from lib.core import wording
from lib.intake import headers
from lib.intake.findings import Finding, Severity
from lib.intake.headers import ENTRY_FIELDS, H
from lib.intake.sheets import Sheet

_TEMPLATE = ["task_id", "month", "unit", "indicator", *ENTRY_FIELDS]
"""The fields in the order of the template."""


@dataclass(eq=False)
class Columns:
    """``fields``: header of the file by field; ``doubles``: further columns of the same header;
    ``unread``: columns with something in them that is not read. ``findings`` tell of them.
    """

    fields: dict[str, str] = field(default_factory=dict)
    doubles: dict[str, list[str]] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def match(sheet: Sheet) -> Columns:
    """Return the file's columns by field: headers as they should be first, then other spellings.

    A filled column that is not read is a warning to be confirmed, with the header it may be.
    """
    columns = Columns()
    others = []
    for header in sheet.cells.columns:
        name = headers.FIELDS.get(headers.simple(header.partition("#")[0]))
        if name is None:
            others.append(header)
        elif name not in columns.fields:
            columns.fields[name] = header
        else:
            columns.doubles.setdefault(name, []).append(header)
    for name, doubles in columns.doubles.items():
        _tell_doubles(columns, sheet, name, doubles)
    for header in others:
        if headers.is_reference(header.partition("#")[0]):
            continue
        name = headers.spelled(header)
        if name is not None and name not in columns.fields:
            columns.fields[name] = header
            reading = f"「{header}」按「{H[name]}」读"
            columns.findings.append(
                Finding(sheet.header_row, "", header, reading, "", Severity.NOTE)
            )
        else:
            _tell_unread(columns, sheet, header)
    return columns


def _filled(sheet: Sheet, header: str) -> pd.Series[str]:
    cells = sheet.cells[header].str.strip()
    return cells[cells != ""]


def _place(sheet: Sheet, header: str) -> str:
    number = sheet.cells.columns.get_loc(header) + 1
    return f"第{number}列（{get_column_letter(number)}列）"


def _tell_doubles(columns: Columns, sheet: Sheet, name: str, doubles: list[str]) -> None:
    filled = [header for header in doubles if len(_filled(sheet, header))]
    if not filled:
        return
    headings = [columns.fields[name], *filled]
    places = "、".join(_place(sheet, header) for header in headings)
    problem = f"「{H[name]}」有{len(headings)}列，重复：{places}"
    fix = f"只留一列「{H[name]}」；同一行只有一列填了的，读填了的那一列"
    columns.findings.append(
        Finding(sheet.header_row, "", H[name], problem, fix, Severity.WARNING, needs_consent=True)
    )


def _tell_unread(columns: Columns, sheet: Sheet, header: str) -> None:
    filled = _filled(sheet, header)
    name = header.partition("#")[0]
    if filled.empty:
        if name:
            problem = "多余的列，没有填写，已忽略"
            note = Finding(sheet.header_row, "", header, problem, "", Severity.NOTE)
            columns.findings.append(note)
        return
    columns.unread.append(header)
    example = f"第{filled.index[0]}行「{wording.clip(filled.iloc[0], 20)}」"
    place = _place(sheet, header)
    if name:
        near = headers.nearest(name, ENTRY_FIELDS)
        problem = f"{place}不是填报表的列，填了{len(filled)}格没有读：{example}"
    else:
        near = _between(columns, sheet, header)
        problem = f"{place}的表头空着，填了{len(filled)}格没有读：{example}"
    fix = f"是不是「{H[near]}」？是就把表头改成「{H[near]}」" if near else "不需要的列请删去"
    if near == "quantity" and "累计" in name:
        fix = f"「{H[near]}」填本月新增的：用累计减去{headers.SO_FAR}，写在「{H[near]}」一列"
    if near and near in columns.fields:
        fix += f"；表中已有「{H[near]}」一列，两列要合并"
    columns.findings.append(
        Finding(sheet.header_row, "", header, problem, fix, Severity.WARNING, needs_consent=True)
    )


def _between(columns: Columns, sheet: Sheet, header: str) -> str | None:
    """Return the missing field that stands between the column's neighbours in the template."""
    order = list(sheet.cells.columns)
    fields = {heading: name for name, heading in columns.fields.items()}
    before = [fields[name] for name in order[: order.index(header)] if name in fields]
    missing = [name for name in ENTRY_FIELDS if name not in columns.fields]
    last = max((_TEMPLATE.index(name) for name in before if name in _TEMPLATE), default=-1)
    after = [name for name in missing if _TEMPLATE.index(name) > last]
    return next(iter(after or missing), None)
