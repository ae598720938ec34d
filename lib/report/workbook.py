"""The month as a workbook (.xlsx): 台账, roll-ups, indicators, reports, with formulas and charts.

Sums and averages are formulas over the 台账, with the dashboard's value stored as their result,
so that a reader can follow them and every program shows the same number.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.utility import xl_col_to_name, xl_range_abs

from lib import findings, months, schema, views
from lib.figures import flag_lists
from lib.report import measure
from lib.report.briefing import completion_words
from lib.report.material import DEMO_SENTENCE, Material
from lib.rollup import COUNTS
from lib.status import LOOKS, Status, mark

FONT = "微软雅黑"
LEDGER, GAP = "台账", "差距（百分点）"
POINTS = "+0.0;[Red]-0.0;0.0"
HEAD_ROW = 2
"""Rows are counted from 0: title, source, then the headers."""
BLUE, PALE, INK = "#1F4E9E", "#EEF1F5", "#1B2430"
Progress = Callable[[float, str], None]


def workbook(material: Material, progress: Progress = lambda share, told: None) -> bytes:
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


@dataclass(frozen=True)
class Column:
    """A column of a sheet: header, width (characters) and kind of its cells."""

    header: str
    width: float
    kind: str = "text"


class _Writer:
    def __init__(self, book: Any, material: Material) -> None:
        self.book, self.material, self.figures = book, material, material.figures
        cell = {"font_name": FONT, "font_size": 10, "border": 1, "border_color": "#CBD3DF"}
        cell |= {"valign": "vcenter"}
        self.formats = {
            "text": book.add_format(cell | {"text_wrap": True}),
            "centre": book.add_format(cell | {"align": "center", "text_wrap": True}),
            "percent": book.add_format(cell | {"num_format": "0.0%", "align": "center"}),
            "number": book.add_format(cell | {"num_format": "#,##0.##########", "align": "center"}),
            "ratio": book.add_format(cell | {"num_format": "0.00", "align": "center"}),
            "points": book.add_format(cell | {"num_format": POINTS, "align": "center"}),
        }
        self.head = book.add_format(
            cell
            | {
                "bold": True,
                "font_color": "#FFFFFF",
                "bg_color": BLUE,
                "align": "center",
                "text_wrap": True,
            }
        )
        self.total = {
            kind: book.add_format(
                cell | {"bold": True, "bg_color": PALE, "align": "center", "num_format": form}
            )
            for kind, form in (
                ("centre", "General"),
                ("number", "#,##0.##########"),
                ("percent", "0.0%"),
                ("points", POINTS),
                ("ratio", "0.00"),
            )
        }
        self.title = book.add_format(
            {"font_name": FONT, "font_size": 14, "bold": True, "font_color": INK}
        )
        self.note = book.add_format({"font_name": FONT, "font_size": 9, "font_color": "#5B6675"})
        self.lights = {
            state: book.add_format(
                {"bg_color": LOOKS[state].colour, "font_color": LOOKS[state].ink}
            )
            for state in Status
        }
        self.ledger_rows = len(self.figures.tasks)

    # -- parts of a sheet --------------------------------------------------------------------

    def sheet(
        self,
        name: str,
        title: str,
        columns: Sequence[Column],
        rows: Sequence[Sequence[Any]],
        *,
        freeze: int = 1,
    ) -> Any:
        """Add a sheet with title, source, headers and rows, ready to print on A4 landscape."""
        sheet = self.book.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.write_string(0, 0, title, self.title)
        said = self.material.source + (f"。{DEMO_SENTENCE}" if self.material.demo else "")
        sheet.write_string(1, 0, said, self.note)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
            sheet.write_string(HEAD_ROW, place, column.header, self.head)
        sheet.set_row(0, 26)
        sheet.set_row(HEAD_ROW, 32)
        for number, row in enumerate(rows, start=HEAD_ROW + 1):
            for place, (column, value) in enumerate(zip(columns, row, strict=True)):
                self.write(sheet, number, place, value, column.kind)
            sheet.set_row(number, _row_height(columns, row))
        last = HEAD_ROW + max(len(rows), 1)
        sheet.freeze_panes(HEAD_ROW + 1, freeze)
        if rows:
            sheet.autofilter(HEAD_ROW, 0, last, len(columns) - 1)
        else:
            sheet.write_string(HEAD_ROW + 1, 0, "没有记录", self.note)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.set_margins(0.4, 0.4, 0.6, 0.6)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEAD_ROW)
        sheet.print_area(0, 0, last, len(columns) - 1)
        sheet.set_footer("&C第&P页，共&N页&R&A")
        return sheet

    def write(self, sheet: Any, row: int, place: int, value: Any, kind: str) -> None:
        form = self.formats[kind]
        if isinstance(value, Formula):
            sheet.write_formula(row, place, value.text, form, value.result)
        elif value is None or (isinstance(value, float) and pd.isna(value)):
            sheet.write_blank(row, place, None, form)
        elif isinstance(value, str):
            sheet.write_string(row, place, value, form)
        else:
            sheet.write_number(row, place, float(value), form)

    def ledger_range(self, place: int) -> str:
        """Return a column of the 台账 as an absolute range of another sheet's formula."""
        cells = xl_range_abs(HEAD_ROW + 1, place, HEAD_ROW + max(self.ledger_rows, 1), place)
        return f"{LEDGER}!{cells}"

    # -- sheets ------------------------------------------------------------------------------

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
            gap = _gap("H", "I", number, row.completion, row.planned_value)
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
                    gap,
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
        gap = _gap("H", "I", total + 1, overall["earned_value"], overall["planned_value"])
        sheet.write_formula(total, 9, gap.text, self.total["points"], gap.result)
        sheet.write_formula(total, 15, f"=SUM({weight})", self.total["number"], overall["weight"])
        sheet.print_area(0, 0, total, printed)

    def _said(self, column: str) -> dict[str, str]:
        """Return each task's latest words of a text column, with the unit before each."""
        said: dict[str, list[str]] = {}
        for task, units, text in self.material.remarks(column, open_only=False):
            said.setdefault(task, []).append(f"{units}：{text}")
        return {task: "\n".join(texts) for task, texts in said.items()}

    def group(self, name: str, kind: str, title: str, rows: pd.DataFrame, *, formulas: bool) -> Any:
        """Add a roll-up; with ``formulas`` its counts and averages are computed from the 台账."""
        columns = [
            Column(kind, 18),
            Column("任务数", 9, "number"),
            *(Column(f"{LOOKS[state].icon} {state}", 10, "number") for state in Status),
            Column("完成率", 10, "percent"),
            Column("序时进度", 10, "percent"),
            Column(GAP, 10, "points"),
            Column("SPI", 9, "ratio"),
        ]
        cells = []
        for number, row in enumerate(rows.itertuples(), start=HEAD_ROW + 2):
            counts: list[Any] = [row.tasks, *(getattr(row, COUNTS[state]) for state in Status)]
            shares: list[Any] = [row.earned_value, row.planned_value]
            if formulas:
                group, key = self.ledger_range(2), f"$A{number}"
                counts = [
                    Formula(f"=COUNTIF({group},{key})", row.tasks),
                    *(
                        Formula(
                            f'=COUNTIFS({group},{key},{self.ledger_range(6)},"{mark(state)}")',
                            getattr(row, COUNTS[state]),
                        )
                        for state in Status
                    ),
                ]
                weight = self.ledger_range(15)
                shares = [
                    Formula(
                        f"=SUMPRODUCT(({group}={key})*{self.ledger_range(place)}*{weight})"
                        f"/SUMIF({group},{key},{weight})",
                        value,
                    )
                    for place, value in ((7, row.earned_value), (8, row.planned_value))
                ]
            gap = _gap("H", "I", number, row.earned_value, row.planned_value)
            spi = Formula(
                f'=IF(I{number}>0,H{number}/I{number},"—")', "—" if pd.isna(row.spi) else row.spi
            )
            cells.append((row.key, *counts, *shares, gap, spi))
        sheet = self.sheet(name, title, columns, cells)
        if cells:
            self.group_chart(sheet, name, len(cells), kind)
        return sheet

    def group_chart(self, sheet: Any, name: str, count: int, kind: str) -> None:
        first, last = HEAD_ROW + 1, HEAD_ROW + count
        chart = self.book.add_chart({"type": "bar"})
        for place, fill, border in (
            (7, {"color": BLUE}, {"color": BLUE}),
            (8, {"none": True}, {"color": INK, "width": 1.25}),
        ):
            chart.add_series(
                {
                    "name": [name, HEAD_ROW, place],
                    "categories": [name, first, 0, last, 0],
                    "values": [name, first, place, last, place],
                    "fill": fill,
                    "border": border,
                    "gap": 45,
                    "overlap": 100,
                }
            )
        self.dress(chart, f"各{kind}完成率与序时进度")
        chart.set_y_axis({"reverse": True, "num_font": {"name": FONT, "size": 10}})
        chart.set_x_axis(
            {
                "min": 0,
                "max": 1,
                "num_format": "0%",
                "major_gridlines": {"visible": True, "line": {"color": "#E3E8F0"}},
                "num_font": {"name": FONT, "size": 9},
                "label_position": "high",
            }
        )
        chart.set_size({"width": 820, "height": 120 + 26 * count})
        row = last + 3
        sheet.insert_chart(row, 0, chart, {"description": f"各{kind}完成率与序时进度条形图"})
        sheet.print_area(0, 0, row + (120 + 26 * count) // 20 + 1, 10)
        sheet.fit_to_pages(1, 1)

    def dress(self, chart: Any, title: str) -> None:
        chart.set_title({"name": title, "name_font": {"name": FONT, "size": 12, "bold": True}})
        chart.set_legend({"position": "top", "font": {"name": FONT, "size": 10}})

    def categories(self) -> None:
        rows = self.figures.by_category
        sheet = self.group("分类", "类型", findings.groups(rows, "类型"), rows, formulas=True)
        if rows.empty:
            return
        first, last, overall = HEAD_ROW + 1, HEAD_ROW + len(rows), self.figures.overall.iloc[0]
        total = last + 1
        sheet.write_string(total, 0, "合计", self.total["centre"])
        names = ["tasks", *(COUNTS[state] for state in Status)]
        for place, name in enumerate(names, start=1):
            letter = xl_col_to_name(place)
            formula = f"=SUM({letter}{first + 1}:{letter}{last + 1})"
            sheet.write_formula(total, place, formula, self.total["number"], int(overall[name]))
        ledger_total = HEAD_ROW + 2 + self.ledger_rows
        for place, letter, value in (
            (7, "H", overall["earned_value"]),
            (8, "I", overall["planned_value"]),
        ):
            sheet.write_formula(
                total, place, f"={LEDGER}!{letter}{ledger_total}", self.total["percent"], value
            )
        gap = _gap("H", "I", total + 1, overall["earned_value"], overall["planned_value"])
        sheet.write_formula(total, 9, gap.text, self.total["points"], gap.result)
        spi = overall["spi"]
        sheet.write_formula(
            total,
            10,
            f'=IF(I{total + 1}>0,H{total + 1}/I{total + 1},"—")',
            self.total["ratio"],
            "—" if pd.isna(spi) else spi,
        )

    def units(self) -> None:
        rows = self.figures.by_unit
        gap = rows["earned_value"] - rows["planned_value"]
        rows = rows.assign(gap=gap).sort_values("gap", ascending=False, kind="stable")
        self.group("单位", "责任单位", findings.groups(rows, "单位"), rows, formulas=False)

    def unit_months(self) -> None:
        figures = self.figures
        rows, month = figures.unit_by_month, figures.selection.month
        wide = rows.pivot_table(index="key", columns="month", values="earned_value", sort=False)
        shown = [one for one in wide.columns if one <= month]
        year = figures.dataset.settings.year
        columns = [
            Column("责任单位", 18),
            *(Column(months.label(one, year), 8, "percent") for one in shown),
        ]
        cells = [(key, *(wide.at[key, one] for one in shown)) for key in wide.index]
        sheet = self.sheet(
            "单位×月度", f"各单位各月末完成率（截至{self.material.month}末）", columns, cells
        )
        if cells:
            sheet.conditional_format(
                HEAD_ROW + 1,
                1,
                HEAD_ROW + len(cells),
                len(shown),
                {
                    "type": "2_color_scale",
                    "min_color": "#FFFFFF",
                    "max_color": "#7C9FD8",
                    "min_type": "num",
                    "max_type": "num",
                    "min_value": 0,
                    "max_value": 1,
                },
            )

    def curve(self) -> None:
        figures = self.figures
        rows, month = figures.by_month, figures.selection.month
        columns = [
            Column("月份", 12, "centre"),
            Column("序时进度", 12, "percent"),
            Column("完成率", 12, "percent"),
            Column(GAP, 12, "points"),
            Column("已完成（项）", 12, "number"),
            Column("滞后（项）", 12, "number"),
            Column("逾期（项）", 12, "number"),
        ]
        cells: list[tuple[Any, ...]] = []
        for number, row in enumerate(rows.itertuples(), start=HEAD_ROW + 2):
            past = row.month <= month
            gap = _gap("C", "B", number, row.earned_value, row.planned_value)
            facts = (row.earned_value, gap, row.completed, row.behind, row.overdue)
            cells.append((row.key, row.planned_value, *(facts if past else (None,) * len(facts))))
        sheet = self.sheet("月度", findings.curve(figures), columns, cells)
        if not cells:
            return
        first, last = HEAD_ROW + 1, HEAD_ROW + len(cells)
        chart = self.book.add_chart({"type": "line"})
        for place, line, fill in (
            (1, {"color": INK, "width": 1.5, "dash_type": "round_dot"}, "#FFFFFF"),
            (2, {"color": BLUE, "width": 3}, BLUE),
        ):
            chart.add_series(
                {
                    "name": ["月度", HEAD_ROW, place],
                    "categories": ["月度", first, 0, last, 0],
                    "values": ["月度", first, place, last, place],
                    "line": line,
                    "marker": {
                        "type": "circle",
                        "size": 6,
                        "fill": {"color": fill},
                        "border": {"color": line["color"]},
                    },
                }
            )
        self.dress(chart, "进度曲线：序时进度与完成率")
        chart.set_y_axis(
            {
                "min": 0,
                "max": 1,
                "num_format": "0%",
                "major_gridlines": {"visible": True, "line": {"color": "#E3E8F0"}},
            }
        )
        chart.show_blanks_as("gap")
        chart.set_size({"width": 600, "height": 340})
        sheet.insert_chart(last + 2, 0, chart, {"description": "序时进度与完成率的折线图"})
        sheet.print_area(0, 0, last + 20, len(columns) - 1)
        sheet.fit_to_pages(1, 1)

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
                _gap("H", "I", number, row.completion, row.planned_value),
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

    def frame(self, name: str, title: str, table: pd.DataFrame, widths: dict[str, int]) -> None:
        """Add a sheet that shows a table for people as it is."""
        columns = [
            Column(
                header,
                widths.get(header, 16),
                "number" if pd.api.types.is_numeric_dtype(table[header]) else "text",
            )
            for header in table.columns
        ]
        self.sheet(name, title, columns, list(table.itertuples(index=False, name=None)))


def _gap(done: str, planned: str, row: int, earned: float, plan: float) -> Formula:
    """Return the distance to plan in percentage points as a formula over two columns."""
    return Formula(f"=({done}{row}-{planned}{row})*100", (earned - plan) * 100)


def _row_height(columns: Sequence[Column], row: Sequence[Any]) -> float:
    """Return the height (points) that a row's wrapped texts need: not every program fits it itself."""
    lines = [
        len(measure.wrap(value, 2.0, column.width - 1.5))
        for column, value in zip(columns, row, strict=True)
        if isinstance(value, str)
    ]
    return 14.5 * max(lines, default=1) + 4


@dataclass(frozen=True)
class Formula:
    """A formula with the value the dashboard has for it."""

    text: str
    result: Any


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
