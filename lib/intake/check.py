"""Every fault of a report at once, by cell: 行, 列, 您填写的, 问题, 如何改.

What makes a report right is the dataset's own rule (`lib.core.dataset.Dataset.rule_problems`); this
module adds how to read what people write, what to suggest, and what is merely odd.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import pandas as pd
from rapidfuzz import fuzz, process
from rapidfuzz.distance import JaroWinkler

from lib.core import months, schema, wording
from lib.core.dataset import Dataset
from lib.core.problems import DataError
from lib.files import csv_tables
from lib.intake import cells, headers
from lib.intake.reader import Sheet, read_sheet

HEADERS = schema.PROGRESS.headers
_NAMES = schema.PROGRESS.fields
JUMP = 50.0
"""Percentage points in one month above which a report is asked about."""
FAR_OVER = 2.0
"""Times the target above which a total is asked about."""
NEAR = 55.0
"""Likeness (rapidfuzz, 0 to 100) from which a name is offered as what was meant."""
TABLE_COLUMNS = ["级别", "行", "列", "您填写的", "问题", "如何改"]


class Severity(StrEnum):
    """How much a finding weighs: an error keeps its row out, a warning asks, a note tells."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


SEVERITY_WORDS = {Severity.ERROR: "错误", Severity.WARNING: "提醒", Severity.NOTE: "说明"}


@dataclass(frozen=True)
class Finding:
    """One finding in one cell; ``row`` 0 is the file as a whole.

    ``needs_reason``: the row may be submitted only with a reason.
    """

    row: int
    column: str
    value: str
    problem: str
    fix: str
    severity: Severity = Severity.ERROR
    needs_reason: bool = False

    def __str__(self) -> str:
        place = f"第{self.row}行" if self.row else "整个文件"
        place += f"「{self.column}」" if self.column else ""
        seen = f"填写的是「{self.value}」，" if self.value else ""
        fix = f"；如何改：{self.fix}" if self.fix else ""
        return f"{SEVERITY_WORDS[self.severity]}　{place}：{seen}{self.problem}{fix}"


@dataclass(frozen=True, eq=False)
class Checked:
    """A checked file.

    ``rows``: the rows without errors, typed (`lib.core.schema.ProgressModel`), canonical units; the
    index is the row number in the file. ``given``: the fields that the file has a column for.
    ``wrong``: numbers of the rows with errors. ``sheet``: the cells as read, if it was a table.
    """

    file: str
    sha256: str
    findings: tuple[Finding, ...]
    rows: pd.DataFrame
    wrong: frozenset[int]
    given: frozenset[str]
    sheet: Sheet | None = None

    def of(self, severity: Severity) -> list[Finding]:
        """Return the findings of one severity."""
        return [finding for finding in self.findings if finding.severity == severity]

    @property
    def errors(self) -> list[Finding]:
        """The findings that keep rows, or the file, out."""
        return self.of(Severity.ERROR)

    @property
    def unusable(self) -> bool:
        """Whether nothing of the file can be submitted."""
        return not len(self.rows)

    @property
    def needs_reason(self) -> bool:
        """Whether a row without errors may be submitted only with a reason."""
        return any(finding.needs_reason for finding in self.findings)

    def table(self) -> pd.DataFrame:
        """Return the findings as a table for people, columns `TABLE_COLUMNS`."""
        return pd.DataFrame(
            [
                (
                    SEVERITY_WORDS[one.severity],
                    str(one.row or "—"),
                    one.column,
                    one.value,
                    one.problem,
                    one.fix,
                )
                for one in self.findings
            ],
            columns=TABLE_COLUMNS,
            dtype="str",
        )

    def summary(self) -> str:
        """Return the outcome in one sentence."""
        errors, warnings = len(self.errors), len(self.of(Severity.WARNING))
        good = f"{len(self.rows)}行可以提交"
        if not errors:
            return f"没有错误，{good}" + (f"，有{warnings}处提醒请核对" if warnings else "")
        if self.unusable:
            return f"有{errors}处错误，没有可以提交的行"
        return f"有{errors}处错误（{len(self.wrong)}行），{good}"


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
        findings = tuple(
            Finding(one.row, one.column, one.value, one.message, f"请上传{one.expected}")
            for one in error.problems
        )
        return Checked(file, sha256, findings, _none(), frozenset(), frozenset())
    return check_rows(sheet, dataset, file=file, sha256=sha256, unit=unit, month=month)


