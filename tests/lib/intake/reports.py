"""Reports as tests write them: a good row of each kind, as CSV text and as a workbook."""

from __future__ import annotations

import io
import zipfile

import openpyxl

from lib.intake import Severity

HEAD = ["任务编号", "月份", "填报单位", "指标", "本月完成", "累计完成率", "进展说明"]


GOOD = ["二-1", "2018-10", "区农业局", "到紫阳县对接的农业企业", "2", "", "赴紫阳对接"]


PERCENT = ["一-1", "2018-10", "区党政办", "", "", "85", "调研"]


def text(*rows, head=HEAD, delimiter=","):
    return "\r\n".join(delimiter.join(row) for row in (head, *rows)) + "\r\n"


def book(*rows, head=HEAD):
    workbook = openpyxl.Workbook()
    for row in (head, *rows):
        workbook.active.append(row)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def with_cell(row, header, value, head=HEAD):
    changed = list(row)
    changed[head.index(header)] = value
    return changed


def zip_with(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def findings(checked, severity=Severity.ERROR):
    return [
        (finding.row, finding.column, finding.value, finding.problem)
        for finding in checked.of(severity)
    ]
