"""The month as a workbook (.xlsx): 台账, roll-ups, indicators, reports, with formulas and charts.

Sums and averages are formulas over the 台账, with the dashboard's value stored as their result,
so that a reader can follow them and every program shows the same number.
"""

from __future__ import annotations

import io
from collections.abc import Callable

import pandas as pd
import xlsxwriter

from lib.core import findings, schema, views
from lib.core.figures import flag_lists
from lib.core.status import mark
from lib.report.briefing import completion_words
from lib.report.material import Material
from lib.report.workbook_rollups import RollupSheets
from lib.report.xlsx_layout import GAP, HEAD_ROW, LEDGER, Column, Formula, gap

Progress = Callable[[float, str], None]


def workbook(material: Material, progress: Progress = lambda share, part: None) -> bytes:
    """Return the workbook; ``progress`` hears the share done and which sheet was written."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties(
        {
            "title": f"{material.title}{material.month}台账",
            "author": "、".join(material.figures.dataset.settings.parties),
        }
    )
    writer = _Writer(book, material)
    steps = {
        LEDGER: writer.ledger,
        "分类": writer.categories,
        "单位": writer.units,
        "单位×月度": writer.unit_months,
        "月度": writer.curve,
        "指标": writer.indicators,
        "催报清单": writer.missing,
        "填报明细": writer.reports,
        "佐证材料": writer.evidence,
        "更正": writer.corrections,
    }
    for number, (name, write) in enumerate(steps.items(), start=1):
        write()
        progress(number / len(steps), name)
    book.close()
    return out.getvalue()


class _Writer(RollupSheets):
    """All the sheets."""

    def ledger(self) -> None:
        figures = self.figures
        facts = figures.dataset.tasks
        notes = {column: self._said(column) for column in ("note", "issues", "next_steps")}
        rows = []
        for number, (row, flags) in enumerate(
            zip(figures.tasks.itertuples(), flag_lists(figures.tasks), strict=True),
            start=HEAD_ROW + 2,
        ):
            own = facts.loc[row.task_id]
            distance = gap("H", "I", number, row.completion, row.planned_value)
            rows.append(
                (
                    row.task_id,
                    own["number"],
                    row.category,
                    own["content"],
                    "、".join(own["units"]),
                    own["window_text"],
                    mark(str(row.status)),
                    row.completion,
                    row.planned_value,
                    distance,
                    "\n".join(mark(flag) for flag in flags),
                    completion_words(self.material, row),
                    notes["note"].get(row.task_id, ""),
                    notes["issues"].get(row.task_id, ""),
                    notes["next_steps"].get(row.task_id, ""),
                    row.weight,
                )
            )
        columns = [
            Column("任务编号", 9, "centre"),
            Column("序号", 5, "centre"),
            Column("类型", 10, "centre"),
            Column("工作计划主要内容", 36),
            Column("责任单位", 14),
            Column("计划完成时间", 9, "centre"),
            Column("状态", 10, "centre"),
            Column("完成率", 8, "percent"),
            Column("序时进度", 8, "percent"),
            Column(GAP, 9, "points"),
            Column("标记", 9, "centre"),
            Column("完成情况", 26),
            Column("最近进展", 26),
            Column("存在问题", 24),
            Column("下一步措施", 24),
            Column("权重", 6, "number"),
        ]
        printed = (
            11  # 完成情况: what stands right of it is for the screen, paper would be too small
        )
        sheet = self.sheet(
            LEDGER, f"{self.material.title}台账（{self.material.month}末）", columns, rows
        )
        if not rows:
            return
        first, last = HEAD_ROW + 1, HEAD_ROW + len(rows)
        for state, form in self.lights.items():
            sheet.conditional_format(
                first,
                6,
                last,
                6,
                {"type": "text", "criteria": "containing", "value": str(state), "format": form},
            )
        sheet.conditional_format(
            first,
            7,
            last,
            7,
            {
                "type": "data_bar",
                "bar_color": "#9DB9E4",
                "bar_solid": True,
                "min_type": "num",
                "max_type": "num",
                "min_value": 0,
                "max_value": 1,
            },
        )
        total, overall = last + 1, figures.overall.iloc[0]
        done, planned, weight = (f"{c}{first + 1}:{c}{last + 1}" for c in "HIP")
        for place in range(len(columns)):
            sheet.write_blank(total, place, None, self.total["centre"])
        sheet.write_string(total, 0, "合计", self.total["centre"])
        sheet.write_formula(
            total,
            3,
            f'=COUNTA(A{first + 1}:A{last + 1})&"项任务"',
            self.total["centre"],
            f"{len(rows)}项任务",
        )
        for place, cells, value in (
            (7, done, overall["earned_value"]),
            (8, planned, overall["planned_value"]),
        ):
            sheet.write_formula(
                total,
                place,
                f"=SUMPRODUCT({cells},{weight})/SUM({weight})",
                self.total["percent"],
                value,
            )
        distance = gap("H", "I", total + 1, overall["earned_value"], overall["planned_value"])
        sheet.write_formula(total, 9, distance.text, self.total["points"], distance.result)
        sheet.write_formula(total, 15, f"=SUM({weight})", self.total["number"], overall["weight"])
        sheet.print_area(0, 0, total, printed)

    def _said(self, column: str) -> dict[str, str]:
        """Return each task's latest words of a text column, with the unit before each."""
        said: dict[str, list[str]] = {}
        for task, units, text in self.material.remarks(column, open_only=False):
            said.setdefault(task, []).append(f"{units}：{text}")
        return {task: "\n".join(texts) for task, texts in said.items()}

    def indicators(self) -> None:
        figures = self.figures
        columns = [
            Column("任务编号", 9, "centre"),
            Column("指标", 34),
            Column("关系", 9, "centre"),
            Column("累计完成", 10, "number"),
            Column("目标值", 10, "number"),
            Column("上限", 8, "number"),
            Column("计量单位", 9, "centre"),
            Column("完成率", 10, "percent"),
            Column("序时进度", 10, "percent"),
            Column(GAP, 10, "points"),
        ]
        cells = [
            (
                row.task_id,
                row.indicator,
                row.relation,
                row.done,
                row.target,
                row.upper,
                row.measure,
                Formula(f"=MIN(1,D{number}/E{number})", row.completion),
                row.planned_value,
                gap("H", "I", number, row.completion, row.planned_value),
            )
            for number, row in enumerate(figures.indicators.itertuples(), start=HEAD_ROW + 2)
        ]
        sheet = self.sheet("指标", findings.indicators(figures), columns, cells, freeze=2)
        if cells:
            sheet.conditional_format(
                HEAD_ROW + 1,
                7,
                HEAD_ROW + len(cells),
                7,
                {
                    "type": "data_bar",
                    "bar_color": "#9DB9E4",
                    "bar_solid": True,
                    "min_type": "num",
                    "max_type": "num",
                    "min_value": 0,
                    "max_value": 1,
                },
            )

    def missing(self) -> None:
        table = views.missing_table(self.figures)
        widths = {"工作计划主要内容": 60, "责任单位": 18, "任务编号": 9, "未报月份": 10}
        self.frame("催报清单", findings.missing(self.figures), table, widths)

    def reports(self) -> None:
        figures = self.figures
        progress = figures.dataset.progress
        chosen = progress[
            (progress["month"] <= figures.selection.month)
            & progress["task_id"].isin(figures.tasks["task_id"])
        ]
        if figures.selection.unit is not None:
            chosen = chosen[chosen["unit"] == figures.selection.unit]
        kinds = {column.header: column.kind for column in schema.PROGRESS.columns.values()}
        texts = schema.PROGRESS.texts(chosen)
        columns = [
            Column(
                header, _WIDTHS.get(header, 10), "number" if kinds[header] == "number" else "text"
            )
            for header in texts.columns
        ]
        cells = [
            tuple(
                (float(value) if value else None) if column.kind == "number" else value
                for column, value in zip(columns, row, strict=True)
            )
            for row in texts.itertuples(index=False, name=None)
        ]
        title = f"截至{self.material.month}末的填报（{len(cells)}条）"
        self.sheet("填报明细", title, columns, cells, freeze=2)

    def evidence(self) -> None:
        rows = [
            {
                "任务编号": item.task_id,
                "月份": item.month,
                "填报单位": item.unit,
                "佐证材料": item.name,
                "大小（KB）": round(item.size / 1024, 1),
                "上报记录": f"第{submission.revision}号",
                "校验值（SHA-256）": item.sha256,
            }
            for submission, item in self.material.evidence
        ]
        if rows:
            widths = {"佐证材料": 50, "校验值（SHA-256）": 40}
            self.frame("佐证材料", f"佐证材料{len(rows)}份", pd.DataFrame(rows), widths)

    def corrections(self) -> None:
        table = self.material.corrections
        if table is not None and len(table):
            self.frame("更正", f"定稿后有{self.material.corrected}项更正", table, {})


_WIDTHS = {
    schema.PROGRESS.headers[name]: width
    for name, width in (
        ("unit", 13),
        ("indicator", 22),
        ("note", 26),
        ("issues", 22),
        ("next_steps", 22),
        ("coordination", 18),
        ("reported_at", 19),
        ("origin", 32),
    )
}