def _none() -> pd.DataFrame:
    return schema.PROGRESS.empty()


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
    columns, notes = _columns(sheet)
    missing = _missing(sheet, columns, unit)
    if missing:
        return Checked(file, sha256, tuple(missing), _none(), frozenset(), frozenset(), sheet)
    raw = csv_tables.unescape(
        pd.DataFrame(
            {name: sheet.cells[columns[name]] if name in columns else "" for name in HEADERS},
            index=sheet.cells.index,
            dtype="str",
        ).apply(lambda column: column.str.strip())
    )
    content = raw[
        ["quantity", "cumulative_percent", "note", "issues", "next_steps", "coordination"]
    ]
    filled = (content != "").any(axis=1)
    if not filled.any():
        empty = Finding(
            0,
            "",
            "",
            "没有填写任何一行",
            f"填写「{HEADERS['quantity']}」或「{HEADERS['cumulative_percent']}」",
        )
        return Checked(file, sha256, (empty,), _none(), frozenset(), frozenset(), sheet)
    if not filled.all():
        notes.append(_note(0, "", f"{int((~filled).sum())}行没有填写，不计入"))
    rows = _Rows(raw[filled], dataset, unit, month)
    findings = [*notes, *rows.findings]
    findings += [
        Finding(row, "", text, "比表头多出内容", "删去表头以外的内容")
        for row, text in sheet.overlong.items()
        if row in rows.typed.index
    ]
    wrong = frozenset(one.row for one in findings if one.severity == Severity.ERROR)
    good = rows.typed[~rows.typed.index.isin(wrong)]
    findings += [
        replace(one, value=str(rows.raw.at[one.row, _NAMES[one.column]]))
        for one in _oddities(good, dataset)
    ]
    order = {header: position for position, header in enumerate(HEADERS.values())}
    findings.sort(key=lambda one: (one.row, order.get(one.column, -1), one.severity))
    return Checked(file, sha256, tuple(findings), good, wrong, frozenset(columns), sheet)


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
    seen = {headers.simple(header) for header in sheet.cells.columns}
    if {"工作计划主要内容", "计划完成时间"} <= seen and "month" not in columns:
        return [Finding(0, "", "", "这是计划表，不是填报表", "请下载本单位的填报模板，填好后上传")]
    if not columns:
        first = "、".join(header for header in list(sheet.cells.columns)[:5] if header)
        return [
            Finding(
                sheet.header_row,
                "",
                wording.wrap(first, 60, "")[:60],
                "不是填报表：找不到表头",
                f"第1行是表头，有「{HEADERS['task_id']}」「{HEADERS['month']}」等列；可下载填报模板",
            )
        ]
    wanted = [*headers.REQUIRED] + ([] if unit else ["unit"])
    missing = [
        Finding(
            sheet.header_row, HEADERS[name], "", "缺少这一列", f"在表头中加上「{HEADERS[name]}」"
        )
        for name in wanted
        if name not in columns
    ]
    if "quantity" not in columns and "cumulative_percent" not in columns:
        names = f"「{HEADERS['quantity']}」或「{HEADERS['cumulative_percent']}」"
        missing.append(
            Finding(sheet.header_row, HEADERS["quantity"], "", "没有可填数字的列", f"加上{names}列")
        )
    return missing


