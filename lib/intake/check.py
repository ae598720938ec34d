"""Every fault of a report at once, by cell.

What makes a report right is the dataset's own rule (`lib.core.dataset.Dataset.rule_problems`).
`lib.intake.rows` reads what people write, `lib.intake.suggestions` offers what was meant, and
`lib.intake.oddities` asks about what is right and still odd.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import pandas as pd

from lib.core import wording
from lib.core.dataset import Dataset
from lib.core.problems import DataError
from lib.files import csv_tables
from lib.intake import headers
from lib.intake.findings import Checked, Finding, Severity
from lib.intake.headers import ENTRY_FIELDS, H, P
from lib.intake.oddities import oddities
from lib.intake.reader import Sheet, read_sheet
from lib.intake.rows import Rows

_NUMBERS = f"「{H['quantity']}」或「{H['cumulative_percent']}」"


def check(
    content: bytes,
    file: str,
    dataset: Dataset,
    *,
    unit: str | None = None,
    month: int | None = None,
) -> Checked:
    """Return a file's rows and findings; a file that is no report gives a single finding.

    ``unit`` is who reports: rows of another unit are errors, rows without one are its own.
    ``month`` (ordinal) is the reporting month: later ones are errors (default: the plan's last).
    """
    sha256 = hashlib.sha256(content).hexdigest()
    try:
        sheet = read_sheet(content, file)
    except DataError as error:
        findings = [
            Finding(each.row, each.column, each.value, each.message, f"请上传{each.expected}")
            for each in error.problems
        ]
        return Checked.refused(file, sha256, findings)
    return check_rows(sheet, dataset, file=file, sha256=sha256, unit=unit, month=month)


def check_rows(
    sheet: Sheet,
    dataset: Dataset,
    *,
    file: str = "在线填写",
    sha256: str = "",
    unit: str | None = None,
    month: int | None = None,
) -> Checked:
    """Return the rows and findings of a table of cells (see `check`)."""
    columns, findings = _columns(sheet)
    if missing := _missing(sheet, columns, unit):
        return Checked.refused(file, sha256, missing, sheet)
    texts = _texts(sheet, columns)
    filled = (texts[[*ENTRY_FIELDS]] != "").any(axis=1)
    if not filled.any():
        empty = Finding(0, "", "", "没有填写任何一行", f"填写{_NUMBERS}")
        return Checked.refused(file, sha256, [empty], sheet)
    if not filled.all():
        findings.append(_note(0, "", f"{int((~filled).sum())}行没有填写，不计入"))
    rows = Rows(texts[filled], dataset, unit, month)
    findings += rows.findings
    findings += [
        Finding(row, "", text, "比表头多出内容", "删去表头以外的内容")
        for row, text in sheet.overlong.items()
        if row in rows.typed.index
    ]
    wrong = frozenset(finding.row for finding in findings if finding.severity == Severity.ERROR)
    good = rows.typed[~rows.typed.index.isin(wrong)]
    findings += oddities(good, rows.texts, dataset)
    order = {header: position for position, header in enumerate(H.values())}
    findings.sort(key=lambda each: (each.row, order.get(each.column, -1), each.severity))
    return Checked(file, sha256, tuple(findings), good, wrong, frozenset(columns), sheet)


def _texts(sheet: Sheet, columns: Mapping[str, str]) -> pd.DataFrame:
    """Return the cells by field, trimmed; empty where the file has no such column."""
    cells = sheet.cells
    texts = {name: cells[columns[name]] if name in columns else "" for name in H}
    frame = pd.DataFrame(texts, index=cells.index, dtype="str")
    return csv_tables.unescape(frame.apply(lambda column: column.str.strip()))


def _note(row: int, value: str, problem: str) -> Finding:
    return Finding(row, "", value, problem, "", Severity.NOTE)


def _columns(sheet: Sheet) -> tuple[dict[str, str], list[Finding]]:
    """Return the file's header by field, and what there is to say of the others."""
    columns: dict[str, str] = {}
    notes = []
    for header in sheet.cells.columns:
        field = headers.FIELDS.get(headers.simple(header))
        if field and field not in columns:
            columns[field] = header
        elif header and not headers.is_reference(header):
            notes.append(_note(sheet.header_row, header, "多余的列，已忽略"))
    return columns, notes


def _missing(sheet: Sheet, columns: Mapping[str, str], unit: str | None) -> list[Finding]:
    """Return why a table is no report: it is a plan, has no header, or lacks columns."""
    top = sheet.header_row
    simple = {headers.simple(header) for header in sheet.cells.columns}
    if {P["content"], P["window_text"]} <= simple and "month" not in columns:
        return [Finding(0, "", "", "这是计划表，不是填报表", "请下载本单位的填报模板，填好后上传")]
    if not columns:
        first = "、".join(header for header in list(sheet.cells.columns)[:5] if header)
        title = wording.wrap(first, 60, "")[:60]
        fix = f"第1行是表头，有「{H['task_id']}」「{H['month']}」等列；可下载填报模板"
        return [Finding(top, "", title, "不是填报表：找不到表头", fix)]
    required = headers.REQUIRED if unit else (*headers.REQUIRED, "unit")
    missing = [
        Finding(top, H[name], "", "缺少这一列", f"在表头中加上「{H[name]}」")
        for name in required
        if name not in columns
    ]
    if "quantity" not in columns and "cumulative_percent" not in columns:
        fix = f"加上{_NUMBERS}列"
        missing.append(Finding(top, H["quantity"], "", "没有可填数字的列", fix))
    return missing
