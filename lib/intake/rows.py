"""The filled rows of a report: read cell by cell as people write them, then judged by the rules."""

from __future__ import annotations

from functools import cache
from typing import Any

import pandas as pd

from lib.core import months, schema, wording
from lib.core.dataset import Dataset
from lib.intake import cells
from lib.intake.findings import Finding, Severity
from lib.intake.headers import H, P
from lib.intake.suggestions import Suggestions
from lib.intake.task_texts import TaskTexts

_EXPECTED = {
    "quantity": "0或正数，如 3",
    "cumulative_percent": "0到100之间的数，如 50 或 50%",
}


class Rows:
    """Rows as ``texts`` by field, as ``typed`` values, and with their ``findings``.

    ``contents`` is what the rows say of their task, if they do. ``first_of_all``: what is told
    before anything else: another unit's file, another month's. Of several faults in a cell the
    first is the finding.
    """

    def __init__(
        self,
        texts: pd.DataFrame,
        dataset: Dataset,
        unit: str | None,
        month: int | None,
        contents: pd.Series[str] | None = None,
    ) -> None:
        self.texts, self.dataset = texts, dataset
        self._written = cache(lambda name: _by_row(texts[name]))
        self.contents = {} if contents is None else _by_row(contents.reindex(texts.index))
        self.findings: list[Finding] = []
        self.first_of_all: list[Finding] = []
        self._faulty: set[tuple[int, str]] = set()
        self._suggest = Suggestions(dataset)
        self.typed = texts.assign(
            task_id=texts["task_id"].map(cache(cells.identifier)),
            month=self._months(month),
            unit=self._units(unit),
            indicator=texts["indicator"].map(cache(cells.plain)),
        )
        self._compare_contents()
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
            value = self._written(name)[row]
            self.findings.append(Finding(int(row), H[name], value, problem, fix, severity))

    def _months(self, chosen: int | None) -> pd.Series[int]:
        year, axis = self.dataset.settings.year, self.dataset.axis
        values = self.texts["month"].map(cache(lambda text: cells.read_month(text, year)))
        values = values.astype("Int32")
        for row in values.index[values.isna()]:
            problem = "无法识别的月份" if self._written("month")[row] else "没有填写月份"
            self._add(row, "month", problem, f"写成 {year}-04、{year}年4月 或 4月")
        first, last = months.text(axis[0]), months.text(axis[-1])
        for row in values[~values.isin(axis)].dropna().index:
            self._add(row, "month", "不在计划年度之内", f"{first} 至 {last} 之间的月份")
        if chosen is not None:
            limit = months.text(chosen)
            for row in values.index[(values > chosen).fillna(False)]:
                fix = f"不晚于 {limit}；填报的就是更晚的月份时，改选填报月份"
                self._add(row, "month", f"晚于填报月份{limit}，还没有到", fix)
            self._tell_other_months(values[values.isin(axis)], chosen)
        return values

    def _tell_other_months(self, values: pd.Series[int], chosen: int) -> None:
        """Tell that rows are of months before the chosen one, which they would be written to."""
        earlier = values[values < chosen]
        if earlier.empty:
            return
        counts = earlier.value_counts().sort_index()
        whole = len(earlier) == len(values)
        word = "都是" if whole and len(counts) == 1 else "是"
        months_named = "、".join(
            f"{count}行{word}{months.text(month)}" for month, count in counts.items()
        )
        limit = months.text(chosen)
        self.first_of_all.append(
            Finding(
                0,
                H["month"],
                "",
                f"{months_named}，您选的是{limit}",
                f"要报的是{limit}时，把「{H['month']}」改成{limit}；确实补报以前月份的，确认后提交",
                Severity.WARNING,
                needs_consent=True,
            )
        )
        for row, month in () if whole else earlier.items():
            problem = f"按{months.text(month)}写入，不是所选的{limit}"
            self._add(row, "month", problem, f"是不是{limit}？", Severity.WARNING)

    def _units(self, unit: str | None) -> pd.Series[str]:
        written = self.texts["unit"]
        if unit:
            written = written.where(written != "", unit)
        values = self.dataset.canonical(written)
        for row in values.index[values == ""]:
            self._add(row, "unit", "没有填写填报单位", "填写本单位的名称")
        others = values[(values != "") & (values != unit)] if unit else values[:0]
        if len(others) and len(others) == len(values):
            names = wording.listing(list(others.unique()))
            self.first_of_all.append(
                Finding(
                    0,
                    H["unit"],
                    "",
                    f"这是{names}的填报表，不是本次填报的「{unit}」",
                    f"由{names}填报，或改选填报单位",
                )
            )
        for row, name in others.items():
            self._add(row, "unit", f"不是本次填报的单位「{unit}」", f"由{name}填报，或改选填报单位")
        return values

    def _compare_contents(self) -> None:
        """Find rows whose text is another task's: numbers swapped, sorted or renumbered."""
        if not self.contents:
            return
        plan = TaskTexts(self.dataset)
        judge = cache(lambda task, text: self._judge_content(plan, task, text))
        tasks = self.typed["task_id"]
        for row in tasks.index[tasks.isin(self.dataset.tasks.index)]:
            fault = judge(str(tasks[row]), str(self.contents[row]))
            if fault is not None:
                self._add(row, "task_id", *fault)

    def _judge_content(
        self, plan: TaskTexts, task: str, text: str
    ) -> tuple[str, str, Severity] | None:
        if plan.is_of(task, text):
            return None
        other = plan.task_of(text)
        if other is not None and other != task:
            fix = f"是不是「{other}」？核对编号与「{P['content']}」"
            return f"编号是{task}，这一行的内容却是{other}的", fix, Severity.ERROR
        if plan.is_near(task, text):
            return None
        title = wording.short_title(str(self.dataset.tasks.at[task, "content"]), 18)
        fix = f"{task}在计划中是“{title}”，请核对编号"
        return "内容与计划中这个编号的任务不同", fix, Severity.WARNING

    def _indicators(self) -> pd.Series[str]:
        """Give a quantity without an indicator that of a task which has only one."""
        reported = self.dataset.reported
        single = reported[~reported.duplicated("task_id", keep=False)]
        names = self.typed["task_id"].map(single.set_index("task_id")["indicator"])
        written = self.typed["indicator"]
        bare = (written == "") & (self.texts["quantity"] != "") & names.notna()
        return written.where(~bare, names)

    def _numbers(self, name: str) -> pd.Series[float]:
        read = cache(cells.read_number)
        measures = self.dataset.reported.set_index(["task_id", "indicator"])["measure"].to_dict()
        keys = zip(self.typed["task_id"].tolist(), self.typed["indicator"].tolist(), strict=True)
        values = {}
        for (row, text), key in zip(self._written(name).items(), keys, strict=True):
            number = read(text) if text else None
            values[row] = float("nan")
            if number and name == "quantity":
                values[row] = self._quantity(row, *number, measures.get(key, ""))
            elif number:
                values[row] = self._percent(row, *number)
            elif text.startswith("="):
                fix = "用 WPS 或 Excel 打开、保存后再上传，或者直接填数"
                self._add(row, name, "是公式，文件里没有算出的值", fix)
            elif text:
                self._add(row, name, "不是数字", _EXPECTED[name])
        return pd.Series(values, dtype="float64").reindex(self.texts.index)

    def _quantity(self, row: Any, value: float, behind: str, measure: str) -> float:
        """Return a quantity in the indicator's measure, adding what is wrong or was converted."""
        counted = cells.in_measure(value, behind, measure)
        if counted is None and measure:
            problem = f"单位「{behind}」与指标的计量单位「{measure}」不一致"
            self._add(row, "quantity", problem, f"按{measure}计的数，如 3")
        elif counted is None:
            self._add(row, "quantity", f"数字后面多了「{behind}」", _EXPECTED["quantity"])
        elif counted < 0:
            self._add(row, "quantity", "不能是负数", _EXPECTED["quantity"])
        elif behind and cells.is_said(behind, measure):
            reading = f"{wording.quantity(value)}{behind}按{wording.quantity(counted)}{measure}计入"
            self._add(row, "quantity", reading, "", Severity.NOTE)
        return value if counted is None else counted

    def _percent(self, row: Any, value: float, behind: str) -> float:
        """Return a completion in percent, adding what is wrong or odd."""
        name, expected = "cumulative_percent", _EXPECTED["cumulative_percent"]
        if behind not in ("", "%"):
            self._add(row, name, f"数字后面多了「{behind}」", expected)
        elif value < 0:
            self._add(row, name, "不能是负数", expected)
        elif value > 100:
            self._add(row, name, "超过100", expected)
        elif 0 < value < 1 and not behind:
            whole = f"{value * 100:g}"
            fix = f"如果是{whole}%，请写成 {whole}"
            self._add(row, name, f"按{value:g}%计入", fix, Severity.WARNING)
        return value

    def _rules(self) -> None:
        tasks, units = _by_row(self.typed["task_id"]), _by_row(self.typed["unit"])
        for problem in self.dataset.rule_problems(self.typed):
            row, name = problem.row, schema.PROGRESS.fields[problem.column]
            if name == "indicator" and (row, "task_id") in self._faulty:
                continue
            if name == "unit" and not units[row]:
                continue
            task, written = str(tasks[row]), self._written(name)[row]
            content = str(self.contents.get(row, "")) if name == "task_id" else ""
            fix = self._suggest(name, written, task, problem.expected, content)
            self._add(row, name, problem.message, fix)

    def _repeats(self) -> None:
        keyed = self.typed["month"].notna() & (self.typed["task_id"] != "")
        repeated = self.typed[keyed & self.typed.duplicated(schema.REPORT_KEY, keep=False)]
        for numbers in repeated.groupby(schema.REPORT_KEY, sort=False).groups.values():
            problem = f"{wording.rows(list(numbers))}重复：同一任务、月份、单位和指标"
            for row in numbers:
                self._add(row, "task_id", problem, "只保留一行")


def _by_row(cells: pd.Series[str]) -> dict[int, str]:
    """Return the cells by row; pandas' own ``to_dict`` asks Arrow for each cell."""
    return dict(zip(cells.index, cells.tolist(), strict=True))