class _Rows:
    """The filled rows: read cell by cell, then judged by the dataset's rules."""

    def __init__(
        self, raw: pd.DataFrame, dataset: Dataset, unit: str | None, month: int | None
    ) -> None:
        self.raw, self.dataset = raw, dataset
        self.findings: list[Finding] = []
        self._told: set[tuple[int, str]] = set()
        typed = raw.assign(
            task_id=raw["task_id"].map(_memo(cells.identifier)),
            month=self._months(month),
            unit=self._units(unit),
            indicator=raw["indicator"].map(_memo(cells.plain)),
        )
        self.typed = typed
        self._single_indicators()
        self.typed = self.typed.assign(
            quantity=self._numbers("quantity"),
            cumulative_percent=self._numbers("cumulative_percent"),
            reported_at=self._times(),
        ).astype({"month": "Int32", "reported_at": "datetime64[ns]"})
        self._rules(unit)
        self._repeats()

    def _tell(self, row: Any, name: str, problem: str, fix: str, **more: Any) -> None:
        if (row, name) in self._told:
            return
        self._told.add((row, name))
        seen = str(self.raw.at[row, name])
        self.findings.append(Finding(int(row), HEADERS[name], seen, problem, fix, **more))

    def _months(self, latest: int | None) -> pd.Series[int]:
        year, axis = self.dataset.settings.year, self.dataset.axis
        read = {text: cells.read_month(text, year) for text in self.raw["month"].unique()}
        values = self.raw["month"].map(read).astype("Int32")
        for row in self.raw.index[values.isna()]:
            seen = self.raw.at[row, "month"]
            self._tell(
                row,
                "month",
                "无法识别的月份" if seen else "没有填写月份",
                f"写成 {year}-04、{year}年4月 或 4月",
            )
        first, last = months.text(axis[0]), months.text(axis[-1])
        for row, month in values.dropna().items():
            if month not in axis:
                self._tell(row, "month", "不在计划年度之内", f"{first} 至 {last} 之间的月份")
            elif latest is not None and month > latest:
                self._tell(
                    row,
                    "month",
                    f"晚于填报月份{months.text(latest)}，还没有到",
                    f"不晚于 {months.text(latest)}；填报的就是更晚的月份时，改选填报月份",
                )
        return values

    def _units(self, unit: str | None) -> pd.Series[str]:
        written = self.raw["unit"]
        if unit:
            written = written.where(written != "", unit)
        values = self.dataset.canonical(written)
        for row, name in values.items():
            if not name:
                self._tell(row, "unit", "没有填写填报单位", "填写本单位的名称")
            elif unit and name != unit:
                self._tell(
                    row, "unit", f"不是本次填报的单位「{unit}」", f"填写{unit}，或改选填报单位"
                )
        return values

    def _times(self) -> pd.Series[Any]:
        return pd.to_datetime(
            self.raw["reported_at"], errors="coerce", format="mixed", yearfirst=True
        ).dt.tz_localize(None)

    def _single_indicators(self) -> None:
        """Give a quantity without an indicator that of a task which has only one."""
        targets = self.dataset.targets
        counts = targets.groupby("task_id")["indicator"].agg(["size", "first"])
        only = counts.loc[counts["size"] == 1, "first"]
        bare = (self.typed["indicator"] == "") & (self.raw["quantity"] != "")
        names = self.typed["task_id"].map(only)
        take = bare & names.notna()
        self.typed = self.typed.assign(indicator=self.typed["indicator"].where(~take, names))

    def _numbers(self, name: str) -> pd.Series[float]:
        texts = self.raw[name]
        read = {text: cells.read_number(text) for text in texts.unique() if text}
        targets = self.dataset.targets.set_index(["task_id", "indicator"])["measure"].to_dict()
        keys = zip(self.typed["task_id"], self.typed["indicator"], strict=True)
        values = {}
        for (row, text), key in zip(texts.items(), keys, strict=True):
            values[row] = self._number(row, name, text, read, targets.get(key, ""))
        return pd.Series(values, dtype="float64").reindex(self.raw.index)

    def _number(
        self,
        row: Any,
        name: str,
        text: str,
        read: Mapping[str, tuple[float, str] | None],
        measure: str,
    ) -> float:
        if not text:
            return float("nan")
        number = read[text]
        percent = name == "cumulative_percent"
        wanted = "0到100之间的数，如 50 或 50%" if percent else "0或正数，如 3"
        if number is None:
            self._tell(row, name, "不是数字", wanted)
            return float("nan")
        value, behind = number
        if percent and behind not in ("", "%"):
            self._tell(row, name, f"数字后面多了「{behind}」", wanted)
        elif not percent and behind and not cells.same_measure(behind, measure):
            problem = (
                f"单位「{behind}」与指标的计量单位「{measure}」不一致"
                if measure
                else f"数字后面多了「{behind}」"
            )
            self._tell(row, name, problem, f"按{measure}计的数，如 3" if measure else wanted)
        elif value < 0:
            self._tell(row, name, "不能是负数", wanted)
        elif percent and value > 100:
            self._tell(row, name, "超过100", wanted)
        elif percent and 0 < value < 1 and not behind:
            self._tell(
                row,
                name,
                f"按{value:g}%计入",
                f"如果是{value * 100:g}%，请写成 {value * 100:g}",
                severity=Severity.WARNING,
            )
        return value

    def _rules(self, unit: str | None) -> None:
        fields = schema.PROGRESS.fields
        for problem in self.dataset.rule_problems(self.typed):
            name = fields[problem.column]
            row = problem.row
            fix = self._suggestion(row, name, problem.expected)
            if (name == "indicator" and (row, "task_id") in self._told) or (
                name == "unit" and not self.typed.at[row, "unit"]
            ):
                continue
            self._tell(row, name, problem.message, fix)

    def _suggestion(self, row: int, name: str, expected: str) -> str:
        """Return how to put a name right: the nearest one there is."""
        task = str(self.typed.at[row, "task_id"])
        tasks = self.dataset.tasks
        if name == "task_id":
            near = _nearest_task(str(self.raw.at[row, name]), self.dataset)
            if near is None:
                return "填写计划表中的任务编号，如 " + str(tasks.index[0])
            title = wording.short_title(str(tasks.at[near, "content"]), 18)
            return f"是不是「{near}」（{title}）？"
        if name == "unit" and task in tasks.index:
            units = tasks.at[task, "units"]
            seen = str(self.raw.at[row, name])
            near = _nearest(seen, units)
            known = f"该任务的责任单位：{'、'.join(units)}"
            return f"是不是「{near}」？{known}" if near and near != seen else known
        if name == "indicator":
            targets = self.dataset.targets
            names = list(targets.loc[targets["task_id"] == task, "indicator"])
            if not names:
                return "定性任务不填指标，只填累计完成率"
            near = _nearest(str(self.raw.at[row, name]), names)
            known = f"该任务的指标：{'、'.join(names)}"
            return f"是不是「{near}」？{known}" if near else known
        return {"不填": "清空这一格"}.get(expected, f"填写{expected}")

    def _repeats(self) -> None:
        known = self.typed["month"].notna() & (self.typed["task_id"] != "")
        repeated = self.typed[known & self.typed.duplicated(schema.REPORT_KEY, keep=False)]
        for _, rows in repeated.groupby(schema.REPORT_KEY, sort=False):
            numbers = "、".join(str(row) for row in rows.index)
            for row in rows.index:
                self._tell(
                    row,
                    "task_id",
                    f"第{numbers}行重复：同一任务、月份、单位和指标",
                    "只保留一行",
                )


