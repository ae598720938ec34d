"""The filled rows of a report: read cell by cell as people write them, then judged by the rules."""

from __future__ import annotations

from functools import cache
from typing import Any

import pandas as pd

from lib.core import months, schema
from lib.core.dataset import Dataset
from lib.intake import cells
from lib.intake.findings import Finding, Severity
from lib.intake.headers import H
from lib.intake.suggestions import suggestion

_EXPECTED = {
    "quantity": "0或正数，如 3",
    "cumulative_percent": "0到100之间的数，如 50 或 50%",
}


class Rows:
    """Rows as ``texts`` by field, as ``typed`` values, and with their ``findings``.

    Of several faults in a cell the first is the finding.
    """

    def __init__(
        self, texts: pd.DataFrame, dataset: Dataset, unit: str | None, month: int | None
    ) -> None:
        self.texts, self.dataset = texts, dataset
        self.findings: list[Finding] = []
        self._faulty: set[tuple[int, str]] = set()
        self.typed = texts.assign(
            task_id=texts["task_id"].map(cache(cells.identifier)),
            month=self._months(month),
            unit=self._units(unit),
            indicator=texts["indicator"].map(cache(cells.plain)),
        )
        self.typed = self.typed.assign(indicator=self._indicators())
        self.typed = self.typed.assign(
            quantity=self._numbers("quantity"),
            cumulative_percent=self._numbers("cumulative_percent"),
            reported_at=pd.to_datetime(
                texts["reported_at"], errors="coerce", format="mixed", yearfirst=True
            ).dt.tz_localize(None),
        ).astype({"month": "Int32", "reported_at": "datetime64[ns]"})
        self._rules()
        self._repeats()

    def _add(
        self, row: Any, name: str, problem: str, fix: str, severity: Severity = Severity.ERROR
    ) -> None:
        if (row, name) not in self._faulty:
            self._faulty.add((row, name))
            value = str(self.texts.at[row, name])
            self.findings.append(Finding(int(row), H[name], value, problem, fix, severity))

    def _months(self, latest: int | None) -> pd.Series[int]:
        year, axis = self.dataset.settings.year, self.dataset.axis
        values = self.texts["month"].map(cache(lambda text: cells.read_month(text, year)))
        values = values.astype("Int32")
        for row in values.index[values.isna()]:
            problem = "无法识别的月份" if self.texts.at[row, "month"] else "没有填写月份"
            self._add(row, "month", problem, f"写成 {year}-04、{year}年4月 或 4月")
        first, last = months.text(axis[0]), months.text(axis[-1])
        for row, month in values.dropna().items():
            if month not in axis:
                self._add(row, "month", "不在计划年度之内", f"{first} 至 {last} 之间的月份")
            elif latest is not None and month > latest:
                limit = months.text(latest)
                fix = f"不晚于 {limit}；填报的就是更晚的月份时，改选填报月份"
                self._add(row, "month", f"晚于填报月份{limit}，还没有到", fix)
        return values

    def _units(self, unit: str | None) -> pd.Series[str]:
        written = self.texts["unit"]
        if unit:
            written = written.where(written != "", unit)
        values = self.dataset.canonical(written)
        for row, name in values.items():
            if not name:
                self._add(row, "unit", "没有填写填报单位", "填写本单位的名称")
            elif unit and name != unit:
                problem = f"不是本次填报的单位「{unit}」"
                self._add(row, "unit", problem, f"填写{unit}，或改选填报单位")
        return values

    def _indicators(self) -> pd.Series[str]:
        """Give a quantity without an indicator that of a task which has only one."""
        targets = self.dataset.targets
        single = targets[~targets.duplicated("task_id", keep=False)]
        names = self.typed["task_id"].map(single.set_index("task_id")["indicator"])
        written = self.typed["indicator"]
        bare = (written == "") & (self.texts["quantity"] != "") & names.notna()
        return written.where(~bare, names)

    def _numbers(self, name: str) -> pd.Series[float]:
        read = cache(cells.read_number)
        measures = self.dataset.targets.set_index(["task_id", "indicator"])["measure"].to_dict()
        keys = zip(self.typed["task_id"], self.typed["indicator"], strict=True)
        values = {}
        for (row, text), key in zip(self.texts[name].items(), keys, strict=True):
            number = read(text) if text else None
            values[row] = number[0] if number else float("nan")
            if number:
                self._judge(row, name, *number, measures.get(key, ""))
            elif text:
                self._add(row, name, "不是数字", _EXPECTED[name])
        return pd.Series(values, dtype="float64").reindex(self.texts.index)

    def _judge(self, row: Any, name: str, value: float, behind: str, measure: str) -> None:
        """Add what is wrong with a number and with what is written ``behind`` it."""
        percent, expected = name == "cumulative_percent", _EXPECTED[name]
        fits = not behind or (behind == "%" if percent else cells.same_measure(behind, measure))
        if not fits and not percent and measure:
            problem = f"单位「{behind}」与指标的计量单位「{measure}」不一致"
            self._add(row, name, problem, f"按{measure}计的数，如 3")
        elif not fits:
            self._add(row, name, f"数字后面多了「{behind}」", expected)
        elif value < 0:
            self._add(row, name, "不能是负数", expected)
        elif percent and value > 100:
            self._add(row, name, "超过100", expected)
        elif percent and 0 < value < 1 and not behind:
            whole = f"{value * 100:g}"
            fix = f"如果是{whole}%，请写成 {whole}"
            self._add(row, name, f"按{value:g}%计入", fix, Severity.WARNING)

    def _rules(self) -> None:
        for problem in self.dataset.rule_problems(self.typed):
            row, name = problem.row, schema.PROGRESS.fields[problem.column]
            if name == "indicator" and (row, "task_id") in self._faulty:
                continue
            if name == "unit" and not self.typed.at[row, "unit"]:
                continue
            task, written = str(self.typed.at[row, "task_id"]), str(self.texts.at[row, name])
            fix = suggestion(self.dataset, name, written, task, problem.expected)
            self._add(row, name, problem.message, fix)

    def _repeats(self) -> None:
        keyed = self.typed["month"].notna() & (self.typed["task_id"] != "")
        repeated = self.typed[keyed & self.typed.duplicated(schema.REPORT_KEY, keep=False)]
        for _, rows in repeated.groupby(schema.REPORT_KEY, sort=False):
            numbers = "、".join(str(row) for row in rows.index)
            problem = f"第{numbers}行重复：同一任务、月份、单位和指标"
            for row in rows.index:
                self._add(row, "task_id", problem, "只保留一行")
