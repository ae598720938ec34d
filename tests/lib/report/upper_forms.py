"""Forms as an upper office sends them, made in a few lines."""

from __future__ import annotations

import io

import openpyxl
from openpyxl.styles import Border, Font, Side

HEADERS = ("序号", "工作任务", "责任单位", "目标值", "本月完成", "累计完成", "完成率", "存在问题")
FRAME = Border(*[Side(style="thin")] * 4)


def blank_form(data, tasks=("二-1", "二-6", "一-1")) -> bytes:
    """A framed sheet 进度表 with a merged title, a row per task and a row of sums."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "进度表"
    sheet["A1"] = "对口支援工作进展情况统计表"
    sheet.merge_cells("A1:H1")
    sheet["A1"].font = Font(name="黑体", size=18, bold=True)
    sheet.column_dimensions["B"].width = 50
    for column, header in enumerate(HEADERS, start=1):
        sheet.cell(2, column, header)
    for row, task in enumerate(tasks, start=3):
        sheet.cell(row, 1, row - 2)
        sheet.cell(row, 2, data.tasks.at[task, "content"])
        sheet.cell(row, 7).number_format = "0.0%"
    last = len(tasks) + 3
    sheet.cell(last, 2, "合计")
    sheet.cell(last, 6, f"=SUM(F3:F{last - 1})")
    for row in sheet.iter_rows(2, last, 1, len(HEADERS)):
        for cell in row:
            cell.border = FRAME
    sheet.cell(last + 1, 1, "填表人：")
    return saved(book)


def saved(book) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def opened(content, sheet="进度表"):
    return openpyxl.load_workbook(io.BytesIO(content))[sheet]