def _memo(function: Any) -> Any:
    cache: dict[str, str] = {}

    def look_up(text: str) -> str:
        if text not in cache:
            cache[text] = function(text)
        return cache[text]

    return look_up


def _nearest(seen: str, names: Iterable[str]) -> str | None:
    found = process.extractOne(
        cells.plain(seen), list(names), scorer=fuzz.WRatio, score_cutoff=NEAR
    )
    return None if found is None else str(found[0])


def _like(seen: str, name: str, **_: Any) -> float:
    """Return how alike two ids are, 0 to 100; a common beginning counts more."""
    return 100 * JaroWinkler.normalized_similarity(seen, name)


def _nearest_task(seen: str, dataset: Dataset) -> str | None:
    """Return the task whose id, or whose text, is most like what was written."""
    wanted = cells.identifier(seen)
    if not wanted:
        return None
    by_id = process.extractOne(wanted, list(dataset.tasks.index), scorer=_like)
    by_text = process.extractOne(
        wanted, dataset.tasks["content"].to_dict(), scorer=fuzz.partial_ratio, score_cutoff=80
    )
    if by_text and len(wanted) >= 4:
        return str(by_text[2])
    return str(by_id[0]) if by_id and by_id[1] >= NEAR else None


def _oddities(rows: pd.DataFrame, dataset: Dataset) -> list[Finding]:
    """Return the warnings: right by the rules, but to be looked at."""
    if rows.empty:
        return []
    stored = dataset.progress
    stored_key = pd.MultiIndex.from_frame(stored[schema.REPORT_KEY].astype({"month": "int64"}))
    key = pd.MultiIndex.from_frame(rows[schema.REPORT_KEY].astype({"month": "int64"}))
    others = stored[~stored_key.isin(key)]
    fields = [*schema.REPORT_KEY, "quantity", "cumulative_percent"]
    together = pd.concat(
        [
            others[fields].astype({"month": "int64"}).assign(row=0),
            rows[fields].astype({"month": "int64"}).assign(row=rows.index),
        ],
        ignore_index=True,
    )
    return [
        *_percent_oddities(together),
        *_quantity_oddities(together, dataset),
    ]


