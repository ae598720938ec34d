"""Which sheet of a workbook is the report, and what to say of the others that look like one."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from lib.core.dataset import Dataset
from lib.intake import cells, columns
from lib.intake.findings import Finding, Severity
from lib.intake.headers import ENTRY_FIELDS
from lib.intake.sheets import Sheet


def choose(
    sheets: Sequence[Sheet], dataset: Dataset, unit: str | None, month: int | None
) -> tuple[Sheet, list[Finding]]:
    """Return the sheet with the most rows of ``unit`` and ``month`` (ordinal), the first of equals.

    Hidden sheets are never read. Every other sheet with a report in it is told: as a warning to be
    confirmed if it has rows of unit and month as well, else as a note. Without any report the first
    with a known header is returned.
    """
    visible = [sheet for sheet in sheets if not sheet.is_hidden]
    rows = [_own_rows(sheet, dataset, unit, month) for sheet in visible]
    reports = [n for n, own in enumerate(rows) if own is not None]
    if reports:
        best = visible[max(reports, key=lambda n: (rows[n] or 0, -n))]
    else:
        best = next((sheet for sheet in visible if columns.match(sheet).fields), visible[0])
    others = [sheet for sheet in sheets if sheet is not best]
    return best, tell_unread(others, best, dataset, unit, month)


def tell_unread(
    others: Sequence[Sheet], read: Sheet, dataset: Dataset, unit: str | None, month: int | None
) -> list[Finding]:
    """Return what to say of sheets that are not read: of those with a report in them."""
    findings = []
    for sheet in others:
        own = _own_rows(sheet, dataset, unit, month)
        if own is None:
            continue
        name = f"{'隐藏的' if sheet.is_hidden else ''}工作表「{sheet.title}」"
        problem = f"{name}也有填报内容，没有读；读的是「{read.title}」"
        fix = "要报的放在同一张表里，或分开上传" if own else "不是所选单位、月份的，不用处理"
        severity = Severity.WARNING if own else Severity.NOTE
        findings.append(Finding(0, "", "", problem, fix, severity, needs_consent=bool(own)))
    return findings


def _own_rows(sheet: Sheet, dataset: Dataset, unit: str | None, month: int | None) -> int | None:
    """Return how many filled rows are of unit and month; ``None`` if nothing is reported here."""
    fields = columns.match(sheet).fields
    entries = [fields[name] for name in ENTRY_FIELDS if name in fields]
    if "task_id" not in fields or not entries:
        return None
    own = (sheet.cells[entries].apply(lambda column: column.str.strip()) != "").any(axis=1)
    if not own.any():
        return None
    if month is not None and "month" in fields:
        year = dataset.settings.year
        read = {
            text: cells.read_month(text, year) for text in sheet.cells[fields["month"]].unique()
        }
        own &= sheet.cells[fields["month"]].map(read) == month
    if unit is not None and "unit" in fields:
        names = sheet.cells[fields["unit"]].str.strip()
        own &= (names == "") | (dataset.canonical(pd.Series(names, dtype="str")) == unit)
    return int(own.sum())
