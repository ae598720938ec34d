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

    Every other sheet with a report in it is told: as a warning to be confirmed if it has rows of
    unit and month as well, else as a note. Without any report the first with a known header is
    returned.
    """
    rows = [_own_rows(sheet, dataset, unit, month) for sheet in sheets]
    reports = [n for n, own in enumerate(rows) if own is not None]
    if not reports:
        known = (sheet for sheet in sheets if columns.match(sheet).fields)
        return next(known, sheets[0]), []
    best = max(reports, key=lambda n: (rows[n] or 0, -n))
    findings = []
    for n in reports:
        if n == best:
            continue
        asks = bool(rows[n])
        problem = f"工作表「{sheets[n].title}」也有填报内容，没有读；读的是「{sheets[best].title}」"
        fix = "要报的放在同一张表里，或分开上传" if asks else "不是所选单位、月份的，不用处理"
        severity = Severity.WARNING if asks else Severity.NOTE
        findings.append(Finding(0, "", "", problem, fix, severity, needs_consent=asks))
    return sheets[best], findings


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