def _percent_oddities(reports: pd.DataFrame) -> list[Finding]:
    series = reports[reports["cumulative_percent"].notna()].sort_values("month", kind="stable")
    before = series.groupby(["task_id", "unit"], sort=False)[["month", "cumulative_percent", "row"]]
    series = series.join(before.shift(1).add_prefix("before_"))
    column, found = HEADERS["cumulative_percent"], []
    for one in series.itertuples():
        earlier = one.before_cumulative_percent
        percent = one.cumulative_percent
        if earlier > percent and (one.row or one.before_row):
            own = bool(one.row)
            other = one.before_month if own else one.month
            theirs = earlier if own else percent
            words = "低于" if own else "高于"
            found.append(
                Finding(
                    int(one.row if own else one.before_row),
                    column,
                    f"{percent if own else earlier:g}",
                    f"{words}{months.text(int(other))}已报的{theirs:g}%，累计完成率一般不会下降",
                    "核对后改正；确实下降的，提交时写明理由",
                    Severity.WARNING,
                    needs_reason=True,
                )
            )
        start = 0.0 if pd.isna(earlier) else earlier
        if one.row and percent - start > JUMP:
            found.append(
                Finding(
                    int(one.row),
                    column,
                    f"{percent:g}",
                    f"比上次的{start:g}%增加超过{JUMP:g}个百分点",
                    "请核对；无误可以提交",
                    Severity.WARNING,
                )
            )
    return found


def _quantity_oddities(reports: pd.DataFrame, dataset: Dataset) -> list[Finding]:
    keys = ["task_id", "indicator"]
    known = dataset.targets.set_index(keys)[["target", "measure"]]
    rows = reports[reports["quantity"].notna()].join(known, on=keys)
    rows = rows.assign(
        total=rows.groupby(keys)["quantity"].transform("sum"),
        reporters=rows[rows["quantity"] > 0].groupby([*keys, "month"])["unit"].transform("nunique"),
    )
    counted = rows[rows["quantity"] > 0]
    reporters = counted.groupby([*keys, "month"], sort=False)["unit"].unique().to_dict()
    column, found = HEADERS["quantity"], []
    ours = rows[(rows["row"] > 0) & (rows["quantity"] > 0)]
    for one in ours.itertuples():

        def warn(problem: str, one: Any = one) -> None:
            found.append(
                Finding(
                    int(one.row),
                    column,
                    f"{one.quantity:g}",
                    problem,
                    "请核对；无误可以提交",
                    Severity.WARNING,
                )
            )

        if one.quantity > 1 and one.quantity / one.target * 100 > JUMP:
            warn(f"一个月完成目标{one.target:g}{one.measure}的{JUMP:g}%以上")
        if one.total > FAR_OVER * one.target:
            warn(f"累计{one.total:g}{one.measure}，超过目标{one.target:g}{one.measure}的两倍")
        if one.reporters > 1:
            same = reporters[one.task_id, one.indicator, one.month]
            names = "、".join(unit for unit in same if unit != one.unit)
            warn(f"{names}已填报同一任务同一月份的这个指标，可能是同一次活动重复计数")
    return found
