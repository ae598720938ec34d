"""Every fault of a report at once, by cell.

What makes a report right is the dataset's own rule (`lib.core.dataset.Dataset.rule_problems`).
`lib.intake.columns` tells which column is which, `lib.intake.rows` reads what people write,
`lib.intake.suggestions` offers what was meant, and `lib.intake.oddities` asks about what is right
and still odd.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from functools import cache

import pandas as pd

from lib.core import months, wording
from lib.core import texts as core_texts
from lib.core.dataset import Dataset
from lib.core.problems import DataError
from lib.files import csv_tables
from lib.intake import columns as columns_of
from lib.intake import headers
from lib.intake.cells import identifier
from lib.intake.columns import Columns
from lib.intake.findings import Checked, Finding, Severity
from lib.intake.headers import ENTRY_FIELDS, H, P
from lib.intake.oddities import oddities, parts_over_their_whole
from lib.intake.reader import read_sheets
from lib.intake.rows import Rows
from lib.intake.sheets import Sheet
from lib.intake.which_sheet import choose

_MONTH_IN_TITLE = re.compile(r"(?:(\d{4})年)?(?<!\d)(\d{1,2})月(?!\d)")
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
    ``month`` (ordinal) is the reporting month: later ones are errors (default: the plan's last),
    earlier ones are to be confirmed. Of a workbook with several reports the one of unit and month
    is read, the others are told.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    try:
        sheets = read_sheets(content, file)
    except DataError as error:
        return refused(error, file, sha256)
    sheet, others = choose(sheets, dataset, unit, month)
    return check_rows(
        sheet, dataset, file=file, sha256=sha256, unit=unit, month=month, findings=others
    )


def refused(error: DataError, file: str, sha256: str) -> Checked:
    """Return a file that cannot be read, with what it is instead."""
    findings = [
        Finding(each.row, each.column, each.value, each.message, f"请上传{each.expected}")
        for each in error.problems
    ]
    return Checked.refused(file, sha256, findings)


def check_rows(
    sheet: Sheet,
    dataset: Dataset,
    *,
    file: str = "在线填写",
    sha256: str = "",
    unit: str | None = None,
    month: int | None = None,
    findings: Sequence[Finding] = (),
) -> Checked:
    """Return the rows and findings of a table of cells (see `check`), behind those given."""
    columns = columns_of.match(sheet)
    findings = [*findings, *columns.findings, *_of_reading(sheet)]
    if missing := _missing(sheet, columns.fields, unit, month):
        return Checked.refused(file, sha256, [*missing, *findings], sheet)
    texts = _texts(sheet, columns)
    conflicts = _read_doubles(sheet, columns, texts)
    texts, emptied = _without_none_words(texts)
    if "month" not in columns.fields and month is not None:
        texts["month"] = months.text(month)
        findings.append(_without_month(sheet, month))
    filled = (texts[[*ENTRY_FIELDS]] != "").any(axis=1)
    unread = (sheet.cells[columns.unread] != "").any(axis=1)
    if not filled.any():
        nothing = "填了的列都没有读，请先改表头" if unread.any() else "没有填写任何一行"
        empty = Finding(0, "", "", nothing, f"填写{_NUMBERS}")
        return Checked.refused(file, sha256, [empty, *findings], sheet)
    findings += _not_filled(texts[~filled & ~unread], dataset)
    findings += _hidden(sheet, filled)
    contents = _contents(sheet)
    rows = Rows(texts[filled], dataset, unit, month, contents)
    findings += rows.findings
    findings += [finding for finding in conflicts if filled[finding.row]]
    findings += _overlong(sheet, [row for row in sheet.overlong if filled.get(row, False)])
    findings += parts_over_their_whole(
        rows.typed[~rows.typed.index.isin(_wrong(findings))], rows.texts, dataset
    )
    wrong = _wrong(findings)
    good = rows.typed[~rows.typed.index.isin(wrong)]
    findings += oddities(good, rows.texts, dataset)
    order = {header: position for position, header in enumerate(H.values())}
    findings.sort(key=lambda each: (each.row, order.get(each.column, -1), each.severity))
    return Checked(
        file,
        sha256,
        (*rows.first_of_all, *findings),
        good,
        wrong,
        frozenset(columns.fields),
        sheet,
        emptied,
    )


def _wrong(findings: Sequence[Finding]) -> frozenset[int]:
    return frozenset(finding.row for finding in findings if finding.severity == Severity.ERROR)


def _texts(sheet: Sheet, columns: Columns) -> pd.DataFrame:
    """Return the cells by field, trimmed; empty where the file has no such column."""
    cells = sheet.cells
    texts = {name: cells[columns.fields[name]] if name in columns.fields else "" for name in H}
    frame = core_texts.cleaned(pd.DataFrame(texts, index=cells.index, dtype="str"))
    return csv_tables.unescape(frame.apply(lambda column: column.str.strip()))


def _read_doubles(sheet: Sheet, columns: Columns, texts: pd.DataFrame) -> list[Finding]:
    """Fill empty cells from further columns of the same header; return where both are filled."""
    conflicts = []
    for name, doubles in columns.doubles.items():
        for header in doubles:
            others = sheet.cells[header].str.strip()
            clash = (texts[name] != "") & (others != "") & (texts[name] != others)
            conflicts += [
                Finding(
                    int(row),
                    H[name],
                    f"{texts.at[row, name]}、{others[row]}",
                    f"两列「{H[name]}」填得不一样，不知道算哪一个",
                    "只留一列",
                )
                for row in texts.index[clash]
            ]
            texts[name] = texts[name].where(texts[name] != "", others)
    return conflicts


def _without_none_words(texts: pd.DataFrame) -> tuple[pd.DataFrame, frozenset[tuple[int, str]]]:
    """Return the texts with ``/``, ``—`` and 无 emptied, and which cells were."""
    emptied: set[tuple[int, str]] = set()
    for name in (*ENTRY_FIELDS, "indicator"):
        says = texts[name].isin(list(filter(core_texts.says_nothing, texts[name].unique())))
        emptied |= {(int(row), name) for row in texts.index[says]}
        texts[name] = texts[name].where(~says, "")
    return texts, frozenset(emptied)


def _contents(sheet: Sheet) -> pd.Series[str] | None:
    """Return what the rows say of their task, if the file has such a column."""
    column = next((name for name in sheet.cells if headers.is_content(str(name))), None)
    return None if column is None else sheet.cells[column]


def _note(row: int, column: str, problem: str) -> Finding:
    return Finding(row, column, "", problem, "", Severity.NOTE)


def _of_reading(sheet: Sheet) -> list[Finding]:
    """Return what reading left out of a table, or mended."""
    notes = []
    for kind in dict.fromkeys(sheet.no_report.values()):
        rows = [row for row, is_kind in sheet.no_report.items() if is_kind == kind]
        notes.append(_note(0, "", f"{wording.rows(rows)}是{kind}，不是填报，不计入"))
    if sheet.cleaned:
        rows_with = wording.rows(sheet.cleaned)
        notes.append(_note(0, "", f"{rows_with}有看不见的控制字符，已去掉或换成换行"))
    return notes


def _not_filled(texts: pd.DataFrame, dataset: Dataset) -> list[Finding]:
    """Return what to say of rows without an entry: the plan's own are only not filled in.

    Others with several texts may be another table, or a report under a number that is none.
    """
    several = (texts != "").sum(axis=1) > 1
    known = texts["task_id"].map(cache(identifier)).isin(dataset.tasks.index)
    other = texts[several & ~known]
    findings = []
    if blank := len(texts) - len(other):
        findings.append(_note(0, "", f"{blank}行没有填写，不计入"))
    if len(other):
        example = wording.clip("、".join(filter(None, other.iloc[-1])), 40)
        problem = f"{wording.rows(list(other.index))}不是计划中的任务，也没有填数字或说明，没有读：如「{example}」"
        fix = f"要报的写上「{H['task_id']}」和{_NUMBERS}；不需要的请删去"
        findings.append(Finding(0, "", "", problem, fix, Severity.WARNING, needs_consent=True))
    return findings


def _hidden(sheet: Sheet, filled: pd.Series[bool]) -> list[Finding]:
    """Return that rows are read that a workbook does not show: an older month's, another filter's."""
    hidden = [row for row in filled.index[filled] if row in sheet.hidden_rows]
    if not hidden:
        return []
    problem = f"{wording.rows(hidden)}在文件里是隐藏的（或被筛选掉了），也读了"
    fix = "要一起报的，确认后提交；不要的，取消隐藏后删去"
    return [Finding(0, "", "", problem, fix, Severity.WARNING, needs_consent=True)]


def _overlong(sheet: Sheet, rows: Sequence[int]) -> list[Finding]:
    """Return what stands right of the headers: in a CSV an unquoted comma has moved the cells."""
    if sheet.kind == "csv":
        fix = "说明里的英文逗号改成中文逗号，或把这一格用英文引号括起来"
        return [Finding(row, "", sheet.overlong[row], "比表头多出内容", fix) for row in rows]
    return [
        Finding(
            row,
            "",
            sheet.overlong[row],
            "表格右边、表头以外的文字没有读",
            f"要报的写进「{H['note']}」等列；不需要的删去",
            Severity.WARNING,
            needs_consent=True,
        )
        for row in rows
    ]


def _without_month(sheet: Sheet, month: int) -> Finding:
    """Return that a file without a column of months is taken for the chosen month; its title may
    name another one."""
    text = f"文件没有「{H['month']}」一列，按{months.text(month)}"
    year, number = months.year_of(month), months.number_of(month)
    seen = _MONTH_IN_TITLE.search(sheet.above)
    if seen is None or (int(seen[2]) == number and seen[1] in (None, str(year))):
        return _note(0, H["month"], text)
    fix = f"核对月份：是{seen[0]}的请选那个月，是{months.text(month)}的请确认"
    problem = f"{text}，但表头上方写的是{seen[0]}"
    return Finding(0, H["month"], seen[0], problem, fix, Severity.WARNING, needs_consent=True)


def _missing(
    sheet: Sheet, fields: Mapping[str, str], unit: str | None, month: int | None
) -> list[Finding]:
    """Return why a table is no report: it is a plan, has no header, or lacks columns."""
    top = sheet.header_row
    simple = {headers.simple(header) for header in sheet.cells.columns}
    if {P["content"], P["window_text"]} <= simple and not set(ENTRY_FIELDS) & set(fields):
        return [Finding(0, "", "", "这是计划表，不是填报表", "请下载本单位的填报模板，填好后上传")]
    if not fields:
        first = "、".join(header for header in list(sheet.cells.columns)[:5] if header)
        fix = f"第1行是表头，有「{H['task_id']}」「{H['month']}」等列；可下载填报模板"
        return [Finding(top, "", wording.clip(first, 60), "不是填报表：找不到表头", fix)]
    required = [*headers.REQUIRED]
    required += ["month"] if month is None else []
    required += ["unit"] if unit is None else []
    missing = [
        Finding(top, H[name], "", "缺少这一列", f"在表头中加上「{H[name]}」")
        for name in required
        if name not in fields
    ]
    if "quantity" not in fields and "cumulative_percent" not in fields:
        fix = f"加上{_NUMBERS}列"
        missing.append(Finding(top, H["quantity"], "", "没有可填数字的列", fix))
    return missing
